using Pendopo.Rtc;

namespace Pendopo.Sfu.Bandwidth;

/// <summary>How much a picture matters to its receiver; the first is served first.</summary>
internal enum VideoPriority : byte
{
    Screen,

    /// <summary>The receiver has put it on the stage.</summary>
    Pinned,

    /// <summary>Somebody who speaks.</summary>
    Speaker,
    Other,
}

/// <summary>One picture that a receiver wants, with what each step of its quality costs.</summary>
/// <param name="Layers">Steps from the least to the most.</param>
/// <param name="Count">How many there are; 0 where nothing arrives.</param>
/// <param name="Wanted">Index of the best step that its size on the screen justifies.</param>
/// <param name="Current">Index of the step it has now; −1 for none.</param>
internal readonly record struct VideoDemand(LayerRates Layers, int Count, int Wanted, int Current)
{
    public VideoPriority Priority { get; init; } = VideoPriority.Other;

    /// <summary>Of a screen or a pinned picture, the step below which it says little: reached before others get anything.</summary>
    public int Useful { get; init; }

    /// <summary>It went down a moment ago: no step up yet.</summary>
    public bool MustStay { get; init; }
}

/// <summary>Rates of the steps of one source, held inline.</summary>
[System.Runtime.CompilerServices.InlineArray(Capacity)]
internal struct LayerRates
{
    public const int Capacity = 12;

    private long _bitsPerSecond;
}

/// <summary>
/// Divides what a receiver can take among the pictures it wants: first screens and pinned pictures up to where they are useful, then the
/// least of everybody, then more, class by class; within a class one step for all before two steps for one. Audio has its share before
/// any of it. Pure.
/// </summary>
internal static class BandwidthAllocator
{
    /// <summary>
    /// A step up is taken only if everything up to it fits into the budget divided by this. An estimate that wavers by a tenth moves by
    /// 1.1 / 0.9 = 1.22 between its ends, so it does not switch to and fro. The margin is of the whole, not of the step: a small step is not
    /// to be had by the wavering of a large budget.
    /// </summary>
    public const double UpgradeMargin = 1.25;

    /// <param name="budget">Estimate less what audio needs.</param>
    /// <param name="demands">Most important first within each class.</param>
    /// <param name="chosen">Receives the step of each demand, −1 to pause.</param>
    public static void Allocate(DataRate budget, ReadOnlySpan<VideoDemand> demands, Span<int> chosen)
    {
        chosen[..demands.Length].Fill(-1);
        var spent = new Spending(budget.BitsPerSecond);
        var first = FindFirst(demands);

        // The most important picture is never paused: a slow one is better than none, and audio has its share already.
        if (first >= 0) spent.Force(demands[first], ref chosen[first]);
        for (var i = 0; i < demands.Length; i++)
        {
            if (demands[i].Priority > VideoPriority.Pinned) continue;
            while (chosen[i] < demands[i].Useful && spent.TryRaise(demands[i], ref chosen[i])) { }
        }

        for (var priority = VideoPriority.Screen; priority <= VideoPriority.Other; priority++)
        {
            for (var i = 0; i < demands.Length; i++)
            {
                if (demands[i].Priority == priority && chosen[i] < 0) spent.TryRaise(demands[i], ref chosen[i]);
            }
        }

        for (var priority = VideoPriority.Screen; priority <= VideoPriority.Other; priority++)
        {
            for (var step = 1; step < LayerRates.Capacity; step++)
            {
                for (var i = 0; i < demands.Length; i++)
                {
                    if (demands[i].Priority == priority && chosen[i] == step - 1) spent.TryRaise(demands[i], ref chosen[i]);
                }
            }
        }
    }

    private static int FindFirst(ReadOnlySpan<VideoDemand> demands)
    {
        var first = -1;
        for (var i = 0; i < demands.Length; i++)
        {
            if (demands[i].Count > 0 && (first < 0 || demands[i].Priority < demands[first].Priority)) first = i;
        }

        return first;
    }

    private struct Spending(long budget)
    {
        private long _spent;

        public void Force(in VideoDemand demand, ref int step)
        {
            step = 0;
            _spent += demand.Layers[0];
        }

        public bool TryRaise(in VideoDemand demand, ref int step)
        {
            var next = step + 1;
            if (next >= demand.Count || next > demand.Wanted) return false;
            var isUp = next > demand.Current;
            if (isUp && demand.MustStay) return false;
            var total = _spent + demand.Layers[next] - (step < 0 ? 0 : demand.Layers[step]);
            if (total * (isUp ? UpgradeMargin : 1.0) > budget) return false;
            _spent = total;
            step = next;
            return true;
        }
    }
}
