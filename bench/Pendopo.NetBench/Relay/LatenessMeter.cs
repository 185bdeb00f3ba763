namespace Pendopo.NetBench.Relay;

/// <summary>
/// How much later than the model wanted the relay sent: its own error, which a reader of the results must know. Buckets of
/// 0.1 ms up to 20 ms; the last holds everything above. One writer at a time.
/// </summary>
internal sealed class LatenessMeter
{
    private const double BucketMilliseconds = 0.1;
    private const int Buckets = 200;
    private readonly long[] _counts = new long[Buckets + 1];

    public long Count { get; private set; }

    public TimeSpan Longest { get; private set; }

    public void Add(TimeSpan lateness)
    {
        Count++;
        if (lateness > Longest) Longest = lateness;
        _counts[Math.Clamp((int)(lateness.TotalMilliseconds / BucketMilliseconds), 0, Buckets)]++;
    }

    /// <summary>The lateness that this share of the datagrams did not exceed, in milliseconds; 0 when nothing was sent.</summary>
    public double Quantile(double share)
    {
        var wanted = (long)Math.Ceiling(Count * share);
        long seen = 0;
        for (var i = 0; i < Buckets; i++)
        {
            seen += _counts[i];
            if (seen >= wanted) return Count == 0 ? 0 : (i + 1) * BucketMilliseconds;
        }

        return Longest.TotalMilliseconds;
    }

    public void Clear()
    {
        Array.Clear(_counts);
        (Count, Longest) = (0, default);
    }
}
