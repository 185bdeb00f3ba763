namespace Pendopo.NetBench.Measuring;

/// <summary>Whether the machine gave the browsers the time they need: what it did not is no matter of the network.</summary>
internal static class SourceHealth
{
    /// <summary>Seconds between two samples of a page that takes one every half second.</summary>
    public const double SilenceLimit = 1.5;

    /// <summary>Least share of its usual frame rate that the sender's encoder must keep in every second.</summary>
    public const double LeastShare = 0.5;

    /// <summary>The longest time between two samples, in seconds.</summary>
    public static double LongestSilence(IReadOnlyList<Sample> samples, double start, double end)
    {
        var inside = samples.Where(sample => sample.At >= start && sample.At <= end).ToList();
        return inside.Zip(inside.Skip(1)).Select(static pair => (pair.Second.At - pair.First.At) / 1000).DefaultIfEmpty(0).Max();
    }

    /// <summary>Frames that the sender encoded in its slowest second (two samples), as a share of the mean; 1 without samples.</summary>
    public static double SlowestSecond(IReadOnlyList<Sample> samples, double start, double end)
    {
        var inside = samples.Where(sample => sample.At >= start && sample.At <= end).ToList();
        if (inside.Count < 4) return 1;
        var mean = Rate(inside[0], inside[^1]);
        return mean <= 0 ? 0 : inside.Zip(inside.Skip(2)).Min(pair => Rate(pair.First, pair.Second)) / mean;
    }

    // The layer that runs on when others are switched off.
    private static double Frames(Sample sample) => sample.Outbound.Where(static stream => stream.Kind == "video").Select(static stream => stream.FramesEncoded).DefaultIfEmpty(0).Max();

    private static double Rate(Sample from, Sample to) => (Frames(to) - Frames(from)) / (to.At - from.At) * 1000;
}
