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
    /// <summary>A template structure comes with key frames only, so its first packet starts one.</summary>
    public bool IsKeyFrameStart => StartOfFrame && HasTemplateStructure;
}

/// <summary>
/// Reads the descriptors of one source; keeps the newest template structure, since later frames refer to it. Owned by one
/// thread.
/// </summary>
public sealed class DependencyDescriptorReader
{
    /// <summary>False when malformed, or when the template structure it refers to was never seen.</summary>
    public bool TryRead(ReadOnlySpan<byte> extension, out DependencyDescriptor descriptor) => throw new NotSupportedException("not built yet");

    /// <summary>Overwrites the frame number (and nothing else) in a copy of the extension.</summary>
    public static void RewriteFrameNumber(Span<byte> extension, ushort frameNumber) => throw new NotSupportedException();
}
