using System.Buffers;
using System.Security.Cryptography;
using System.Text;

namespace Pendopo.Rtc.Ice;

/// <summary>Fills a buffer with random bytes: <see cref="RandomNumberGenerator.Fill"/> in production, seeded in tests.</summary>
public delegate void RandomBytes(Span<byte> destination);

/// <summary>A user-name fragment and password (RFC 8445 §5.3; 8839 §5.4: at least 4 and 22 characters).</summary>
public sealed record IceCredentials(string UsernameFragment, string Password)
{
    /// <summary>48 bits: one server with a million peers still has one chance in 281 that a new fragment is taken.</summary>
    private const int FragmentLength = 8;

    /// <summary>144 bits, above the 128 that RFC 8445 §5.3 asks for.</summary>
    private const int PasswordLength = 24;

    /// <summary>The 64 ice-chars of RFC 8839 §5.4, so that 6 random bits choose one without bias.</summary>
    private const string IceChars = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

    private static readonly SearchValues<char> Allowed = SearchValues.Create(IceChars);

    /// <summary>New credentials from a cryptographic random number generator.</summary>
    public static IceCredentials Generate() => Generate(RandomNumberGenerator.Fill);

    /// <summary>New credentials from the given randomness, which must be unpredictable outside of tests.</summary>
    public static IceCredentials Generate(RandomBytes random)
    {
        ArgumentNullException.ThrowIfNull(random);
        return new(Characters(random, FragmentLength), Characters(random, PasswordLength));
    }

    /// <summary>True when both parts have the lengths (4 to 256, 22 to 256) and characters that RFC 8839 §5.4 allows.</summary>
    public bool IsWellFormed => IsIceChars(UsernameFragment, 4) && IsIceChars(Password, 22);

    /// <summary>The fragment alone: the password never reaches a log.</summary>
    public override string ToString() => UsernameFragment;

    /// <summary>The USERNAME of a check towards the owner of <paramref name="receiver"/> (RFC 8445 §7.1.1).</summary>
    internal static byte[] Username(IceCredentials receiver, IceCredentials sender) =>
        Encoding.UTF8.GetBytes($"{receiver.UsernameFragment}:{sender.UsernameFragment}");

    internal byte[] Key => Encoding.UTF8.GetBytes(Password);

    private static string Characters(RandomBytes random, int count)
    {
        Span<byte> bytes = stackalloc byte[count];
        random(bytes);
        Span<char> characters = stackalloc char[count];
        for (var i = 0; i < count; i++) characters[i] = IceChars[bytes[i] & 63];
        CryptographicOperations.ZeroMemory(bytes);
        return new(characters);
    }

    private static bool IsIceChars(string value, int minimum) =>
        value.Length >= minimum && value.Length <= 256 && value.AsSpan().IndexOfAnyExcept(Allowed) < 0;
}
