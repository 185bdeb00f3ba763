using Pendopo.Rtc;
using Pendopo.Sfu.Bandwidth;

namespace Pendopo.Sfu.Forwarding;

/// <summary>An audio and a video receive slot in one media stream, bound together to one person's sound and picture.</summary>
internal sealed class Seat(int index, ReceiveSlot? audio, ReceiveSlot? video)
{
    public int Index { get; } = index;

    public ReceiveSlot? Audio { get; } = audio;

    public ReceiveSlot? Video { get; } = video;

    public Publisher? Peer { get; private set; }

    public SourceKind Source { get; private set; }

    /// <summary>Pixels the receiver shows; 0 wants no picture.</summary>
    public int Height { get; set; }

    /// <summary>Place in the receiver's order of importance.</summary>
    public int Rank { get; set; }

    /// <summary>How much the picture matters to the receiver.</summary>
    public VideoPriority Priority { get; set; } = VideoPriority.Other;

    public PauseReason Pause { get; set; }

    /// <summary>Since when nothing has come of a picture that is wanted.</summary>
    public Instant SilentSince { get; set; }

    /// <summary>When the slot was last told to take another stream or other layers.</summary>
    public Instant SelectedAt { get; set; }

    public StepHold Hold;

    public void Bind(Publisher? peer, SourceKind source)
    {
        Peer = peer;
        Source = source;
        Hold = default;
        Refresh();
        if (peer is null) Pause = PauseReason.None;
    }

    /// <summary>Ties the slots to the peer's tracks, which may have come later than the peer.</summary>
    public void Refresh()
    {
        Audio?.Bind(Peer?.Incoming.Find(Source == SourceKind.Screen ? SourceKind.ScreenAudio : SourceKind.Microphone));
        Video?.Bind(Peer?.Incoming.Find(Source));
    }
}
