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
    public int Height { get; private set; }

    /// <summary>Place in the receiver's order of importance: no two of its seats that are taken have the same, and all are below their number.</summary>
    public int Rank { get; private set; }

    /// <summary>How much the picture matters to the receiver at this moment.</summary>
    public VideoPriority Priority =>
        Height <= 0 ? VideoPriority.Other
        : Source == SourceKind.Screen ? VideoPriority.Screen
        : _isPinned ? VideoPriority.Pinned
        : Peer is { IsSpeaker: true } ? VideoPriority.Speaker
        : VideoPriority.Other;

    public PauseReason Pause { get; set; }

    /// <summary>Since when nothing has come of a picture that is wanted.</summary>
    public Instant SilentSince { get; set; }

    /// <summary>When the slot was last told to take another stream or other layers.</summary>
    public Instant SelectedAt { get; set; }

    public StepHold Hold;

    private bool _isPinned;

    public void Bind(Publisher? peer, SourceKind source)
    {
        Peer = peer;
        Source = source;
        Hold = default;
        Refresh();
        if (peer is not null) return;
        Pause = PauseReason.None;
        (Height, Rank, _isPinned) = (0, 0, false);
    }

    /// <summary>Takes over what the receiver wishes of the picture; true if that differs from before.</summary>
    public bool Show(int rank, in SeatWish wish)
    {
        if (Rank == rank && Height == wish.Height && _isPinned == wish.IsPinned) return false;
        (Rank, Height, _isPinned) = (rank, wish.Height, wish.IsPinned);
        return true;
    }

    /// <summary>Ties the slots to the peer's tracks, which may have come later than the peer; true if that changed anything.</summary>
    public bool Refresh()
    {
        var (audio, video) = (Audio?.Source, Video?.Source);
        Audio?.Bind(Peer?.Incoming.Find(Source == SourceKind.Screen ? SourceKind.ScreenAudio : SourceKind.Microphone));
        Video?.Bind(Peer?.Incoming.Find(Source));
        return !ReferenceEquals(audio, Audio?.Source) || !ReferenceEquals(video, Video?.Source);
    }
}
