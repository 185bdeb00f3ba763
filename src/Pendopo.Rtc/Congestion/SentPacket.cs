namespace Pendopo.Rtc.Congestion;

/// <summary>What a sender remembers of one packet until transport feedback has told its fate: 16 bytes.</summary>
internal struct SentPacket
{
    /// <summary>When it was sent.</summary>
    public long Ticks;
    public int Bytes;
    public ushort Sequence;
    public PacketState State;

    /// <summary>It was sent to measure the path.</summary>
    public bool IsProbe;
}

internal enum PacketState : byte
{
    /// <summary>The place was never used.</summary>
    None,
    InFlight,
    Lost,
    Received,
}
