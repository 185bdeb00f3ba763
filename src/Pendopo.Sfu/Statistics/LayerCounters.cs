namespace Pendopo.Sfu.Statistics;

/// <summary>What is counted of one received stream, packet by packet. A struct held in a field of the layer.</summary>
internal struct LayerCounters
{
    private uint _timestamp;

    /// <summary>Bytes with RTP headers, of packets that were no duplicates, repaired ones included.</summary>
    public long Bytes { get; private set; }

    public long Packets { get; private set; }

    /// <summary>Pictures begun: changes of the RTP timestamp. Late packets of an older picture count it again, so loss makes it a little high.</summary>
    public long Frames { get; private set; }

    /// <summary>Numbers asked for by NACK, repeats included.</summary>
    public long NackedPackets { get; set; }

    /// <summary>Pictures a second.</summary>
    public CounterRate FrameRate;

    public void OnPacket(uint timestamp, int bytes)
    {
        if (timestamp != _timestamp || Packets == 0) Frames++;
        _timestamp = timestamp;
        Packets++;
        Bytes += bytes;
    }
}
