using System.Buffers.Binary;
using System.Security.Cryptography;

namespace Pendopo.Client.Sframe;

/// <summary>
/// Key and salt of one key id (RFC 9605 §4.4.2) with the AEAD of the suite. Whether it sends or receives is the owner's choice, once
/// (§4.4.1). Allocates nothing per frame; not safe for several threads. Disposing erases the secrets.
/// </summary>
public abstract class SframeKey : IDisposable
{
    /// <summary>Text of the label, key id, suite.</summary>
    private const int LongestLabel = 24 + sizeof(ulong) + sizeof(ushort);

    private readonly byte[] _salt;

    private protected SframeKey(ReadOnlySpan<byte> salt, int tagLength)
    {
        _salt = salt.ToArray();
        TagLength = tagLength;
    }

    /// <summary>Bytes by which a ciphertext is longer than its plaintext.</summary>
    public int TagLength { get; }

    /// <summary>Derives the key of a key id from a base key.</summary>
    /// <exception cref="ArgumentOutOfRangeException">No such suite.</exception>
    public static SframeKey Derive(SframeCipherSuite suite, ulong keyId, ReadOnlySpan<byte> baseKey)
    {
        var parameters = SuiteParameters.Of(suite);
        Span<byte> secret = stackalloc byte[parameters.HashLength];
        Span<byte> key = stackalloc byte[SuiteParameters.LongestKey];
        Span<byte> salt = stackalloc byte[SuiteParameters.NonceLength];
        key = key[..parameters.KeyLength];
        try
        {
            HKDF.Extract(parameters.Hash, baseKey, [], secret);
            Expand(parameters.Hash, secret, "SFrame 1.0 Secret key "u8, keyId, suite, key);
            Expand(parameters.Hash, secret, "SFrame 1.0 Secret salt "u8, keyId, suite, salt);
            return parameters.IsGcm
                ? new GcmSframeKey(key, salt, parameters.TagLength)
                : new CtrHmacSframeKey(key[..parameters.CipherKeyLength], key[parameters.CipherKeyLength..], salt, parameters);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(secret);
            CryptographicOperations.ZeroMemory(key);
            CryptographicOperations.ZeroMemory(salt);
        }
    }

    /// <summary>Writes ciphertext ‖ tag. The owner sees to it that a counter is used once.</summary>
    /// <param name="counter">CTR, of which the nonce is made (§4.4.3).</param>
    /// <param name="associatedData">Encoded header ‖ metadata.</param>
    /// <param name="destination">As long as the plaintext and the tag; may not overlap the plaintext, unless it begins where that begins.</param>
    public void Encrypt(ulong counter, ReadOnlySpan<byte> associatedData, ReadOnlySpan<byte> plaintext, Span<byte> destination)
    {
        Span<byte> nonce = stackalloc byte[SuiteParameters.NonceLength];
        MakeNonce(counter, nonce);
        Seal(nonce, associatedData, plaintext, destination[..plaintext.Length], destination.Slice(plaintext.Length, TagLength));
    }

    /// <summary>Writes the plaintext; false, and nothing of it, where ciphertext, tag, counter or associated data are not what was sealed.</summary>
    /// <param name="destination">As long as the ciphertext without its tag.</param>
    public bool TryDecrypt(ulong counter, ReadOnlySpan<byte> associatedData, ReadOnlySpan<byte> ciphertext, Span<byte> destination)
    {
        if (ciphertext.Length < TagLength) return false;
        Span<byte> nonce = stackalloc byte[SuiteParameters.NonceLength];
        MakeNonce(counter, nonce);
        var length = ciphertext.Length - TagLength;
        return TryOpen(nonce, associatedData, ciphertext[..length], ciphertext[length..], destination[..length]);
    }

    public void Dispose()
    {
        Dispose(disposing: true);
        GC.SuppressFinalize(this);
    }

    /// <summary>Never the secret.</summary>
    public override string ToString() => nameof(SframeKey);

    protected abstract void Seal(
        ReadOnlySpan<byte> nonce, ReadOnlySpan<byte> associatedData, ReadOnlySpan<byte> plaintext, Span<byte> ciphertext, Span<byte> tag);

    protected abstract bool TryOpen(
        ReadOnlySpan<byte> nonce, ReadOnlySpan<byte> associatedData, ReadOnlySpan<byte> ciphertext, ReadOnlySpan<byte> tag, Span<byte> plaintext);

    protected virtual void Dispose(bool disposing) => CryptographicOperations.ZeroMemory(_salt);

    /// <summary>The salt XOR the counter as a big-endian integer of the nonce's length.</summary>
    private void MakeNonce(ulong counter, Span<byte> nonce)
    {
        _salt.CopyTo(nonce);
        var low = nonce[^sizeof(ulong)..];
        BinaryPrimitives.WriteUInt64BigEndian(low, BinaryPrimitives.ReadUInt64BigEndian(low) ^ counter);
    }

    private static void Expand(
        HashAlgorithmName hash, ReadOnlySpan<byte> secret, ReadOnlySpan<byte> label, ulong keyId, SframeCipherSuite suite, Span<byte> output)
    {
        Span<byte> info = stackalloc byte[LongestLabel];
        label.CopyTo(info);
        BinaryPrimitives.WriteUInt64BigEndian(info[label.Length..], keyId);
        BinaryPrimitives.WriteUInt16BigEndian(info[(label.Length + sizeof(ulong))..], (ushort)suite);
        HKDF.Expand(hash, secret, output, info[..(label.Length + sizeof(ulong) + sizeof(ushort))]);
    }
}
