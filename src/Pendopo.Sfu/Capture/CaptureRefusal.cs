namespace Pendopo.Sfu.Capture;

/// <summary>Why a capture was not started.</summary>
public enum CaptureRefusal
{
    None,
    UnknownPeer,

    /// <summary>The peer is being captured, or as many others as may be at once.</summary>
    Busy,
    InvalidLimits,
}
