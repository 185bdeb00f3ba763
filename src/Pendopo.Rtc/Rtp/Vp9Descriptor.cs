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
    /// <summary>First packet of a picture that needs no earlier one: not P, B set, lowest spatial layer.</summary>
    public bool IsKeyFrameStart => !InterPicturePredicted && StartOfFrame && SpatialLayer == 0;

    public static bool TryParse(ReadOnlySpan<byte> payload, out Vp9Descriptor descriptor) => throw new NotSupportedException("not built yet");

    public void Rewrite(Span<byte> payload, ushort pictureId, byte tl0PicIdx) => throw new NotSupportedException();
}
