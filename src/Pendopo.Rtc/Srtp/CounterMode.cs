using System.Buffers.Binary;
using System.Security.Cryptography;

namespace Pendopo.Rtc.Srtp;

/// <summary>
/// AES in counter mode as SRTP has it (RFC 3711 §4.1.1). The counter blocks of a whole packet are encrypted by one call,
/// because a call into the platform's library costs more than a block.
/// </summary>
internal sealed class CounterMode : IDisposable
{
    private const int BlockLength = 16;

    /// <summary>A full-size packet (1500 bytes) in one batch; longer ones take several.</summary>
    private const int BatchLength = 96 * BlockLength;

    private readonly Aes _aes;
    private readonly ICryptoTransform _encryptor;
    private readonly byte[] _salt = new byte[BlockLength];
    private readonly byte[] _counters = new byte[BatchLength];
    private readonly byte[] _keystream = new byte[BatchLength];

    public CounterMode(ReadOnlySpan<byte> key, ReadOnlySpan<byte> salt)
    {
        _aes = Aes.Create();
        _aes.SetKey(key);
        _aes.Mode = CipherMode.ECB;
        _aes.Padding = PaddingMode.None;
        // Not Aes.EncryptEcb: the one-shot methods make a cipher object for each call.
        _encryptor = _aes.CreateEncryptor();
        salt.CopyTo(_salt);
    }

    /// <summary>XORs the keystream of (SSRC, index) into <paramref name="data"/>: encrypts and decrypts.</summary>
    public void Apply(Span<byte> data, uint ssrc, ulong index)
    {
        // IV = (salt · 2^16) XOR (SSRC · 2^64) XOR (index · 2^16), plus the block's number.
        Span<byte> block = stackalloc byte[BlockLength];
        _salt.CopyTo(block);
        var high = BinaryPrimitives.ReadUInt64BigEndian(block) ^ ssrc;
        var low = BinaryPrimitives.ReadUInt64BigEndian(block[8..]) ^ (index << 16);
        while (!data.IsEmpty)
        {
            var part = data[..Math.Min(data.Length, BatchLength)];
            var length = (part.Length + BlockLength - 1) & ~(BlockLength - 1);
            for (var offset = 0; offset < length; offset += BlockLength, low++)
            {
                BinaryPrimitives.WriteUInt64BigEndian(_counters.AsSpan(offset), high);
                BinaryPrimitives.WriteUInt64BigEndian(_counters.AsSpan(offset + 8), low);
            }

            _encryptor.TransformBlock(_counters, 0, length, _keystream, 0);
            Xor.Into(part, _keystream);
            data = data[part.Length..];
        }
    }

    public void Dispose()
    {
        _encryptor.Dispose();
        _aes.Dispose();
        CryptographicOperations.ZeroMemory(_salt);
        CryptographicOperations.ZeroMemory(_counters);
        CryptographicOperations.ZeroMemory(_keystream);
    }
}
