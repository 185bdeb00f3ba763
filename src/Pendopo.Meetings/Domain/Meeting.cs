using Pendopo.Signaling;

namespace Pendopo.Meetings.Domain;

/// <summary>
/// The rules of one meeting as a pure state machine: no clock, no IO. <see cref="Apply"/> takes a command and the time and
/// returns what is to be told and done; <see cref="State"/> is the snapshot to store; <see cref="Deadline"/> says when to
/// come back with <see cref="MeetingCommand.Advance"/>. Time that has passed always takes effect before the command.
/// </summary>
public sealed class Meeting(MeetingState? state, MeetingRules rules)
{
    /// <summary>Null: there is no such meeting.</summary>
    public MeetingState? State { get; private set; } = state;

    public MeetingDeadline? Deadline
    {
        get
        {
            if (State is null) return null;
            if (State.EndedAt is { } ended) return new MeetingDeadline(ended + rules.EndedRetention, MeetingDeadlineReason.RetentionOver);
            if (State.EmptySince is { } empty) return new MeetingDeadline(empty + rules.EmptyLifetime, MeetingDeadlineReason.EmptyTooLong);
            var lost = State.Participants.Min(participant => participant.LostAt);
            return lost is { } since ? new MeetingDeadline(since + rules.Grace, MeetingDeadlineReason.GraceOver) : null;
        }
    }

    public MeetingDecision Apply(MeetingCommand command, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(command);
        var events = new List<MeetingEvent>();
        PassTime(now, events);
        var decision = command switch
        {
            MeetingCommand.Create create => Create(create, now),
            MeetingCommand.Enter enter => Enter(enter, now),
            MeetingCommand.Resume resume => Resume(resume, now),
            MeetingCommand.Advance => new MeetingDecision(ErrorCode.None, []),
            MeetingCommand.StartMediaRun start => StartMediaRun(start, now),
            MeetingCommand.ChangeAbilities change => WithParticipant(change.Id, participant => ChangeAbilities(participant, change.Abilities, now)),
            MeetingCommand.SetMedia set => WithParticipant(set.Id, participant => SetMedia(participant, set.Media, now)),
            MeetingCommand.LoseConnection lose => WithParticipant(lose.Id, participant => LoseConnection(participant, lose.ConnectionId, now)),
            MeetingCommand.ChangePath path => WithParticipant(path.Id, participant => ChangePath(participant, path.Lost, now)),
            MeetingCommand.FailMedia fail => WithParticipant(fail.Id, participant => FailMedia(participant, now)),
            MeetingCommand.Leave leave => WithParticipant(leave.Id, participant => Remove([participant], now)),
            MeetingCommand.End end => WithParticipant(end.By, participant => End(participant, now)),
            _ => throw new ArgumentOutOfRangeException(nameof(command), command.GetType().Name, "unknown command"),
        };
        return decision with { Events = [.. events, .. decision.Events] };
    }

    private MeetingDecision Create(MeetingCommand.Create command, DateTimeOffset now)
    {
        if (State is not null) return MeetingDecision.Refused(ErrorCode.NotAllowed);
        if (command.CodecOrder.Count == 0) return MeetingDecision.Refused(ErrorCode.InvalidRequest);
        State = new MeetingState
        {
            Kind = command.Kind,
            FoundedAt = now,
            Founder = command.Founder,
            PublishToken = command.PublishToken,
            ViewToken = command.ViewToken,
            OpenRoom = command.OpenRoom,
            CodecOrder = [.. command.CodecOrder.Distinct()],
            VideoCodecs = [.. command.CodecOrder.Distinct()],
            EmptySince = now,
        };
        return new MeetingDecision(ErrorCode.None, []);
    }

    private MeetingDecision Enter(MeetingCommand.Enter command, DateTimeOffset now)
    {
        var admission = Admission.Decide(State, command.Entrance, command.Abilities, rules);
        if (admission.Error != ErrorCode.None) return MeetingDecision.Refused(admission.Error);

        var events = new List<MeetingEvent>();
        var rest = State!.Participants;
        if (admission.Existing is { } old)
        {
            // The same session came by another window: one person, one place.
            rest = [.. rest.Where(participant => participant.Id != old.Id)];
            if (old.ConnectionId is { } connection) events.Add(new MeetingEvent.ConnectionClosed(connection, EndReason.Replaced));
            events.Add(new MeetingEvent.Departed(old));
        }

        var abilities = command.Abilities;
        if (admission.Role == ParticipantRole.Endpoint)
        {
            var common = CodecAgreement.Common(State.CodecOrder, [.. rest.Select(participant => participant.Decodes), abilities.Decodes]);
            abilities = CodecAgreement.Pin(abilities, common, command.Entrance is Entrance.Publish);
        }

        var joined = new ParticipantState
        {
            Id = command.NewId,
            Session = command.Entrance.Session,
            DisplayName = command.DisplayName,
            Role = admission.Role,
            Media = command.Media,
            JoinedAt = now,
            ConnectionId = command.ConnectionId,
            Decodes = abilities.Decodes,
            Red = abilities.Red,
        };
        return Change([.. rest, joined], now, events, joined.Id);
    }

    private MeetingDecision Resume(MeetingCommand.Resume command, DateTimeOffset now)
    {
        var admission = Admission.Decide(State, new Entrance.Return(command.Session, command.Id), command.Abilities, rules);
        if (admission.Error != ErrorCode.None) return MeetingDecision.Refused(admission.Error);

        var events = new List<MeetingEvent>();
        var old = admission.Existing!;
        if (old.ConnectionId is { } connection && connection != command.ConnectionId)
        {
            events.Add(new MeetingEvent.ConnectionClosed(connection, EndReason.Replaced));
        }

        // Media stays as it was: whoever was muted comes back muted.
        var back = old with
        {
            ConnectionId = command.ConnectionId,
            LostAt = null,
            PathLost = command.Abilities is null && old.PathLost,
            Decodes = command.Abilities is null ? old.Decodes : command.Abilities.Decodes,
            Red = command.Abilities is null ? old.Red : command.Abilities.Red,
        };
        if (command.Abilities is null && old.OfferDue) events.Add(new MeetingEvent.CodecsChanged([back]));
        return Change(With(back with { OfferDue = false }), now, events, back.Id);
    }

    private MeetingDecision ChangeAbilities(ParticipantState participant, MediaAbilities abilities, DateTimeOffset now)
    {
        var admission = Admission.Decide(State, new Entrance.Return(participant.Session, participant.Id), abilities, rules);
        if (admission.Error != ErrorCode.None) return MeetingDecision.Refused(admission.Error);
        return Change(With(participant with { Decodes = abilities.Decodes, Red = abilities.Red }), now, [], participant.Id);
    }

    private MeetingDecision SetMedia(ParticipantState participant, MediaState media, DateTimeOffset now) =>
        Change(With(participant with { Media = media }), now, [new MeetingEvent.PublishingChanged(participant.Id, media)], participant.Id);

    private MeetingDecision LoseConnection(ParticipantState participant, string connectionId, DateTimeOffset now)
    {
        if (participant.ConnectionId != connectionId) return new MeetingDecision(ErrorCode.None, [], participant);
        return Change(With(participant with { ConnectionId = null, LostAt = participant.LostAt ?? now }), now, [], participant.Id);
    }

    private MeetingDecision ChangePath(ParticipantState participant, bool lost, DateTimeOffset now)
    {
        // An endpoint has no socket: its path alone says whether it is there.
        var lostAt = participant.Role != ParticipantRole.Endpoint ? participant.LostAt : lost ? participant.LostAt ?? now : null;
        return Change(With(participant with { PathLost = lost, LostAt = lostAt }), now, [], participant.Id);
    }

    private MeetingDecision FailMedia(ParticipantState participant, DateTimeOffset now) =>
        participant.Role == ParticipantRole.Endpoint
            ? Remove([participant], now)
            : Change(With(participant with { PathLost = true }), now, [], participant.Id);

    private MeetingDecision StartMediaRun(MeetingCommand.StartMediaRun command, DateTimeOffset now)
    {
        if (State is null || State.MediaRun == command.Run) return new MeetingDecision(ErrorCode.None, []);
        // Sockets and media paths of an earlier run are gone with its process; endpoints have no way to come back but anew.
        var endpoints = State.Participants.Where(participant => participant.Role == ParticipantRole.Endpoint);
        var removal = Remove([.. endpoints], now);
        State = State with { MediaRun = command.Run };
        var lost = State.Participants.Select(participant =>
            participant with { ConnectionId = null, LostAt = participant.LostAt ?? now, PathLost = true });
        var change = Change([.. lost], now, []);
        return change with { Events = [.. removal.Events, .. change.Events] };
    }

    private MeetingDecision End(ParticipantState by, DateTimeOffset now)
    {
        if (by.Role != ParticipantRole.Host) return MeetingDecision.Refused(ErrorCode.NotAllowed);
        return Finish(EndReason.EndedByHost, now);
    }

    private MeetingDecision Finish(EndReason reason, DateTimeOffset now)
    {
        var connections = State!.Participants.Where(participant => participant.ConnectionId is not null)
            .Select(MeetingEvent (participant) => new MeetingEvent.ConnectionClosed(participant.ConnectionId!, reason));
        MeetingEvent[] events = [.. connections, .. State.Participants.Select(participant => new MeetingEvent.Departed(participant)), new MeetingEvent.Ended(reason)];
        State = State with { EndedAt = now, EmptySince = null, Participants = [], VideoCodecs = State.CodecOrder, Red = false, Revision = State.Revision + 1 };
        return new MeetingDecision(ErrorCode.None, events);
    }

    private MeetingDecision Remove(ParticipantState[] leavers, DateTimeOffset now)
    {
        if (leavers.Length == 0) return new MeetingDecision(ErrorCode.None, []);
        List<ParticipantState> rest = [.. State!.Participants.Where(participant => Array.TrueForAll(leavers, leaver => leaver.Id != participant.Id))];
        // A meeting without a host could not be ended: the one who is in it longest takes over.
        if (Array.Exists(leavers, leaver => leaver.Role == ParticipantRole.Host) && rest.TrueForAll(participant => participant.Role != ParticipantRole.Host))
        {
            var heir = rest.FindIndex(participant => participant.Role == ParticipantRole.Participant);
            if (heir >= 0) rest[heir] = rest[heir] with { Role = ParticipantRole.Host };
        }

        return Change(rest, now, [.. leavers.Select(leaver => new MeetingEvent.Departed(leaver))]);
    }

    private void PassTime(DateTimeOffset now, List<MeetingEvent> events)
    {
        while (Deadline is { } deadline && deadline.At <= now)
        {
            switch (deadline.Reason)
            {
                case MeetingDeadlineReason.GraceOver:
                    var gone = State!.Participants.Where(participant => participant.LostAt + rules.Grace <= deadline.At).ToArray();
                    events.AddRange(Remove(gone, deadline.At).Events);
                    break;
                case MeetingDeadlineReason.EmptyTooLong:
                    events.AddRange(Finish(EndReason.Empty, deadline.At).Events);
                    break;
                default:
                    State = null;
                    events.Add(new MeetingEvent.Forgotten());
                    return;
            }
        }
    }

    /// <summary>
    /// Puts the new list of participants in force: agrees on codecs anew and, if anything that others see has changed, counts
    /// the revision up and says what changed.
    /// </summary>
    private MeetingDecision Change(IReadOnlyList<ParticipantState> participants, DateTimeOffset now, IReadOnlyList<MeetingEvent> events, ParticipantId? subject = null)
    {
        var before = State!;
        var codecs = CodecAgreement.Common(before.CodecOrder, [.. participants.Select(participant => participant.Decodes)]);
        var red = CodecAgreement.Red([.. participants.Select(participant => participant.Red)]);
        var codecsChanged = !codecs.SequenceEqual(before.VideoCodecs);
        var redChanged = red != before.Red;

        var known = before.Participants.ToDictionary(participant => participant.Id, participant => participant.ToContract());
        Participant[] upserted = [.. participants.Select(participant => participant.ToContract())
            .Where(participant => !known.TryGetValue(new ParticipantId(participant.Id), out var old) || old != participant)];
        string[] removed = [.. before.Participants.Select(participant => participant.Id).Except(participants.Select(participant => participant.Id)).Select(id => id.Value)];

        var changed = upserted.Length > 0 || removed.Length > 0 || codecsChanged || redChanged;
        State = before with
        {
            Participants = participants,
            VideoCodecs = codecs,
            Red = red,
            Revision = before.Revision + (changed ? 1 : 0),
            EmptySince = participants.Count == 0 ? before.EmptySince ?? now : null,
        };

        List<MeetingEvent> all = [.. events];
        if (codecsChanged || redChanged)
        {
            State = State with { Participants = [.. participants.Select(participant =>
                participant.LostAt is null ? participant : participant with { OfferDue = true })] };
            // Those who have a live socket and have not just made the offer that this change answers.
            var members = participants.Where(participant => participant.Id != subject && participant.ConnectionId is not null).ToArray();
            if (members.Length > 0) all.Add(new MeetingEvent.CodecsChanged(members));
        }

        if (changed)
        {
            all.Add(new MeetingEvent.Changed(new MeetingChange(
                State.Revision, upserted, removed, codecsChanged ? codecs : null, redChanged ? red : null)));
        }

        return new MeetingDecision(ErrorCode.None, all, participants.FirstOrDefault(participant => participant.Id == subject));
    }

    private MeetingDecision WithParticipant(ParticipantId id, Func<ParticipantState, MeetingDecision> act) =>
        State?.Participants.FirstOrDefault(participant => participant.Id == id) is { } participant
            ? act(participant)
            : MeetingDecision.Refused(ErrorCode.NotInMeeting);

    private ParticipantState[] With(ParticipantState changed) =>
        [.. State!.Participants.Select(participant => participant.Id == changed.Id ? changed : participant)];
}
