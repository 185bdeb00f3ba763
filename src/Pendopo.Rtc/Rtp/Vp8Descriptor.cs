using System.Buffers.Binary;

namespace Pendopo.Rtc.Rtp;

/// <summary>The VP8 payload descriptor (RFC 7741 §4.2), with the offsets needed to rewrite its numbers in place.</summary>
public readonly record struct Vp8Descriptor(
    int Length,
    bool StartOfPartition,
    byte PartitionIndex,
    bool NonReference,
    bool HasPictureId,
    bool IsLongPictureId,
    ushort PictureId,
    bool HasTl0PicIdx,
    byte Tl0PicIdx,
    byte TemporalLayer,
    bool LayerSync,
    bool IsKeyFrameStart)
{
    /// <summary>The picture id follows the two bytes of flags.</summary>
    private const int PictureIdOffset = 2;

    /// <summary>First packet of any frame: the start of its first partition.</summary>
    public bool IsFrameStart => StartOfPartition && PartitionIndex == 0;

    /// <summary>
    /// <see cref="IsKeyFrameStart"/>: first packet of a key frame, read from the first byte after the descriptor (bit P = 0),
    /// which stays clear under end-to-end encryption. False if the payload ends inside the descriptor.
    /// </summary>
    public static bool TryParse(ReadOnlySpan<byte> payload, out Vp8Descriptor descriptor)
    {
        descriptor = default;
        if (payload.IsEmpty) return false;

        var first = payload[0];
        var length = 1;
        byte flags = 0;
        if ((first & 0x80) != 0)
        {
            if (payload.Length < 2) return false;
            flags = payload[1];
            length = 2;
        }

        var hasPictureId = (flags & 0x80) != 0;
        var hasTl0PicIdx = (flags & 0x40) != 0;
        var hasLayer = (flags & 0x30) != 0;
        ushort pictureId = 0;
        byte tl0PicIdx = 0, layer = 0;
        var longPictureId = false;
        if (hasPictureId && !PictureIdField.TryRead(payload, ref length, out longPictureId, out pictureId)) return false;

        if (hasTl0PicIdx)
        {
            if (payload.Length <= length) return false;
            tl0PicIdx = payload[length++];
        }

        if (hasLayer)
        {
            if (payload.Length <= length) return false;
            layer = payload[length++];
        }

        // The byte with TID, Y and KEYIDX is there if T or K is set, but TID and Y mean something with T only.
        var hasTemporalLayer = (flags & 0x20) != 0;
        var startOfPartition = (first & 0x10) != 0;
        var partition = (byte)(first & 0x07);
        descriptor = new Vp8Descriptor(
            length,
            startOfPartition,
            partition,
            NonReference: (first & 0x20) != 0,
            hasPictureId,
            longPictureId,
            pictureId,
            hasTl0PicIdx,
            tl0PicIdx,
            TemporalLayer: hasTemporalLayer ? (byte)(layer >> 6) : (byte)0,
            LayerSync: hasTemporalLayer && (layer & 0x20) != 0,
            IsKeyFrameStart: startOfPartition && partition == 0 && payload.Length > length && (payload[length] & 0x01) == 0);
        return true;
    }

    /// <summary>
    /// Lines of the picture, from the header of a key frame (RFC 6386 §9.1), which stays clear under end-to-end encryption; 0 where
    /// the payload has none.
    /// </summary>
    /// <param name="payload">What this descriptor was parsed from.</param>
    public int ReadHeight(ReadOnlySpan<byte> payload)
    {
        // Three bytes of frame tag, the start code, then width and height of 14 bits each, the scaling above them.
        if (!IsKeyFrameStart || payload.Length < Length + 10) return 0;
        var header = payload[Length..];
        return header[3] == 0x9d && header[4] == 0x01 && header[5] == 0x2a ? BinaryPrimitives.ReadUInt16LittleEndian(header[8..]) & 0x3fff : 0;
    }

    /// <summary>
    /// Overwrites picture id and TL0PICIDX (where present) in a payload that this descriptor was parsed from. The form of the
    /// picture id stays; a short one takes the low 7 bits.
    /// </summary>
    public void Rewrite(Span<byte> payload, ushort pictureId, byte tl0PicIdx)
    {
        var offset = PictureIdOffset;
        if (HasPictureId) offset += PictureIdField.Write(payload[offset..], IsLongPictureId, pictureId);
        if (HasTl0PicIdx) payload[offset] = tl0PicIdx;
    }
}
