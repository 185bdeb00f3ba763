using System.Buffers.Binary;
using System.Runtime.CompilerServices;

namespace Pendopo.Rtc.Srtp;

/// <summary>
/// The HMAC-SHA1 of one packet and its roll-over counter, as lanes take it: whole blocks where the packet stands, and the rest
/// with the padding in a place of its own, so that the packet needs no room behind it. The states of the key are copied, so
/// that the key may be erased meanwhile.
/// </summary>
internal unsafe struct HmacJob
{
    /// <summary>A rest of 63 bytes, the roll-over counter, the end mark and the length take two blocks.</summary>
    private const int RestLength = 2 * Sha1.BlockLength;

    private const int LengthField = sizeof(ulong);
    private const byte EndMark = 0x80;

    private fixed uint _inner[Sha1.StateWords];
    private fixed uint _outer[Sha1.StateWords];
    private fixed byte _rest[RestLength];

    public byte* Message { get; private set; }

    public int Length { get; private set; }

    public uint Rollover { get; private set; }

    /// <summary>Blocks that are hashed where the message stands.</summary>
    public readonly int WholeBlocks => Length / Sha1.BlockLength;

    /// <summary>Blocks of <see cref="Rest"/>.</summary>
    public int RestBlocks { get; private set; }

    public byte* Rest => (byte*)Unsafe.AsPointer(ref _rest[0]);

    /// <param name="states">Of the key: <see cref="HmacSha1.States"/>.</param>
    /// <param name="message">Stays where it is, and as it is, until the tag is written behind it.</param>
    /// <param name="length">Its bytes.</param>
    /// <param name="rollover">The roll-over counter, authenticated after the message.</param>
    public void Prepare(ReadOnlySpan<uint> states, byte* message, int length, uint rollover)
    {
        states[..Sha1.StateWords].CopyTo(new Span<uint>(Unsafe.AsPointer(ref _inner[0]), Sha1.StateWords));
        states[Sha1.StateWords..].CopyTo(new Span<uint>(Unsafe.AsPointer(ref _outer[0]), Sha1.StateWords));
        Message = message;
        Length = length;
        Rollover = rollover;

        var rest = new Span<byte>(Rest, RestLength);
        var part = length % Sha1.BlockLength;
        var end = part + sizeof(uint);
        RestBlocks = (end + 1 + LengthField + Sha1.BlockLength - 1) / Sha1.BlockLength;
        new ReadOnlySpan<byte>(message + length - part, part).CopyTo(rest);
        BinaryPrimitives.WriteUInt32BigEndian(rest[part..], rollover);
        rest[end] = EndMark;
        rest[(end + 1)..].Clear();
        // The padded key is a block that was hashed before.
        WriteBits(rest[..(RestBlocks * Sha1.BlockLength)], Sha1.BlockLength + length + sizeof(uint));
    }

    /// <summary>Sets a lane's state to the beginning.</summary>
    /// <param name="state">The lane's first word.</param>
    /// <param name="lanes">Words from one of its words to the next.</param>
    public readonly void LoadInner(uint* state, int lanes)
    {
        for (var i = 0; i < Sha1.StateWords; i++) state[i * lanes] = _inner[i];
    }

    /// <summary>From the inner digest in the lane's state to the outer hash, whose one block takes the rest's place.</summary>
    public void BeginOuter(uint* state, int lanes)
    {
        var block = new Span<byte>(Rest, Sha1.BlockLength);
        block.Clear();
        for (var i = 0; i < Sha1.StateWords; i++)
        {
            BinaryPrimitives.WriteUInt32BigEndian(block[(4 * i)..], state[i * lanes]);
            state[i * lanes] = _outer[i];
        }

        block[HmacSha1.DigestLength] = EndMark;
        WriteBits(block, Sha1.BlockLength + HmacSha1.DigestLength);
    }

    /// <summary>Writes the lane's digest, cut to the tag, behind the message, and forgets the key.</summary>
    public void Finish(uint* state, int lanes)
    {
        Span<byte> digest = stackalloc byte[HmacSha1.DigestLength];
        for (var i = 0; i < Sha1.StateWords; i++) BinaryPrimitives.WriteUInt32BigEndian(digest[(4 * i)..], state[i * lanes]);
        digest[..AesCmHmacCipher.HmacTagLength].CopyTo(new Span<byte>(Message + Length, AesCmHmacCipher.HmacTagLength));
        this = default;
    }

    private static void WriteBits(Span<byte> blocks, int length) =>
        BinaryPrimitives.WriteUInt64BigEndian(blocks[^LengthField..], (ulong)length * 8);
}
