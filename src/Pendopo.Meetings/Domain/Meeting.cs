using Pendopo.Meetings.Domain.Groups;
using Pendopo.Signaling;

namespace Pendopo.Meetings.Domain;

/// <summary>
/// The rules of one meeting as a pure state machine: no clock, no IO. <see cref="Apply"/> takes a command and the time and
/// returns what is to be told and done; <see cref="State"/> is the snapshot to store; <see cref="Deadline"/> says when to
/// come back with <see cref="MeetingCommand.Advance"/>. Time that has passed always takes effect before the command.
/// </summary>
public sealed partial class Meeting(MeetingState? state, MeetingRules rules)
{
    /// <summary>Null: there is no such meeting.</summary>
    public MeetingState? State { get; private set; } = state;

    public MeetingDeadline? Deadline
    {
        get
        {
            if (State is null) return null;
            if (State.EndedAt is { } ended) return new MeetingDeadline(ended + rules.EndedRetention, MeetingDeadlineReason.RetentionOver);
            var deadlines = new List<MeetingDeadline>();
            if (State.EmptySince is { } empty) deadlines.Add(new MeetingDeadline(EmptyEnd(empty), MeetingDeadlineReason.EmptyTooLong));
            if (State.Participants.Min(participant => participant.LostAt) is { } since) deadlines.Add(new MeetingDeadline(since + rules.Grace, MeetingDeadlineReason.GraceOver));
            if (State.Group is { } group) AddDeadlines(group, deadlines);
            return deadlines.Count == 0 ? null : deadlines.MinBy(deadline => deadline.At);
        }
    }

    public MeetingDecision Apply(MeetingCommand command, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(command);
        var before = State;
        var events = new List<MeetingEvent>();
        PassTime(now, events);
        if (!ReferenceEquals(before, State)) SettleGroup(before, now, events);
        before = State;
        var decision = command switch
        {
            MeetingCommand.Create create => Create(create, now),
            MeetingCommand.Enter enter => Enter(enter, now),
            GroupCommand group => ApplyGroup(group, now),
            MeetingCommand.Resume resume => Resume(resume, now),
            MeetingCommand.Advance => new MeetingDecision(ErrorCode.None, []),
            MeetingCommand.StartMediaRun start => StartMediaRun(start, now),
            MeetingCommand.ChangeAbilities change => WithParticipant(change.Id, participant => ChangeAbilities(participant, change.Abilities, now, hasFreshOffer: false)),
            MeetingCommand.SetMedia set => WithParticipant(set.Id, participant => SetMedia(participant, set.Media, now)),
            MeetingCommand.LoseConnection lose => LoseConnection(lose, now),
            MeetingCommand.ChangePath path => WithParticipant(path.Id, participant => ChangePath(participant, path.Lost, now)),
            MeetingCommand.FailMedia fail => WithParticipant(fail.Id, participant => FailMedia(participant, now)),
            MeetingCommand.Leave leave => Leave(leave.Id, now),
            MeetingCommand.End end => WithParticipant(end.By, participant => End(participant, now)),
            MeetingCommand.Schedule schedule => Schedule(schedule.Keep),
            _ => throw new ArgumentOutOfRangeException(nameof(command), command.GetType().Name, "unknown command"),
        };
        events.AddRange(decision.Events);
        SettleGroup(before, now, events);
        if (decision.Group is { Waiting: { } knocker } answer) decision = decision with { Group = answer with { Waiting = State?.Group?.Memory.Find(knocker.Id) ?? knocker } };
        return decision with { Events = events };
    }

    private MeetingDecision Create(MeetingCommand.Create command, DateTimeOffset now)
    {
        if (State is not null) return MeetingDecision.Refused(ErrorCode.NotAllowed);
        if (command.CodecOrder.Count == 0) return MeetingDecision.Refused(ErrorCode.InvalidRequest);
        var founded = new MeetingState
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
            Group = command.Statement is { } statement ? new GroupState { Statement = statement } : null,
        };
        if (!founded.IsSound) return MeetingDecision.Refused(ErrorCode.InvalidRequest);
        State = founded;
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
            HasMedia = true,
        };
        return Change([.. rest, joined], now, events, joined.Id);
    }

    private MeetingDecision Resume(MeetingCommand.Resume command, DateTimeOffset now)
    {
        var entrance = new Entrance.Return(command.Session, command.Id, command.Kind);
        if (State?.Group is { } group && Admission.DoorIsOpen(State, entrance) && group.Memory.Find(command.Id) is { } knocker && knocker.Session == command.Session)
        {
            return ResumeWaiting(knocker, command, group);
        }

        var admission = Admission.Decide(State, entrance, command.Abilities, rules);
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
            HasMedia = command.Abilities is not null || old.HasMedia,
        };
        if (command.Abilities is null && old.CodecsDue) events.Add(new MeetingEvent.CodecsChanged([back], State!.VideoCodecs));
        var change = Change(With(back with { CodecsDue = false }), now, events, back.Id);
        return change with { Events = [.. change.Events, .. Welcome(back)] };
    }

    private MeetingDecision ChangeAbilities(ParticipantState participant, MediaAbilities abilities, DateTimeOffset now, bool hasFreshOffer)
    {
        var admission = Admission.Decide(State, new Entrance.Return(participant.Session, participant.Id, State!.Kind), abilities, rules);
        if (admission.Error != ErrorCode.None) return MeetingDecision.Refused(admission.Error);
        return Change(With(participant with { Decodes = abilities.Decodes, Red = abilities.Red }), now, [], participant.Id, hasFreshOffer);
    }

    private MeetingDecision LoseConnection(MeetingCommand.LoseConnection command, DateTimeOffset now)
    {
        if (State?.Group is not { } group || group.Memory.Find(command.Id) is not { } knocker) return WithParticipant(command.Id, participant => LoseConnection(participant, command.ConnectionId, now));
        if (knocker.ConnectionId == command.ConnectionId) State = State with { Group = group.With(knocker with { ConnectionId = null, LostAt = now }) };
        return new MeetingDecision(ErrorCode.None, []);
    }

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
            : Change(With(participant with { PathLost = true, HasMedia = false }), now, [], participant.Id);

    private MeetingDecision StartMediaRun(MeetingCommand.StartMediaRun command, DateTimeOffset now)
    {
        if (State is null || State.MediaRun == command.Run) return new MeetingDecision(ErrorCode.None, []);
        // Sockets and media paths of an earlier run are gone with its process; endpoints have no way to come back but anew.
        var endpoints = State.Participants.Where(participant => participant.Role == ParticipantRole.Endpoint);
        var removal = Remove([.. endpoints], now);
        State = State with { MediaRun = command.Run };
        var lost = State.Participants.Select(participant =>
            participant with { ConnectionId = null, LostAt = participant.LostAt ?? now, PathLost = true, HasMedia = false });
        var change = Change([.. lost], now, []);
        return change with { Events = [.. removal.Events, .. change.Events] };
    }

    private MeetingDecision Leave(ParticipantId id, DateTimeOffset now)
    {
        if (State?.Group is not { } group || group.Memory.Find(id) is null) return WithParticipant(id, participant => Remove([participant], now));
        State = State with { Group = group.Without(id) };
        return new MeetingDecision(ErrorCode.None, []);
    }

    private MeetingDecision End(ParticipantState by, DateTimeOffset now)
    {
        if (by.Role != ParticipantRole.Host) return MeetingDecision.Refused(ErrorCode.NotAllowed);
        // Of a series only this sitting ends: the link is good for the others.
        var isForGood = State!.Keep is not { } keep || now >= keep.LastStart;
        return Finish(EndReason.EndedByHost, now, isForGood);
    }

    private MeetingDecision Schedule(MeetingKeep? keep)
    {
        if (State is null) return MeetingDecision.Refused(ErrorCode.MeetingNotFound);
        if (State.EndedAt is not null) return MeetingDecision.Refused(ErrorCode.MeetingEnded);
        if (State.Keep != keep) State = State with { Keep = keep };
        return new MeetingDecision(ErrorCode.None, []);
    }

    private DateTimeOffset EmptyEnd(DateTimeOffset empty)
    {
        var end = empty + rules.EmptyLifetime;
        return State!.Keep is { } keep && keep.Until > end ? keep.Until : end;
    }

    private MeetingDecision Finish(EndReason reason, DateTimeOffset now, bool isForGood = true)
    {
        var connections = State!.Connections.Concat(State.Group?.Memory.Lobby.Select(knocker => knocker.ConnectionId).OfType<string>() ?? [])
            .Select(MeetingEvent (connection) => new MeetingEvent.ConnectionClosed(connection, reason));
        MeetingEvent[] log = State.Group is null ? [] : [new GroupEvent.LogDropped()];
        MeetingEvent[] events = [.. connections, .. log, .. State.Participants.Select(participant => new MeetingEvent.Departed(participant)), new MeetingEvent.Ended(reason)];
        State = State with
        {
            EndedAt = isForGood ? now : null,
            EmptySince = isForGood ? null : now,
            Participants = [],
            VideoCodecs = State.CodecOrder,
            Red = false,
            Revision = State.Revision + 1,
            Remembered = [],
            Group = State.Group is { } group ? new GroupState { Statement = group.Statement, Generation = group.Generation, NextWork = group.NextWork } : null,
        };
        return new MeetingDecision(ErrorCode.None, events);
    }

    private MeetingDecision Remove(ParticipantState[] leavers, DateTimeOffset now)
    {
        if (leavers.Length == 0) return new MeetingDecision(ErrorCode.None, []);
        List<ParticipantState> rest = [.. State!.Participants.Where(participant => Array.TrueForAll(leavers, leaver => leaver.Id != participant.Id))];
        // A meeting without a host could not be ended: the one who is in it longest takes over. In encrypted ones rank follows from the register alone.
        if (State.Group is null && Array.Exists(leavers, leaver => leaver.Role == ParticipantRole.Host) && rest.TrueForAll(participant => participant.Role != ParticipantRole.Host))
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
                case MeetingDeadlineReason.GroupTimeOver:
                    PassGroupTime(State!.Group!, deadline.At, events);
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
    private MeetingDecision Change(IReadOnlyList<ParticipantState> participants, DateTimeOffset now, IReadOnlyList<MeetingEvent> events, ParticipantId? subject = null, bool hasFreshOffer = true, MeetingControls? controls = null)
    {
        var before = State!;
        if (before.Group is { IsLiving: true } group) participants = [.. participants.Select(participant => Ranked(participant, group.Tree))];
        controls ??= Controls;
        if (controls is not null) participants = [.. participants.Select(participant => MediaPermission.Restrict(participant, controls))];
        var codecs = CodecAgreement.Common(before.CodecOrder, [.. participants.Select(participant => participant.Decodes)]);
        var red = CodecAgreement.Red([.. participants.Select(participant => participant.Red)]);
        var codecsChanged = !codecs.SequenceEqual(before.VideoCodecs);
        var redChanged = red != before.Red;

        var known = before.Participants.ToDictionary(participant => participant.Id, participant => participant.ToContract());
        Participant[] upserted = [.. participants.Select(participant => participant.ToContract())
            .Where(participant => !known.TryGetValue(new ParticipantId(participant.Id), out var old) || old != participant)];
        string[] removed = [.. before.Participants.Select(participant => participant.Id).Except(participants.Select(participant => participant.Id)).Select(id => id.Value)];

        var controlsChanged = controls != Controls;
        var changed = upserted.Length > 0 || removed.Length > 0 || codecsChanged || redChanged || controlsChanged;
        State = before with
        {
            Participants = participants,
            VideoCodecs = codecs,
            Red = red,
            Controls = controls,
            Remembered = Remember(before.Remembered, before.Participants.Where(participant => removed.Contains(participant.Id.Value))),
            Revision = before.Revision + (changed ? 1 : 0),
            EmptySince = participants.Count == 0 ? before.EmptySince ?? now : null,
        };

        List<MeetingEvent> all = [.. PublishingOf(before.Participants, participants), .. events];
        if (codecsChanged)
        {
            State = State with { Participants = [.. participants.Select(participant =>
                participant.LostAt is null ? participant : participant with { CodecsDue = true })] };
            // Those who have a live socket. A new connection learns from its answer what to send; one that lives was perhaps told otherwise before.
            var members = participants.Where(participant => participant.ConnectionId is not null && (participant.Id != subject || !hasFreshOffer)).ToArray();
            if (members.Length > 0) all.Add(new MeetingEvent.CodecsChanged(members, codecs));
        }

        if (changed)
        {
            all.Add(new MeetingEvent.Changed(new MeetingChange(
                State.Revision, upserted, removed, codecsChanged ? codecs : null, redChanged ? red : null, controlsChanged ? controls : null)));
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
