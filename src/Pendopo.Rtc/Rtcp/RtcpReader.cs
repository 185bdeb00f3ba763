namespace Pendopo.Rtc.Rtcp;

/// <summary>The RTCP messages that are told apart; others are skipped.</summary>
public enum RtcpKind : byte
{
    Unknown,
    SenderReport,
    ReceiverReport,
    SourceDescription,
    Bye,

    /// <summary>Generic NACK (RFC 4585 §6.2.1)</summary>
    Nack,

    /// <summary>Transport-wide congestion control feedback (draft-holmer-rmcat-transport-wide-cc-extensions-01)</summary>
    TransportFeedback,

    /// <summary>Picture Loss Indication (RFC 4585 §6.3.1)</summary>
    PictureLoss,

    /// <summary>Full Intra Request (RFC 5104 §4.3.1)</summary>
    FullIntraRequest,

    /// <summary>Receiver Estimated Maximum Bitrate (draft-alvestrand-rmcat-remb-03)</summary>
    Remb,
}

public readonly record struct SenderInfo(uint Ssrc, ulong NtpTimestamp, uint RtpTimestamp, uint PacketCount, uint OctetCount);

/// <summary>A report block (RFC 3550 §6.4.1).</summary>
/// <param name="FractionLost">Of 256.</param>
/// <param name="Jitter">In RTP timestamp units.</param>
/// <param name="LastSenderReport">Middle 32 bits of the NTP time of the last SR.</param>
/// <param name="DelaySinceLastSenderReport">In 1/65536 s.</param>
public readonly record struct ReportBlock(
    uint Ssrc, byte FractionLost, int CumulativeLost, uint HighestSequence, uint Jitter, uint LastSenderReport, uint DelaySinceLastSenderReport);

/// <summary>
/// Walks a compound RTCP packet (reduced size allowed, RFC 5506): <c>while (reader.MoveNext())</c>, then the accessors of the
/// current <see cref="Kind"/>. Malformed parts end the walk and set <see cref="IsMalformed"/>; nothing is thrown or allocated.
/// </summary>
public ref struct RtcpReader
{
    public RtcpReader(ReadOnlySpan<byte> compound) => throw new NotSupportedException("not built yet");

    public readonly bool IsMalformed => throw new NotSupportedException();

    public bool MoveNext() => throw new NotSupportedException();

    public readonly RtcpKind Kind => throw new NotSupportedException();

    public readonly uint SenderSsrc => throw new NotSupportedException();

    /// <summary>Media SSRC of a feedback message.</summary>
    public readonly uint MediaSsrc => throw new NotSupportedException();

    public readonly SenderInfo SenderInfo => throw new NotSupportedException();

    /// <summary>Number of report blocks in an SR or RR.</summary>
    public readonly int ReportCount => throw new NotSupportedException();

    public readonly ReportBlock Report(int index) => throw new NotSupportedException();

    /// <summary>Walks the sequence numbers of a NACK: packet id and bitmask pairs.</summary>
    public readonly NackEnumerator Nacks => throw new NotSupportedException();

    /// <summary>Number of FCI entries of a FIR, or of SSRCs in a BYE or REMB.</summary>
    public readonly int SsrcCount => throw new NotSupportedException();

    public readonly uint Ssrc(int index) => throw new NotSupportedException();

    /// <summary>Bit rate of a REMB.</summary>
    public readonly DataRate Remb => throw new NotSupportedException();

    /// <summary>The FCI of the current feedback message, for <c>TransportFeedbackReader</c>.</summary>
    public readonly ReadOnlySpan<byte> FeedbackControl => throw new NotSupportedException();
}

public ref struct NackEnumerator
{
    public readonly ushort Current => throw new NotSupportedException();

    public bool MoveNext() => throw new NotSupportedException();

    public readonly NackEnumerator GetEnumerator() => this;
}
