using Pendopo.Rtc;

namespace Pendopo.Sfu.Bandwidth;

/// <summary>One picture that a receiver wants, with what its layers cost.</summary>
/// <param name="Layers">Alive layers, at most four, smallest first.</param>
/// <param name="Wanted">Index of the best layer that its size on the screen justifies.</param>
/// <param name="Current">Index of the layer it gets now; −1 for none.</param>
internal readonly record struct VideoDemand(LayerRates Layers, int Wanted, int Current);

/// <summary>Rates of up to four layers, held inline.</summary>
[System.Runtime.CompilerServices.InlineArray(Capacity)]
internal struct LayerRates
{
    public const int Capacity = 4;

    private long _bitsPerSecond;
}

/// <summary>
/// Divides what a receiver can take among the pictures it wants, most important first: everybody's smallest layer before
/// anybody's larger one. Pure; a full bandwidth management with probing and temporal layers builds on the same shape.
/// </summary>
internal static class BandwidthAllocator
{
    /// <summary>Going up needs this much more than the new layer costs, so that a wavering estimate does not switch to and fro.</summary>
    private const double UpgradeMargin = 1.2;

    /// <param name="budget">Estimate less what audio needs.</param>
    /// <param name="demands">Most important first.</param>
    /// <param name="counts">Number of layers of each demand; 0 where nothing arrives.</param>
    /// <param name="chosen">Receives the layer index for each demand, −1 to pause.</param>
    public static void Allocate(DataRate budget, ReadOnlySpan<VideoDemand> demands, ReadOnlySpan<int> counts, Span<int> chosen)
    {
        var left = budget.BitsPerSecond;
        for (var i = 0; i < demands.Length; i++)
        {
            chosen[i] = -1;
            if (counts[i] == 0) continue;
            var cost = demands[i].Layers[0];
            var margin = demands[i].Current >= 0 ? 1.0 : UpgradeMargin;

            // The most important picture is never paused: a slow one is better than none, and audio has its share already.
            if (i > 0 && left < cost * margin) continue;
            chosen[i] = 0;
            left -= cost;
        }

        for (var level = 1; level < LayerRates.Capacity; level++)
        {
            for (var i = 0; i < demands.Length; i++)
            {
                if (chosen[i] != level - 1 || level >= counts[i] || level > demands[i].Wanted) continue;
                var more = demands[i].Layers[level] - demands[i].Layers[level - 1];
                var margin = demands[i].Current >= level ? 1.0 : UpgradeMargin;
                if (left < more * margin) continue;
                chosen[i] = level;
                left -= more;
            }
        }
    }
}
