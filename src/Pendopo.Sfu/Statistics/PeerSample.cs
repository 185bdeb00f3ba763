using Pendopo.Rtc;

namespace Pendopo.Sfu.Statistics;

/// <summary>What was seen of a peer when it was last looked at. Owned by the worker.</summary>
internal sealed class PeerSample
{
    public Instant At { get; set; }

    public long[] Totals { get; } = new long[WorkerStatistics.TotalCount];

    public long[] Drops { get; } = new long[DropCounters.Reasons];

    /// <summary>Bytes a second of RTP that the peer sends.</summary>
    public CounterRate ReceivedRate;

    /// <summary>Bytes a second of SRTP that it is sent.</summary>
    public CounterRate SentRate;
}
