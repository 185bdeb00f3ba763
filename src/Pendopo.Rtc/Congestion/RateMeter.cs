namespace Pendopo.Rtc.Congestion;

/// <summary>
/// Bytes per time over the last half second, in buckets of 20 ms; 25 counters whatever the rate. Moments are ticks of any one
/// clock and may come a little out of order.
/// </summary>
internal sealed class RateMeter
{
    private const int Buckets = 25;
    private const long BucketTicks = 20 * TimeSpan.TicksPerMillisecond;

    /// <summary>A rate over less time than this says more about packet sizes than about the path.</summary>
    private const int MinimumBuckets = 5;

    private const int RecentBuckets = 10;

    private readonly long[] _bytes = new long[Buckets];
    private long _first;
    private long _newest = long.MinValue;
    private long _total;

    public void Add(long ticks, int bytes)
    {
        var bucket = ticks / BucketTicks;
        if (_newest == long.MinValue) _first = _newest = bucket;
        if (bucket <= _newest - Buckets) return;
        Roll(bucket);
        _bytes[Index(bucket)] += bytes;
        _total += bytes;
    }

    /// <summary>Asks for the newest bucket.</summary>
    public void Prefetch()
    {
        if (_newest != long.MinValue) CacheLines.Fetch(_bytes, Index(_newest));
    }

    public void Reset()
    {
        Array.Clear(_bytes);
        _total = 0;
        _newest = long.MinValue;
    }

    public bool IsReady => _newest != long.MinValue && _newest - _first >= MinimumBuckets;

    public DataRate Rate
    {
        get
        {
            if (!IsReady) return DataRate.Zero;

            // The newest bucket is still filling: it counts for half.
            var span = Math.Min(_newest - _first, Buckets - 1) * BucketTicks + BucketTicks / 2;
            return DataRate.Of(_total, new(span));
        }
    }

    /// <summary>Over the last fifth of a second: what a bottleneck carries that has been busy for so long.</summary>
    public DataRate Recent
    {
        get
        {
            if (!IsReady) return DataRate.Zero;
            var buckets = Math.Min(RecentBuckets, _newest - _first);
            long bytes = 0;
            for (var i = 1; i <= buckets; i++) bytes += _bytes[Index(_newest - i)];
            return DataRate.Of(bytes, new(buckets * BucketTicks));
        }
    }

    private static int Index(long bucket) => (int)(((bucket % Buckets) + Buckets) % Buckets);

    private void Roll(long bucket)
    {
        if (bucket - _newest >= Buckets)
        {
            // Silence as long as the window: what comes now is a new measurement, not the rest of the old one.
            Array.Clear(_bytes);
            _total = 0;
            _first = _newest = bucket;
            return;
        }

        while (_newest < bucket)
        {
            var index = Index(++_newest);
            _total -= _bytes[index];
            _bytes[index] = 0;
        }
    }
}
