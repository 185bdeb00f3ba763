namespace Pendopo.Signaling;

/// <summary>What a client may ask of the server, over SignalR at <c>/hubs/meeting</c>. Identity is the session's, never a field.</summary>
public interface IMeetingHub
{
    /// <summary>
    /// Enters a meeting: admission, roster and media negotiation in one round trip. In encrypted meetings it connects the media of a member, so
    /// the connection must speak for a leaf already (<see cref="IGroupHub"/>); the display name is ignored then.
    /// </summary>
    Task<JoinResult> Join(JoinRequest request);

    /// <summary>
    /// Takes up one's place again after a lost socket or a restarted server, within the time of grace. Who waits gets
    /// <see cref="JoinResult.Knock"/> and nothing else.
    /// </summary>
    Task<JoinResult> Resume(ResumeRequest request);

    /// <summary>A further offer: more seats, another codec to send, ICE restart, or a fresh connection.</summary>
    Task<NegotiateResult> Negotiate(NegotiateRequest request);

    /// <summary>Says which of one's own sources shall be on. What moderators do not allow stays off, and the answer says why.</summary>
    Task<MediaResult> SetMedia(MediaState media);

    /// <summary>Moderators of encrypted meetings: acts on people of a lower rank than one's own.</summary>
    Task<Outcome> Moderate(ModerationRequest request);

    /// <summary>Moderators of encrypted meetings: locks, freezing, rules for who comes in.</summary>
    Task<Outcome> SetControls(ControlsChange change);

    /// <summary>Members: asks moderators for leave to share, or asks no more.</summary>
    Task<Outcome> AskToShare(bool asks);

    /// <summary>Members: says no to a moderator who asked to unmute. Yes is <see cref="SetMedia"/>.</summary>
    Task<Outcome> DeclineUnmute();

    /// <summary>Says what the layout shows, most important first.</summary>
    Task<Outcome> SetView(IReadOnlyList<ViewItem> view);

    /// <summary>
    /// Nothing more is sent to this participant, no sound and no picture, or everything again: he is elsewhere for a while, as in a breakout
    /// room, and keeps his place. A new socket or a new media connection is to be told anew.
    /// </summary>
    Task<Outcome> Rest(bool resting);

    /// <summary>Leaves for good; the place is given up.</summary>
    Task<Outcome> Leave();

    /// <summary>Ends the meeting for everybody; hosts only.</summary>
    Task<Outcome> End();
}

/// <summary>
/// What the server tells a client. News may overtake the answer of <see cref="IMeetingHub.Join"/> and
/// <see cref="IMeetingHub.Resume"/>: keep it until the snapshot is there, and ignore changes up to the snapshot's revision.
/// </summary>
public interface IMeetingClient : IGroupClient
{
    /// <summary>The roster or the meeting changed. A client that misses a revision asks for the whole by <see cref="IMeetingHub.Resume"/>.</summary>
    Task MeetingChanged(MeetingChange change);

    /// <summary>Which sources one's own seats carry from now on.</summary>
    Task SeatsChanged(SeatMap seats);

    /// <summary>
    /// Which encodings of one's own camera or screen are watched from now on. A new connection starts with all of them, and the first
    /// word about it says so.
    /// </summary>
    Task LayersWanted(LayerDemand demand);

    /// <summary>
    /// To whom one's own shared screen is delivered from now on; told to who shares it alone, and once a second at most. It says what leaves the server, and not
    /// who looks: nobody is told of anybody's attention.
    /// </summary>
    Task ShareDelivered(ShareDelivery delivery);

    /// <summary>Who speaks, most recent first.</summary>
    Task SpeakersChanged(IReadOnlyList<string> participants);

    /// <summary>
    /// One's own microphone shall send its sound redundantly (audio/red) from now on, or plainly (audio/opus), as loss asks for it. A client
    /// that cannot switch without a negotiation stays as it is. Each new media connection begins plainly.
    /// </summary>
    Task RedundancyChanged(bool wanted);

    /// <summary>
    /// The meeting's video codecs from now on, in order: camera and screen shall send the first of them that was negotiated. Who cannot
    /// switch without a negotiation makes a new offer and calls <see cref="IMeetingHub.Negotiate"/>.
    /// </summary>
    Task CodecsChanged(IReadOnlyList<VideoCodec> codecs);

    /// <summary>The media path fell silent: make a new offer, with an ICE restart, and call <see cref="IMeetingHub.Negotiate"/>.</summary>
    Task RenegotiationNeeded(RenegotiationReason reason);

    /// <summary>The media connection is lost and cannot come back by ICE restart: make a new one.</summary>
    Task MediaFailed(string reason);

    /// <summary>It is over for this client.</summary>
    Task Ended(EndReason reason);

    /// <summary>The server goes down and comes back: reconnect after the given time.</summary>
    Task ServerStopping(int retryAfterMilliseconds);
}
