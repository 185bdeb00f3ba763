using System.Buffers.Binary;
using System.Numerics;

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
/// Accessors of another kind give zero or nothing; an index outside its count is a bug of the caller and throws.
/// </summary>
public ref struct RtcpReader
{
    private const int HeaderLength = 4;
    private const int FeedbackHeaderLength = 12;

    private ReadOnlySpan<byte> _rest;

    // The current message from its header on, without padding.
    private ReadOnlySpan<byte> _message;

    public RtcpReader(ReadOnlySpan<byte> compound) => _rest = compound;

    public bool IsMalformed { readonly get; private set; }

    public RtcpKind Kind { readonly get; private set; }

    /// <summary>Goes to the next message, known or not; false at the end and at the first malformed one.</summary>
    public bool MoveNext()
    {
        if (_rest.IsEmpty) return End(malformed: false);
        if (_rest.Length < HeaderLength || _rest[0] >> 6 != 2) return End(malformed: true);

        var length = HeaderLength + 4 * BinaryPrimitives.ReadUInt16BigEndian(_rest[2..]);
        if (length > _rest.Length) return End(malformed: true);
        var message = _rest[..length];
        _rest = _rest[length..];

        if ((message[0] & 0x20) != 0)
        {
            var padding = message[^1];
            if (padding == 0 || padding > length - HeaderLength) return End(malformed: true);
            message = message[..^padding];
        }

        _message = message;
        Kind = Classify(message);
        return IsLongEnough(Kind, message) || End(malformed: true);
    }

    /// <summary>The SSRC of the sender of this message; of its first source for SDES and BYE.</summary>
    public readonly uint SenderSsrc => Word(4);

    /// <summary>Media SSRC of a feedback message.</summary>
    public readonly uint MediaSsrc => IsFeedback ? Word(8) : 0;

    public readonly SenderInfo SenderInfo => Kind == RtcpKind.SenderReport
        ? new(Word(4), BinaryPrimitives.ReadUInt64BigEndian(_message[8..]), Word(16), Word(20), Word(24))
        : default;

    /// <summary>Number of report blocks in an SR or RR.</summary>
    public readonly int ReportCount => Kind is RtcpKind.SenderReport or RtcpKind.ReceiverReport ? CountField(_message) : 0;

    public readonly ReportBlock Report(int index)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(index);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(index, ReportCount);
        var block = _message.Slice((Kind == RtcpKind.SenderReport ? 28 : 8) + 24 * index, 24);
        var lost = BinaryPrimitives.ReadInt32BigEndian(block[4..]) << 8 >> 8;
        return new(
            BinaryPrimitives.ReadUInt32BigEndian(block),
            block[4],
            lost,
            BinaryPrimitives.ReadUInt32BigEndian(block[8..]),
            BinaryPrimitives.ReadUInt32BigEndian(block[12..]),
            BinaryPrimitives.ReadUInt32BigEndian(block[16..]),
            BinaryPrimitives.ReadUInt32BigEndian(block[20..]));
    }

    /// <summary>Walks the sequence numbers of a NACK: packet id and bitmask pairs.</summary>
    public readonly NackEnumerator Nacks => new(Kind == RtcpKind.Nack ? FeedbackControl : default);

    /// <summary>Number of FCI entries of a FIR, or of SSRCs in a BYE or REMB.</summary>
    public readonly int SsrcCount => Kind switch
    {
        RtcpKind.FullIntraRequest => FeedbackControl.Length / 8,
        RtcpKind.Bye => CountField(_message),
        RtcpKind.Remb => FeedbackControl[4],
        _ => 0,
    };

    public readonly uint Ssrc(int index)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(index);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(index, SsrcCount);
        return Kind switch
        {
            RtcpKind.FullIntraRequest => Word(FeedbackHeaderLength + 8 * index),
            RtcpKind.Remb => Word(FeedbackHeaderLength + 8 + 4 * index),
            _ => Word(HeaderLength + 4 * index),
        };
    }

    /// <summary>The command sequence number of a FIR entry (RFC 5104 §4.3.1.1): a repeated number is a repeated request.</summary>
    public readonly byte FullIntraSequence(int index)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(index);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(index, Kind == RtcpKind.FullIntraRequest ? SsrcCount : 0);
        return FeedbackControl[8 * index + 4];
    }

    /// <summary>Bit rate of a REMB; saturates where the wire's exponent goes beyond 63 bits.</summary>
    public readonly DataRate Remb
    {
        get
        {
            if (Kind != RtcpKind.Remb) return DataRate.Zero;
            var coded = Word(FeedbackHeaderLength + 4) & 0xff_ffff;
            var exponent = (int)(coded >> 18);
            long mantissa = coded & 0x3_ffff;
            if (mantissa == 0) return DataRate.Zero;
            return exponent > 62 || mantissa > long.MaxValue >> exponent ? new(long.MaxValue) : new(mantissa << exponent);
        }
    }

    /// <summary>The FCI of the current feedback message, for <c>TransportFeedbackReader</c>.</summary>
    public readonly ReadOnlySpan<byte> FeedbackControl => IsFeedback ? _message[FeedbackHeaderLength..] : default;

    /// <summary>The CNAME of the first chunk of an SDES message (RFC 3550 §6.5.1); false if it has none.</summary>
    public readonly bool TryReadCname(out ReadOnlySpan<byte> cname)
    {
        cname = default;
        if (Kind != RtcpKind.SourceDescription || CountField(_message) == 0) return false;
        var items = _message[8..];
        while (items.Length >= 2 && items[0] != 0)
        {
            var length = items[1];
            if (items.Length < 2 + length) return false;
            if (items[0] == 1)
            {
                cname = items.Slice(2, length);
                return true;
            }

            items = items[(2 + length)..];
        }

        return false;
    }

    private readonly bool IsFeedback => Kind is RtcpKind.Nack or RtcpKind.TransportFeedback or RtcpKind.PictureLoss
        or RtcpKind.FullIntraRequest or RtcpKind.Remb;

    private readonly uint Word(int offset) =>
        _message.Length >= offset + 4 ? BinaryPrimitives.ReadUInt32BigEndian(_message[offset..]) : 0;

    private static int CountField(ReadOnlySpan<byte> message) => message[0] & 0x1f;

    private static RtcpKind Classify(ReadOnlySpan<byte> message) => (message[1], CountField(message)) switch
    {
        (200, _) => RtcpKind.SenderReport,
        (201, _) => RtcpKind.ReceiverReport,
        (202, _) => RtcpKind.SourceDescription,
        (203, _) => RtcpKind.Bye,
        (205, 1) => RtcpKind.Nack,
        (205, 15) => RtcpKind.TransportFeedback,
        (206, 1) => RtcpKind.PictureLoss,
        (206, 4) => RtcpKind.FullIntraRequest,
        (206, 15) when message.Length >= 20 && message[FeedbackHeaderLength..].StartsWith("REMB"u8) => RtcpKind.Remb,
        _ => RtcpKind.Unknown,
    };

    // Whatever an accessor of that kind reads must lie inside; profile-specific tails are allowed and ignored.
    private static bool IsLongEnough(RtcpKind kind, ReadOnlySpan<byte> message)
    {
        var fci = message.Length - FeedbackHeaderLength;
        return kind switch
        {
            RtcpKind.SenderReport => message.Length >= 28 + 24 * CountField(message),
            RtcpKind.ReceiverReport => message.Length >= 8 + 24 * CountField(message),
            RtcpKind.SourceDescription => CountField(message) == 0 || message.Length >= 8,
            RtcpKind.Bye => message.Length >= HeaderLength + 4 * CountField(message),
            RtcpKind.Nack => fci >= 4 && fci % 4 == 0,
            RtcpKind.TransportFeedback => fci >= 8,
            RtcpKind.PictureLoss => fci >= 0,
            RtcpKind.FullIntraRequest => fci >= 8 && fci % 8 == 0,
            RtcpKind.Remb => fci >= 8 + 4 * message[FeedbackHeaderLength + 4],
            _ => true,
        };
    }

    private bool End(bool malformed)
    {
        _rest = default;
        _message = default;
        Kind = RtcpKind.Unknown;
        IsMalformed |= malformed;
        return false;
    }
}

/// <summary>Walks packet id and bitmask pairs (RFC 4585 §6.2.1) as single sequence numbers.</summary>
public ref struct NackEnumerator
{
    private ReadOnlySpan<byte> _pairs;
    private ushort _packetId;
    private ushort _mask;

    internal NackEnumerator(ReadOnlySpan<byte> pairs) => _pairs = pairs;

    public ushort Current { readonly get; private set; }

    public bool MoveNext()
    {
        if (_mask != 0)
        {
            Current = (ushort)(_packetId + 1 + BitOperations.TrailingZeroCount(_mask));
            _mask &= (ushort)(_mask - 1);
            return true;
        }

        if (_pairs.Length < 4) return false;
        Current = _packetId = BinaryPrimitives.ReadUInt16BigEndian(_pairs);
        _mask = BinaryPrimitives.ReadUInt16BigEndian(_pairs[2..]);
        _pairs = _pairs[4..];
        return true;
    }

    public readonly NackEnumerator GetEnumerator() => this;
}
