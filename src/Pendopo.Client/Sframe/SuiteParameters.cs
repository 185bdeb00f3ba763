using System.Security.Cryptography;

namespace Pendopo.Client.Sframe;

/// <summary>The constants of a suite (RFC 9605 §4.5), lengths in bytes.</summary>
/// <param name="Hash">Of the key derivation, and of the HMAC.</param>
/// <param name="CipherKeyLength">Nka; for AES-GCM the whole key.</param>
/// <param name="AuthenticationKeyLength">Nh for the compound AEAD, 0 for AES-GCM.</param>
/// <param name="TagLength">Nt.</param>
internal readonly record struct SuiteParameters(HashAlgorithmName Hash, int CipherKeyLength, int AuthenticationKeyLength, int TagLength)
{
    /// <summary>Nn, of every suite.</summary>
    public const int NonceLength = 12;

    /// <summary>The longest Nk: AES-256 and SHA-512.</summary>
    public const int LongestKey = 96;

    /// <summary>Nk.</summary>
    public int KeyLength => CipherKeyLength + AuthenticationKeyLength;

    /// <summary>Nh.</summary>
    public int HashLength => Hash == HashAlgorithmName.SHA256 ? SHA256.HashSizeInBytes : SHA512.HashSizeInBytes;

    public bool IsGcm => AuthenticationKeyLength == 0;

    /// <exception cref="ArgumentOutOfRangeException">No such suite.</exception>
    public static SuiteParameters Of(SframeCipherSuite suite) => suite switch
    {
        SframeCipherSuite.Aes128CtrHmacSha256Tag80 => new(HashAlgorithmName.SHA256, 16, 32, 10),
        SframeCipherSuite.Aes128CtrHmacSha256Tag64 => new(HashAlgorithmName.SHA256, 16, 32, 8),
        SframeCipherSuite.Aes128CtrHmacSha256Tag32 => new(HashAlgorithmName.SHA256, 16, 32, 4),
        SframeCipherSuite.Aes128GcmSha256Tag128 => new(HashAlgorithmName.SHA256, 16, 0, 16),
        SframeCipherSuite.Aes256GcmSha512Tag128 => new(HashAlgorithmName.SHA512, 32, 0, 16),
        SframeCipherSuite.Aes256CtrHmacSha512Tag80 => new(HashAlgorithmName.SHA512, 32, 64, 10),
        SframeCipherSuite.Aes256CtrHmacSha512Tag64 => new(HashAlgorithmName.SHA512, 32, 64, 8),
        SframeCipherSuite.Aes256CtrHmacSha512Tag32 => new(HashAlgorithmName.SHA512, 32, 64, 4),
        _ => throw new ArgumentOutOfRangeException(nameof(suite)),
    };
}
