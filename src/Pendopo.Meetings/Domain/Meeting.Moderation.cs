using Pendopo.Meetings.Domain.Groups;
using Pendopo.Signaling;

namespace Pendopo.Meetings.Domain;

/// <summary>
/// What moderators allow in an encrypted meeting. <see cref="Change"/> holds everybody to it whatever the command, so no way in or back leads around it.
/// </summary>
public sealed partial class Meeting
{
    /// <summary>Null in open broadcasts, which have no moderators.</summary>
    private MeetingControls? Controls => State is { IsEncrypted: true } ? State.Controls ?? rules.Controls : null;

    private MeetingDecision ApplyModeration(ModerationCommand command, DateTimeOffset now) => WithMember(command.By, member => command switch
    {
        ModerationCommand.Moderate { Act: ModerationAct.MuteAll } => MuteAll(member, now),
        ModerationCommand.Moderate moderate => Moderate(member, moderate, now),
        ModerationCommand.SetControls set => SetControls(member, set.Change, now),
        ModerationCommand.AskToShare ask => AskToShare(member, ask.Asks, now),
        ModerationCommand.DeclineUnmute => Change(With(member with { AskedToUnmute = false }), now, [], member.Id),
        _ => throw new ArgumentOutOfRangeException(nameof(command), command.GetType().Name, "unknown command"),
    });

    private MeetingDecision MuteAll(ParticipantState moderator, DateTimeOffset now)
    {
        if (!moderator.IsModerator) return MeetingDecision.Refused(ErrorCode.NotAllowed);
        return Change([.. State!.Participants.Select(other => Outranks(moderator, other) ? Muted(other) : other)], now, []);
    }

    private MeetingDecision Moderate(ParticipantState moderator, ModerationCommand.Moderate command, DateTimeOffset now)
    {
        if (!moderator.IsModerator) return MeetingDecision.Refused(ErrorCode.NotAllowed);
        if (State!.Participants.FirstOrDefault(participant => participant.Id == command.Target) is not { Leaf: not null } target) return MeetingDecision.Refused(ErrorCode.InvalidRequest, "no member has that id");
        if (!Outranks(moderator, target)) return MeetingDecision.Refused(ErrorCode.NotAllowed);
        switch (command.Act)
        {
            case ModerationAct.Mute:
                return Change(With(Muted(target)), now, []);
            case ModerationAct.AskToUnmute:
                if (MediaPermission.Refuse(MediaSource.Microphone, target, Controls!) is not null) return MeetingDecision.Refused(ErrorCode.InvalidRequest, "the microphone may not be on");
                return Change(With(target with { AskedToUnmute = true }), now, []);
            case ModerationAct.StopShare:
                return Change(With(target with { Media = target.Media with { Screen = false, ScreenAudio = false } }), now, []);
            case ModerationAct.MakePresenter:
                return SetStanding(target, Standing.Presenter, now);
            case ModerationAct.MakeParticipant:
                return SetStanding(target, Standing.Participant, now);
            case ModerationAct.MakeObserver:
                return SetStanding(target, Standing.Observer, now);
            default:
                return MeetingDecision.Refused(ErrorCode.InvalidRequest, "act is unknown");
        }
    }

    private static bool Outranks(ParticipantState moderator, ParticipantState other) => RankOf(moderator.Role) > RankOf(other.Role);

    private static ParticipantState Muted(ParticipantState participant) => participant with
    {
        Media = participant.Media with { Microphone = false },
        Muted = participant.Media.Microphone ? MuteCause.Moderator : participant.Muted,
        AskedToUnmute = false,
    };

    /// <summary>Of the person: every device of an account has the same.</summary>
    private MeetingDecision SetStanding(ParticipantState target, Standing standing, DateTimeOffset now)
    {
        if (target.IsModerator) return MeetingDecision.Refused(ErrorCode.InvalidRequest, "moderators have every right");
        return Change([.. State!.Participants.Select(other => IsSamePerson(other, target.Party, target.Session) ? other with { Standing = standing, AsksToShare = false } : other)], now, []);
    }

    private MeetingDecision AskToShare(ParticipantState member, bool asks, DateTimeOffset now)
    {
        if (!asks) return Change(With(member with { AsksToShare = false }), now, [], member.Id);
        return MediaPermission.Refuse(MediaSource.Screen, member, Controls!) switch
        {
            null => new MeetingDecision(ErrorCode.None, [], member),
            MediaRefusal.SharingNotGranted => Change(With(member with { AsksToShare = true }), now, [], member.Id),
            _ => MeetingDecision.Refused(ErrorCode.NotAllowed),
        };
    }

    private MeetingDecision SetControls(ParticipantState moderator, ControlsChange change, DateTimeOffset now)
    {
        if (!moderator.IsModerator) return MeetingDecision.Refused(ErrorCode.NotAllowed);
        var controls = Controls!;
        return Change(State!.Participants, now, [], moderator.Id, controls: new MeetingControls(
            change.MicrophonesLocked ?? controls.MicrophonesLocked,
            change.CamerasLocked ?? controls.CamerasLocked,
            change.ChatLocked ?? controls.ChatLocked,
            change.MeetingLocked ?? controls.MeetingLocked,
            change.Frozen ?? controls.Frozen,
            change.Sharing ?? controls.Sharing,
            change.MutedFrom ?? controls.MutedFrom,
            change.CameraOffFrom ?? controls.CameraOffFrom,
            change.PrivateChat ?? controls.PrivateChat));
    }

    private MeetingDecision SetMedia(ParticipantState participant, MediaState media, DateTimeOffset now)
    {
        var cuts = Controls is { } controls ? MediaPermission.Cuts(media, participant, controls) : [];
        // Who switches off by himself was muted by nobody, and a wish that is refused mutes nobody either.
        var muted = participant.Media.Microphone && !media.Microphone ? MuteCause.None : participant.Muted;
        return Change(With(participant with { Media = MediaPermission.Cut(media, cuts), Muted = muted }), now, [], participant.Id) with { Cuts = cuts };
    }

    /// <summary>With what sources somebody begins: nobody comes back unmuted whom a moderator had muted, and a large meeting is entered quietly.</summary>
    private ParticipantState AtEntry(ParticipantState member, MediaState wish)
    {
        var controls = Controls!;
        if (member.HasMedia || member.IsModerator) return member with { Media = wish };
        var place = State!.Participants.Count;
        var isQuiet = member.Muted != MuteCause.None || (controls.MutedFrom > 0 && place >= controls.MutedFrom);
        var isUnseen = controls.CameraOffFrom > 0 && place >= controls.CameraOffFrom;
        var cause = member.Muted == MuteCause.None && wish.Microphone && isQuiet ? MuteCause.Entry : member.Muted;
        return member with { Media = wish with { Microphone = wish.Microphone && !isQuiet, Camera = wish.Camera && !isUnseen }, Muted = cause };
    }

    /// <summary>Nobody new comes to the door of a locked meeting. Who waits already, who is entitled by the founding statement and who may return do.</summary>
    private bool IsLockedOut(Knocker knocker, GroupState group) =>
        Controls!.MeetingLocked && Statement.RoleOf(knocker.Identity.Party) is null
        && !group.Memory.Lobby.Any(waiting => waiting.Session == knocker.Session) && !MayReturn(group.Tree, knocker);

    private static bool IsSamePerson(ParticipantState participant, Framing.Party? party, SessionKey session) =>
        participant.Session == session || (party is not null && participant.Party == party);

    /// <summary>What is known of a person who comes in by another leaf, from his other device or from before.</summary>
    private ParticipantState Inherit(ParticipantState member)
    {
        var known = State!.Participants.LastOrDefault(other => IsSamePerson(other, member.Party, member.Session)) is { } present
            ? new RememberedRights(present.Party, present.Session, present.Standing, present.Muted)
            : State.Remembered.LastOrDefault(other => other.Session == member.Session || (other.Party is not null && other.Party == member.Party));
        return known is null ? member : member with { Standing = known.Standing, Muted = known.Muted == MuteCause.Moderator ? MuteCause.Moderator : MuteCause.None };
    }

    /// <summary>Rights of those who go, for when they come back.</summary>
    private static IReadOnlyList<RememberedRights> Remember(IReadOnlyList<RememberedRights> remembered, IEnumerable<ParticipantState> gone)
    {
        foreach (var participant in gone.Where(participant => participant.Leaf is not null))
        {
            var kept = new RememberedRights(participant.Party, participant.Session, participant.Standing, participant.Muted);
            remembered = [.. remembered.Where(other => other.Session != kept.Session && (kept.Party is null || other.Party != kept.Party))];
            if (kept.Standing != Standing.Participant || kept.Muted == MuteCause.Moderator) remembered = [.. remembered, kept];
        }

        return remembered;
    }

    /// <summary>The media plane is told of every change of what may flow, by whatever it came about.</summary>
    private static IEnumerable<MeetingEvent> PublishingOf(IReadOnlyList<ParticipantState> before, IReadOnlyList<ParticipantState> after)
    {
        var known = before.ToDictionary(participant => participant.Id, participant => participant.Media);
        return after.Where(participant => known.TryGetValue(participant.Id, out var old) && old != participant.Media)
            .Select(participant => new MeetingEvent.PublishingChanged(participant.Id, participant.Media));
    }
}
