using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Pendopo.Rtc.Srtp;

/// <summary>One block per multiplication (PCLMULQDQ).</summary>
internal readonly struct Ghash128 : IGhash
{
    // Written out, as the loop's own work would be a third of it.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static unsafe Vector128<ulong> Absorb16(byte* blocks, byte* powers, Vector128<ulong> state)
    {
        var reversal = Ghash.ByteReversal;
        var block = Ssse3.Shuffle(Vector128.Load(blocks), reversal).AsUInt64() ^ state;
        var power = Vector128.Load((ulong*)powers);
        var low = Pclmulqdq.CarrylessMultiply(block, power, 0x00);
        var middle = Pclmulqdq.CarrylessMultiply(block, power, 0x01);
        var cross = Pclmulqdq.CarrylessMultiply(block, power, 0x10);
        var high = Pclmulqdq.CarrylessMultiply(block, power, 0x11);
        Step(blocks, powers, 1, reversal, ref low, ref middle, ref cross, ref high);
        Step(blocks, powers, 2, reversal, ref low, ref middle, ref cross, ref high);
        Step(blocks, powers, 3, reversal, ref low, ref middle, ref cross, ref high);
        Step(blocks, powers, 4, reversal, ref low, ref middle, ref cross, ref high);
        Step(blocks, powers, 5, reversal, ref low, ref middle, ref cross, ref high);
        Step(blocks, powers, 6, reversal, ref low, ref middle, ref cross, ref high);
        Step(blocks, powers, 7, reversal, ref low, ref middle, ref cross, ref high);
        Step(blocks, powers, 8, reversal, ref low, ref middle, ref cross, ref high);
        Step(blocks, powers, 9, reversal, ref low, ref middle, ref cross, ref high);
        Step(blocks, powers, 10, reversal, ref low, ref middle, ref cross, ref high);
        Step(blocks, powers, 11, reversal, ref low, ref middle, ref cross, ref high);
        Step(blocks, powers, 12, reversal, ref low, ref middle, ref cross, ref high);
        Step(blocks, powers, 13, reversal, ref low, ref middle, ref cross, ref high);
        Step(blocks, powers, 14, reversal, ref low, ref middle, ref cross, ref high);
        Step(blocks, powers, 15, reversal, ref low, ref middle, ref cross, ref high);
        return Ghash.Reduce(low, middle ^ cross, high);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static unsafe Vector128<ulong> Absorb(byte* blocks, int count, byte* powers, Vector128<ulong> state)
    {
        powers += (Ghash.GroupBlocks - count) * Ghash.BlockLength;
        var reversal = Ghash.ByteReversal;
        var block = Ssse3.Shuffle(Vector128.Load(blocks), reversal).AsUInt64() ^ state;
        var power = Vector128.Load((ulong*)powers);
        var low = Pclmulqdq.CarrylessMultiply(block, power, 0x00);
        var middle = Pclmulqdq.CarrylessMultiply(block, power, 0x01);
        var cross = Pclmulqdq.CarrylessMultiply(block, power, 0x10);
        var high = Pclmulqdq.CarrylessMultiply(block, power, 0x11);
        for (var i = 1; i < count; i++) Step(blocks, powers, i, reversal, ref low, ref middle, ref cross, ref high);
        return Ghash.Reduce(low, middle ^ cross, high);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static unsafe void Step(byte* blocks, byte* powers, int number, Vector128<byte> reversal,
        ref Vector128<ulong> low, ref Vector128<ulong> middle, ref Vector128<ulong> cross, ref Vector128<ulong> high)
    {
        var block = Ssse3.Shuffle(Vector128.Load(blocks + number * Ghash.BlockLength), reversal).AsUInt64();
        var power = Vector128.Load((ulong*)(powers + number * Ghash.BlockLength));
        low ^= Pclmulqdq.CarrylessMultiply(block, power, 0x00);
        middle ^= Pclmulqdq.CarrylessMultiply(block, power, 0x01);
        cross ^= Pclmulqdq.CarrylessMultiply(block, power, 0x10);
        high ^= Pclmulqdq.CarrylessMultiply(block, power, 0x11);
    }
}
