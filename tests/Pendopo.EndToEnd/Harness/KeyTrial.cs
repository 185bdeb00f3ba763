using System.Numerics;
using System.Runtime.InteropServices;
using System.Security.Cryptography;

namespace Pendopo.EndToEnd.Harness;

/// <summary>
/// Tries byte strings as AES-256 keys of one frame whose plaintext is known. The first block of GCM's key stream (NIST SP 800-38D §7.1: the
/// block cipher of the nonce and the counter 2) is plaintext xor ciphertext, so one block tells the key, hundreds of times faster than
/// a decryption that throws.
/// </summary>
internal sealed class KeyTrial : IDisposable
{
    private const int BlockLength = 16;
    private readonly Aes _cipher = Aes.Create();
    private readonly byte[] _counter = new byte[BlockLength];
    private readonly byte[] _stream = new byte[BlockLength];

    public KeyTrial(TappedFrame frame)
    {
        Frame = frame;
        frame.Nonce.CopyTo(_counter, 0);
        _counter[^1] = 2;
        for (var i = 0; i < BlockLength; i++) _stream[i] = (byte)(frame.Plain[i] ^ frame.Sealed[i]);
    }

    public TappedFrame Frame { get; }

    /// <summary>How many byte strings were tried.</summary>
    public int Tried { get; private set; }

    /// <summary>One of them is the key.</summary>
    public bool Opened { get; private set; }

    /// <summary>Zeros, text and tables are no keys: random bytes hardly repeat.</summary>
    public static bool IsRandom(ReadOnlySpan<byte> bytes)
    {
        Span<ulong> seen = stackalloc ulong[4];
        seen.Clear();
        foreach (var value in bytes) seen[value >> 6] |= 1UL << (value & 63);
        var different = 0;
        foreach (var bits in seen) different += BitOperations.PopCount(bits);
        return different >= bytes.Length * 3 / 4;
    }

    /// <summary>
    /// Every 32 bytes, from each eighth byte on, that are random enough to be a key: objects and native structures are aligned so. Where one of
    /// the four words looks like a pointer or a number it is left out, which a key does once in 16 000 times.
    /// </summary>
    public void In(ReadOnlySpan<byte> place)
    {
        var words = MemoryMarshal.Cast<byte, ulong>(place);
        for (var at = 0; at + 4 <= words.Length; at++)
        {
            var key = words.Slice(at, 4);
            if (key[0] >> 48 == 0 || key[1] >> 48 == 0 || key[2] >> 48 == 0 || key[3] >> 48 == 0) continue;
            var bytes = MemoryMarshal.AsBytes(key);
            if (IsRandom(bytes)) Try(bytes);
        }
    }

    public void Dispose() => _cipher.Dispose();

    private void Try(ReadOnlySpan<byte> key)
    {
        Span<byte> block = stackalloc byte[BlockLength];
        _cipher.SetKey(key);
        _cipher.EncryptEcb(_counter, block, PaddingMode.None);
        Tried++;
        Opened |= block.SequenceEqual(_stream);
    }
}
