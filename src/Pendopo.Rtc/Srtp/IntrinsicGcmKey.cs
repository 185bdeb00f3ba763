using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Pendopo.Rtc.Srtp;

/// <summary>
/// AES-GCM on the machine's AES and carry-less multiplication. Groups of 256 bytes are encrypted while the group before is
/// hashed: the two keep different execution units busy. What is left (0 to 255 bytes) is worked on in whole blocks, in the
/// room behind the destination if there is enough and in a buffer on the stack if not, so that no byte outside the spans is
/// read or written. E(K, J0), which masks the tag, takes a free place in the last group.
/// </summary>
internal sealed unsafe class IntrinsicGcmKey<TGhash> : GcmKey
    where TGhash : struct, IGhash
{
    private const int PowersOffset = 256;
    private const int GroupLength = Ghash.GroupBlocks * Ghash.BlockLength;

    /// <summary>
    /// Bytes behind the payload that working in place may touch: whole groups of three or seven blocks pass the end by up to 63
    /// bytes, and the padding and length block, read 64 bytes at a time, by up to 79.
    /// </summary>
    private const int Slack = 96;

    private readonly KeyMemory _memory = new(PowersOffset + Ghash.PowersLength);
    private readonly byte* _lines;
    private readonly int _rounds;

    /// <param name="key">16 or 32 bytes.</param>
    public IntrinsicGcmKey(ReadOnlySpan<byte> key)
    {
        _lines = _memory.Pointer;
        var roundKeys = (Vector128<byte>*)_memory.Pointer;
        _rounds = AesNi.ExpandKey(key, roundKeys);
        Ghash.ExpandKey(AesNi.EncryptBlock(roundKeys, _rounds, Vector128<byte>.Zero), _memory.Pointer + PowersOffset);
    }

    [SkipLocalsInit]
    public override void Seal(Vector128<byte> nonce, ReadOnlySpan<byte> associated, ReadOnlySpan<byte> plaintext, Span<byte> destination)
    {
        var length = plaintext.Length;
        if (destination.Length - length < TagLength) throw new ArgumentException("No room for the tag.", nameof(destination));
        var scratch = stackalloc byte[GroupLength + Slack];
        var keys = _memory.Pointer;
        var roundKeys = (Vector128<byte>*)keys;
        var powers = keys + PowersOffset;
        fixed (byte* source = plaintext, target = destination)
        {
            var state = AbsorbAssociated(associated, powers, scratch);
            var first = FirstCounter(nonce);
            var counter = AesNi.Add(first, 1);
            var rest = length & (GroupLength - 1);
            var whole = length - rest;
            for (var offset = 0; offset < whole; offset += GroupLength)
            {
                AesNi.Xor8(roundKeys, _rounds, counter, source + offset, target + offset);
                if (offset > 0) state = TGhash.Absorb16(target + offset - GroupLength, powers, state);
                AesNi.Xor8(roundKeys, _rounds, AesNi.Add(counter, 8), source + offset + AesNi.GroupLength, target + offset + AesNi.GroupLength);
                counter = AesNi.Add(counter, Ghash.GroupBlocks);
            }

            var inPlace = destination.Length - length >= Slack;
            var tail = inPlace ? target + whole : scratch;
            var mask = XorRest(roundKeys, counter, first, source + whole, tail, rest);
            if (whole > 0) state = TGhash.Absorb16(target + whole - GroupLength, powers, state);
            state = AbsorbRest(tail, rest, associated.Length, length, powers, state);
            (Ssse3.Shuffle(state.AsByte(), Ghash.ByteReversal) ^ mask).Store(tail + rest);
            if (!inPlace) Unsafe.CopyBlockUnaligned(target + whole, scratch, (uint)(rest + TagLength));
        }

        GC.KeepAlive(this);
    }

    [SkipLocalsInit]
    public override bool Open(Vector128<byte> nonce, ReadOnlySpan<byte> associated, Span<byte> data)
    {
        var length = data.Length - TagLength;
        if (length < 0) return false;
        var scratch = stackalloc byte[GroupLength + Slack];
        var keys = _memory.Pointer;
        var roundKeys = (Vector128<byte>*)keys;
        var powers = keys + PowersOffset;
        bool authentic;
        fixed (byte* text = data)
        {
            var tag = Vector128.Load(text + length);
            var state = AbsorbAssociated(associated, powers, scratch);
            var first = FirstCounter(nonce);
            var counter = AesNi.Add(first, 1);
            var rest = length & (GroupLength - 1);
            var whole = length - rest;
            for (var offset = 0; offset < whole; offset += GroupLength)
            {
                state = TGhash.Absorb16(text + offset, powers, state);
                AesNi.Xor8(roundKeys, _rounds, counter, text + offset, text + offset);
                AesNi.Xor8(roundKeys, _rounds, AesNi.Add(counter, 8), text + offset + AesNi.GroupLength, text + offset + AesNi.GroupLength);
                counter = AesNi.Add(counter, Ghash.GroupBlocks);
            }

            Unsafe.CopyBlockUnaligned(scratch, text + whole, (uint)rest);
            state = AbsorbRest(scratch, rest, associated.Length, length, powers, state);
            var mask = XorRest(roundKeys, counter, first, scratch, scratch, rest);
            Unsafe.CopyBlockUnaligned(text + whole, scratch, (uint)rest);
            // One comparison of the whole vector: no time depends on where a forged tag differs.
            authentic = (Ssse3.Shuffle(state.AsByte(), Ghash.ByteReversal) ^ mask) == tag;
        }

        GC.KeepAlive(this);
        return authentic;
    }

    /// <summary>By an address of its own, which is only ever hinted at: the memory's owner would have to be waited for.</summary>
    public override void Prefetch()
    {
        CacheLines.Fetch(_memory);
        CacheLines.Fetch(_lines, PowersOffset + Ghash.PowersLength);
    }

    public override void Dispose() => _memory.Dispose();

    /// <summary>J0 of a nonce of 12 bytes: the nonce and a block counter of 1 (SP 800-38D §7.1).</summary>
    private static Vector128<uint> FirstCounter(Vector128<byte> nonce) => nonce.AsUInt32().WithElement(3, 1u);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<ulong> AbsorbAssociated(ReadOnlySpan<byte> associated, byte* powers, byte* scratch)
    {
        var state = Vector128<ulong>.Zero;
        while (!associated.IsEmpty)
        {
            // Copied, because the hash reads whole blocks; a header is short.
            var length = Math.Min(associated.Length, GroupLength);
            associated[..length].CopyTo(new Span<byte>(scratch, length));
            Vector128<byte>.Zero.Store(scratch + length);
            state = Ghash128.Absorb(scratch, (length + Ghash.BlockLength - 1) / Ghash.BlockLength, powers, state);
            associated = associated[length..];
        }

        return state;
    }

    /// <summary>XORs the keystream into the last 0 to 255 bytes, and gives the tag's mask.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private Vector128<byte> XorRest(Vector128<byte>* roundKeys, Vector128<uint> counter, Vector128<uint> first, byte* source, byte* tail, int length)
    {
        if (length >= AesNi.GroupLength)
        {
            AesNi.Xor8(roundKeys, _rounds, counter, source, tail);
            counter = AesNi.Add(counter, 8);
            source += AesNi.GroupLength;
            tail += AesNi.GroupLength;
            length -= AesNi.GroupLength;
        }

        // From here on whole blocks are worked on in place: the source may end within one.
        if (tail != source) Unsafe.CopyBlockUnaligned(tail, source, (uint)length);
        if (length <= 48) return AesNi.Xor3(roundKeys, _rounds, counter, first, tail);
        if (length <= 112) return AesNi.Xor7(roundKeys, _rounds, counter, first, tail);
        AesNi.Xor8(roundKeys, _rounds, counter, tail, tail);
        return AesNi.EncryptBlock(roundKeys, _rounds, AesNi.ToBlock(first));
    }

    /// <summary>
    /// The last 0 to 255 bytes of ciphertext, zeros up to a whole block, and the lengths in bits. Block by block in every tier:
    /// a wider load has to wait until the stores of its parts have left the store buffer.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<ulong> AbsorbRest(byte* data, int rest, int associatedLength, int length, byte* powers, Vector128<ulong> state)
    {
        Vector128<byte>.Zero.Store(data + rest);
        var blocks = (rest + Ghash.BlockLength - 1) / Ghash.BlockLength;
        Vector128.Create(BinaryPrimitives.ReverseEndianness((ulong)associatedLength * 8), BinaryPrimitives.ReverseEndianness((ulong)length * 8))
            .Store((ulong*)(data + blocks * Ghash.BlockLength));
        if (blocks < Ghash.GroupBlocks) return Ghash128.Absorb(data, blocks + 1, powers, state);
        state = TGhash.Absorb16(data, powers, state);
        return Ghash128.Absorb(data + GroupLength, 1, powers, state);
    }
}
