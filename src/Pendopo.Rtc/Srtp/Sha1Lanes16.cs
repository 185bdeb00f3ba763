using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Pendopo.Rtc.Srtp;

/// <summary>Sixteen messages at once (AVX-512 F).</summary>
internal readonly struct Sha1Lanes16 : ISha1Lanes
{
    private const int Lanes = 16;

    public static int Count => Lanes;

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static unsafe void Compress(uint* states, byte** blocks, uint* words)
    {
        Sha1Lanes.Transpose(blocks, Lanes, words);
        // The schedule is laid out before the steps: so the steps have all registers to themselves.
        var (x3, x2, x1) = (Vector512.Load(words + 13 * Lanes), Vector512.Load(words + 14 * Lanes), Vector512.Load(words + 15 * Lanes));
        for (var row = words + 16 * Lanes; row < words + Sha1Lanes.ScheduleWords * Lanes; row += Lanes)
        {
            var next = RotateLeft(Xor(x3, Vector512.Load(row - 8 * Lanes), Vector512.Load(row - 14 * Lanes)) ^ Vector512.Load(row - 16 * Lanes), 1);
            next.Store(row);
            (x3, x2, x1) = (x2, x1, next);
        }

        var a = Vector512.Load(states);
        var b = Vector512.Load(states + Lanes);
        var c = Vector512.Load(states + 2 * Lanes);
        var d = Vector512.Load(states + 3 * Lanes);
        var e = Vector512.Load(states + 4 * Lanes);
        var constant = Vector512.Create(Sha1.Constant0);
        var word = words;
        for (; word < words + 20 * Lanes; word += 5 * Lanes)
        {
            Step(a, ref b, Choose(b, c, d), ref e, constant + Vector512.Load(word));
            Step(e, ref a, Choose(a, b, c), ref d, constant + Vector512.Load(word + Lanes));
            Step(d, ref e, Choose(e, a, b), ref c, constant + Vector512.Load(word + 2 * Lanes));
            Step(c, ref d, Choose(d, e, a), ref b, constant + Vector512.Load(word + 3 * Lanes));
            Step(b, ref c, Choose(c, d, e), ref a, constant + Vector512.Load(word + 4 * Lanes));
        }

        constant = Vector512.Create(Sha1.Constant1);
        for (; word < words + 40 * Lanes; word += 5 * Lanes)
        {
            Step(a, ref b, Xor(b, c, d), ref e, constant + Vector512.Load(word));
            Step(e, ref a, Xor(a, b, c), ref d, constant + Vector512.Load(word + Lanes));
            Step(d, ref e, Xor(e, a, b), ref c, constant + Vector512.Load(word + 2 * Lanes));
            Step(c, ref d, Xor(d, e, a), ref b, constant + Vector512.Load(word + 3 * Lanes));
            Step(b, ref c, Xor(c, d, e), ref a, constant + Vector512.Load(word + 4 * Lanes));
        }

        constant = Vector512.Create(Sha1.Constant2);
        for (; word < words + 60 * Lanes; word += 5 * Lanes)
        {
            Step(a, ref b, Majority(b, c, d), ref e, constant + Vector512.Load(word));
            Step(e, ref a, Majority(a, b, c), ref d, constant + Vector512.Load(word + Lanes));
            Step(d, ref e, Majority(e, a, b), ref c, constant + Vector512.Load(word + 2 * Lanes));
            Step(c, ref d, Majority(d, e, a), ref b, constant + Vector512.Load(word + 3 * Lanes));
            Step(b, ref c, Majority(c, d, e), ref a, constant + Vector512.Load(word + 4 * Lanes));
        }

        constant = Vector512.Create(Sha1.Constant3);
        for (; word < words + 80 * Lanes; word += 5 * Lanes)
        {
            Step(a, ref b, Xor(b, c, d), ref e, constant + Vector512.Load(word));
            Step(e, ref a, Xor(a, b, c), ref d, constant + Vector512.Load(word + Lanes));
            Step(d, ref e, Xor(e, a, b), ref c, constant + Vector512.Load(word + 2 * Lanes));
            Step(c, ref d, Xor(d, e, a), ref b, constant + Vector512.Load(word + 3 * Lanes));
            Step(b, ref c, Xor(c, d, e), ref a, constant + Vector512.Load(word + 4 * Lanes));
        }

        (a + Vector512.Load(states)).Store(states);
        (b + Vector512.Load(states + Lanes)).Store(states + Lanes);
        (c + Vector512.Load(states + 2 * Lanes)).Store(states + 2 * Lanes);
        (d + Vector512.Load(states + 3 * Lanes)).Store(states + 3 * Lanes);
        (e + Vector512.Load(states + 4 * Lanes)).Store(states + 4 * Lanes);
    }

    /// <summary>One step: instead of moving five words on, the next step names them anew.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Step(Vector512<uint> a, ref Vector512<uint> b, Vector512<uint> mixed, ref Vector512<uint> e, Vector512<uint> word)
    {
        e += word + mixed + RotateLeft(a, 5);
        b = RotateLeft(b, 30);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<uint> RotateLeft(Vector512<uint> value, [ConstantExpected] byte bits) => Avx512F.RotateLeft(value, bits);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<uint> Xor(Vector512<uint> x, Vector512<uint> y, Vector512<uint> z) => Avx512F.TernaryLogic(x, y, z, 0x96);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<uint> Choose(Vector512<uint> x, Vector512<uint> y, Vector512<uint> z) => Avx512F.TernaryLogic(x, y, z, 0xCA);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<uint> Majority(Vector512<uint> x, Vector512<uint> y, Vector512<uint> z) => Avx512F.TernaryLogic(x, y, z, 0xE8);
}
