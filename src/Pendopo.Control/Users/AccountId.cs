using System.Security.Cryptography;

namespace Pendopo.Control.Users;

/// <summary>
/// Names an account for good: 16 random bytes, which certificates bear as they are (docs/e2ee.md §5). Random through and through, so that an id
/// tells nobody when its account was made.
/// </summary>
public readonly record struct AccountId
{
    /// <summary>Bytes of an id.</summary>
    public const int Length = 16;

    private readonly UInt128 _value;

    private AccountId(ReadOnlySpan<byte> bytes) => _value = System.Buffers.Binary.BinaryPrimitives.ReadUInt128BigEndian(bytes);

    public static AccountId Create() => new(RandomNumberGenerator.GetBytes(Length));

    /// <exception cref="ArgumentOutOfRangeException">There are not exactly 16 bytes.</exception>
    public static AccountId From(ReadOnlySpan<byte> bytes)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(bytes.Length, Length);
        return new AccountId(bytes);
    }

    /// <summary>Reads the 22 characters that <see cref="ToString"/> writes.</summary>
    public static bool TryParse(string? text, out AccountId id)
    {
        id = default;
        if (!StrictBase64Url.TryDecode(text, Length, out var bytes)) return false;
        id = new AccountId(bytes);
        return true;
    }

    public byte[] ToBytes()
    {
        var bytes = new byte[Length];
        System.Buffers.Binary.BinaryPrimitives.WriteUInt128BigEndian(bytes, _value);
        return bytes;
    }

    /// <summary>Base64url without padding.</summary>
    public override string ToString() => StrictBase64Url.Encode(ToBytes());
}
