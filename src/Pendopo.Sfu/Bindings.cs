namespace Pendopo.Sfu;

/// <summary>A participant that a view shows, in order of importance.</summary>
/// <param name="Height">Pixels on the screen of the viewer; chooses the simulcast layer. 0: no video wanted.</param>
/// <param name="IsPinned">The viewer has put it on the stage: after shared screens it comes before all others.</param>
public readonly record struct ViewItem(string Peer, SourceKind Source, int Height, bool IsPinned = false);

/// <summary>Why a seat shows no moving picture.</summary>
public enum PauseReason : byte
{
    None,

    /// <summary>The sender has switched it off.</summary>
    Muted,

    /// <summary>The receiver's connection cannot carry it.</summary>
    Bandwidth,

    /// <summary>The receiver cannot decode the sender's codec (until the sender has switched).</summary>
    Codec,

    /// <summary>The receiver does not show it.</summary>
    NotWanted,

    /// <summary>It is switched on, but nothing comes from the sender.</summary>
    Stalled,
}

/// <summary>Which source a seat carries now.</summary>
public sealed record SeatBinding(int Seat, string Peer, SourceKind Source, PauseReason Pause);

/// <summary>Which microphone an audio-only slot carries now.</summary>
public sealed record VoiceBinding(int Voice, string Peer);
