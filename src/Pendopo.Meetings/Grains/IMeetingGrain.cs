using Pendopo.Meetings.Domain;
using Pendopo.Signaling;

namespace Pendopo.Meetings.Grains;

/// <summary>
/// One meeting, keyed by <see cref="MeetingKey"/>. Its calls run one after another, so everything in a meeting has one order.
/// Callers have proved the participant (by the connection that entered) before they name it here.
/// </summary>
public interface IMeetingGrain : IGrainWithStringKey
{
    Task<ErrorCode> Create([Immutable] MeetingCommand.Create command);

    /// <summary>Into an open broadcast by link, WHIP or WHEP: admission, then the media connection.</summary>
    Task<EnterReply> Enter([Immutable] EnterCall call);

    Task<EnterReply> Resume([Immutable] ResumeCall call);

    Task<NegotiateResult> Negotiate([Immutable] NegotiateCall call);

    Task<MediaResult> SetMedia(ParticipantId participant, [Immutable] MediaState media);

    Task LoseConnection(ParticipantId participant, string connectionId);

    Task<ErrorCode> Leave(ParticipantId participant);

    Task<ErrorCode> End(ParticipantId by);

    /// <summary>What the founder's schedule promises; null: nothing any more.</summary>
    Task<ErrorCode> Schedule([Immutable] MeetingKeep? keep);

    /// <summary>A WHIP or WHEP resource is deleted by its owner.</summary>
    Task<ErrorCode> CloseEndpoint([Immutable] EndpointCall call);

    /// <summary>ICE restart of a WHIP or WHEP resource.</summary>
    Task<EndpointRestart> RestartEndpoint([Immutable] EndpointCall call, string sdpFragment);

    Task ChangePath(ParticipantId participant, bool lost);

    Task FailMedia(ParticipantId participant, string reason);
}

/// <summary>Somebody at a door. <paramref name="Door"/> and the session make the <see cref="Entrance"/>.</summary>
public sealed record EnterCall(
    Door Door, SessionKey Session, string? Token, ParticipantId NewId, string DisplayName, MediaState Media, string? ConnectionId,
    string Sdp, OfferPlan? Plan, MediaAbilities Abilities)
{
    public Entrance Entrance => Door.ToEntrance(Session, Token);
}

/// <param name="Sdp">Null while the media connection lives.</param>
/// <param name="Kind">What the meeting's id tells.</param>
public sealed record ResumeCall(
    SessionKey Session, ParticipantId Participant, string ConnectionId, string? Sdp, OfferPlan? Plan, MediaAbilities? Abilities, MeetingKind Kind);

public sealed record NegotiateCall(ParticipantId Participant, string Sdp, OfferPlan Plan, MediaAbilities Abilities, bool Fresh);

public sealed record EndpointCall(Door Door, SessionKey Session, string? Token);

public enum Door
{
    Link,
    Publish,
    View,
}

/// <param name="Meeting">The snapshot; its id is left empty, since the grain does not know the link.</param>
/// <param name="Knock">Of somebody who waits; there is no snapshot then.</param>
public sealed record EnterReply(
    ErrorCode Error, string? Message, ParticipantId Participant, MeetingSnapshot? Meeting, string? AnswerSdp, KnockState? Knock = null)
{
    public static EnterReply Refused(ErrorCode error, string? message = null) => new(error, message, default, null, null);
}

public sealed record EndpointRestart(ErrorCode Error, string? SdpFragment);

public static class Doors
{
    public static Entrance ToEntrance(this Door door, SessionKey session, string? token) => door switch
    {
        Door.Publish => new Entrance.Publish(session, token),
        Door.View => new Entrance.View(session, token),
        _ => new Entrance.Link(session),
    };
}
