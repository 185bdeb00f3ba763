using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using Pendopo.Mls.Encoding;

namespace Pendopo.Mls.Crypto;

/// <summary>
/// The symmetric half of a cipher suite: hash, key derivation and AEAD, with the labels of RFC 9420 sections 5.2 and 8. Immutable and
/// safe for any thread.
/// </summary>
public sealed class SymmetricSuite
{
    /// <summary>Bytes of an AEAD tag, in every suite.</summary>
    public const int TagLength = 16;

    /// <summary>Nn: bytes of an AEAD nonce, in every suite.</summary>
    public const int NonceLength = 12;

    private static readonly SymmetricSuite[] Suites =
    [
        new(CipherSuite.X25519Aes128GcmSha256Ed25519, HashAlgorithmName.SHA256, 32, 16, isChaCha: false),
        new(CipherSuite.P256Aes128GcmSha256P256, HashAlgorithmName.SHA256, 32, 16, isChaCha: false),
        new(CipherSuite.X25519ChaCha20Poly1305Sha256Ed25519, HashAlgorithmName.SHA256, 32, 32, isChaCha: true),
        new(CipherSuite.X448Aes256GcmSha512Ed448, HashAlgorithmName.SHA512, 64, 32, isChaCha: false),
        new(CipherSuite.P521Aes256GcmSha512P521, HashAlgorithmName.SHA512, 64, 32, isChaCha: false),
        new(CipherSuite.X448ChaCha20Poly1305Sha512Ed448, HashAlgorithmName.SHA512, 64, 32, isChaCha: true),
        new(CipherSuite.P384Aes256GcmSha384P384, HashAlgorithmName.SHA384, 48, 32, isChaCha: false),
    ];

    private readonly HashAlgorithmName _hash;
    private readonly bool _isChaCha;

    private SymmetricSuite(CipherSuite suite, HashAlgorithmName hash, int hashLength, int keyLength, bool isChaCha)
    {
        Suite = suite;
        HashLength = hashLength;
        KeyLength = keyLength;
        _hash = hash;
        _isChaCha = isChaCha;
    }

    public CipherSuite Suite { get; }

    /// <summary>Nh of RFC 9420: bytes of a hash and of every secret.</summary>
    public int HashLength { get; }

    /// <summary>Nk: bytes of an AEAD key.</summary>
    public int KeyLength { get; }

    /// <summary>True when this machine's cryptography has the suite's AEAD.</summary>
    public bool IsSupported => _isChaCha ? ChaCha20Poly1305.IsSupported : AesGcm.IsSupported;

    /// <summary>False for a number that is not registered.</summary>
    public static bool TryGet(CipherSuite suite, [NotNullWhen(true)] out SymmetricSuite? parameters)
    {
        parameters = Array.Find(Suites, candidate => candidate.Suite == suite);
        return parameters is not null;
    }

    public byte[] Hash(ReadOnlySpan<byte> value) => CryptographicOperations.HashData(_hash, value);

    /// <summary><c>RefHash</c> of section 5.2: names a key package or a proposal by its content.</summary>
    public byte[] RefHash(string label, ReadOnlySpan<byte> value)
    {
        var input = new TlsWriter();
        input.WriteVector(System.Text.Encoding.ASCII.GetBytes(label));
        input.WriteVector(value);
        return Hash(input.Written);
    }

    /// <summary><c>KDF.Extract</c>.</summary>
    public byte[] Extract(ReadOnlySpan<byte> salt, ReadOnlySpan<byte> inputKey)
    {
        var secret = new byte[HashLength];
        HKDF.Extract(_hash, inputKey, salt, secret);
        return secret;
    }

    /// <summary><c>ExpandWithLabel</c> of section 8.</summary>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="length"/> is not within 1 and 255 hashes.</exception>
    public byte[] ExpandWithLabel(ReadOnlySpan<byte> secret, string label, ReadOnlySpan<byte> context, int length)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(length, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(length, 255 * HashLength);
        var info = new TlsWriter();
        info.WriteUInt16((ushort)length);
        info.WriteVector(System.Text.Encoding.ASCII.GetBytes("MLS 1.0 " + label));
        info.WriteVector(context);
        var output = new byte[length];
        HKDF.Expand(_hash, secret, output, info.Written);
        return output;
    }

    /// <summary><c>DeriveSecret</c> of section 8.</summary>
    public byte[] DeriveSecret(ReadOnlySpan<byte> secret, string label) => ExpandWithLabel(secret, label, [], HashLength);

    /// <summary><c>DeriveTreeSecret</c> of section 9.1.</summary>
    public byte[] DeriveTreeSecret(ReadOnlySpan<byte> secret, string label, uint generation, int length)
    {
        Span<byte> context = stackalloc byte[4];
        BinaryPrimitives.WriteUInt32BigEndian(context, generation);
        return ExpandWithLabel(secret, label, context, length);
    }

    /// <summary>Encrypts; the tag stands at the end.</summary>
    /// <exception cref="PlatformNotSupportedException"><see cref="IsSupported"/> is false.</exception>
    public byte[] Seal(ReadOnlySpan<byte> key, ReadOnlySpan<byte> nonce, ReadOnlySpan<byte> associatedData, ReadOnlySpan<byte> plaintext)
    {
        var output = new byte[plaintext.Length + TagLength];
        var ciphertext = output.AsSpan(0, plaintext.Length);
        var tag = output.AsSpan(plaintext.Length);
        if (_isChaCha)
        {
            using var cipher = new ChaCha20Poly1305(key);
            cipher.Encrypt(nonce, plaintext, ciphertext, tag, associatedData);
        }
        else
        {
            using var cipher = new AesGcm(key, TagLength);
            cipher.Encrypt(nonce, plaintext, ciphertext, tag, associatedData);
        }

        return output;
    }

    /// <summary>Decrypts; false when the ciphertext is too short or not authentic, and then nothing is given out.</summary>
    /// <exception cref="PlatformNotSupportedException"><see cref="IsSupported"/> is false.</exception>
    public bool TryOpen(
        ReadOnlySpan<byte> key,
        ReadOnlySpan<byte> nonce,
        ReadOnlySpan<byte> associatedData,
        ReadOnlySpan<byte> sealedText,
        [NotNullWhen(true)] out byte[]? plaintext)
    {
        plaintext = null;
        if (sealedText.Length < TagLength) return false;
        var output = new byte[sealedText.Length - TagLength];
        var ciphertext = sealedText[..output.Length];
        var tag = sealedText[output.Length..];
        try
        {
            if (_isChaCha)
            {
                using var cipher = new ChaCha20Poly1305(key);
                cipher.Decrypt(nonce, ciphertext, tag, output, associatedData);
            }
            else
            {
                using var cipher = new AesGcm(key, TagLength);
                cipher.Decrypt(nonce, ciphertext, tag, output, associatedData);
            }
        }
        catch (AuthenticationTagMismatchException)
        {
            return false;
        }

        plaintext = output;
        return true;
    }

    /// <summary>Key and nonce that hide who sent a message (section 6.3.2). The sample is the first <see cref="HashLength"/> bytes.</summary>
    public RatchetKey SenderDataKey(ReadOnlySpan<byte> senderDataSecret, ReadOnlySpan<byte> ciphertext)
    {
        var sample = ciphertext[..Math.Min(HashLength, ciphertext.Length)];
        return new(
            ExpandWithLabel(senderDataSecret, "key", sample, KeyLength),
            ExpandWithLabel(senderDataSecret, "nonce", sample, NonceLength));
    }
}
