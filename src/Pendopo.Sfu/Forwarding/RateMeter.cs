using Pendopo.Rtc;

namespace Pendopo.Sfu.Forwarding;

/// <summary>Bit rate over the last second in ten buckets. A struct held in a field; no allocation.</summary>
internal struct RateMeter
{
    private const int Buckets = 10;
    private static readonly long BucketTicks = TimeSpan.TicksPerSecond / Buckets;

    private BucketArray _bytes;
    private long _newest;
    private long _first;
    private bool _started;

    public void Add(Instant now, int bytes)
    {
        Roll(now);
        _bytes[(int)(_newest % Buckets)] += bytes;
    }

    /// <summary>The rate; while less than a second was measured, over what was measured (at least one bucket).</summary>
    public DataRate Rate(Instant now)
    {
        if (!_started) return DataRate.Zero;
        Roll(now);
        long sum = 0;
        for (var i = 0; i < Buckets; i++) sum += _bytes[i];
        var buckets = Math.Clamp(_newest - _first + 1, 1, Buckets);
        return DataRate.Of(sum, new TimeSpan(buckets * BucketTicks));
    }

    private void Roll(Instant now)
    {
        var bucket = now.Ticks / BucketTicks;
        if (!_started)
        {
            _started = true;
            _first = _newest = bucket;
            return;
        }

        if (bucket - _newest >= Buckets)
        {
            _bytes = default;
            _first = bucket - Buckets + 1;
            _newest = bucket;
            return;
        }

        while (_newest < bucket)
        {
            _newest++;
            _bytes[(int)(_newest % Buckets)] = 0;
        }
    }

    [System.Runtime.CompilerServices.InlineArray(Buckets)]
    private struct BucketArray
    {
        private long _element;
    }
}
