namespace Pendopo.Rtc.Rtcp;

/// <summary>
/// Writes RTCP messages one after the other into a lent buffer; each call returns false and writes nothing when the rest of
/// the buffer is too small. <see cref="Length"/> is what was written so far.
/// </summary>
public ref struct RtcpWriter
{
    public RtcpWriter(Span<byte> destination) => throw new NotSupportedException("not built yet");

    public readonly int Length => throw new NotSupportedException();

    public bool TryWriteSenderReport(in SenderInfo sender, ReadOnlySpan<ReportBlock> reports) => throw new NotSupportedException();

    public bool TryWriteReceiverReport(uint senderSsrc, ReadOnlySpan<ReportBlock> reports) => throw new NotSupportedException();

    /// <summary>SDES with one CNAME chunk (RFC 3550 §6.5.1).</summary>
    public bool TryWriteCname(uint ssrc, ReadOnlySpan<byte> cname) => throw new NotSupportedException();

    public bool TryWriteBye(ReadOnlySpan<uint> ssrcs) => throw new NotSupportedException();

    /// <summary>Sequence numbers ascending (modulo wrap); packed into id and bitmask pairs.</summary>
    public bool TryWriteNack(uint senderSsrc, uint mediaSsrc, ReadOnlySpan<ushort> sequenceNumbers) => throw new NotSupportedException();

    public bool TryWritePictureLoss(uint senderSsrc, uint mediaSsrc) => throw new NotSupportedException();

    public bool TryWriteFullIntraRequest(uint senderSsrc, uint mediaSsrc, byte sequence) => throw new NotSupportedException();

    public bool TryWriteRemb(uint senderSsrc, DataRate rate, ReadOnlySpan<uint> ssrcs) => throw new NotSupportedException();
}
