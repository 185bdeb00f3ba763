namespace Pendopo.Load.Clients;

/// <summary>Latencies in buckets of one microsecond up to 200 ms; what is above counts as that.</summary>
internal sealed class LatencyHistogram
{
    private readonly long[] _buckets = new long[200_001];

    public long Count { get; private set; }

    /// <summary>Latencies below zero: the clock was set while packets were under way.</summary>
    public long Impossible { get; private set; }

    public void Add(long nanoseconds)
    {
        if (nanoseconds < 0)
        {
            Impossible++;
            return;
        }

        Count++;
        _buckets[Math.Min(nanoseconds / 1000, _buckets.Length - 1)]++;
    }

    /// <summary>In microseconds; 0 when nothing was measured.</summary>
    public int Percentile(double percent)
    {
        var rank = (long)Math.Ceiling(Count * percent / 100);
        long seen = 0;
        for (var i = 0; i < _buckets.Length && rank > 0; i++)
        {
            seen += _buckets[i];
            if (seen >= rank) return i;
        }

        return 0;
    }

    public void Clear()
    {
        Array.Clear(_buckets);
        Count = Impossible = 0;
    }
}
