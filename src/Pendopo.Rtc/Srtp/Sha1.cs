using System.Buffers.Binary;

namespace Pendopo.Rtc.Srtp;

/// <summary>
/// The compression function of SHA-1 (FIPS 180-4 §6.1.2) for one message at a time: for the states that HMAC keys stand for,
/// which are computed once. Packets go through the platform's SHA-1 or through lanes.
/// </summary>
internal static class Sha1
{
    public const int BlockLength = 64;
    public const int StateWords = 5;
    public const uint Constant0 = 0x5A827999;
    public const uint Constant1 = 0x6ED9EBA1;
    public const uint Constant2 = 0x8F1BBCDC;
    public const uint Constant3 = 0xCA62C1D6;

    private static ReadOnlySpan<uint> InitialState => [0x67452301, 0xEFCDAB89, 0x98BADCFE, 0x10325476, 0xC3D2E1F0];

    /// <summary>The state after one block of 64 bytes from the beginning.</summary>
    public static void Start(ReadOnlySpan<byte> block, Span<uint> state)
    {
        InitialState.CopyTo(state);
        Span<uint> words = stackalloc uint[80];
        for (var i = 0; i < 16; i++) words[i] = BinaryPrimitives.ReadUInt32BigEndian(block[(4 * i)..]);
        for (var i = 16; i < 80; i++) words[i] = uint.RotateLeft(words[i - 3] ^ words[i - 8] ^ words[i - 14] ^ words[i - 16], 1);
        var (a, b, c, d, e) = (state[0], state[1], state[2], state[3], state[4]);
        for (var i = 0; i < 80; i++)
        {
            var (mixed, constant) = (i / 20) switch
            {
                0 => ((b & c) | (~b & d), Constant0),
                1 => (b ^ c ^ d, Constant1),
                2 => ((b & c) | (b & d) | (c & d), Constant2),
                _ => (b ^ c ^ d, Constant3),
            };
            (a, b, c, d, e) = (uint.RotateLeft(a, 5) + mixed + e + constant + words[i], a, uint.RotateLeft(b, 30), c, d);
        }

        state[0] += a;
        state[1] += b;
        state[2] += c;
        state[3] += d;
        state[4] += e;
        words.Clear();
    }
}
