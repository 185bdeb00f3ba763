using System.Buffers.Binary;
using System.Security.Cryptography;

namespace Pendopo.Client.Sframe;

/// <summary>AES in counter mode with a truncated HMAC over lengths, nonce, associated data and ciphertext (RFC 9605 §4.5.1).</summary>
internal sealed class CtrHmacSframeKey : SframeKey
{
    private const int BlockLength = 16;

    /// <summary>Counter blocks are encrypted in batches: a call into the platform's library costs more than a block.</summary>
    private const int BatchLength = 128 * BlockLength;

    private readonly Aes _aes;
    private readonly ICryptoTransform _encryptor;
    private readonly IncrementalHash _hmac;
    private readonly int _hashLength;
    private readonly byte[] _counters = new byte[BatchLength];
    private readonly byte[] _keystream = new byte[BatchLength];

    public CtrHmacSframeKey(ReadOnlySpan<byte> cipherKey, ReadOnlySpan<byte> authenticationKey, ReadOnlySpan<byte> salt, SuiteParameters parameters)
        : base(salt, parameters.TagLength)
    {
        _aes = Aes.Create();
        _aes.SetKey(cipherKey);
        _aes.Mode = CipherMode.ECB;
        _aes.Padding = PaddingMode.None;
        _encryptor = _aes.CreateEncryptor(); // the one-shot methods of Aes make a cipher object for each call
        _hmac = IncrementalHash.CreateHMAC(parameters.Hash, authenticationKey);
        _hashLength = parameters.HashLength;
    }

    protected override void Seal(
        ReadOnlySpan<byte> nonce, ReadOnlySpan<byte> associatedData, ReadOnlySpan<byte> plaintext, Span<byte> ciphertext, Span<byte> tag)
    {
        ApplyKeystream(nonce, plaintext, ciphertext);
        Span<byte> whole = stackalloc byte[_hashLength];
        ComputeTag(nonce, associatedData, ciphertext, whole);
        whole[..tag.Length].CopyTo(tag);
    }

    protected override bool TryOpen(
        ReadOnlySpan<byte> nonce, ReadOnlySpan<byte> associatedData, ReadOnlySpan<byte> ciphertext, ReadOnlySpan<byte> tag, Span<byte> plaintext)
    {
        Span<byte> whole = stackalloc byte[_hashLength];
        ComputeTag(nonce, associatedData, ciphertext, whole);
        if (!CryptographicOperations.FixedTimeEquals(whole[..tag.Length], tag)) return false;
        ApplyKeystream(nonce, ciphertext, plaintext);
        return true;
    }

    protected override void Dispose(bool disposing)
    {
        base.Dispose(disposing);
        CryptographicOperations.ZeroMemory(_keystream);
        if (!disposing) return;
        _encryptor.Dispose();
        _aes.Dispose();
        _hmac.Dispose();
    }

    private void ComputeTag(ReadOnlySpan<byte> nonce, ReadOnlySpan<byte> associatedData, ReadOnlySpan<byte> ciphertext, Span<byte> whole)
    {
        Span<byte> lengths = stackalloc byte[3 * sizeof(ulong)];
        BinaryPrimitives.WriteUInt64BigEndian(lengths, (ulong)associatedData.Length);
        BinaryPrimitives.WriteUInt64BigEndian(lengths[8..], (ulong)ciphertext.Length);
        BinaryPrimitives.WriteUInt64BigEndian(lengths[16..], (ulong)TagLength);
        _hmac.AppendData(lengths);
        _hmac.AppendData(nonce);
        _hmac.AppendData(associatedData);
        _hmac.AppendData(ciphertext);
        _hmac.GetHashAndReset(whole);
    }

    /// <summary>The first counter block is the nonce and four zero bytes; the low 32 bits count.</summary>
    private void ApplyKeystream(ReadOnlySpan<byte> nonce, ReadOnlySpan<byte> source, Span<byte> destination)
    {
        uint block = 0;
        while (!source.IsEmpty)
        {
            var part = Math.Min(source.Length, BatchLength);
            var length = (part + BlockLength - 1) & ~(BlockLength - 1);
            for (var offset = 0; offset < length; offset += BlockLength, block++)
            {
                nonce.CopyTo(_counters.AsSpan(offset));
                BinaryPrimitives.WriteUInt32BigEndian(_counters.AsSpan(offset + nonce.Length), block);
            }

            _encryptor.TransformBlock(_counters, 0, length, _keystream, 0);
            for (var i = 0; i < part; i++) destination[i] = (byte)(source[i] ^ _keystream[i]);
            source = source[part..];
            destination = destination[part..];
        }
    }
}
