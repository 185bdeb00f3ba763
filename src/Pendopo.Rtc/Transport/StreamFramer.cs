using System.Buffers.Binary;

namespace Pendopo.Rtc.Transport;

/// <summary>
/// Takes RFC 4571 frames (a length of 2 bytes, then the packet) out of a byte stream, as ICE-TCP needs (RFC 6544 §3).
/// Give it bytes as they arrive, in pieces of any size, and read frames until there is none. Its buffer has a fixed size;
/// a frame that could never be used is an error, after which the connection must be closed: the place of the next frame is
/// then not to be trusted.
/// </summary>
public sealed class StreamFramer
{
    /// <summary>Bytes of the length before each packet.</summary>
    public const int HeaderLength = 2;

    private readonly byte[] _buffer;
    private readonly int _maximumFrame;
    private int _start;
    private int _end;

    /// <param name="maximumFrame">The longest packet accepted; media never exceeds an Ethernet frame.</param>
    public StreamFramer(int maximumFrame = 1500)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(maximumFrame, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(maximumFrame, ushort.MaxValue);
        _maximumFrame = maximumFrame;

        // Room for a whole frame behind a partial one keeps moves of memory rare.
        _buffer = new byte[4 * (HeaderLength + maximumFrame)];
    }

    /// <summary>True once a length was too large; nothing more is read.</summary>
    public bool IsFaulted { get; private set; }

    /// <summary>
    /// Where to receive into; give the count to <see cref="Advance"/>. Never empty after frames were read until
    /// <see cref="TryRead"/> said false. Spans given by <see cref="TryRead"/> are void from here on.
    /// </summary>
    public Memory<byte> GetMemory()
    {
        if (_start == _end)
        {
            _start = _end = 0;
        }
        else if (_buffer.Length - _end < HeaderLength + _maximumFrame)
        {
            Buffer.BlockCopy(_buffer, _start, _buffer, 0, _end - _start);
            _end -= _start;
            _start = 0;
        }

        return _buffer.AsMemory(_end);
    }

    /// <summary>Tells how many bytes were received into <see cref="GetMemory"/>.</summary>
    public void Advance(int count)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(count, _buffer.Length - _end);
        _end += count;
    }

    /// <summary>
    /// Copies as much of <paramref name="bytes"/> as there is room for and returns that count; the rest is for after the next
    /// round of <see cref="TryRead"/>.
    /// </summary>
    public int Append(ReadOnlySpan<byte> bytes)
    {
        var room = GetMemory().Span;
        var count = Math.Min(room.Length, bytes.Length);
        bytes[..count].CopyTo(room);
        _end += count;
        return count;
    }

    /// <summary>The next whole packet; valid until <see cref="GetMemory"/> or <see cref="Append"/> is called.</summary>
    public bool TryRead(out Span<byte> packet)
    {
        packet = default;
        if (IsFaulted) return false;
        int length;
        while (true)
        {
            if (_end - _start < HeaderLength) return false;
            length = BinaryPrimitives.ReadUInt16BigEndian(_buffer.AsSpan(_start));
            if (length > 0) break;

            // RFC 4571 §2: zero is valid and codes the null packet, which says nothing.
            _start += HeaderLength;
        }

        if (length > _maximumFrame)
        {
            IsFaulted = true;
            return false;
        }

        if (_end - _start - HeaderLength < length) return false;
        packet = _buffer.AsSpan(_start + HeaderLength, length);
        _start += HeaderLength + length;
        return true;
    }

    /// <summary>
    /// Writes the length before a packet that lies at <c>buffer[2..]</c>, so that sending needs no copy; false when the packet
    /// is empty or longer than 65535 bytes.
    /// </summary>
    public static bool TryWriteHeader(Span<byte> buffer, int packetLength)
    {
        if (packetLength is < 1 or > ushort.MaxValue || buffer.Length < HeaderLength) return false;
        BinaryPrimitives.WriteUInt16BigEndian(buffer, (ushort)packetLength);
        return true;
    }
}
