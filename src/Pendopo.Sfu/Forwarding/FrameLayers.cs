using Pendopo.Rtc.Rtp;

namespace Pendopo.Sfu.Forwarding;

/// <summary>Where a stream says to which layers a frame belongs.</summary>
internal enum LayerScheme : byte
{
    /// <summary>One layer, or nothing readable.</summary>
    None,

    /// <summary>Temporal layers in the VP8 payload descriptor (RFC 7741).</summary>
    Vp8,

    /// <summary>Spatial and temporal layers in the VP9 payload descriptor (RFC 9628).</summary>
    Vp9,

    /// <summary>Decode targets of the Dependency Descriptor (AV1, and H.264 of senders that add it).</summary>
    Descriptor,
}

/// <summary>What one packet says about the place of its frame among the layers of its stream. Parsed once per received packet.</summary>
internal readonly record struct FrameLayers
{
    public LayerScheme Scheme { get; init; }

    /// <summary>Picture id (15 bits) or frame number (16 bits): packets of one frame and spatial layer share it.</summary>
    public ushort Number { get; init; }

    public byte Spatial { get; init; }

    public byte Temporal { get; init; }

    public bool EndOfFrame { get; init; }

    /// <summary>First packet of a key frame.</summary>
    public bool IsKeyFrame { get; init; }

    /// <summary>
    /// VP8: the frame refers to the lowest temporal layer only (Y). VP9: later frames of higher temporal layers refer to none of those
    /// layers before this frame (U).
    /// </summary>
    public bool IsSwitchingPoint { get; init; }

    /// <summary>VP9: refers to earlier pictures of its own spatial layer (P).</summary>
    public bool IsPredicted { get; init; }

    /// <summary>VP9: refers to the spatial layer below in the same picture (D).</summary>
    public bool IsInterLayer { get; init; }

    /// <summary>VP9: no higher spatial layer of the picture refers to this frame (Z).</summary>
    public bool NotUpperReference { get; init; }

    /// <summary>VP9: <see cref="Differences"/> says to which pictures a predicted frame refers.</summary>
    public bool IsFlexible { get; init; }

    /// <summary>References, bit d − 1 for the number that is lower by d.</summary>
    public ulong Differences { get; init; }

    public DependencyDescriptor Descriptor { get; init; }

    public static FrameLayers Of(in Vp8Descriptor vp8) => !vp8.HasPictureId || !vp8.HasTl0PicIdx || !vp8.IsLongPictureId ? default : new()
    {
        Scheme = LayerScheme.Vp8,
        Number = vp8.PictureId,
        Temporal = vp8.TemporalLayer,
        IsSwitchingPoint = vp8.LayerSync,
        IsKeyFrame = vp8.IsKeyFrameStart,
    };

    public static FrameLayers Of(in Vp9Descriptor vp9) => !vp9.HasPictureId || !vp9.HasLayerIndices || !vp9.IsLongPictureId ? default : new()
    {
        Scheme = LayerScheme.Vp9,
        Number = vp9.PictureId,
        Spatial = vp9.SpatialLayer,
        Temporal = vp9.TemporalLayer,
        EndOfFrame = vp9.EndOfFrame,
        IsKeyFrame = !vp9.InterPicturePredicted && vp9.SpatialLayer == 0,
        IsSwitchingPoint = vp9.SwitchingUpPoint,
        IsPredicted = vp9.InterPicturePredicted,
        IsInterLayer = vp9.InterLayerDependent,
        NotUpperReference = vp9.NotUpperReference,
        IsFlexible = vp9.IsFlexible,
        Differences = vp9.Differences,
    };

    public static FrameLayers Of(in DependencyDescriptor descriptor) => new()
    {
        Scheme = LayerScheme.Descriptor,
        Number = descriptor.FrameNumber,
        Spatial = descriptor.SpatialLayer,
        Temporal = descriptor.TemporalLayer,
        EndOfFrame = descriptor.EndOfFrame,
        IsKeyFrame = descriptor.HasTemplateStructure,
        Differences = descriptor.Differences,
        Descriptor = descriptor,
    };
}
