using Pendopo.Rtc;

namespace Pendopo.Sfu.Forwarding;

/// <summary>
/// The round trip to one peer from its report blocks (RFC 3550 §6.4.1: arrival less LSR less DLSR), smoothed as RFC 6298 §2 does.
/// Unlike the one from transport feedback it contains no time that the peer gathers packets for.
/// </summary>
internal struct RoundTripMeter
{
    /// <summary>Older values say nothing of the path: reports come every second.</summary>
    private static readonly TimeSpan Lifetime = TimeSpan.FromSeconds(10);

    /// <summary>Longer is a wrong clock or a forged report.</summary>
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(10);

    private TimeSpan _smoothed;
    private Instant _measuredAt;

    /// <summary>Takes one report block in; <paramref name="middleNtp"/> is our clock's middle 32 bits at its arrival.</summary>
    /// <returns>The round trip it tells; null if it tells none.</returns>
    public TimeSpan? Add(Instant now, uint middleNtp, uint lastSenderReport, uint delaySinceLastSenderReport)
    {
        if (lastSenderReport == 0) return null;
        var units = (int)(middleNtp - lastSenderReport - delaySinceLastSenderReport);
        if (units < 0) return null;
        var sample = TimeSpan.FromSeconds(units / 65536.0);
        if (sample > Longest) return null;
        _smoothed = IsKnown(now) ? _smoothed + ((sample - _smoothed) / 8) : sample;
        _measuredAt = now;
        return sample;
    }

    /// <summary>The smoothed value, or the other one where none is known.</summary>
    public readonly TimeSpan Value(Instant now, TimeSpan otherwise) => IsKnown(now) ? _smoothed : otherwise;

    private readonly bool IsKnown(Instant now) => _smoothed > TimeSpan.Zero && now - _measuredAt < Lifetime;
}
