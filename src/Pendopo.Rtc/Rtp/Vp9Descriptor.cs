namespace Pendopo.Rtc.Rtp;

/// <summary>The VP9 payload descriptor (RFC 9628 §4.2).</summary>
public readonly record struct Vp9Descriptor(
    int Length,
    bool InterPicturePredicted,
    bool StartOfFrame,
    bool EndOfFrame,
    bool HasPictureId,
    bool IsLongPictureId,
    ushort PictureId,
    bool HasLayerIndices,
    byte TemporalLayer,
    bool SwitchingUpPoint,
    byte SpatialLayer,
    bool InterLayerDependent,
    bool HasTl0PicIdx,
    byte Tl0PicIdx,
    bool HasScalabilityStructure)
{
    /// <summary>RFC 9628 §4.2: at most three reference indices follow in flexible mode.</summary>
    private const int MaxReferences = 3;

    /// <summary>The picture id follows the byte of flags.</summary>
    private const int PictureIdOffset = 1;

    /// <summary>First packet of a picture that needs no earlier one: not P, B set, lowest spatial layer.</summary>
    public bool IsKeyFrameStart => !InterPicturePredicted && StartOfFrame && SpatialLayer == 0;

    /// <summary>False if the payload ends inside the descriptor or names more than three references.</summary>
    public static bool TryParse(ReadOnlySpan<byte> payload, out Vp9Descriptor descriptor)
    {
        descriptor = default;
        if (payload.IsEmpty) return false;

        var flags = payload[0];
        var hasPictureId = (flags & 0x80) != 0;
        var predicted = (flags & 0x40) != 0;
        var hasLayers = (flags & 0x20) != 0;
        var flexible = (flags & 0x10) != 0;
        var hasStructure = (flags & 0x02) != 0;
        var hasTl0PicIdx = hasLayers && !flexible;
        var length = 1;
        ushort pictureId = 0;
        var longPictureId = false;
        byte layers = 0, tl0PicIdx = 0;

        if (hasPictureId && !PictureIdField.TryRead(payload, ref length, out longPictureId, out pictureId)) return false;
        if (hasLayers && !TryReadByte(payload, ref length, out layers)) return false;
        if (hasTl0PicIdx && !TryReadByte(payload, ref length, out tl0PicIdx)) return false;
        if (flexible && predicted && !TrySkipReferences(payload, ref length)) return false;
        if (hasStructure && !TrySkipStructure(payload, ref length)) return false;

        descriptor = new Vp9Descriptor(
            length,
            predicted,
            StartOfFrame: (flags & 0x08) != 0,
            EndOfFrame: (flags & 0x04) != 0,
            hasPictureId,
            longPictureId,
            pictureId,
            hasLayers,
            TemporalLayer: (byte)(layers >> 5),
            SwitchingUpPoint: (layers & 0x10) != 0,
            SpatialLayer: (byte)((layers >> 1) & 0x07),
            InterLayerDependent: (layers & 0x01) != 0,
            hasTl0PicIdx,
            tl0PicIdx,
            hasStructure);
        return true;
    }

    /// <summary>
    /// Overwrites picture id and TL0PICIDX (where present) in a payload that this descriptor was parsed from. The form of the
    /// picture id stays; a short one takes the low 7 bits.
    /// </summary>
    public void Rewrite(Span<byte> payload, ushort pictureId, byte tl0PicIdx)
    {
        var offset = PictureIdOffset;
        if (HasPictureId) offset += PictureIdField.Write(payload[offset..], IsLongPictureId, pictureId);
        if (HasTl0PicIdx) payload[offset + 1] = tl0PicIdx; // after the byte of layer indices
    }

    /// <summary>Each reference is a distance of 7 bits and a bit that says whether another follows.</summary>
    private static bool TrySkipReferences(ReadOnlySpan<byte> payload, ref int offset)
    {
        for (var i = 0; i < MaxReferences; i++)
        {
            if (!TryReadByte(payload, ref offset, out var reference)) return false;
            if ((reference & 0x01) == 0) return true;
        }

        return false;
    }

    /// <summary>The scalability structure (RFC 9628 §4.2.1): resolutions of spatial layers, then a picture group.</summary>
    private static bool TrySkipStructure(ReadOnlySpan<byte> payload, ref int offset)
    {
        if (!TryReadByte(payload, ref offset, out var flags)) return false;
        if ((flags & 0x10) != 0) offset += 4 * ((flags >> 5) + 1);
        if ((flags & 0x08) == 0) return offset <= payload.Length;

        if (!TryReadByte(payload, ref offset, out var pictures)) return false;
        for (var i = 0; i < pictures; i++)
        {
            if (!TryReadByte(payload, ref offset, out var picture)) return false;
            offset += (picture >> 2) & 0x03;
        }

        return offset <= payload.Length;
    }

    private static bool TryReadByte(ReadOnlySpan<byte> payload, ref int offset, out byte value)
    {
        value = 0;
        if (offset >= payload.Length) return false;
        value = payload[offset++];
        return true;
    }
}
