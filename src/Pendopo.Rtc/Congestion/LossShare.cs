namespace Pendopo.Rtc.Congestion;

/// <summary>
/// The share of packets that were lost over the last three seconds, by feedback that comes in its own time.
/// </summary>
/// <remarks>
/// Three seconds of one voice are 150 packets, in which 4 % and 1 % are six and one or two: enough to tell them apart most of the time,
/// and a line that begins to lose a tenth shows as one of 3 % after a second.
/// </remarks>
internal sealed class LossShare
{
    private const int Buckets = 6;
    private const long BucketTicks = TimeSpan.TicksPerMillisecond * 500;

    /// <summary>Of fewer packets one lost would be more than 2 %.</summary>
    private const int MinimumPackets = 50;

    private readonly (int Lost, int Total)[] _counts = new (int, int)[Buckets];
    private long _bucket;

    /// <param name="lost">Minus one takes a loss back.</param>
    public void Count(Instant now, int lost, int total)
    {
        Roll(now);
        ref var counts = ref _counts[_bucket % Buckets];
        counts = (counts.Lost + lost, counts.Total + total);
    }

    /// <summary>0–1; null while too few packets were told of.</summary>
    public double? Fraction(Instant now)
    {
        Roll(now);
        var (lost, total) = (0, 0);
        foreach (var counts in _counts) (lost, total) = (lost + counts.Lost, total + counts.Total);
        return total < MinimumPackets ? null : Math.Clamp((double)lost / total, 0, 1);
    }

    public void Reset() => Array.Clear(_counts);

    private void Roll(Instant now)
    {
        var bucket = now.Ticks / BucketTicks;
        if (bucket - _bucket >= Buckets) Reset();
        else while (_bucket < bucket) _counts[++_bucket % Buckets] = default;
        _bucket = Math.Max(_bucket, bucket);
    }
}
