namespace Pendopo.Client.Sframe;

/// <summary>Codecs whose frames are encrypted, by the number that stands in the associated data.</summary>
public enum FrameCodec : byte
{
    Opus = 1,
    Vp8 = 2,
    Vp9 = 3,
    Av1 = 4,
    H264 = 5,

    /// <summary>Redundant audio (RFC 2198), the payload as a whole.</summary>
    Red = 6,
}
