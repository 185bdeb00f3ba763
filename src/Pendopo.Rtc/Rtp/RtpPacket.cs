using System.Buffers.Binary;

namespace Pendopo.Rtc.Rtp;

/// <summary>A view over an RTP packet (RFC 3550 §5.1) with one- or two-byte header extensions (RFC 8285). Copies nothing.</summary>
public readonly ref struct RtpPacket
{
    /// <summary>Bytes of the header before CSRCs and extensions.</summary>
    public const int FixedHeaderLength = 12;

    /// <summary>The longest CSRC list that the 4-bit count can name.</summary>
    public const int MaxCsrcCount = 15;

    private readonly ReadOnlySpan<byte> _bytes;
    private readonly int _headerLength;
    private readonly int _paddingLength;

    private RtpPacket(ReadOnlySpan<byte> bytes, int headerLength, int paddingLength)
    {
        _bytes = bytes;
        _headerLength = headerLength;
        _paddingLength = paddingLength;
    }

    /// <summary>Checks version, CSRC list, extension block and padding; afterwards every property is safe to read.</summary>
    public static bool TryParse(ReadOnlySpan<byte> bytes, out RtpPacket packet, out DropReason reason)
    {
        packet = default;
        if (!TryGetHeaderLength(bytes, out var headerLength, out reason)) return false;

        var paddingLength = 0;
        if ((bytes[0] & 0x20) != 0)
        {
            paddingLength = bytes[^1];
            if (paddingLength == 0 || paddingLength > bytes.Length - headerLength)
            {
                reason = DropReason.BadPadding;
                return false;
            }
        }

        packet = new RtpPacket(bytes, headerLength, paddingLength);
        return true;
    }

    /// <summary>
    /// Finds where the payload starts without looking at it: SRTP needs this while the payload, padding included, is
    /// still encrypted.
    /// </summary>
    internal static bool TryGetHeaderLength(ReadOnlySpan<byte> bytes, out int headerLength, out DropReason reason)
    {
        headerLength = 0;
        if (bytes.Length < FixedHeaderLength)
        {
            reason = DropReason.TooShort;
            return false;
        }

        if (bytes[0] >> 6 != 2)
        {
            reason = DropReason.BadVersion;
            return false;
        }

        var length = FixedHeaderLength + 4 * (bytes[0] & 0x0F);
        if (length > bytes.Length)
        {
            reason = DropReason.TooShort;
            return false;
        }

        if ((bytes[0] & 0x10) != 0)
        {
            if (length + 4 > bytes.Length)
            {
                reason = DropReason.BadExtension;
                return false;
            }

            length += 4 + 4 * BinaryPrimitives.ReadUInt16BigEndian(bytes[(length + 2)..]);
            if (length > bytes.Length)
            {
                reason = DropReason.BadExtension;
                return false;
            }
        }

        headerLength = length;
        reason = DropReason.None;
        return true;
    }

    /// <summary>The whole packet as it was parsed.</summary>
    public ReadOnlySpan<byte> Bytes => _bytes;

    public bool Marker => (_bytes[1] & 0x80) != 0;

    public byte PayloadType => (byte)(_bytes[1] & 0x7F);

    public ushort SequenceNumber => BinaryPrimitives.ReadUInt16BigEndian(_bytes[2..]);

    public uint Timestamp => BinaryPrimitives.ReadUInt32BigEndian(_bytes[4..]);

    public uint Ssrc => BinaryPrimitives.ReadUInt32BigEndian(_bytes[8..]);

    /// <summary>How many contributing sources the packet lists, 0–15.</summary>
    public int CsrcCount => _bytes[0] & 0x0F;

    /// <summary>Bytes before the payload: fixed header, CSRCs and extension block.</summary>
    public int HeaderLength => _headerLength;

    /// <summary>Padding bytes at the end, the count byte included.</summary>
    public int PaddingLength => _paddingLength;

    /// <summary>The payload without padding; empty for padding-only packets.</summary>
    public ReadOnlySpan<byte> Payload => _bytes[_headerLength..^_paddingLength];

    /// <summary>The value of the extension with that id; ids 1–14 (one-byte form) or 1–255 (two-byte form).</summary>
    public bool TryGetExtension(byte id, out ReadOnlySpan<byte> value)
    {
        var extensions = Extensions;
        while (extensions.MoveNext())
        {
            if (extensions.Id != id) continue;
            value = extensions.Value;
            return true;
        }

        value = default;
        return false;
    }

    /// <summary>All extension elements in order; none if the block has a profile that RFC 8285 does not define.</summary>
    public RtpExtensionEnumerator Extensions
    {
        get
        {
            if ((_bytes[0] & 0x10) == 0) return default;
            var start = FixedHeaderLength + 4 * CsrcCount;
            var profile = BinaryPrimitives.ReadUInt16BigEndian(_bytes[start..]);
            return new RtpExtensionEnumerator(profile, _bytes[(start + 4).._headerLength], start + 4);
        }
    }
}
