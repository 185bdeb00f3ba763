using System.Security.Cryptography;
using System.Text;

namespace Pendopo.Control.Users;

/// <summary>
/// The secret of a one-time link, of a session or of a ceremony: 32 random bytes in base64url. The database holds its SHA-256 only; since the secret
/// cannot be guessed, a plain hash serves, and looking it up by index tells nothing by its time.
/// </summary>
public static class SecretToken
{
    private const int RandomBytes = 32;

    /// <summary>Characters of a token, and of a hash.</summary>
    public const int Length = 43;

    public static string Create() => StrictBase64Url.Encode(RandomNumberGenerator.GetBytes(RandomBytes));

    /// <summary>What stands for the token in storage.</summary>
    public static string HashOf(string token) => StrictBase64Url.Encode(SHA256.HashData(Encoding.UTF8.GetBytes(token)));

    /// <summary>True for text that could be a token.</summary>
    public static bool IsWellFormed(string? token) => StrictBase64Url.TryDecode(token, RandomBytes, out _);
}
