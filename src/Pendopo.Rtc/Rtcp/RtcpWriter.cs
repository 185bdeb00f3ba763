using System.Buffers.Binary;
using System.Numerics;

namespace Pendopo.Rtc.Rtcp;

/// <summary>
/// Writes RTCP messages one after the other into a lent buffer; each call returns false and writes nothing when the rest of
/// the buffer is too small, or when the message cannot carry what is asked (more than 31 reports or BYE sources, 255 REMB
/// sources, a CNAME over 255 bytes, an empty NACK). <see cref="Length"/> is what was written so far.
/// </summary>
public ref struct RtcpWriter
{
    private const int MaximumCount = 31;

    private const byte SenderReport = 200;
    private const byte ReceiverReport = 201;
    private const byte SourceDescription = 202;
    private const byte Goodbye = 203;
    private const byte TransportLayerFeedback = 205;
    private const byte PayloadSpecificFeedback = 206;

    private readonly Span<byte> _destination;

    public RtcpWriter(Span<byte> destination) => _destination = destination;

    public int Length { readonly get; private set; }

    /// <summary>RFC 3550 §6.4.1; at most 31 reports.</summary>
    public bool TryWriteSenderReport(scoped in SenderInfo sender, scoped ReadOnlySpan<ReportBlock> reports)
    {
        if (reports.Length > MaximumCount) return false;
        if (!TryBegin(28 + 24 * reports.Length, reports.Length, SenderReport, out var message)) return false;
        BinaryPrimitives.WriteUInt32BigEndian(message[4..], sender.Ssrc);
        BinaryPrimitives.WriteUInt64BigEndian(message[8..], sender.NtpTimestamp);
        BinaryPrimitives.WriteUInt32BigEndian(message[16..], sender.RtpTimestamp);
        BinaryPrimitives.WriteUInt32BigEndian(message[20..], sender.PacketCount);
        BinaryPrimitives.WriteUInt32BigEndian(message[24..], sender.OctetCount);
        WriteReports(message[28..], reports);
        return true;
    }

    /// <summary>RFC 3550 §6.4.2; at most 31 reports.</summary>
    public bool TryWriteReceiverReport(uint senderSsrc, scoped ReadOnlySpan<ReportBlock> reports)
    {
        if (reports.Length > MaximumCount) return false;
        if (!TryBegin(8 + 24 * reports.Length, reports.Length, ReceiverReport, out var message)) return false;
        BinaryPrimitives.WriteUInt32BigEndian(message[4..], senderSsrc);
        WriteReports(message[8..], reports);
        return true;
    }

    /// <summary>SDES with one CNAME chunk (RFC 3550 §6.5.1).</summary>
    public bool TryWriteCname(uint ssrc, scoped ReadOnlySpan<byte> cname)
    {
        if (cname.Length > byte.MaxValue) return false;

        // The item list ends with at least one null octet, up to the word boundary.
        var length = (8 + 2 + cname.Length + 1 + 3) & ~3;
        if (!TryBegin(length, 1, SourceDescription, out var message)) return false;
        BinaryPrimitives.WriteUInt32BigEndian(message[4..], ssrc);
        message[8] = 1;
        message[9] = (byte)cname.Length;
        cname.CopyTo(message[10..]);
        message[(10 + cname.Length)..].Clear();
        return true;
    }

    /// <summary>RFC 3550 §6.6; at most 31 sources.</summary>
    public bool TryWriteBye(scoped ReadOnlySpan<uint> ssrcs)
    {
        if (ssrcs.Length > MaximumCount) return false;
        if (!TryBegin(4 + 4 * ssrcs.Length, ssrcs.Length, Goodbye, out var message)) return false;
        WriteWords(message[4..], ssrcs);
        return true;
    }

    /// <summary>Sequence numbers ascending (modulo wrap); packed into id and bitmask pairs (RFC 4585 §6.2.1).</summary>
    public bool TryWriteNack(uint senderSsrc, uint mediaSsrc, scoped ReadOnlySpan<ushort> sequenceNumbers)
    {
        if (sequenceNumbers.IsEmpty) return false;
        var pairs = 0;
        for (var i = 0; i < sequenceNumbers.Length; pairs++) TakePair(sequenceNumbers, ref i, out _, out _);
        if (!TryBeginFeedback(4 * pairs, TransportLayerFeedback, 1, senderSsrc, mediaSsrc, out var control)) return false;
        for (var i = 0; i < sequenceNumbers.Length; control = control[4..])
        {
            TakePair(sequenceNumbers, ref i, out var packetId, out var mask);
            BinaryPrimitives.WriteUInt16BigEndian(control, packetId);
            BinaryPrimitives.WriteUInt16BigEndian(control[2..], mask);
        }

        return true;
    }

    /// <summary>RFC 4585 §6.3.1.</summary>
    public bool TryWritePictureLoss(uint senderSsrc, uint mediaSsrc) =>
        TryBeginFeedback(0, PayloadSpecificFeedback, 1, senderSsrc, mediaSsrc, out _);

    /// <summary>RFC 5104 §4.3.1 with one entry; the media SSRC stands in the entry, that of the header is 0.</summary>
    public bool TryWriteFullIntraRequest(uint senderSsrc, uint mediaSsrc, byte sequence)
    {
        if (!TryBeginFeedback(8, PayloadSpecificFeedback, 4, senderSsrc, 0, out var control)) return false;
        BinaryPrimitives.WriteUInt32BigEndian(control, mediaSsrc);
        BinaryPrimitives.WriteUInt32BigEndian(control[4..], (uint)sequence << 24);
        return true;
    }

    /// <summary>draft-alvestrand-rmcat-remb-03 §2.2; the rate is rounded down to 18 significant bits.</summary>
    public bool TryWriteRemb(uint senderSsrc, DataRate rate, scoped ReadOnlySpan<uint> ssrcs)
    {
        if (ssrcs.Length > byte.MaxValue) return false;
        if (!TryBeginFeedback(8 + 4 * ssrcs.Length, PayloadSpecificFeedback, 15, senderSsrc, 0, out var control)) return false;
        var bits = (ulong)Math.Max(0, rate.BitsPerSecond);
        var exponent = Math.Max(0, 64 - BitOperations.LeadingZeroCount(bits) - 18);
        "REMB"u8.CopyTo(control);
        BinaryPrimitives.WriteUInt32BigEndian(control[4..], (uint)ssrcs.Length << 24 | (uint)exponent << 18 | (uint)(bits >> exponent));
        WriteWords(control[8..], ssrcs);
        return true;
    }

    private static void TakePair(ReadOnlySpan<ushort> numbers, ref int index, out ushort packetId, out ushort mask)
    {
        packetId = numbers[index++];
        mask = 0;
        for (; index < numbers.Length; index++)
        {
            var distance = (ushort)(numbers[index] - packetId);
            if (distance > 16) return;
            if (distance > 0) mask |= (ushort)(1 << (distance - 1));
        }
    }

    private static void WriteReports(Span<byte> target, scoped ReadOnlySpan<ReportBlock> reports)
    {
        foreach (ref readonly var report in reports)
        {
            BinaryPrimitives.WriteUInt32BigEndian(target, report.Ssrc);

            // 24 bits, signed: RFC 3550 lets duplicates make it negative and asks to clamp rather than wrap.
            var lost = Math.Clamp(report.CumulativeLost, -0x80_0000, 0x7f_ffff) & 0xff_ffff;
            BinaryPrimitives.WriteUInt32BigEndian(target[4..], (uint)report.FractionLost << 24 | (uint)lost);
            BinaryPrimitives.WriteUInt32BigEndian(target[8..], report.HighestSequence);
            BinaryPrimitives.WriteUInt32BigEndian(target[12..], report.Jitter);
            BinaryPrimitives.WriteUInt32BigEndian(target[16..], report.LastSenderReport);
            BinaryPrimitives.WriteUInt32BigEndian(target[20..], report.DelaySinceLastSenderReport);
            target = target[24..];
        }
    }

    private static void WriteWords(Span<byte> target, ReadOnlySpan<uint> words)
    {
        for (var i = 0; i < words.Length; i++) BinaryPrimitives.WriteUInt32BigEndian(target[(4 * i)..], words[i]);
    }

    private bool TryBeginFeedback(int controlLength, byte type, int format, uint senderSsrc, uint mediaSsrc, out Span<byte> control)
    {
        control = default;
        if (!TryBegin(12 + controlLength, format, type, out var message)) return false;
        BinaryPrimitives.WriteUInt32BigEndian(message[4..], senderSsrc);
        BinaryPrimitives.WriteUInt32BigEndian(message[8..], mediaSsrc);
        control = message[12..];
        return true;
    }

    private bool TryBegin(int length, int count, byte type, out Span<byte> message)
    {
        message = default;
        if (length > _destination.Length - Length || length / 4 - 1 > ushort.MaxValue) return false;
        message = _destination.Slice(Length, length);
        message[0] = (byte)(0x80 | count);
        message[1] = type;
        BinaryPrimitives.WriteUInt16BigEndian(message[2..], (ushort)(length / 4 - 1));
        Length += length;
        return true;
    }
}
