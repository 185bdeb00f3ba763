namespace Pendopo.Client.Sframe;

/// <summary>
/// How an encrypted frame lies in what packetizers carry. Its <em>body</em> is the clear bytes and the SFrame ciphertext (header, ciphertext,
/// tag); AV1 and H.264 put a form around it that their packetizers demand.
/// </summary>
internal static class FrameFormat
{
    /// <summary>VP8: the frame tag, and on key frames the start code and the size (RFC 6386 §9.1): what servers read.</summary>
    private const int Vp8KeyFrameClear = 10;

    private const int Vp8DeltaFrameClear = 1;

    /// <summary>A frame of this length, encrypted, is never longer than this: start codes grow, escapes come in, header and tag are added.</summary>
    public static int MaximumEncryptedLength(int frameLength) => frameLength + (frameLength / 2) + 64;

    /// <summary>Divides a frame from the encoder, or a received one without the form around it, into its clear bytes and the rest.</summary>
    /// <param name="clear">Room for the clear bytes: twice the frame is always enough.</param>
    /// <param name="restStart">Where in the frame the rest begins.</param>
    public static bool TrySplit(FrameCodec codec, ReadOnlySpan<byte> frame, Span<byte> clear, out int clearLength, out int restStart)
    {
        if (codec == FrameCodec.H264) return H264Frame.TrySplit(frame, clear, out clearLength, out restStart);
        clearLength = restStart = codec != FrameCodec.Vp8 ? 0 : IsVp8KeyFrame(frame) ? Vp8KeyFrameClear : Vp8DeltaFrameClear;
        if (frame.Length < clearLength || clear.Length < clearLength) return false;
        frame[..clearLength].CopyTo(clear);
        return true;
    }

    /// <summary>The kind that stands in the associated data. VP8 says itself whether it is a key frame.</summary>
    public static FrameKind KindOf(FrameCodec codec, bool isKeyFrame, ReadOnlySpan<byte> clear) => codec switch
    {
        FrameCodec.Opus or FrameCodec.Red => FrameKind.Audio,
        FrameCodec.Vp8 => IsVp8KeyFrame(clear) ? FrameKind.VideoKey : FrameKind.VideoDelta,
        _ => isKeyFrame ? FrameKind.VideoKey : FrameKind.VideoDelta,
    };

    /// <summary>Bit 0 of the frame tag is 0 on key frames.</summary>
    private static bool IsVp8KeyFrame(ReadOnlySpan<byte> frame) => !frame.IsEmpty && (frame[0] & 1) == 0;
}
