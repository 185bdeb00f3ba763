using System.Buffers.Binary;

namespace Pendopo.Rtc.Rtp;

/// <summary>
/// A redundant audio payload (RFC 2198 §3): headers of the older blocks, the primary's header, then the blocks in the same
/// order. The primary is the last and what a receiver without RED should get.
/// </summary>
public readonly ref struct RedPayload
{
    private const int RedundantHeaderLength = 4;

    private RedPayload(byte primaryPayloadType, ReadOnlySpan<byte> primary, int redundantBlocks)
    {
        PrimaryPayloadType = primaryPayloadType;
        Primary = primary;
        RedundantBlocks = redundantBlocks;
    }

    public byte PrimaryPayloadType { get; }

    /// <summary>The newest block; empty where the sender has nothing to say (DTX).</summary>
    public ReadOnlySpan<byte> Primary { get; }

    /// <summary>How many older blocks come before it.</summary>
    public int RedundantBlocks { get; }

    /// <summary>False if a header is cut or the blocks are longer than the payload.</summary>
    public static bool TryParse(ReadOnlySpan<byte> payload, out RedPayload red)
    {
        red = default;
        var offset = 0;
        var redundantBytes = 0;
        var blocks = 0;
        while (offset < payload.Length && (payload[offset] & 0x80) != 0)
        {
            if (payload.Length - offset < RedundantHeaderLength) return false;
            // 14 bits of timestamp offset, then 10 bits of length.
            redundantBytes += BinaryPrimitives.ReadUInt16BigEndian(payload[(offset + 2)..]) & 0x03FF;
            offset += RedundantHeaderLength;
            blocks++;
        }

        if (offset >= payload.Length) return false;
        var primaryPayloadType = payload[offset++];
        if (redundantBytes > payload.Length - offset) return false;
        red = new RedPayload(primaryPayloadType, payload[(offset + redundantBytes)..], blocks);
        return true;
    }
}
