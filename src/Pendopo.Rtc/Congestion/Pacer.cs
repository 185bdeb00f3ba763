namespace Pendopo.Rtc.Congestion;

/// <summary>What a packet is worth to its receiver: lower values leave first.</summary>
public enum PacingPriority : byte
{
    /// <summary>Sound and RTCP: never wait.</summary>
    Audio,

    /// <summary>Repairs: others that arrived already wait for them.</summary>
    Retransmission,

    Video,

    /// <summary>Sent for measuring only, when nothing else waits.</summary>
    Probe,
}

/// <summary>
/// Spreads what leaves for one receiver, so that frames of many sources do not make one long queue on the path: a leaky bucket
/// over bytes. It holds no packets and no references; the owner keeps them in order and asks. Pure and deterministic.
/// </summary>
/// <remarks>
/// The bucket drains at a multiple of the estimate, so that a large frame leaves in a part of its time and nothing waits
/// while there is room; and what drains in <see cref="BurstTime"/> may leave back to back, so a usual frame remains one run of
/// equal packets, which a single system call sends (UDP GSO). Sound always leaves and is counted, so video makes way for it.
/// </remarks>
public sealed class Pacer
{
    /// <summary>Of the estimate, as libwebrtc: a key frame of five times the usual size is out within two frames.</summary>
    public const double RateFactor = 2.5;

    /// <summary>
    /// What may leave at once, in time of the pacing rate. libwebrtc uses the same 40 ms; a bottleneck that carries the estimate needs
    /// 100 ms for it, which players bear.
    /// </summary>
    public static readonly TimeSpan BurstTime = TimeSpan.FromMilliseconds(40);

    /// <summary>Four full packets: less would cut the runs of every small frame.</summary>
    private const int LeastBurst = 5_000;

    /// <summary>As much as one message of UDP GSO carries; more at once floods the queues of small routers.</summary>
    private const int LargestBurst = 63_000;

    private double _debt;
    private Instant _at;

    public Pacer(DataRate estimate) => SetEstimate(Instant.Zero, estimate);

    /// <summary>How fast the bucket drains.</summary>
    public DataRate Rate { get; private set; }

    /// <summary>Bytes that may leave back to back.</summary>
    public int Burst { get; private set; }

    /// <summary>Bytes that have left and are not drained yet, as of the last call.</summary>
    public long Debt => (long)_debt;

    /// <summary>From now on the bucket drains for that estimate.</summary>
    public void SetEstimate(Instant now, DataRate estimate)
    {
        Drain(now);
        Rate = estimate * RateFactor;
        Burst = (int)Math.Clamp(Rate.BytesIn(BurstTime), LeastBurst, LargestBurst);
    }

    /// <summary>True if a packet of that kind may leave now. Sound may always; a probe only from an empty bucket.</summary>
    public bool MaySend(Instant now, int bytes, PacingPriority priority)
    {
        if (priority == PacingPriority.Audio) return true;
        Drain(now);
        return _debt + bytes <= Limit(bytes, priority);
    }

    /// <summary>A packet has left; each one counts, those that never wait too.</summary>
    public void OnSent(Instant now, int bytes)
    {
        Drain(now);
        _debt += bytes;
    }

    /// <summary>When the waiting packet may leave; <see cref="Deadline.None"/> for one that may leave now.</summary>
    public Deadline DeadlineFor(Instant now, int bytes, PacingPriority priority)
    {
        if (MaySend(now, bytes, priority)) return Deadline.None;
        var excess = _debt + bytes - Limit(bytes, priority);
        var ticks = Math.Ceiling(excess * 8 * TimeSpan.TicksPerSecond / Math.Max(1, Rate.BitsPerSecond));
        return new(now + new TimeSpan((long)Math.Min(ticks, TimeSpan.TicksPerDay)), DeadlineReason.Pacing);
    }

    // One packet always fits an empty bucket, however large it is against the burst.
    private double Limit(int bytes, PacingPriority priority) => priority == PacingPriority.Probe ? bytes : Math.Max(Burst, bytes);

    private void Drain(Instant now)
    {
        if (now <= _at) return;
        _debt = Math.Max(0, _debt - Rate.BitsPerSecond / 8.0 * (now - _at).TotalSeconds);
        _at = now;
    }
}
