using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Pendopo.Rtc.Srtp;

/// <summary>
/// AES (FIPS 197) in counter mode by the machine's AES instructions. Eight blocks are in flight, because a round takes four
/// cycles until the next can begin but two rounds can begin in each cycle. No branch or address depends on key or data.
/// <para>
/// A counter is a vector whose first twelve bytes stand as in the block and whose last word is the block's last word in
/// machine order, so that the next counter is one addition away. The word wraps alone, as GCM has it (SP 800-38D §6.2).
/// </para>
/// </summary>
internal static unsafe class AesNi
{
    public const int BlockLength = 16;

    /// <summary>Bytes of the round keys of the longest key: 14 rounds and the first whitening.</summary>
    public const int ScheduleLength = 15 * BlockLength;

    /// <summary>Bytes that <see cref="Xor8"/> takes.</summary>
    public const int GroupLength = 8 * BlockLength;

    private static Vector128<byte> LastWordSwap
    {
        // Said to the compiler everywhere here: beside eight blocks it would run out of its budget and make calls.
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => Vector128.Create((byte)0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 15, 14, 13, 12);
    }

    /// <summary>Writes the round keys of a key of 16 or 32 bytes (FIPS 197 §5.2).</summary>
    /// <returns>The number of rounds: 10 or 14.</returns>
    public static int ExpandKey(ReadOnlySpan<byte> key, Vector128<byte>* roundKeys)
    {
        roundKeys[0] = Vector128.Create(key[..16]);
        return key.Length == 16 ? ExpandKey128(roundKeys) : ExpandKey256(Vector128.Create(key[16..]), roundKeys);
    }

    public static Vector128<byte> EncryptBlock(Vector128<byte>* roundKeys, int rounds, Vector128<byte> block)
    {
        block ^= roundKeys[0];
        for (var round = 1; round < rounds; round++) block = Aes.Encrypt(block, roundKeys[round]);
        return Aes.EncryptLast(block, roundKeys[rounds]);
    }

    /// <summary>A counter block that came as bytes.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<uint> ToCounter(Vector128<byte> block) => Ssse3.Shuffle(block, LastWordSwap).AsUInt32();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<uint> Add(Vector128<uint> counter, uint blocks) => counter + Vector128.Create(0u, 0, 0, blocks);

    /// <summary>XORs the keystream of eight counters into 128 bytes.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Xor8(Vector128<byte>* roundKeys, int rounds, Vector128<uint> counter, byte* source, byte* destination)
    {
        var b0 = ToBlock(counter);
        var b1 = ToBlock(Add(counter, 1));
        var b2 = ToBlock(Add(counter, 2));
        var b3 = ToBlock(Add(counter, 3));
        var b4 = ToBlock(Add(counter, 4));
        var b5 = ToBlock(Add(counter, 5));
        var b6 = ToBlock(Add(counter, 6));
        var b7 = ToBlock(Add(counter, 7));
        Rounds8(roundKeys, rounds, ref b0, ref b1, ref b2, ref b3, ref b4, ref b5, ref b6, ref b7);
        // The last round adds its key at the end, so the data may be added to that key.
        var last = roundKeys[rounds];
        b0 = Aes.EncryptLast(b0, last ^ Vector128.Load(source));
        b1 = Aes.EncryptLast(b1, last ^ Vector128.Load(source + 16));
        b2 = Aes.EncryptLast(b2, last ^ Vector128.Load(source + 32));
        b3 = Aes.EncryptLast(b3, last ^ Vector128.Load(source + 48));
        b4 = Aes.EncryptLast(b4, last ^ Vector128.Load(source + 64));
        b5 = Aes.EncryptLast(b5, last ^ Vector128.Load(source + 80));
        b6 = Aes.EncryptLast(b6, last ^ Vector128.Load(source + 96));
        b7 = Aes.EncryptLast(b7, last ^ Vector128.Load(source + 112));
        b0.Store(destination);
        b1.Store(destination + 16);
        b2.Store(destination + 32);
        b3.Store(destination + 48);
        b4.Store(destination + 64);
        b5.Store(destination + 80);
        b6.Store(destination + 96);
        b7.Store(destination + 112);
    }

    /// <summary>XORs the keystream of seven counters into 112 bytes in place, and encrypts another block beside it.</summary>
    /// <returns>The other block's ciphertext.</returns>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<byte> Xor7(Vector128<byte>* roundKeys, int rounds, Vector128<uint> counter, Vector128<uint> other, byte* data)
    {
        var b0 = ToBlock(counter);
        var b1 = ToBlock(Add(counter, 1));
        var b2 = ToBlock(Add(counter, 2));
        var b3 = ToBlock(Add(counter, 3));
        var b4 = ToBlock(Add(counter, 4));
        var b5 = ToBlock(Add(counter, 5));
        var b6 = ToBlock(Add(counter, 6));
        var b7 = ToBlock(other);
        Rounds8(roundKeys, rounds, ref b0, ref b1, ref b2, ref b3, ref b4, ref b5, ref b6, ref b7);
        var last = roundKeys[rounds];
        Aes.EncryptLast(b0, last ^ Vector128.Load(data)).Store(data);
        Aes.EncryptLast(b1, last ^ Vector128.Load(data + 16)).Store(data + 16);
        Aes.EncryptLast(b2, last ^ Vector128.Load(data + 32)).Store(data + 32);
        Aes.EncryptLast(b3, last ^ Vector128.Load(data + 48)).Store(data + 48);
        Aes.EncryptLast(b4, last ^ Vector128.Load(data + 64)).Store(data + 64);
        Aes.EncryptLast(b5, last ^ Vector128.Load(data + 80)).Store(data + 80);
        Aes.EncryptLast(b6, last ^ Vector128.Load(data + 96)).Store(data + 96);
        return Aes.EncryptLast(b7, last);
    }

    /// <summary>As <see cref="Xor7"/>, for three counters and 48 bytes.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<byte> Xor3(Vector128<byte>* roundKeys, int rounds, Vector128<uint> counter, Vector128<uint> other, byte* data)
    {
        var b0 = ToBlock(counter);
        var b1 = ToBlock(Add(counter, 1));
        var b2 = ToBlock(Add(counter, 2));
        var b3 = ToBlock(other);
        Rounds4(roundKeys, rounds, ref b0, ref b1, ref b2, ref b3);
        var last = roundKeys[rounds];
        Aes.EncryptLast(b0, last ^ Vector128.Load(data)).Store(data);
        Aes.EncryptLast(b1, last ^ Vector128.Load(data + 16)).Store(data + 16);
        Aes.EncryptLast(b2, last ^ Vector128.Load(data + 32)).Store(data + 32);
        return Aes.EncryptLast(b3, last);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<byte> ToBlock(Vector128<uint> counter) => Ssse3.Shuffle(counter.AsByte(), LastWordSwap);

    /// <summary>All rounds but the last.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Rounds8(Vector128<byte>* roundKeys, int rounds, ref Vector128<byte> b0, ref Vector128<byte> b1, ref Vector128<byte> b2,
        ref Vector128<byte> b3, ref Vector128<byte> b4, ref Vector128<byte> b5, ref Vector128<byte> b6, ref Vector128<byte> b7)
    {
        var key = roundKeys[0];
        (b0, b1, b2, b3, b4, b5, b6, b7) = (b0 ^ key, b1 ^ key, b2 ^ key, b3 ^ key, b4 ^ key, b5 ^ key, b6 ^ key, b7 ^ key);
        // Written out: the compiler unrolls no loop of this length, and eight blocks and a key just fit the registers.
        Round8(roundKeys[1], ref b0, ref b1, ref b2, ref b3, ref b4, ref b5, ref b6, ref b7);
        Round8(roundKeys[2], ref b0, ref b1, ref b2, ref b3, ref b4, ref b5, ref b6, ref b7);
        Round8(roundKeys[3], ref b0, ref b1, ref b2, ref b3, ref b4, ref b5, ref b6, ref b7);
        Round8(roundKeys[4], ref b0, ref b1, ref b2, ref b3, ref b4, ref b5, ref b6, ref b7);
        Round8(roundKeys[5], ref b0, ref b1, ref b2, ref b3, ref b4, ref b5, ref b6, ref b7);
        Round8(roundKeys[6], ref b0, ref b1, ref b2, ref b3, ref b4, ref b5, ref b6, ref b7);
        Round8(roundKeys[7], ref b0, ref b1, ref b2, ref b3, ref b4, ref b5, ref b6, ref b7);
        Round8(roundKeys[8], ref b0, ref b1, ref b2, ref b3, ref b4, ref b5, ref b6, ref b7);
        Round8(roundKeys[9], ref b0, ref b1, ref b2, ref b3, ref b4, ref b5, ref b6, ref b7);
        if (rounds == 10) return;
        Round8(roundKeys[10], ref b0, ref b1, ref b2, ref b3, ref b4, ref b5, ref b6, ref b7);
        Round8(roundKeys[11], ref b0, ref b1, ref b2, ref b3, ref b4, ref b5, ref b6, ref b7);
        Round8(roundKeys[12], ref b0, ref b1, ref b2, ref b3, ref b4, ref b5, ref b6, ref b7);
        Round8(roundKeys[13], ref b0, ref b1, ref b2, ref b3, ref b4, ref b5, ref b6, ref b7);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Round8(Vector128<byte> key, ref Vector128<byte> b0, ref Vector128<byte> b1, ref Vector128<byte> b2, ref Vector128<byte> b3,
        ref Vector128<byte> b4, ref Vector128<byte> b5, ref Vector128<byte> b6, ref Vector128<byte> b7)
    {
        b0 = Aes.Encrypt(b0, key);
        b1 = Aes.Encrypt(b1, key);
        b2 = Aes.Encrypt(b2, key);
        b3 = Aes.Encrypt(b3, key);
        b4 = Aes.Encrypt(b4, key);
        b5 = Aes.Encrypt(b5, key);
        b6 = Aes.Encrypt(b6, key);
        b7 = Aes.Encrypt(b7, key);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Rounds4(Vector128<byte>* roundKeys, int rounds, ref Vector128<byte> b0, ref Vector128<byte> b1, ref Vector128<byte> b2,
        ref Vector128<byte> b3)
    {
        var key = roundKeys[0];
        (b0, b1, b2, b3) = (b0 ^ key, b1 ^ key, b2 ^ key, b3 ^ key);
        for (var round = 1; round < rounds; round++)
        {
            key = roundKeys[round];
            b0 = Aes.Encrypt(b0, key);
            b1 = Aes.Encrypt(b1, key);
            b2 = Aes.Encrypt(b2, key);
            b3 = Aes.Encrypt(b3, key);
        }
    }

    private static int ExpandKey128(Vector128<byte>* keys)
    {
        // The round constants must be literals: the instruction has them in its encoding.
        keys[1] = Next(keys[0], Aes.KeygenAssist(keys[0], 0x01));
        keys[2] = Next(keys[1], Aes.KeygenAssist(keys[1], 0x02));
        keys[3] = Next(keys[2], Aes.KeygenAssist(keys[2], 0x04));
        keys[4] = Next(keys[3], Aes.KeygenAssist(keys[3], 0x08));
        keys[5] = Next(keys[4], Aes.KeygenAssist(keys[4], 0x10));
        keys[6] = Next(keys[5], Aes.KeygenAssist(keys[5], 0x20));
        keys[7] = Next(keys[6], Aes.KeygenAssist(keys[6], 0x40));
        keys[8] = Next(keys[7], Aes.KeygenAssist(keys[7], 0x80));
        keys[9] = Next(keys[8], Aes.KeygenAssist(keys[8], 0x1B));
        keys[10] = Next(keys[9], Aes.KeygenAssist(keys[9], 0x36));
        return 10;
    }

    private static int ExpandKey256(Vector128<byte> upper, Vector128<byte>* keys)
    {
        keys[1] = upper;
        keys[2] = Next(keys[0], Aes.KeygenAssist(keys[1], 0x01));
        keys[3] = NextBetween(keys[1], keys[2]);
        keys[4] = Next(keys[2], Aes.KeygenAssist(keys[3], 0x02));
        keys[5] = NextBetween(keys[3], keys[4]);
        keys[6] = Next(keys[4], Aes.KeygenAssist(keys[5], 0x04));
        keys[7] = NextBetween(keys[5], keys[6]);
        keys[8] = Next(keys[6], Aes.KeygenAssist(keys[7], 0x08));
        keys[9] = NextBetween(keys[7], keys[8]);
        keys[10] = Next(keys[8], Aes.KeygenAssist(keys[9], 0x10));
        keys[11] = NextBetween(keys[9], keys[10]);
        keys[12] = Next(keys[10], Aes.KeygenAssist(keys[11], 0x20));
        keys[13] = NextBetween(keys[11], keys[12]);
        keys[14] = Next(keys[12], Aes.KeygenAssist(keys[13], 0x40));
        return 14;
    }

    /// <summary>The four words after <paramref name="key"/>: each is the word four before it XOR the one before it.</summary>
    private static Vector128<byte> Next(Vector128<byte> key, Vector128<byte> assist) => Chain(key) ^ Sse2.Shuffle(assist.AsUInt32(), 0xFF).AsByte();

    /// <summary>Between two steps of a 256-bit key the word is only substituted, neither rotated nor given a constant.</summary>
    private static Vector128<byte> NextBetween(Vector128<byte> key, Vector128<byte> before) =>
        Chain(key) ^ Sse2.Shuffle(Aes.KeygenAssist(before, 0).AsUInt32(), 0xAA).AsByte();

    private static Vector128<byte> Chain(Vector128<byte> key)
    {
        key ^= Sse2.ShiftLeftLogical128BitLane(key, 4);
        return key ^ Sse2.ShiftLeftLogical128BitLane(key, 8);
    }
}
