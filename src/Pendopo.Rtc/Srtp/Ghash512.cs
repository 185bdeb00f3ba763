using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Pendopo.Rtc.Srtp;

/// <summary>Four blocks per multiplication (VPCLMULQDQ on 512 bits).</summary>
internal readonly struct Ghash512 : IGhash
{
    private const int Width = 64;

    private static Vector512<byte> ByteReversal
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => Vector512.Create(
            0x08090A0B0C0D0E0FUL, 0x0001020304050607UL, 0x08090A0B0C0D0E0FUL, 0x0001020304050607UL,
            0x08090A0B0C0D0E0FUL, 0x0001020304050607UL, 0x08090A0B0C0D0E0FUL, 0x0001020304050607UL).AsByte();
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static unsafe Vector128<ulong> Absorb16(byte* blocks, byte* powers, Vector128<ulong> state)
    {
        var d0 = Read(blocks) ^ Widen(state);
        var d1 = Read(blocks + Width);
        var d2 = Read(blocks + 2 * Width);
        var d3 = Read(blocks + 3 * Width);
        var h0 = Vector512.Load((ulong*)powers);
        var h1 = Vector512.Load((ulong*)(powers + Width));
        var h2 = Vector512.Load((ulong*)(powers + 2 * Width));
        var h3 = Vector512.Load((ulong*)(powers + 3 * Width));
        var low = Multiply00(d0, h0) ^ Multiply00(d1, h1) ^ Multiply00(d2, h2) ^ Multiply00(d3, h3);
        var middle = Multiply01(d0, h0) ^ Multiply01(d1, h1) ^ Multiply01(d2, h2) ^ Multiply01(d3, h3);
        var cross = Multiply10(d0, h0) ^ Multiply10(d1, h1) ^ Multiply10(d2, h2) ^ Multiply10(d3, h3);
        var high = Multiply11(d0, h0) ^ Multiply11(d1, h1) ^ Multiply11(d2, h2) ^ Multiply11(d3, h3);
        return Ghash.Reduce(Fold(low), Fold(middle ^ cross), Fold(high));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static unsafe Vector128<ulong> Absorb(byte* blocks, int count, byte* powers, Vector128<ulong> state)
    {
        powers += (Ghash.GroupBlocks - count) * Ghash.BlockLength;
        var data = Read(blocks) ^ Widen(state);
        var power = Vector512.Load((ulong*)powers);
        var low = Multiply00(data, power);
        var middle = Multiply01(data, power);
        var cross = Multiply10(data, power);
        var high = Multiply11(data, power);
        for (var i = 4; i < count; i += 4)
        {
            data = Read(blocks + i * Ghash.BlockLength);
            power = Vector512.Load((ulong*)(powers + i * Ghash.BlockLength));
            low ^= Multiply00(data, power);
            middle ^= Multiply01(data, power);
            cross ^= Multiply10(data, power);
            high ^= Multiply11(data, power);
        }

        return Ghash.Reduce(Fold(low), Fold(middle ^ cross), Fold(high));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static unsafe Vector512<ulong> Read(byte* blocks) => Avx512BW.Shuffle(Vector512.Load(blocks), ByteReversal).AsUInt64();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<ulong> Widen(Vector128<ulong> state) => state.ToVector256().ToVector512();

    /// <summary>The four lanes' products belong to one sum, so they are added before the one reduction.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<ulong> Fold(Vector512<ulong> product)
    {
        var half = product.GetLower() ^ product.GetUpper();
        return half.GetLower() ^ half.GetUpper();
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<ulong> Multiply00(Vector512<ulong> a, Vector512<ulong> b) => Pclmulqdq.V512.CarrylessMultiply(a, b, 0x00);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<ulong> Multiply01(Vector512<ulong> a, Vector512<ulong> b) => Pclmulqdq.V512.CarrylessMultiply(a, b, 0x01);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<ulong> Multiply10(Vector512<ulong> a, Vector512<ulong> b) => Pclmulqdq.V512.CarrylessMultiply(a, b, 0x10);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<ulong> Multiply11(Vector512<ulong> a, Vector512<ulong> b) => Pclmulqdq.V512.CarrylessMultiply(a, b, 0x11);
}
