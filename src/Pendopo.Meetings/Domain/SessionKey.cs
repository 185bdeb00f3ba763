using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;

namespace Pendopo.Meetings.Domain;

/// <summary>
/// Stands for a session (a browser's cookie, or one WHIP/WHEP resource): the SHA-256 of its secret, so that neither the stored
/// state nor a log lets anybody act as that session.
/// </summary>
public readonly record struct SessionKey(string Value)
{
    /// <summary>The key of a session's secret.</summary>
    public static SessionKey Of(string secret) => new(Base64Url.EncodeToString(SHA256.HashData(Encoding.UTF8.GetBytes(secret))));

    public override string ToString() => Value.Length > 8 ? Value[..8] : Value;
}

/// <summary>SHA-256 of a bearer token; only the hash is stored.</summary>
public readonly record struct TokenHash(string Value)
{
    public static TokenHash Of(string token) => new(Base64Url.EncodeToString(SHA256.HashData(Encoding.UTF8.GetBytes(token))));

    /// <summary>Compares in constant time.</summary>
    public bool Matches(string? token) =>
        token is not null && CryptographicOperations.FixedTimeEquals(Encoding.ASCII.GetBytes(Value), Encoding.ASCII.GetBytes(Of(token).Value));

    public override string ToString() => "(token)";
}
