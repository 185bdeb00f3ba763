namespace Pendopo.Rtc.Congestion;

internal enum PacketState : byte
{
    None,
    InFlight,
    Lost,
    Received,
}

/// <summary>What is remembered of one transport-wide number: when and how often it was sent, and what feedback has told of it.</summary>
/// <remarks>
/// A packet that is repeated byte by byte keeps its number, so feedback does not tell which copy arrived. The least delay that the path
/// is known to have rules copies out that could not have been there yet.
/// </remarks>
internal struct SentPacket
{
    /// <summary>Copies' moments are kept as tenths of a millisecond after the first; a window of 6.5 s is far beyond any repair.</summary>
    private const long Unit = TimeSpan.TicksPerMillisecond / 10;

    /// <summary>By so much a packet may be faster than any before.</summary>
    private const long Tolerance = 2 * TimeSpan.TicksPerMillisecond;

    public long Ticks;
    public int Bytes;
    public ushort Sequence;
    public PacketState State;
    public bool IsProbe;

    /// <summary>Times that it was sent beyond the first.</summary>
    public byte Copies;

    /// <summary>It stands among the repeated packets of which feedback has told.</summary>
    public bool IsCounted;

    private ushort _firstCopy;
    private ushort _lastCopy;

    public void Repeat(Instant now)
    {
        if (Copies < byte.MaxValue) Copies++;
        _lastCopy = (ushort)Math.Clamp((now.Ticks - Ticks) / Unit, 1, ushort.MaxValue);
        if (Copies == 1) _firstCopy = _lastCopy;
    }

    /// <summary>When the copy was sent that arrived: the last one that could have been there by then.</summary>
    /// <param name="arrivalTicks">On the receiver's clock.</param>
    /// <param name="leastDelay">The smallest difference between the clocks of any packet of late.</param>
    public readonly long SentAt(long arrivalTicks, long leastDelay)
    {
        if (Copies == 0 || leastDelay == long.MaxValue) return Ticks;
        var earliest = leastDelay - Tolerance;
        return arrivalTicks - LastCopy >= earliest ? LastCopy : arrivalTicks - FirstCopy >= earliest ? FirstCopy : Ticks;
    }

    /// <summary>
    /// True if a copy arrived in place of the first, which was lost: it came later than half of the time between the two beyond what is
    /// usual. A path whose delay varies by that much makes it look lossy, never loss-free.
    /// </summary>
    /// <param name="arrivalTicks">On the receiver's clock.</param>
    /// <param name="usualDelay">The difference between the clocks that packets have now; <see cref="long.MaxValue"/> while unknown.</param>
    public readonly bool IsFirstLost(long arrivalTicks, long usualDelay) =>
        Copies > 0 && usualDelay != long.MaxValue && arrivalTicks - Ticks - usualDelay > _firstCopy * Unit / 2;

    private readonly long FirstCopy => Ticks + (_firstCopy * Unit);

    private readonly long LastCopy => Ticks + (_lastCopy * Unit);
}
