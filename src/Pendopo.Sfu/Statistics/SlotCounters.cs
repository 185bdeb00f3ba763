namespace Pendopo.Sfu.Statistics;

/// <summary>What is counted of one receive slot beside its packets. A struct held in a field of the slot.</summary>
internal struct SlotCounters
{
    /// <summary>Times that another layer or source began.</summary>
    public long Switches { get; set; }

    /// <summary>Numbers that the receiver asked for by NACK.</summary>
    public long NackedPackets { get; set; }

    /// <summary>PLI and FIR of the receiver.</summary>
    public long KeyFrameRequests { get; set; }

    /// <summary>Payload bytes a second.</summary>
    public CounterRate SentRate;
}
