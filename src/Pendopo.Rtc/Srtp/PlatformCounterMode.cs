using System.Buffers.Binary;
using System.Runtime.Intrinsics;
using System.Security.Cryptography;

namespace Pendopo.Rtc.Srtp;

/// <summary>
/// On the platform's AES. The counter blocks of a whole packet are encrypted by one call, because a call into the platform's
/// library costs more than a block.
/// </summary>
internal sealed class PlatformCounterMode : CounterMode
{
    private const int BlockLength = 16;

    /// <summary>A full-size packet (1500 bytes) in one batch; longer ones take several.</summary>
    private const int BatchLength = 96 * BlockLength;

    private readonly Aes _aes;
    private readonly ICryptoTransform _encryptor;
    private readonly byte[] _counters = new byte[BatchLength];
    private readonly byte[] _keystream = new byte[BatchLength];

    public PlatformCounterMode(ReadOnlySpan<byte> key, ReadOnlySpan<byte> salt)
        : base(salt)
    {
        _aes = Aes.Create();
        _aes.SetKey(key);
        _aes.Mode = CipherMode.ECB;
        _aes.Padding = PaddingMode.None;
        // Not Aes.EncryptEcb: the one-shot methods make a cipher object for each call.
        _encryptor = _aes.CreateEncryptor();
    }

    public override void Dispose()
    {
        base.Dispose();
        _encryptor.Dispose();
        _aes.Dispose();
        CryptographicOperations.ZeroMemory(_counters);
        CryptographicOperations.ZeroMemory(_keystream);
    }

    protected override void Apply(ReadOnlySpan<byte> source, Span<byte> destination, Vector128<byte> first)
    {
        source.CopyTo(destination);
        var data = destination[..source.Length];
        var high = first.AsUInt64()[0];
        var low = BinaryPrimitives.ReverseEndianness(first.AsUInt64()[1]);
        while (!data.IsEmpty)
        {
            var part = data[..Math.Min(data.Length, BatchLength)];
            var length = (part.Length + BlockLength - 1) & ~(BlockLength - 1);
            for (var offset = 0; offset < length; offset += BlockLength, low++)
            {
                Vector128.Create(high, BinaryPrimitives.ReverseEndianness(low)).AsByte().CopyTo(_counters, offset);
            }

            _encryptor.TransformBlock(_counters, 0, length, _keystream, 0);
            Xor.Into(part, _keystream);
            data = data[part.Length..];
        }
    }
}
