namespace Pendopo.Rtc.Rtp;

/// <summary>The mandatory and extended fields of one AV1 Dependency Descriptor (AV1 RTP specification, appendix A).</summary>
public readonly record struct DependencyDescriptor(
    bool StartOfFrame,
    bool EndOfFrame,
    byte TemplateId,
    ushort FrameNumber,
    bool HasTemplateStructure,
    byte SpatialLayer,
    byte TemporalLayer)
{
    /// <summary>
    /// The decode targets that are being sent from this frame on, bit i for target i; null where the descriptor says nothing
    /// about them. A template structure makes all of them active.
    /// </summary>
    public uint? ActiveDecodeTargets { get; init; }

    /// <summary>Decode targets that this frame belongs to (decode target indication other than “not present”, A.8.3), bit i for target i.</summary>
    public uint PresentTargets { get; init; }

    /// <summary>
    /// Decode targets that can be entered here (“switch”): if this frame is decodable, so are all later ones of the target.
    /// </summary>
    public uint SwitchTargets { get; init; }

    /// <summary>The frames that this one refers to: bit d − 1 stands for the frame whose number is lower by d, for d up to 64.</summary>
    public ulong Differences { get; init; }

    /// <summary>It also refers to a frame more than 64 back, which <see cref="Differences"/> cannot tell.</summary>
    public bool HasFarDifference { get; init; }

    /// <summary>Grows by one with every template structure that the reader took over; later descriptors name the one they use.</summary>
    public int Structure { get; init; }

    /// <summary>Decode targets of that structure.</summary>
    public byte TargetCount { get; init; }

    /// <summary>Where the mask of active decode targets stands or would stand, in bits; 0 in a descriptor of three bytes.</summary>
    public ushort MaskOffset { get; init; }

    /// <summary>The mask is written out (a structure without one implies it).</summary>
    public bool HasMask { get; init; }

    /// <summary>A template structure comes with key frames only, so its first packet starts one.</summary>
    public bool IsKeyFrameStart => StartOfFrame && HasTemplateStructure;
}
