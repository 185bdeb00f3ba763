namespace Pendopo.Rtc.Rtp;

public enum MediaKind : byte
{
    Audio,
    Video,
}

/// <summary>The codecs that are negotiated and forwarded. RTX is a property of a codec, not one of them.</summary>
public enum MediaCodec : byte
{
    None,
    Opus,

    /// <summary>Redundant audio of Opus (RFC 2198).</summary>
    Red,
    Vp8,
    Vp9,
    H264,
    Av1,
}
