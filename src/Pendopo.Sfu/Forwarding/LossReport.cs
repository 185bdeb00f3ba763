using Pendopo.Rtc;

namespace Pendopo.Sfu.Forwarding;

/// <summary>The newest fraction of packets lost that a report told, 0–1.</summary>
internal struct LossReport
{
    /// <summary>Reports come every second, Firefox's every five: what is older than two of them says nothing any more.</summary>
    private static readonly TimeSpan Lifetime = TimeSpan.FromSeconds(10);

    private double _fraction;
    private Instant _at;

    /// <param name="fractionLost">In 1/256, as report blocks have it (RFC 3550 §6.4.1).</param>
    public void Set(Instant now, byte fractionLost) => (_fraction, _at) = (fractionLost / 256.0, now);

    public readonly double At(Instant now) => _at > Instant.Zero && now - _at < Lifetime ? _fraction : 0;
}
