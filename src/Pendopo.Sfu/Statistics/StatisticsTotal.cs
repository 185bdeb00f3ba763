namespace Pendopo.Sfu.Statistics;

/// <summary>What a worker sums up over all its peers, those that have left included.</summary>
internal enum StatisticsTotal
{
    PacketsReceived,
    BytesReceived,
    PacketsForwarded,
    BytesForwarded,
    Retransmissions,
    PacketsNackedByReceivers,
    PacketsNackedAtSenders,
    KeyFrameRequestsReceived,
    KeyFrameRequestsSent,
    KeyFrames,
    Switches,
}
