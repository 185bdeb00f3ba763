using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Pendopo.Rtc.Srtp;

/// <summary>Eight messages at once (AVX2).</summary>
internal readonly struct Sha1Lanes8 : ISha1Lanes
{
    private const int Lanes = 8;

    public static int Count => Lanes;

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static unsafe void Compress(uint* states, byte** blocks, uint* words)
    {
        Sha1Lanes.Transpose(blocks, Lanes, words);
        // The schedule is laid out before the steps: so the steps have all registers to themselves.
        var (x3, x2, x1) = (Vector256.Load(words + 13 * Lanes), Vector256.Load(words + 14 * Lanes), Vector256.Load(words + 15 * Lanes));
        for (var row = words + 16 * Lanes; row < words + Sha1Lanes.ScheduleWords * Lanes; row += Lanes)
        {
            var next = RotateLeft(Xor(x3, Vector256.Load(row - 8 * Lanes), Vector256.Load(row - 14 * Lanes)) ^ Vector256.Load(row - 16 * Lanes), 1);
            next.Store(row);
            (x3, x2, x1) = (x2, x1, next);
        }

        var a = Vector256.Load(states);
        var b = Vector256.Load(states + Lanes);
        var c = Vector256.Load(states + 2 * Lanes);
        var d = Vector256.Load(states + 3 * Lanes);
        var e = Vector256.Load(states + 4 * Lanes);
        var constant = Vector256.Create(Sha1.Constant0);
        var word = words;
        for (; word < words + 20 * Lanes; word += 5 * Lanes)
        {
            Step(a, ref b, Choose(b, c, d), ref e, constant + Vector256.Load(word));
            Step(e, ref a, Choose(a, b, c), ref d, constant + Vector256.Load(word + Lanes));
            Step(d, ref e, Choose(e, a, b), ref c, constant + Vector256.Load(word + 2 * Lanes));
            Step(c, ref d, Choose(d, e, a), ref b, constant + Vector256.Load(word + 3 * Lanes));
            Step(b, ref c, Choose(c, d, e), ref a, constant + Vector256.Load(word + 4 * Lanes));
        }

        constant = Vector256.Create(Sha1.Constant1);
        for (; word < words + 40 * Lanes; word += 5 * Lanes)
        {
            Step(a, ref b, Xor(b, c, d), ref e, constant + Vector256.Load(word));
            Step(e, ref a, Xor(a, b, c), ref d, constant + Vector256.Load(word + Lanes));
            Step(d, ref e, Xor(e, a, b), ref c, constant + Vector256.Load(word + 2 * Lanes));
            Step(c, ref d, Xor(d, e, a), ref b, constant + Vector256.Load(word + 3 * Lanes));
            Step(b, ref c, Xor(c, d, e), ref a, constant + Vector256.Load(word + 4 * Lanes));
        }

        constant = Vector256.Create(Sha1.Constant2);
        for (; word < words + 60 * Lanes; word += 5 * Lanes)
        {
            Step(a, ref b, Majority(b, c, d), ref e, constant + Vector256.Load(word));
            Step(e, ref a, Majority(a, b, c), ref d, constant + Vector256.Load(word + Lanes));
            Step(d, ref e, Majority(e, a, b), ref c, constant + Vector256.Load(word + 2 * Lanes));
            Step(c, ref d, Majority(d, e, a), ref b, constant + Vector256.Load(word + 3 * Lanes));
            Step(b, ref c, Majority(c, d, e), ref a, constant + Vector256.Load(word + 4 * Lanes));
        }

        constant = Vector256.Create(Sha1.Constant3);
        for (; word < words + 80 * Lanes; word += 5 * Lanes)
        {
            Step(a, ref b, Xor(b, c, d), ref e, constant + Vector256.Load(word));
            Step(e, ref a, Xor(a, b, c), ref d, constant + Vector256.Load(word + Lanes));
            Step(d, ref e, Xor(e, a, b), ref c, constant + Vector256.Load(word + 2 * Lanes));
            Step(c, ref d, Xor(d, e, a), ref b, constant + Vector256.Load(word + 3 * Lanes));
            Step(b, ref c, Xor(c, d, e), ref a, constant + Vector256.Load(word + 4 * Lanes));
        }

        (a + Vector256.Load(states)).Store(states);
        (b + Vector256.Load(states + Lanes)).Store(states + Lanes);
        (c + Vector256.Load(states + 2 * Lanes)).Store(states + 2 * Lanes);
        (d + Vector256.Load(states + 3 * Lanes)).Store(states + 3 * Lanes);
        (e + Vector256.Load(states + 4 * Lanes)).Store(states + 4 * Lanes);
    }

    /// <summary>One step: instead of moving five words on, the next step names them anew.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Step(Vector256<uint> a, ref Vector256<uint> b, Vector256<uint> mixed, ref Vector256<uint> e, Vector256<uint> word)
    {
        e += word + mixed + RotateLeft(a, 5);
        b = RotateLeft(b, 30);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<uint> RotateLeft(Vector256<uint> value, int bits) => (value << bits) | (value >>> (32 - bits));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<uint> Xor(Vector256<uint> x, Vector256<uint> y, Vector256<uint> z) => x ^ y ^ z;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<uint> Choose(Vector256<uint> x, Vector256<uint> y, Vector256<uint> z) => z ^ (x & (y ^ z));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<uint> Majority(Vector256<uint> x, Vector256<uint> y, Vector256<uint> z) => (x & y) | (z & (x | y));
}
