using System.Buffers.Binary;

namespace Pendopo.Client.Sframe;

/// <summary>The SFrame header (RFC 9605 §4.3): which key, which counter.</summary>
/// <param name="KeyId">KID.</param>
/// <param name="Counter">CTR.</param>
public readonly record struct SframeHeader(ulong KeyId, ulong Counter)
{
    /// <summary>The config byte and two numbers of 8 bytes.</summary>
    public const int MaximumLength = 17;

    private const int Extended = 0x08;

    /// <summary>Values below 8 stand in the config byte itself.</summary>
    private const ulong InlineLimit = 8;

    /// <summary>Bytes of the encoded header.</summary>
    public int Length => 1 + LengthOf(KeyId) + LengthOf(Counter);

    /// <summary>
    /// Reads the header at the beginning of an SFrame ciphertext. False where it ends inside the header, or where a value is not in its
    /// shortest form, the only valid one.
    /// </summary>
    public static bool TryParse(ReadOnlySpan<byte> ciphertext, out SframeHeader header)
    {
        header = default;
        if (ciphertext.IsEmpty) return false;
        var rest = ciphertext[1..];
        if (!TryRead(ciphertext[0] >> 4, ref rest, out var keyId) || !TryRead(ciphertext[0] & 0x0f, ref rest, out var counter)) return false;
        header = new(keyId, counter);
        return true;
    }

    /// <summary>Writes the header and returns its length.</summary>
    /// <exception cref="ArgumentException">The destination is shorter than <see cref="Length"/>.</exception>
    public int Write(Span<byte> destination)
    {
        var keyIdLength = LengthOf(KeyId);
        var counterLength = LengthOf(Counter);
        var length = 1 + keyIdLength + counterLength;
        if (destination.Length < length) throw new ArgumentException("The header is longer.", nameof(destination));
        destination[0] = (byte)((Field(KeyId, keyIdLength) << 4) | Field(Counter, counterLength));
        WriteInteger(destination.Slice(1, keyIdLength), KeyId);
        WriteInteger(destination.Slice(1 + keyIdLength, counterLength), Counter);
        return length;
    }

    private static bool TryRead(int field, ref ReadOnlySpan<byte> rest, out ulong value)
    {
        value = (ulong)field;
        if ((field & Extended) == 0) return true;
        var length = (field & 7) + 1;
        if (rest.Length < length) return false;
        value = 0;
        foreach (var part in rest[..length]) value = (value << 8) | part;
        rest = rest[length..];
        return LengthOf(value) == length;
    }

    private static void WriteInteger(Span<byte> destination, ulong value)
    {
        Span<byte> whole = stackalloc byte[sizeof(ulong)];
        BinaryPrimitives.WriteUInt64BigEndian(whole, value);
        whole[^destination.Length..].CopyTo(destination);
    }

    private static int Field(ulong value, int length) => length == 0 ? (int)value : Extended | (length - 1);

    private static int LengthOf(ulong value) => value < InlineLimit ? 0 : sizeof(ulong) - (System.Numerics.BitOperations.LeadingZeroCount(value) >> 3);
}
