using System.Buffers.Binary;

namespace Pendopo.Mls.Encoding;

/// <summary>Writes the TLS presentation language as RFC 9420 section 2.1 uses it, into a buffer that grows.</summary>
public sealed class TlsWriter
{
    private byte[] _buffer;

    public TlsWriter(int capacity = 256)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(capacity);
        _buffer = new byte[capacity];
    }

    public int Length { get; private set; }

    /// <summary>What was written; void after the next write.</summary>
    public ReadOnlySpan<byte> Written => _buffer.AsSpan(0, Length);

    public byte[] ToArray() => Written.ToArray();

    public void WriteByte(byte value) => Extend(1)[0] = value;

    public void WriteUInt16(ushort value) => BinaryPrimitives.WriteUInt16BigEndian(Extend(2), value);

    public void WriteUInt32(uint value) => BinaryPrimitives.WriteUInt32BigEndian(Extend(4), value);

    public void WriteUInt64(ulong value) => BinaryPrimitives.WriteUInt64BigEndian(Extend(8), value);

    /// <exception cref="ArgumentOutOfRangeException">The value is negative or above <see cref="VariableInteger.Maximum"/>.</exception>
    public void WriteLength(int value)
    {
        var size = VariableInteger.SizeOf(value);
        var bytes = Extend(size);
        for (var i = size - 1; i >= 0; i--, value >>= 8) bytes[i] = (byte)value;
        bytes[0] |= (byte)((size >> 1) << 6);
    }

    /// <summary>Writes <c>opaque value[n]</c>.</summary>
    public void WriteBytes(ReadOnlySpan<byte> value) => value.CopyTo(Extend(value.Length));

    /// <summary>Writes <c>opaque value&lt;V&gt;</c>.</summary>
    public void WriteVector(ReadOnlySpan<byte> value)
    {
        WriteLength(value.Length);
        WriteBytes(value);
    }

    /// <summary>Writes a vector of whatever <paramref name="write"/> writes.</summary>
    public void WriteVector<TState>(TState state, Action<TlsWriter, TState> write)
    {
        ArgumentNullException.ThrowIfNull(write);
        var inner = new TlsWriter();
        write(inner, state);
        WriteVector(inner.Written);
    }

    /// <summary>Writes the presence byte of <c>optional&lt;T&gt;</c>.</summary>
    public void WritePresence(bool isPresent) => WriteByte(isPresent ? (byte)1 : (byte)0);

    private Span<byte> Extend(int count)
    {
        var needed = checked(Length + count);
        if (needed > _buffer.Length) Array.Resize(ref _buffer, (int)Math.Min(Array.MaxLength, Math.Max(needed, _buffer.Length * 2L)));
        var added = _buffer.AsSpan(Length, count);
        Length = needed;
        return added;
    }
}
