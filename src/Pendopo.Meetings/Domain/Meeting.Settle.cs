using Pendopo.Meetings.Domain.Groups;
using Pendopo.Signaling;

namespace Pendopo.Meetings.Domain;

/// <summary>
/// What follows from any change of an encrypted meeting, by whatever command: the end of a generation, work, who may still return, and who has to hear of it.
/// It is derived from the states before and after, so no command can forget it.
/// </summary>
public sealed partial class Meeting
{
    private void SettleGroup(MeetingState? before, DateTimeOffset now, List<MeetingEvent> events)
    {
        if (State is not { Group: { } group, EndedAt: null }) return;
        if (group.IsLiving && !State.Participants.Any(participant => MayCommit(participant, group))) group = Close(now, events);
        if (group.IsLiving) group = OfferDepartures(group, [.. State.Participants.Select(participant => participant.Id)], now);
        Knocker[] lobby = [.. group.Memory.Lobby.Select(knocker => Reassess(knocker, group))];
        if (!lobby.SequenceEqual(group.Memory.Lobby)) group = group.WithLobby(lobby);
        // What was said to people who are all in or gone is not for those who come later.
        if (lobby.Length == 0 && group.Memory.Notice is not null) group = group with { Memory = group.Memory with { Notice = null } };
        if (group.Memory.Refusals.Count > 0) group = DropRefusals(group);
        if (group != State.Group) State = State with { Group = group };
        // Ranks follow from the register.
        if (State.Participants.Any(participant => participant != Ranked(participant, group.Tree))) events.AddRange(Change(State.Participants, now, []).Events);
        TellGroup(before, events);
    }

    /// <summary>He holds a leaf, and does not stand at the door himself to have it replaced: nobody removes his own leaf.</summary>
    private static bool MayCommit(ParticipantState participant, GroupState group) =>
        participant.Leaf is not null && !group.Memory.Lobby.Any(knocker => knocker.Work is not null && knocker.Ticket is null && knocker.Session == participant.Session);

    /// <summary>Nobody is left who could commit: the generation is over, and its log with it. A sole member that reloads its page is such a case.</summary>
    private GroupState Close(DateTimeOffset now, List<MeetingEvent> events)
    {
        events.AddRange(State!.Connections.Select(connection => new MeetingEvent.ConnectionClosed(connection, EndReason.Replaced)));
        events.AddRange(Remove([.. State.Participants], now).Events);
        events.Add(new GroupEvent.LogDropped());
        var group = State.Group!;
        return group with { IsLiving = false, Tree = GroupTree.Empty, LastCommit = null, Memory = GroupMemory.Empty with { Lobby = group.Memory.Lobby } };
    }

    private static GroupState OfferDepartures(GroupState group, HashSet<ParticipantId> holders, DateTimeOffset now)
    {
        var tree = group.Tree;
        var acts = tree.Acts.All(act => GroupRegister.StillHolds(tree, act)) ? tree.Acts : [.. tree.Acts.Where(act => GroupRegister.StillHolds(tree, act))];
        var next = group.NextWork;
        var leaves = tree.Leaves;
        if (leaves.Any(leaf => IsNew(leaf) || IsOver(leaf)))
        {
            leaves = [.. leaves.Select(leaf => IsNew(leaf) ? leaf with { Departure = $"w{next++}", DepartedAt = now } : IsOver(leaf) ? leaf with { Departure = null } : leaf)];
        }

        return acts == tree.Acts && leaves == tree.Leaves ? group : group with { Tree = tree with { Acts = acts, Leaves = leaves }, NextWork = next };

        // Somebody whom a moderator removes is not to go as one who has only departed: that would leave the return right.
        bool IsToBeRemoved(GroupLeaf leaf) => acts.Any(act => act.Kind == WorkKind.Removal && act.Leaf == leaf.Index);
        bool IsNew(GroupLeaf leaf) => leaf.Departure is null && !holders.Contains(leaf.Holder) && !IsToBeRemoved(leaf);
        bool IsOver(GroupLeaf leaf) => leaf.Departure is not null && (holders.Contains(leaf.Holder) || IsToBeRemoved(leaf));
    }

    private GroupState DropRefusals(GroupState group)
    {
        var work = GroupWork.Of(group, Statement.MembersMaximum).Select(item => item.Id).ToHashSet();
        WorkRefusal[] rest = [.. group.Memory.Refusals.Where(refusal => work.Contains(refusal.Work))];
        return rest.Length == group.Memory.Refusals.Count ? group : group with { Memory = group.Memory with { Refusals = rest } };
    }

    private Knocker Reassess(Knocker knocker, GroupState group)
    {
        var tree = group.Tree;
        if (!group.IsLiving)
        {
            var outside = OutsideState(knocker);
            return knocker.State == outside ? knocker : knocker.AsWaiting() with { State = outside };
        }

        var isGood = knocker switch
        {
            { State: KnockState.FoundGroup } => false,
            { Work: null } => true,
            { Ticket: null } => MayReturn(tree, knocker),
            // A host who has handed over appoints nobody any more.
            { Ticket: { Issuer: Framing.TicketIssuer.Member } ticket } => GroupRegister.IsCurrent(tree, ticket.Signer, ticket.IssuingEpoch)
                && (ticket.Role != ParticipantRole.CoHost || tree.RoleAt(ticket.Signer) == ParticipantRole.Host),
            { Ticket: { } ticket } => tree.RemovedAt(ticket.Device, ticket.Party) is null && !tree.IsBeingRemoved(ticket.Device, ticket.Party),
        };
        return isGood ? knocker : knocker.AsWaiting();
    }

    private static ParticipantState Ranked(ParticipantState participant, GroupTree tree)
    {
        var leaf = tree.Leaves.FirstOrDefault(leaf => leaf.Holder == participant.Id);
        var role = leaf is null ? participant.Role : tree.Find(leaf.Device)!.Role;
        return participant.Leaf == leaf?.Index && participant.Role == role ? participant : participant with { Leaf = leaf?.Index, Role = role };
    }

    private void TellGroup(MeetingState? before, List<MeetingEvent> events)
    {
        var (old, group) = (before?.Group, State!.Group!);
        var members = State.Connections;
        if (members.Count > 0)
        {
            var oldWork = old is null ? [] : GroupWork.Of(old, Statement.MembersMaximum).Select(item => item.Headline).ToArray();
            var work = GroupWork.Of(group, Statement.MembersMaximum).Select(item => item.Headline).ToArray();
            string[] withdrawn = [.. oldWork.Except(work).Select(item => item.Id)];
            WorkHeadline[] offered = [.. work.Except(oldWork)];
            if (withdrawn.Length > 0) events.Add(new GroupEvent.WorkWithdrawn(members, withdrawn));
            if (offered.Length > 0) events.Add(new GroupEvent.WorkOffered(members, offered));
            if (before!.Receivers != State.Receivers) events.Add(new GroupEvent.ReceiversChanged(members, State.Receivers));
        }

        string[] moderators = [.. State.Participants.Where(participant => participant.IsModerator).Select(participant => participant.ConnectionId).OfType<string>()];
        if (moderators.Length > 0)
        {
            var (oldKnocks, knocks) = (KnocksOf(old), KnocksOf(group));
            foreach (var gone in oldKnocks.Where(knock => knocks.All(other => other.ParticipantId != knock.ParticipantId)))
            {
                events.Add(new GroupEvent.KnockGone(moderators, new ParticipantId(gone.ParticipantId)));
            }

            foreach (var knock in knocks.Except(oldKnocks)) events.Add(new GroupEvent.Knocked(moderators, knock));
        }

        if (old?.Memory.Notice != group.Memory.Notice)
        {
            string[] readers = [.. moderators, .. group.Memory.Lobby.Select(knocker => knocker.ConnectionId).OfType<string>()];
            if (readers.Length > 0) events.Add(new GroupEvent.NoticeChanged(readers, group.Memory.Notice));
        }

        foreach (var knocker in group.Memory.Lobby)
        {
            if (knocker.ConnectionId is { } connection && old?.Memory.Find(knocker.Id) is { } was && was.State != knocker.State) events.Add(new GroupEvent.KnockChanged(connection, knocker.State));
        }
    }

    /// <summary>Those about whom a moderator decides.</summary>
    internal static IReadOnlyList<Knock> KnocksOf(GroupState? group) => group is not { IsLiving: true } ? [] :
    [
        .. group.Memory.Lobby.Where(knocker => knocker.State == KnockState.Waiting)
            .Select(knocker => new Knock(knocker.Id.Value, knocker.DisplayName, knocker.KeyPackage, knocker.Since.ToUnixTimeMilliseconds(), knocker.Institution)),
    ];
}
