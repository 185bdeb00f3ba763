using System.Buffers.Binary;

namespace Pendopo.Rtc.Rtp;

/// <summary>
/// Writes an RTP header with extensions into a lent buffer: fixed header first, then elements one by one, then
/// <see cref="Complete"/> which pads the block and returns the header length. Uses the one-byte form unless
/// <c>twoByte</c> is asked for (an id above 14 or a value longer than 16 bytes needs it).
/// </summary>
public ref struct RtpHeaderWriter
{
    private const int BlockStart = RtpPacket.FixedHeaderLength;
    private const int ElementsStart = BlockStart + 4;

    private readonly Span<byte> _destination;
    private readonly bool _twoByte;
    private int _position;

    /// <exception cref="ArgumentException">The destination is shorter than a fixed header.</exception>
    public RtpHeaderWriter(Span<byte> destination, byte payloadType, bool marker, ushort sequenceNumber, uint timestamp, uint ssrc, bool twoByte = false)
    {
        if (destination.Length < RtpPacket.FixedHeaderLength) ThrowTooSmall();
        _destination = destination;
        _twoByte = twoByte;
        _position = BlockStart;

        destination[0] = 0x80;
        destination[1] = (byte)((marker ? 0x80 : 0) | (payloadType & 0x7F));
        BinaryPrimitives.WriteUInt16BigEndian(destination[2..], sequenceNumber);
        BinaryPrimitives.WriteUInt32BigEndian(destination[4..], timestamp);
        BinaryPrimitives.WriteUInt32BigEndian(destination[8..], ssrc);
    }

    /// <summary>
    /// Adds an element; false (and nothing written) if it does not fit the form or the buffer. An id of 0, which stands for
    /// an extension that was not negotiated, writes nothing either.
    /// </summary>
    public bool TryAdd(byte id, ReadOnlySpan<byte> value)
    {
        if (!TryReserve(id, value.Length, out var reserved)) return false;
        value.CopyTo(reserved);
        return true;
    }

    /// <summary>Like <see cref="TryAdd"/> but leaves the value for the caller to fill in.</summary>
    public bool TryReserve(byte id, int length, out Span<byte> value)
    {
        value = default;
        if (!FitsForm(id, length)) return false;

        var start = Math.Max(_position, ElementsStart);
        var prefix = _twoByte ? 2 : 1;
        var end = start + prefix + length;
        // The block ends on a 32-bit boundary, so the room for its padding must be there too.
        var paddedEnd = (end + 3) & ~3;
        if (paddedEnd > _destination.Length || (paddedEnd - ElementsStart) / 4 > ushort.MaxValue) return false;

        if (_twoByte)
        {
            _destination[start] = id;
            _destination[start + 1] = (byte)length;
        }
        else
        {
            _destination[start] = (byte)((id << 4) | (length - 1));
        }

        value = _destination.Slice(start + prefix, length);
        _position = end;
        return true;
    }

    /// <summary>Ends the block; the payload starts at the returned offset.</summary>
    public int Complete()
    {
        if (_position <= ElementsStart) return BlockStart;

        var end = (_position + 3) & ~3;
        _destination[_position..end].Clear();
        _destination[0] |= 0x10;
        BinaryPrimitives.WriteUInt16BigEndian(
            _destination[BlockStart..], _twoByte ? RtpExtensionEnumerator.TwoByteProfile : RtpExtensionEnumerator.OneByteProfile);
        BinaryPrimitives.WriteUInt16BigEndian(_destination[(BlockStart + 2)..], (ushort)((end - ElementsStart) / 4));
        _position = end;
        return end;
    }

    /// <summary>
    /// Ends the block and adds padding instead of a payload, as probes for bandwidth are sent (RFC 3550 §5.1). The packet
    /// then has <paramref name="length"/> bytes. False if the padding is 0 or the buffer too short for it.
    /// </summary>
    public bool TryCompleteWithPadding(byte paddingLength, out int length)
    {
        length = 0;
        var headerLength = Complete();
        if (paddingLength == 0 || paddingLength > _destination.Length - headerLength) return false;
        length = headerLength + paddingLength;
        _destination[0] |= 0x20;
        _destination[headerLength..length].Clear();
        _destination[length - 1] = paddingLength;
        return true;
    }

    private readonly bool FitsForm(byte id, int length) =>
        _twoByte ? id != 0 && length is >= 0 and <= 255 : id is >= 1 and <= 14 && length is >= 1 and <= 16;

    private static void ThrowTooSmall() => throw new ArgumentException("The buffer is shorter than an RTP header.", "destination");
}
