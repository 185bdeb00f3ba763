using System.Buffers.Binary;

namespace Pendopo.Meetings.Domain.Framing;

/// <summary>
/// Reads the presentation language of RFC 8446 §3 with the vectors of RFC 9420 §2.1.2, strictly: lengths in their shortest form only. The first thing
/// that does not fit fails the reader for good; later reads give zeros and empty spans, so a parser asks <see cref="IsComplete"/> once, at its end.
/// </summary>
public ref struct WireReader(ReadOnlySpan<byte> input)
{
    /// <summary>Largest number that JavaScript holds exactly: the wire contract's JSON can say no larger one.</summary>
    private const ulong LargestNumber = (1UL << 53) - 1;

    private readonly ReadOnlySpan<byte> _input = input;

    /// <summary>Bytes read so far.</summary>
    public int Position { get; private set; }

    public bool Failed { get; private set; }

    /// <summary>Nothing failed and nothing is left.</summary>
    public readonly bool IsComplete => !Failed && Position == _input.Length;

    /// <summary>There is another element of a vector to be read.</summary>
    public readonly bool HasMore => !Failed && Position < _input.Length;

    public void Fail() => Failed = true;

    public void Require(bool condition) => Failed |= !condition;

    public byte ReadByte() => Take(1) is [var value] ? value : (byte)0;

    public ushort ReadUInt16() => Take(2) is { Length: 2 } bytes ? BinaryPrimitives.ReadUInt16BigEndian(bytes) : (ushort)0;

    public uint ReadUInt32() => Take(4) is { Length: 4 } bytes ? BinaryPrimitives.ReadUInt32BigEndian(bytes) : 0;

    /// <summary>A uint64 that the wire contract can name: an epoch, a time.</summary>
    public long ReadNumber()
    {
        var value = ReadUInt64();
        Require(value <= LargestNumber);
        return Failed ? 0 : (long)value;
    }

    public ulong ReadUInt64() => Take(8) is { Length: 8 } bytes ? BinaryPrimitives.ReadUInt64BigEndian(bytes) : 0;

    /// <summary><c>opaque x[count]</c></summary>
    public ReadOnlySpan<byte> ReadBytes(int count) => Take(count);

    /// <summary><c>opaque x&lt;V&gt;</c>, or the content of any other vector, of a length within bounds.</summary>
    public ReadOnlySpan<byte> ReadVector(int minimum = 0, int maximum = int.MaxValue)
    {
        var length = ReadLength();
        Require(length >= minimum && length <= maximum);
        return Take(length);
    }

    /// <summary>Presence of <c>optional&lt;T&gt;</c>; 0 and 1 only.</summary>
    public bool ReadPresence()
    {
        var value = ReadByte();
        Require(value <= 1);
        return !Failed && value == 1;
    }

    /// <summary>What was read since a position.</summary>
    public readonly ReadOnlySpan<byte> Since(int position) => Failed ? default : _input[position..Position];

    private int ReadLength()
    {
        var first = ReadByte();
        var size = 1 << (first >> 6);
        if (size == 8) Fail();
        var value = first & 0x3F;
        foreach (var next in Take(size - 1)) value = (value << 8) | next;
        // The shortest form only: one value, one encoding.
        Require(size == 1 || (size == 2 && value >= 1 << 6) || (size == 4 && value >= 1 << 14));
        return Failed ? 0 : value;
    }

    private ReadOnlySpan<byte> Take(int count)
    {
        if (Failed || count > _input.Length - Position)
        {
            Fail();
            return default;
        }

        var taken = _input.Slice(Position, count);
        Position += count;
        return taken;
    }
}
