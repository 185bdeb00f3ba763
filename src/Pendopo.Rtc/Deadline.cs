namespace Pendopo.Rtc;

/// <summary>Why a protocol machine wants to be advanced.</summary>
public enum DeadlineReason
{
    None,
    ConsentCheck,
    ConsentExpiry,
    IceRestartOverlap,
    DtlsHandshake,
    DtlsRetransmission,
    SenderReport,
    ReceiverReport,
    Nack,
    TransportFeedback,
    KeyFrameRequest,
    Pacing,
    Probe,
    Idle,
}

/// <summary>The next moment at which a machine must be advanced, with the reason.</summary>
public readonly record struct Deadline(Instant At, DeadlineReason Reason)
{
    /// <summary>Nothing to wait for.</summary>
    public static Deadline None => new(Instant.Never, DeadlineReason.None);

    /// <summary>The earlier of two deadlines; the first wins a tie.</summary>
    public static Deadline Earlier(Deadline left, Deadline right) => right.At < left.At ? right : left;
}
