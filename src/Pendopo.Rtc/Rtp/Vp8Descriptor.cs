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
    /// <summary>
    /// <see cref="IsKeyFrameStart"/>: first packet of a key frame, read from the first byte after the descriptor (bit P = 0),
    /// which stays clear under end-to-end encryption.
    /// </summary>
    public static bool TryParse(ReadOnlySpan<byte> payload, out Vp8Descriptor descriptor) => throw new NotSupportedException("not built yet");

    /// <summary>Overwrites picture id and TL0PICIDX (where present) in a payload that this descriptor was parsed from.</summary>
    public void Rewrite(Span<byte> payload, ushort pictureId, byte tl0PicIdx) => throw new NotSupportedException();
}
