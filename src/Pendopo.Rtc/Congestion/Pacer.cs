namespace Pendopo.Rtc.Congestion;

/// <summary>
/// Spreads what leaves for one receiver, so that frames of many sources do not make one long queue on the path: a leaky bucket
/// over bytes. It holds no packets and no references; the owner keeps them in order and asks. Pure and deterministic.
/// </summary>
/// <remarks>
/// What drains in <see cref="BurstTime"/> may leave back to back, so a usual frame remains one run of equal packets, which a single
/// system call sends (UDP GSO). What never waits (sound, repairs) is counted all the same, so pictures make way for it. The bucket
/// is kept as the moment at which it will be empty (the virtual scheduling of GCRA, ITU-T I.371 annex A), so a packet costs a
/// multiplication and a comparison, and time that passes costs nothing.
/// </remarks>
public sealed class Pacer
{
    /// <summary>
    /// What may leave at once, in time of the rate: a frame at 30 a second of a picture that takes it all, and some. It is also how long
    /// the queue gets that a burst makes before a bottleneck of that rate.
    /// </summary>
    public static readonly TimeSpan BurstTime = TimeSpan.FromMilliseconds(40);

    /// <summary>Four full packets: less would cut the runs of every small frame.</summary>
    private const int LeastBurst = 5_000;

    /// <summary>As much as one message of UDP GSO carries; more at once floods the queues of small routers.</summary>
    private const int LargestBurst = 63_000;

    // In ticks, with fractions: a byte at 20 Mb/s takes four.
    private double _emptyAt;
    private double _ticksPerByte = 1;
    private double _window;

    public Pacer(DataRate rate) => SetRate(Instant.Zero, rate);

    /// <summary>How fast the bucket drains.</summary>
    public DataRate Rate { get; private set; }

    /// <summary>Bytes that may leave back to back.</summary>
    public int Burst { get; private set; }

    /// <summary>From now on the bucket drains at that rate.</summary>
    public void SetRate(Instant now, DataRate rate)
    {
        if (rate == Rate) return;
        var debt = Math.Max(0, _emptyAt - now.Ticks) / _ticksPerByte;
        Rate = rate;
        Burst = (int)Math.Clamp(rate.BytesIn(BurstTime), LeastBurst, LargestBurst);
        _ticksPerByte = 8.0 * TimeSpan.TicksPerSecond / Math.Max(1, rate.BitsPerSecond);
        _window = Burst * _ticksPerByte;
        _emptyAt = now.Ticks + (debt * _ticksPerByte);
    }

    /// <summary>True if so many bytes may leave back to back now, in as many packets as they are.</summary>
    public bool HasRoom(Instant now, int bytes) => _emptyAt + (bytes * _ticksPerByte) - now.Ticks <= _window;

    /// <summary>True if a packet that can wait may leave now. One packet always fits an empty bucket, however large it is against the burst.</summary>
    public bool MaySend(Instant now, int bytes) => HasRoom(now, bytes) || _emptyAt <= now.Ticks;

    /// <summary>A packet has left; each one counts, those that never wait too.</summary>
    public void OnSent(Instant now, int bytes) => _emptyAt = Math.Max(_emptyAt, now.Ticks) + (bytes * _ticksPerByte);

    /// <summary>When a packet that waits may leave; <see cref="Deadline.None"/> for one that may leave now.</summary>
    public Deadline DeadlineFor(Instant now, int bytes)
    {
        if (MaySend(now, bytes)) return Deadline.None;
        var at = Math.Ceiling(_emptyAt + (Math.Min(0, bytes - Burst) * _ticksPerByte));
        return new(new Instant((long)Math.Min(at, now.Ticks + TimeSpan.TicksPerDay)), DeadlineReason.Pacing);
    }
}
