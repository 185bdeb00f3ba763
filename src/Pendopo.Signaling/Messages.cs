namespace Pendopo.Signaling;

/// <summary>Fixed at founding and for good. There is no third kind: people who meet are always encrypted end to end.</summary>
public enum MeetingKind
{
    /// <summary>End-to-end encrypted (docs/e2ee.md). The zero, so that what nobody has set is never the open kind.</summary>
    Encrypted,

    /// <summary>Open broadcast (siaran terbuka), encrypted in transit only: the one kind that is joined by link alone, and that WHIP and WHEP may enter.</summary>
    OpenBroadcast,
}

public enum ParticipantRole
{
    Host,
    Participant,

    /// <summary>A moderator of an encrypted meeting; may not end it.</summary>
    CoHost,

    /// <summary>A WHIP publisher or WHEP viewer.</summary>
    Endpoint,
}

public enum MediaSource
{
    Microphone,
    Camera,
    Screen,
    ScreenAudio,
}

public enum VideoCodec
{
    Vp8,
    Vp9,
    Av1,
    H264,
}

/// <summary>Why something was refused. Unknown and forbidden meetings answer alike: <see cref="MeetingNotFound"/>.</summary>
public enum ErrorCode
{
    None,

    /// <summary>A field is missing or out of bounds.</summary>
    InvalidRequest,
    MeetingNotFound,
    MeetingEnded,
    MeetingFull,

    /// <summary>The place is gone: join anew.</summary>
    NotInMeeting,
    NotAllowed,

    /// <summary>The SDP offer cannot be used; the message says why.</summary>
    InvalidOffer,

    /// <summary>No video codec that everybody can decode.</summary>
    NoCommonCodec,
    TooManyRequests,

    /// <summary>Not now: try again in a moment.</summary>
    Unavailable,

    /// <summary>The connection speaks for no leaf of the group.</summary>
    NotMember,

    /// <summary>The meeting is of the other kind.</summary>
    WrongKind,

    /// <summary>The founding statement is malformed, of another kind, or somebody else's.</summary>
    StatementRefused,
    IdInUse,

    /// <summary>The chain names an account that this session is not signed in to.</summary>
    NotSignedIn,

    /// <summary>Moderators let nobody new in.</summary>
    MeetingLocked,
}

public enum EndReason
{
    EndedByHost,
    Removed,

    /// <summary>The same session joined elsewhere.</summary>
    Replaced,

    /// <summary>Nobody was left.</summary>
    Empty,
}

public enum RenegotiationReason
{
    IceRestart,
}

public enum ConnectionState
{
    Connected,

    /// <summary>The socket or the path is lost; the place is kept for a while.</summary>
    Reconnecting,
}

public enum PauseReason
{
    None,
    Muted,
    Bandwidth,
    Codec,

    /// <summary>The view does not show it.</summary>
    NotWanted,

    /// <summary>It is switched on, but nothing comes from the sender.</summary>
    Stalled,
}

public sealed record MediaState(bool Microphone, bool Camera, bool Screen = false, bool ScreenAudio = false);

/// <summary>How the m-lines of an offer are meant: mids.</summary>
public sealed record SeatMids(string Audio, string Video);

public sealed record OfferPlan(
    string? Microphone, string? Camera, string? Screen, string? ScreenAudio, IReadOnlyList<SeatMids> Seats, IReadOnlyList<string> Voices);

public sealed record Offer(string Sdp, OfferPlan Plan);

/// <param name="DisplayName">1 to 80 characters after trimming, without control characters.</param>
public sealed record JoinRequest(string MeetingId, string DisplayName, MediaState Media, Offer Offer);

/// <param name="Offer">Null while the media connection still lives.</param>
public sealed record ResumeRequest(string MeetingId, string ParticipantId, Offer? Offer);

/// <param name="Fresh">True: a new connection that replaces the old; false: a further offer on the same.</param>
public sealed record NegotiateRequest(Offer Offer, bool Fresh);

public sealed record Outcome(ErrorCode Error, string? Message = null);

public sealed record NegotiateResult(ErrorCode Error, string? Message, string? AnswerSdp);

/// <param name="Media">What is on, as the server enforces it.</param>
/// <param name="JoinedAt">Milliseconds since 1970-01-01 UTC.</param>
/// <param name="Leaf">In encrypted meetings, the leaf of the group that it holds.</param>
/// <param name="Rights">In encrypted meetings only.</param>
public sealed record Participant(
    string Id, string DisplayName, ParticipantRole Role, MediaState Media, ConnectionState Connection, long JoinedAt, int? Leaf = null, ParticipantRights? Rights = null);

/// <param name="Revision">Grows by one with each change.</param>
/// <param name="VideoCodecs">In order of preference; the first is what senders use.</param>
/// <param name="Group">In encrypted meetings, where the log stands.</param>
/// <param name="Receivers">In encrypted meetings, how many receivers the media server has.</param>
/// <param name="Controls">In encrypted meetings only.</param>
public sealed record MeetingSnapshot(
    string MeetingId, MeetingKind Kind, long Revision, long StartedAt, IReadOnlyList<Participant> Participants, IReadOnlyList<VideoCodec> VideoCodecs, bool Red,
    GroupHead? Group = null, int? Receivers = null, MeetingControls? Controls = null);

/// <summary>A change from revision − 1 to <paramref name="Revision"/>.</summary>
/// <param name="Upserted">Participants who came or changed, whole.</param>
/// <param name="Removed">Ids of those who left.</param>
/// <param name="Controls">Whole, where they changed.</param>
public sealed record MeetingChange(
    long Revision, IReadOnlyList<Participant> Upserted, IReadOnlyList<string> Removed, IReadOnlyList<VideoCodec>? VideoCodecs, bool? Red, MeetingControls? Controls = null);

/// <param name="Self">One's own participant id.</param>
/// <param name="Knock">Where somebody stands who waits; there is no snapshot then.</param>
public sealed record JoinResult(
    ErrorCode Error, string? Message, string? Self, MeetingSnapshot? Meeting, string? AnswerSdp, SeatMap? Seats, KnockState? Knock = null);

/// <param name="Height">Pixels the tile has; 0: no video wanted.</param>
/// <param name="Pinned">The person has put it on the stage: when the network is slow, only shared screens come before it.</param>
public sealed record ViewItem(string ParticipantId, MediaSource Source, int Height, bool Pinned = false);

/// <summary>Which encodings of one's own source anybody watches; the others may be switched off.</summary>
/// <param name="Wanted">False: nobody watches the source at all.</param>
/// <param name="Rids">The encodings that are wanted; empty for a source with a single one.</param>
public sealed record LayerDemand(MediaSource Source, bool Wanted, IReadOnlyList<string> Rids);

/// <param name="Participants">Ids of those whose seats carry the screen and are not paused; empty: nobody yet, or no longer.</param>
public sealed record ShareDelivery(IReadOnlyList<string> Participants);

public sealed record SeatBinding(int Seat, string ParticipantId, MediaSource Source, PauseReason Pause);

public sealed record VoiceBinding(int Voice, string ParticipantId);

/// <summary>All bindings; a seat that is not named is empty.</summary>
public sealed record SeatMap(IReadOnlyList<SeatBinding> Seats, IReadOnlyList<VoiceBinding> Voices);
