using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Pendopo.Rtc.Srtp;

/// <summary>
/// The hash of GCM (SP 800-38D §6.4) on carry-less multiplications. Blocks are taken in byte-reversed order and the powers of
/// the hash key stand multiplied by x, so that a plain product is the field's product up to one reduction (Gueron and
/// Kounavis, "Intel Carry-Less Multiplication Instruction and its Usage for Computing the GCM Mode", algorithm 5). Sixteen
/// blocks are multiplied by H^16 … H^1 and reduced together: the reduction is what takes time.
/// </summary>
internal interface IGhash
{
    /// <summary>Takes sixteen blocks into the state.</summary>
    static abstract unsafe Vector128<ulong> Absorb16(byte* blocks, byte* powers, Vector128<ulong> state);

    /// <summary>Takes 1 to 16 blocks into the state; reads up to the next multiple of 64 bytes.</summary>
    static abstract unsafe Vector128<ulong> Absorb(byte* blocks, int count, byte* powers, Vector128<ulong> state);
}

/// <summary>What both widths of <see cref="IGhash"/> share: the powers of the key, and the reduction.</summary>
internal static unsafe class Ghash
{
    public const int BlockLength = 16;

    /// <summary>Blocks that are reduced together.</summary>
    public const int GroupBlocks = 16;

    /// <summary>Bytes of H^16 … H^1 and four zero powers: a wide load that passes H^1 then multiplies by zero.</summary>
    public const int PowersLength = (GroupBlocks + 4) * BlockLength;

    public static Vector128<byte> ByteReversal
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => Vector128.Create((byte)15, 14, 13, 12, 11, 10, 9, 8, 7, 6, 5, 4, 3, 2, 1, 0);
    }

    private static Vector128<ulong> Polynomial
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => Vector128.Create(1UL, 0xC200000000000000UL);
    }

    /// <summary>Writes the powers of the hash key H = E(K, 0) into zeroed memory.</summary>
    public static void ExpandKey(Vector128<byte> hashKey, byte* powers)
    {
        var key = new UInt128(BinaryPrimitives.ReverseEndianness(hashKey.AsUInt64()[0]), BinaryPrimitives.ReverseEndianness(hashKey.AsUInt64()[1]));
        // Times x; the bit that falls out is reduced, by a mask and not by a branch, because it is secret.
        var carry = UInt128.Zero - (key >> 127);
        key = (key << 1) ^ (carry & new UInt128(0xC200000000000000UL, 1));
        var first = Vector128.Create((ulong)key, (ulong)(key >> 64));
        var table = (Vector128<ulong>*)powers;
        table[GroupBlocks - 1] = first;
        for (var i = GroupBlocks - 2; i >= 0; i--) table[i] = Multiply(table[i + 1], first);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<ulong> Reduce(Vector128<ulong> low, Vector128<ulong> middle, Vector128<ulong> high)
    {
        middle ^= Sse2.Shuffle(low.AsUInt32(), 0x4E).AsUInt64() ^ Pclmulqdq.CarrylessMultiply(Polynomial, low, 0x01);
        return high ^ Sse2.Shuffle(middle.AsUInt32(), 0x4E).AsUInt64() ^ Pclmulqdq.CarrylessMultiply(Polynomial, middle, 0x01);
    }

    private static Vector128<ulong> Multiply(Vector128<ulong> a, Vector128<ulong> b) => Reduce(
        Pclmulqdq.CarrylessMultiply(a, b, 0x00),
        Pclmulqdq.CarrylessMultiply(a, b, 0x01) ^ Pclmulqdq.CarrylessMultiply(a, b, 0x10),
        Pclmulqdq.CarrylessMultiply(a, b, 0x11));
}
