using System.Buffers.Binary;

namespace Pendopo.Mls.Encoding;

/// <summary>
/// Reads the TLS presentation language as RFC 9420 section 2.1 uses it. Each method returns false, and moves nothing, when the input
/// is short or not in the only allowed form. Vectors are views into the input.
/// </summary>
public ref struct TlsReader(ReadOnlySpan<byte> input)
{
    private ReadOnlySpan<byte> _rest = input;

    /// <summary>What has not been read.</summary>
    public readonly ReadOnlySpan<byte> Rest => _rest;

    /// <summary>A structure that must fill its input is malformed unless this is true after its last field.</summary>
    public readonly bool IsAtEnd => _rest.IsEmpty;

    public bool TryReadByte(out byte value)
    {
        if (!TryTake(1, out var bytes))
        {
            value = 0;
            return false;
        }

        value = bytes[0];
        return true;
    }

    public bool TryReadUInt16(out ushort value)
    {
        var ok = TryTake(2, out var bytes);
        value = ok ? BinaryPrimitives.ReadUInt16BigEndian(bytes) : (ushort)0;
        return ok;
    }

    public bool TryReadUInt32(out uint value)
    {
        var ok = TryTake(4, out var bytes);
        value = ok ? BinaryPrimitives.ReadUInt32BigEndian(bytes) : 0;
        return ok;
    }

    public bool TryReadUInt64(out ulong value)
    {
        var ok = TryTake(8, out var bytes);
        value = ok ? BinaryPrimitives.ReadUInt64BigEndian(bytes) : 0;
        return ok;
    }

    /// <summary>Reads a length; a longer form than needed and the prefix 11 are malformed (section 2.1.2).</summary>
    public bool TryReadLength(out int value)
    {
        value = 0;
        if (_rest.IsEmpty) return false;
        var prefix = _rest[0] >> 6;
        if (prefix == 3) return false;
        var size = 1 << prefix;
        if (_rest.Length < size) return false;
        var read = _rest[0] & 0x3F;
        for (var i = 1; i < size; i++) read = (read << 8) | _rest[i];
        if (VariableInteger.SizeOf(read) != size) return false;
        value = read;
        _rest = _rest[size..];
        return true;
    }

    /// <summary>Reads <c>opaque value&lt;V&gt;</c>, or the bytes of any other vector.</summary>
    public bool TryReadVector(out ReadOnlySpan<byte> value)
    {
        value = default;
        var attempt = this;
        if (!attempt.TryReadLength(out var length) || !attempt.TryTake(length, out value)) return false;
        this = attempt;
        return true;
    }

    /// <summary>Reads <c>opaque value[count]</c>.</summary>
    public bool TryReadBytes(int count, out ReadOnlySpan<byte> value)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        return TryTake(count, out value);
    }

    /// <summary>Reads the presence byte of <c>optional&lt;T&gt;</c>; anything but 0 and 1 is malformed.</summary>
    public bool TryReadPresence(out bool isPresent)
    {
        isPresent = false;
        if (_rest.IsEmpty || _rest[0] > 1) return false;
        isPresent = _rest[0] == 1;
        _rest = _rest[1..];
        return true;
    }

    private bool TryTake(int count, out ReadOnlySpan<byte> value)
    {
        if (_rest.Length < count)
        {
            value = default;
            return false;
        }

        value = _rest[..count];
        _rest = _rest[count..];
        return true;
    }
}
