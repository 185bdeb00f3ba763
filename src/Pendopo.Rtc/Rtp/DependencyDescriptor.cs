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

    /// <summary>A template structure comes with key frames only, so its first packet starts one.</summary>
    public bool IsKeyFrameStart => StartOfFrame && HasTemplateStructure;
}
