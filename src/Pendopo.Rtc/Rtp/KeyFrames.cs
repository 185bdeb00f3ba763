namespace Pendopo.Rtc.Rtp;

/// <summary>Finds the first packet of a key frame without decoding, by what each codec leaves readable.</summary>
public static class KeyFrames
{
    /// <summary>
    /// VP8 and VP9 by payload descriptor; H.264 by NAL type (IDR or SPS, also in STAP-A and FU-A start, RFC 6184); AV1 by
    /// the N bit of the aggregation header (AV1 RTP §4.4). Empty payloads are never key frames.
    /// </summary>
    public static bool IsStart(MediaCodec codec, ReadOnlySpan<byte> payload) => throw new NotSupportedException("not built yet");
}
