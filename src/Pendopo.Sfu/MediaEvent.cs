namespace Pendopo.Sfu;

/// <summary>What the media plane tells the planes above.</summary>
public abstract record MediaEvent(string Room, string Peer)
{
    public sealed record Connected(string Room, string Peer, TimeSpan Ice, TimeSpan Dtls) : MediaEvent(Room, Peer);

    /// <summary>The path is lost; the peer may come back by ICE restart.</summary>
    public sealed record Disconnected(string Room, string Peer) : MediaEvent(Room, Peer);

    /// <summary>Final: the peer must connect anew.</summary>
    public sealed record Failed(string Room, string Peer, string Reason) : MediaEvent(Room, Peer);

    public sealed record SeatsChanged(string Room, string Peer, IReadOnlyList<SeatBinding> Seats, IReadOnlyList<VoiceBinding> Voices) : MediaEvent(Room, Peer);

    /// <summary>
    /// Which streams of one of the peer's sources anybody wants. <paramref name="Rids"/> names those of a simulcast source; it is empty for
    /// one with a single stream.
    /// </summary>
    public sealed record LayersWanted(string Room, string Peer, SourceKind Source, bool IsWanted, IReadOnlyList<string> Rids) : MediaEvent(Room, Peer);

    /// <summary>The peer's microphone shall send its sound redundantly (RED, RFC 2198) from now on, or plainly.</summary>
    public sealed record RedundancyChanged(string Room, string Peer, bool IsWanted) : MediaEvent(Room, Peer);

    /// <summary>Who speaks now, the most recent first; <see cref="MediaEvent.Peer"/> is empty.</summary>
    public sealed record SpeakersChanged(string Room, IReadOnlyList<string> Speakers) : MediaEvent(Room, "");
}
