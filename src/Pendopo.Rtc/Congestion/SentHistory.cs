namespace Pendopo.Rtc.Congestion;

/// <summary>What was sent under the last transport-wide numbers: a ring that grows while feedback takes longer than it reaches back.</summary>
internal sealed class SentHistory
{
    /// <summary>Packets in flight at most: at 1200 bytes this covers 100 ms at 390 Mb/s or a second at 39 Mb/s, in 96 KiB.</summary>
    private const int Maximum = 4096;

    /// <summary>At first: a second and a half of a large picture with sound. It doubles while packets of the last second would be overwritten in flight.</summary>
    private const int First = 512;

    private SentPacket[] _packets = new SentPacket[First];

    /// <summary>The place of a number, which may hold another one still or already.</summary>
    public ref SentPacket this[ushort sequence] => ref _packets[sequence & (_packets.Length - 1)];

    public void Add(Instant now, in SentPacket packet)
    {
        if (_packets.Length < Maximum && IsInUse(now, this[packet.Sequence])) Grow();
        this[packet.Sequence] = packet;
    }

    /// <summary>Asks for the place of a number (<see cref="CacheLines"/>).</summary>
    public void Prefetch(ushort sequence) => CacheLines.Fetch(_packets, sequence & (_packets.Length - 1));

    /// <summary>Feedback that takes longer tells of a path that has changed since.</summary>
    private static bool IsInUse(Instant now, in SentPacket packet) => packet.State == PacketState.InFlight && now.Ticks - packet.Ticks < TimeSpan.TicksPerSecond;

    private void Grow()
    {
        var larger = new SentPacket[_packets.Length * 2];
        foreach (ref readonly var packet in _packets.AsSpan())
        {
            if (packet.State != PacketState.None) larger[packet.Sequence & (larger.Length - 1)] = packet;
        }

        _packets = larger;
    }
}
