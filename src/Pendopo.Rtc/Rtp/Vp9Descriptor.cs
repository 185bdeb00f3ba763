using System.Buffers.Binary;

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

    /// <summary>Bit Z: no frame of a higher spatial layer of this picture is predicted from this one.</summary>
    public bool NotUpperReference { get; init; }

    /// <summary>Bit F: every frame names the pictures it refers to.</summary>
    public bool IsFlexible { get; init; }

    /// <summary>
    /// In flexible mode the pictures that a frame with P refers to: bit d − 1 for the one whose picture id is lower by d, for d up
    /// to 64.
    /// </summary>
    public ulong Differences { get; init; }

    /// <summary>It also refers to a picture more than 64 back, which <see cref="Differences"/> cannot tell.</summary>
    public bool HasFarDifference { get; init; }

    /// <summary>Where the scalability structure begins; 0 without one.</summary>
    public int StructureOffset { get; init; }

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
        var differences = 0UL;
        var isFar = false;
        if (flexible && predicted && !TryReadReferences(payload, ref length, out differences, out isFar)) return false;
        var structure = hasStructure ? length : 0;
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
            hasStructure)
        {
            NotUpperReference = (flags & 0x01) != 0,
            IsFlexible = flexible,
            Differences = differences,
            HasFarDifference = isFar,
            StructureOffset = structure,
        };
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

    /// <summary>
    /// Lines of the pictures of each spatial layer, as the scalability structure tells them; returns how many layers it names, 0
    /// where it names no sizes.
    /// </summary>
    /// <param name="payload">What this descriptor was parsed from.</param>
    /// <param name="heights">Filled from the lowest layer on as far as it reaches.</param>
    public int ReadHeights(ReadOnlySpan<byte> payload, Span<ushort> heights)
    {
        if (StructureOffset == 0 || (payload[StructureOffset] & 0x10) == 0) return 0;
        var layers = (payload[StructureOffset] >> 5) + 1;
        for (var i = 0; i < Math.Min(layers, heights.Length); i++)
        {
            heights[i] = BinaryPrimitives.ReadUInt16BigEndian(payload[(StructureOffset + 3 + (4 * i))..]); // after the width
        }

        return layers;
    }

    /// <summary>Each reference is a distance of 7 bits and a bit that says whether another follows.</summary>
    private static bool TryReadReferences(ReadOnlySpan<byte> payload, ref int offset, out ulong differences, out bool isFar)
    {
        differences = 0;
        isFar = false;
        for (var i = 0; i < MaxReferences; i++)
        {
            if (!TryReadByte(payload, ref offset, out var reference)) return false;
            var distance = reference >> 1;
            if (distance is >= 1 and <= 64) differences |= 1UL << (distance - 1);
            else isFar |= distance > 64;
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
