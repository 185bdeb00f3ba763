using Pendopo.Signaling;

namespace Pendopo.Meetings.Domain;

/// <summary>By which door somebody comes.</summary>
public abstract record Entrance(SessionKey Session)
{
    /// <summary>By link into an open broadcast, over the hub.</summary>
    public sealed record Link(SessionKey Session) : Entrance(Session);

    /// <summary>Back to a kept place, over the hub.</summary>
    /// <param name="Kind">What the meeting's id tells: the only door of both kinds, so it must be said which is meant.</param>
    public sealed record Return(SessionKey Session, ParticipantId Id, MeetingKind Kind) : Entrance(Session);

    /// <summary>Into the lobby of an encrypted meeting, over the hub. Further in leads only a commit that adds who waits there.</summary>
    public sealed record Knock(SessionKey Session) : Entrance(Session);

    /// <summary>WHIP (RFC 9725).</summary>
    public sealed record Publish(SessionKey Session, string? Token) : Entrance(Session);

    /// <summary>WHEP.</summary>
    public sealed record View(SessionKey Session, string? Token) : Entrance(Session);
}

/// <summary>
/// The one gate: every way into a meeting passes <see cref="Decide"/>, and nothing else lets anybody in. What is unknown and
/// what is forbidden answer alike, so that knocking teaches nothing.
/// </summary>
public static class Admission
{
    public static AdmissionDecision Decide(MeetingState? meeting, Entrance entrance, MediaAbilities? abilities, MeetingRules rules)
    {
        ArgumentNullException.ThrowIfNull(entrance);
        ArgumentNullException.ThrowIfNull(rules);
        if (meeting is null) return AdmissionDecision.Refused(ErrorCode.MeetingNotFound);
        // Before the meeting's end is told: only those whom the door is for may learn of it.
        if (!DoorIsOpen(meeting, entrance)) return AdmissionDecision.Refused(ErrorCode.MeetingNotFound);
        if (meeting.EndedAt is not null) return AdmissionDecision.Refused(ErrorCode.MeetingEnded);

        var own = meeting.Participants.FirstOrDefault(participant => participant.Session == entrance.Session);
        if (entrance is Entrance.Return back)
        {
            // Somebody else's place and a place that is gone answer alike.
            if (own is null || own.Id != back.Id) return AdmissionDecision.Refused(ErrorCode.NotInMeeting);
            if (abilities is not null && !HasCommonCodec(meeting, own.Id, abilities)) return AdmissionDecision.Refused(ErrorCode.NoCommonCodec);
            return new AdmissionDecision(ErrorCode.None, own.Role, own);
        }

        // How many may be in is asked when somebody is admitted.
        if (entrance is Entrance.Knock) return new AdmissionDecision(ErrorCode.None, ParticipantRole.Participant, own);

        var others = meeting.Participants.Count - (own is null ? 0 : 1);
        if (others >= rules.MaximumParticipants) return AdmissionDecision.Refused(ErrorCode.MeetingFull);
        if (abilities is not null && !HasCommonCodec(meeting, own?.Id, abilities)) return AdmissionDecision.Refused(ErrorCode.NoCommonCodec);

        var role = entrance switch
        {
            Entrance.Publish or Entrance.View => ParticipantRole.Endpoint,
            _ when meeting.Founder == entrance.Session || own?.Role == ParticipantRole.Host => ParticipantRole.Host,
            _ => ParticipantRole.Participant,
        };
        return new AdmissionDecision(ErrorCode.None, role, own);
    }

    /// <summary>The endpoint that a WHIP or WHEP resource stands for, if the caller owns it and still has the token.</summary>
    public static ParticipantState? EndpointOf(MeetingState? meeting, Entrance entrance) =>
        meeting is not null && DoorIsOpen(meeting, entrance)
            ? meeting.Participants.FirstOrDefault(participant => participant.Role == ParticipantRole.Endpoint && participant.Session == entrance.Session)
            : null;

    /// <summary>Whether the meeting has this door at all, for the token given. Every door is named: a new one is shut.</summary>
    internal static bool DoorIsOpen(MeetingState meeting, Entrance entrance) => entrance switch
    {
        Entrance.Publish publish => meeting.IsBroadcast && (meeting.OpenRoom || meeting.PublishToken?.Matches(publish.Token) == true),
        Entrance.View view => meeting.IsBroadcast && (meeting.OpenRoom || meeting.ViewToken?.Matches(view.Token) == true),
        Entrance.Link => meeting.IsBroadcast,
        Entrance.Knock => meeting.IsEncrypted,
        Entrance.Return { Kind: MeetingKind.OpenBroadcast } => meeting.IsBroadcast,
        Entrance.Return { Kind: MeetingKind.Encrypted } => meeting.IsEncrypted,
        _ => false,
    };

    private static bool HasCommonCodec(MeetingState meeting, ParticipantId? replaced, MediaAbilities abilities)
    {
        var others = meeting.Participants.Where(participant => participant.Id != replaced).Select(participant => participant.Decodes);
        return CodecAgreement.Common(meeting.CodecOrder, [.. others, abilities.Decodes]).Count > 0;
    }
}

/// <param name="Existing">The participant of the same session that is in the meeting already.</param>
public sealed record AdmissionDecision(ErrorCode Error, ParticipantRole Role, ParticipantState? Existing)
{
    public static AdmissionDecision Refused(ErrorCode error) => new(error, ParticipantRole.Participant, null);
}
