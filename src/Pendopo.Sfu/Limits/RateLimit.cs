using Pendopo.Rtc;

namespace Pendopo.Sfu.Limits;

/// <summary>
/// A token bucket in the form of the generic cell rate algorithm (ITU-T I.371 annex A): instead of tokens and the moment of the last
/// refill, its state is one moment, at which the bucket would be full again. So a table of a thousand buckets is a thousand longs.
/// </summary>
internal readonly struct RateLimit
{
    private readonly double _ticksPerUnit;
    private readonly long _burstTicks;

    /// <param name="perSecond">Units that may pass each second in the long run; above zero.</param>
    /// <param name="burst">Units that may pass at once after a pause; the one that empties the bucket may overdraw it.</param>
    public RateLimit(double perSecond, double burst)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(perSecond);
        ArgumentOutOfRangeException.ThrowIfLessThan(burst, 1);
        _ticksPerUnit = TimeSpan.TicksPerSecond / perSecond;
        _burstTicks = (long)(burst * _ticksPerUnit);
    }

    /// <summary>Takes units if the bucket is not empty; what is refused costs nothing.</summary>
    /// <param name="fullAt">State of the bucket: ticks of the moment at which it will be full; zero for a new one.</param>
    public bool TryTake(ref long fullAt, Instant now, int units)
    {
        var from = Math.Max(fullAt, now.Ticks);
        if (from - now.Ticks >= _burstTicks) return false;
        fullAt = from + (long)(units * _ticksPerUnit);
        return true;
    }

    /// <summary>True if <see cref="TryTake"/> would succeed.</summary>
    public bool HasRoom(long fullAt, Instant now) => fullAt - now.Ticks < _burstTicks;
}
