using Pendopo.Meetings.Domain.Framing;
using Pendopo.Meetings.Domain.Groups;
using Pendopo.Signaling;

namespace Pendopo.Meetings.Domain;

/// <summary>The way into an encrypted meeting: who knocks, who founds, who is admitted or sent away (docs/e2ee.md §6, §12).</summary>
public sealed partial class Meeting
{
    private FoundingStatement? _statement;

    /// <summary>Of encrypted meetings. It was parsed before the meeting was founded.</summary>
    private FoundingStatement Statement => _statement ??= FoundingStatement.TryParse(State!.Group!.Statement, out var statement)
        ? statement
        : throw new InvalidOperationException("the stored founding statement is malformed");

    private MeetingDecision Knock(GroupCommand.Knock command, GroupState group, DateTimeOffset now)
    {
        var admission = Admission.Decide(State, new Entrance.Knock(command.Session), abilities: null, rules);
        if (admission.Error != ErrorCode.None) return MeetingDecision.Refused(admission.Error);
        if (KnockCheck.Read(Statement, command.Account, command.KeyPackage, out var identity, out var reference) is { } refusal) return refusal;
        var old = group.Memory.Lobby.FirstOrDefault(knocker => knocker.Session == command.Session || knocker.ConnectionId == command.ConnectionId);
        if (old is null && group.Memory.Lobby.Count >= SignalingContract.WaitingMaximum) return MeetingDecision.Refused(ErrorCode.MeetingFull);
        if (group.Tree.Leaves.Any(leaf => leaf.KeyPackageReference == reference) || group.Memory.Lobby.Any(knocker => knocker != old && knocker.Reference == reference))
        {
            return MeetingDecision.Refused(ErrorCode.InvalidRequest, "the key package is in use");
        }

        Ticket? ticket = null;
        if (command.Ticket is not null && KnockCheck.ReadTicket(command.Ticket, identity!, reference, now, out ticket) is { } fault) return MeetingDecision.Refused(ErrorCode.InvalidRequest, fault);

        // One session has one place in the lobby; its last window holds it.
        var knocker = new Knocker
        {
            Id = old is not null && old.ConnectionId == command.ConnectionId ? old.Id : command.NewId,
            Session = command.Session,
            DisplayName = command.DisplayName,
            Institution = command.Institution,
            KeyPackage = command.KeyPackage,
            Reference = reference,
            Identity = identity!,
            State = KnockState.Waiting,
            Since = old?.Since ?? now,
            KnockedAt = now,
            ConnectionId = command.ConnectionId,
        };
        if (IsLockedOut(knocker, group)) return MeetingDecision.Refused(ErrorCode.MeetingLocked);
        var events = new List<MeetingEvent>();
        if (old?.ConnectionId is { } connection && connection != command.ConnectionId) events.Add(new MeetingEvent.ConnectionClosed(connection, EndReason.Replaced));
        (knocker, group) = Assess(knocker, ticket, group, now);
        State = State! with { Group = group.WithLobby(group.Memory.Lobby.Where(waiting => waiting != old).Append(knocker)) };

        // A connection that spoke for a member does so no more: it comes back as a new leaf, or its place is over with the grace.
        var member = State.Participants.FirstOrDefault(participant => participant.ConnectionId == command.ConnectionId);
        if (member is not null) events.AddRange(LoseConnection(member, command.ConnectionId, now).Events);
        return new MeetingDecision(ErrorCode.None, events, Group: new GroupAnswer(GroupVerdict.Accepted, Waiting: knocker));
    }

    /// <summary>Where somebody who knocks stands: may found, comes back by right, is admitted by what he brings, or waits.</summary>
    private (Knocker Knocker, GroupState Group) Assess(Knocker knocker, Ticket? ticket, GroupState group, DateTimeOffset now)
    {
        if (!group.IsLiving) return (knocker with { State = OutsideState(knocker) }, group);
        if (GroupWork.Of(group, Statement.MembersMaximum).Count >= SignalingContract.WorkMaximum) return (knocker, group);
        var (identity, tree) = (knocker.Identity, group.Tree);
        if (tree.RemovedAt(identity.Device, identity.Party) is not null || tree.IsBeingRemoved(identity.Device, identity.Party)) return (knocker, group);
        if (MayReturn(tree, knocker)) return Offer(knocker with { State = KnockState.Returning }, group, now);
        if (ticket is null || ticket.GroupId != Statement.GroupId(group.Generation)) return (knocker, group);
        var state = ticket.Issuer switch
        {
            TicketIssuer.Founding when ticket.Signer == 0 && Statement.RoleOf(identity.Party) == ticket.Role => KnockState.Returning,
            TicketIssuer.Organization when ticket.Signer < Statement.TicketKeys && ticket.Role == ParticipantRole.Participant => KnockState.Admitted,
            _ => KnockState.Waiting,
        };
        return state == KnockState.Waiting || ticket.IssuingEpoch != 0 ? (knocker, group) : Offer(knocker with { State = state, Ticket = ticket }, group, now);
    }

    private KnockState OutsideState(Knocker knocker) => Statement.RoleOf(knocker.Identity.Party) is null ? KnockState.Waiting : KnockState.FoundGroup;

    /// <summary>The device was admitted in this generation, by this session, and nobody removed it.</summary>
    private static bool MayReturn(GroupTree tree, Knocker knocker) =>
        tree.Find(knocker.Identity.Device) is { } device && device.Session == knocker.Session && device.Party == knocker.Identity.Party
        && tree.RemovedAt(device.Device, device.Party) is null && !tree.IsBeingRemoved(device.Device, device.Party);

    private static (Knocker Knocker, GroupState Group) Offer(Knocker knocker, GroupState group, DateTimeOffset now) =>
        (knocker with { Work = $"w{group.NextWork}", OfferedAt = now }, group with { NextWork = group.NextWork + 1 });

    private MeetingDecision FoundGroup(GroupCommand.FoundGroup command, GroupState group, DateTimeOffset now)
    {
        if (group.Memory.Find(command.By) is not { } knocker) return MeetingDecision.Refused(ErrorCode.NotInMeeting);
        if (group.IsLiving || command.ExpectedGeneration != group.Generation) return new MeetingDecision(ErrorCode.None, [], Group: GroupAnswer.Stale);
        if (Statement.RoleOf(knocker.Identity.Party) is not { } role) return MeetingDecision.Refused(ErrorCode.NotAllowed);
        var generation = group.Generation + 1;
        if (command.GroupId != Statement.GroupId(generation)) return MeetingDecision.Refused(ErrorCode.InvalidRequest, "groupId is not that of the next generation");
        // The account was asked for when this participant knocked.
        var account = knocker.Identity.Party is { Type: PartyType.Account } party ? party.Id : null;
        if (KnockCheck.Read(Statement, account, command.KeyPackage, out var identity, out var reference) is { } refusal) return refusal;
        if (identity!.Device != knocker.Identity.Device) return MeetingDecision.Refused(ErrorCode.InvalidRequest, "the key package is another device's");

        State = State! with
        {
            Group = group.Without(knocker.Id) with { Generation = generation, IsLiving = true, Tree = GroupRegister.Found(Statement, knocker, reference, role), LastCommit = null },
        };
        var decision = Change([.. State.Participants, NewMember(knocker, leaf: 0, now)], now, [], knocker.Id);
        MeetingEvent[] founded = knocker.ConnectionId is { } connection ? [new GroupEvent.Founded(connection, knocker.Id)] : [];
        return decision with { Events = [.. founded, .. decision.Events], Group = new GroupAnswer(GroupVerdict.Accepted) };
    }

    private MeetingDecision Admit(ParticipantState moderator, GroupCommand.Admit command, GroupState group, DateTimeOffset now)
    {
        if (!moderator.IsModerator) return MeetingDecision.Refused(ErrorCode.NotAllowed);
        if (group.Memory.Find(command.Target) is not { State: KnockState.Waiting or KnockState.Admitted } knocker) return MeetingDecision.Refused(ErrorCode.InvalidRequest, "nobody of that id waits");
        if (!Ticket.TryParse(command.Ticket, out var ticket)) return MeetingDecision.Refused(ErrorCode.InvalidRequest, "ticket is malformed");
        var tree = group.Tree;
        var (device, party) = (knocker.Identity.Device, knocker.Identity.Party);
        if (ticket.Issuer != TicketIssuer.Member || ticket.GroupId != Statement.GroupId(group.Generation) || ticket.Signer != moderator.Leaf
            || !GroupRegister.IsCurrent(tree, ticket.Signer, ticket.IssuingEpoch))
        {
            return MeetingDecision.Refused(ErrorCode.InvalidRequest, "ticket is not of this group, epoch and leaf");
        }

        if (KnockCheck.Fits(ticket, knocker.Identity, knocker.Reference) is { } fault) return MeetingDecision.Refused(ErrorCode.InvalidRequest, fault);
        if (ticket.Role == ParticipantRole.Host || (ticket.Role == ParticipantRole.CoHost && moderator.Role != ParticipantRole.Host)) return MeetingDecision.Refused(ErrorCode.NotAllowed);
        if (!KnockCheck.IsTimely(ticket, now)) return MeetingDecision.Refused(ErrorCode.InvalidRequest, "ticket's time is off");
        // A ticket from before the removal's commit would be void; the next one will not be.
        if (tree.IsBeingRemoved(device, party) || tree.RemovedAt(device, party) > ticket.IssuingEpoch) return MeetingDecision.Refused(ErrorCode.Unavailable, "the removal is not committed yet");
        // Two moderators at once: one ticket is enough.
        if (knocker.State == KnockState.Admitted) return new MeetingDecision(ErrorCode.None, []);
        var places = tree.Leaves.Count + group.Memory.Lobby.Count(waiting => waiting.Ticket is not null);
        if (places >= Math.Min(Statement.MembersMaximum, rules.MaximumParticipants)) return MeetingDecision.Refused(ErrorCode.MeetingFull);
        if (GroupWork.Of(group, Statement.MembersMaximum).Count >= SignalingContract.WorkMaximum) return MeetingDecision.Refused(ErrorCode.Unavailable, "too much is to be committed");

        (knocker, group) = Offer(knocker with { State = KnockState.Admitted, Ticket = ticket }, group, now);
        State = State! with { Group = group.With(knocker) };
        return new MeetingDecision(ErrorCode.None, []);
    }

    private MeetingDecision Deny(ParticipantState moderator, GroupCommand.Deny command, GroupState group)
    {
        if (!moderator.IsModerator) return MeetingDecision.Refused(ErrorCode.NotAllowed);
        if (group.Memory.Find(command.Target) is not { State: KnockState.Waiting or KnockState.Admitted } knocker) return MeetingDecision.Refused(ErrorCode.InvalidRequest, "nobody of that id waits");
        return new MeetingDecision(ErrorCode.None, Dismiss(knocker, group, KnockState.Denied));
    }

    private MeetingDecision TellWaiting(ParticipantState moderator, GroupCommand.TellWaiting command, GroupState group)
    {
        if (!moderator.IsModerator) return MeetingDecision.Refused(ErrorCode.NotAllowed);
        if (command.Notice is not null && group.Memory.Lobby.Count == 0) return MeetingDecision.Refused(ErrorCode.InvalidRequest, "nobody waits");
        State = State! with { Group = group with { Memory = group.Memory with { Notice = command.Notice } } };
        return new MeetingDecision(ErrorCode.None, []);
    }

    private MeetingDecision ResumeWaiting(Knocker knocker, MeetingCommand.Resume command, GroupState group)
    {
        MeetingEvent[] events = knocker.ConnectionId is { } connection && connection != command.ConnectionId ? [new MeetingEvent.ConnectionClosed(connection, EndReason.Replaced)] : [];
        knocker = knocker with { ConnectionId = command.ConnectionId, LostAt = null };
        State = State! with { Group = group.With(knocker) };
        return new MeetingDecision(ErrorCode.None, events, Group: new GroupAnswer(GroupVerdict.Accepted, Waiting: knocker));
    }

    private void AddDeadlines(GroupState group, List<MeetingDeadline> deadlines)
    {
        foreach (var knocker in group.Memory.Lobby)
        {
            deadlines.Add(new MeetingDeadline(knocker.KnockedAt + rules.WaitingMaximum, MeetingDeadlineReason.GroupTimeOver));
            if (knocker.LostAt is { } lost) deadlines.Add(new MeetingDeadline(lost + rules.Grace, MeetingDeadlineReason.GroupTimeOver));
            if (knocker.Ticket is { } ticket) deadlines.Add(new MeetingDeadline(DateTimeOffset.FromUnixTimeMilliseconds(ticket.ExpiresAt), MeetingDeadlineReason.GroupTimeOver));
        }

        if (group.Memory.Welcomes.Count > 0) deadlines.Add(new MeetingDeadline(group.Memory.Welcomes.Min(kept => kept.Until), MeetingDeadlineReason.GroupTimeOver));
    }

    /// <summary>Who lost the socket for too long is gone, who waited for too long is told so, and a ticket that has expired admits nobody.</summary>
    private void PassGroupTime(GroupState group, DateTimeOffset now, List<MeetingEvent> events)
    {
        var lobby = new List<Knocker>();
        foreach (var knocker in group.Memory.Lobby)
        {
            if (knocker.LostAt + rules.Grace <= now) continue;
            if (knocker.KnockedAt + rules.WaitingMaximum > now) lobby.Add(knocker.Ticket is { } ticket && ticket.ExpiresAt <= now.ToUnixTimeMilliseconds() ? knocker.AsWaiting() : knocker);
            else if (knocker.ConnectionId is { } connection) events.Add(new GroupEvent.KnockEnded(connection, KnockState.Expired));
        }

        group = group.WithLobby(lobby);
        State = State! with { Group = group with { Memory = group.Memory with { Welcomes = [.. group.Memory.Welcomes.Where(kept => kept.Until > now)] } } };
    }

    private IReadOnlyList<MeetingEvent> Dismiss(Knocker knocker, GroupState group, KnockState state)
    {
        State = State! with { Group = group.Without(knocker.Id) };
        return knocker.ConnectionId is { } connection ? [new GroupEvent.KnockEnded(connection, state)] : [];
    }

    private ParticipantState NewMember(Knocker knocker, int leaf, DateTimeOffset now) => Inherit(new ParticipantState
    {
        Id = knocker.Id,
        Session = knocker.Session,
        DisplayName = knocker.DisplayName,
        Role = ParticipantRole.Participant,
        Media = new MediaState(false, false),
        JoinedAt = now,
        ConnectionId = knocker.ConnectionId,
        LostAt = knocker.LostAt,
        Leaf = leaf,
        Party = knocker.Identity.Party,
    });
}
