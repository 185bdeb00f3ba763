namespace Pendopo.Client.Sframe;

/// <summary>What a frame is, by the number that stands in the associated data.</summary>
public enum FrameKind : byte
{
    Audio = 1,
    VideoKey = 2,
    VideoDelta = 3,
}
