namespace Pendopo.Rtc.Congestion;

/// <summary>
/// How fast what is more than usual may leave, such as a key frame: never slower than the estimate, which would hide from the estimator
/// what the path carries. Where nobody has wanted much, the estimate says little about the path; frames show what it passes. But where the
/// estimate came down of late, it has found a limit that they need not show.
/// </summary>
internal sealed class PacingPolicy
{
    /// <summary>While nothing is known. As libwebrtc: a key frame of five times the usual size is out within two frames.</summary>
    private const double BlindFactor = 2.5;

    /// <summary>Sound, and headers that are not counted, are on the path too.</summary>
    private const double CapacityShare = 0.85;

    /// <summary>What limits for a moment only (somebody else's burst) is over by then.</summary>
    private static readonly TimeSpan LimitLifetime = TimeSpan.FromSeconds(10);

    private Instant _loweredAt = new(long.MinValue / 2);

    public PathCapacity Capacity { get; } = new();

    /// <summary>The estimate came down.</summary>
    public void OnDecrease(Instant now) => _loweredAt = now;

    public DataRate Rate(Instant now, DataRate estimate) =>
        now - _loweredAt < LimitLifetime ? estimate
        : Capacity.At(now) is { } capacity ? DataRate.Max(estimate, capacity * CapacityShare)
        : estimate * BlindFactor;
}
