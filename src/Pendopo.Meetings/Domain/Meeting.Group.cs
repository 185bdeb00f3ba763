using Pendopo.Meetings.Domain.Framing;
using Pendopo.Meetings.Domain.Groups;
using Pendopo.Signaling;

namespace Pendopo.Meetings.Domain;

/// <summary>The group of an encrypted meeting: commits, messages, moderators' acts (docs/e2ee.md §10, §11, §22).</summary>
public sealed partial class Meeting
{
    /// <summary>Refusals that withdraw work: fewer could be one person's grudge.</summary>
    private const int RefusalsMaximum = 3;

    /// <summary>Welcomes of one meeting that wait for their commits: each has up to 4 MiB, and more than a few committers at once are none of ours.</summary>
    private const int PendingWelcomes = 8;

    /// <summary>A commit follows its Welcome at once.</summary>
    private static readonly TimeSpan WelcomePatience = TimeSpan.FromSeconds(60);

    /// <summary>Who was added may lose the socket just then, and comes back within the grace.</summary>
    private static readonly TimeSpan WelcomeRetention = TimeSpan.FromSeconds(120);

    private MeetingDecision ApplyGroup(GroupCommand command, DateTimeOffset now)
    {
        if (State is not { IsEncrypted: true, Group: { } group }) return MeetingDecision.Refused(ErrorCode.MeetingNotFound);
        return command switch
        {
            GroupCommand.Knock knock => Knock(knock, group, now),
            GroupCommand.FoundGroup found => FoundGroup(found, group, now),
            GroupCommand.Admit admit => WithMember(admit.By, member => Admit(member, admit, group, now)),
            GroupCommand.Deny deny => WithMember(deny.By, member => Deny(member, deny, group)),
            GroupCommand.TellWaiting tell => WithMember(tell.By, member => TellWaiting(member, tell, group)),
            GroupCommand.RemoveMember remove => WithMember(remove.By, member => RemoveMember(member, remove, group, now)),
            GroupCommand.OfferRecord offer => WithMember(offer.By, member => OfferRecord(member, offer, group, now)),
            GroupCommand.RefuseWork refuse => WithMember(refuse.By, member => RefuseWork(member, refuse, group)),
            GroupCommand.PostCommit post => WithMember(post.By, member => PostCommit(member, post, group, now)),
            GroupCommand.PostMessage post => WithMember(post.By, member => PostMessage(member, post, group, now)),
            GroupCommand.ReportEntry report => WithMember(report.By, member => ReportEntry(member, report, group, now)),
            GroupCommand.StoreWelcome store => WithMember(store.By, member => StoreWelcome(member, store, group, now)),
            ModerationCommand moderation => ApplyModeration(moderation, now),
            GroupCommand.ConnectMedia connect => WithMember(connect.By, member => ConnectMedia(member, connect, now)),
            _ => throw new ArgumentOutOfRangeException(nameof(command), command.GetType().Name, "unknown command"),
        };
    }

    private MeetingDecision WithMember(ParticipantId id, Func<ParticipantState, MeetingDecision> act)
    {
        if (State!.Group!.Memory.Find(id) is not null) return MeetingDecision.Refused(ErrorCode.NotMember);
        return WithParticipant(id, participant => participant.Leaf is null ? MeetingDecision.Refused(ErrorCode.NotMember) : act(participant));
    }

    private MeetingDecision PostCommit(ParticipantState poster, GroupCommand.PostCommit command, GroupState group, DateTimeOffset now)
    {
        if (CommitCheck.Judge(group, Statement, poster, command, now, out var accepted) is { } answer) return new MeetingDecision(ErrorCode.None, [], poster, answer);
        var (before, memory) = (group.Tree, group.Memory);
        var log = memory.Log.Append(LogKind.Commit, before.Epoch, poster.Leaf!.Value, now, accepted!.Size);
        var tree = GroupRegister.Apply(before, accepted, Statement, log.Last);
        var members = State!.Connections;

        // Who is added again replaces himself; everybody else whose leaf goes is out of the roster already.
        var sessions = accepted.Adds.Select(knocker => knocker.Session).ToHashSet();
        var replaced = State.Participants.Where(participant => sessions.Contains(participant.Session) || tree.Leaves.All(leaf => leaf.Holder != participant.Id)).ToArray();
        var events = new List<MeetingEvent> { new GroupEvent.LogAppended(members, EntryOf(log.Headers[^1], group.Generation, command.Commit)) };
        foreach (var old in replaced)
        {
            if (old.ConnectionId is { } connection) events.Add(new MeetingEvent.ConnectionClosed(connection, EndReason.Replaced));
            events.Add(new MeetingEvent.Departed(old));
        }

        ParticipantState[] added = [.. accepted.Adds.Select(knocker => NewMember(knocker, tree.LeafOf(knocker.Identity.Device)!.Index, now))];
        var welcome = Keep(accepted, command, poster, tree, group.Generation, log.Last, now);
        State = State with
        {
            Group = group with
            {
                Tree = tree,
                LastCommit = new CommitMark(log.Last, poster.Id, before, [.. added.Select(participant => participant.Id)], []),
                Memory = memory with
                {
                    Log = log,
                    Lobby = [.. memory.Lobby.Except(accepted.Adds)],
                    Welcomes = [.. memory.Welcomes.Where(kept => command.WelcomeId is null || kept.Id != command.WelcomeId), .. welcome],
                },
            },
        };
        var change = Change([.. State.Participants.Except(replaced), .. added], now, [], poster.Id);
        events.AddRange(change.Events);
        foreach (var participant in added.Where(participant => participant.ConnectionId is not null)) events.AddRange(Welcome(participant));
        return new MeetingDecision(ErrorCode.None, events, change.Subject, new GroupAnswer(GroupVerdict.Accepted, Entry: log.Last));
    }

    private static KeptWelcome[] Keep(
        AcceptedCommit accepted, GroupCommand.PostCommit command, ParticipantState poster, GroupTree tree, int generation, long entry, DateTimeOffset now)
    {
        if (accepted.Adds.Count == 0) return [];
        var told = accepted.Adds.Select(knocker => KeyValuePair.Create(
            knocker.Id, new Welcomed(generation, tree.Epoch, entry, tree.LeafOf(knocker.Identity.Device)!.Index, command.Welcome, command.WelcomeId)));
        return [new KeptWelcome(command.WelcomeId, poster.Id, accepted.Welcome, now + WelcomeRetention, [.. told])];
    }

    /// <summary>What somebody added is told, also when the socket was lost meanwhile: the Welcome, while it is kept, and the work there is.</summary>
    private IEnumerable<MeetingEvent> Welcome(ParticipantState member)
    {
        if (State?.Group is not { IsLiving: true } group || member is not { Leaf: not null, ConnectionId: { } connection }) yield break;
        var kept = group.Memory.Welcomes.SelectMany(welcome => welcome.Committed).LastOrDefault(told => told.Key == member.Id).Value;
        if (kept is not null && !member.HasMedia) yield return new GroupEvent.WelcomeGiven(connection, member.Id, kept);
        var work = GroupWork.Of(group, Statement.MembersMaximum);
        if (work.Count > 0) yield return new GroupEvent.WorkOffered([connection], [.. work.Select(item => item.Headline)]);
    }

    private MeetingDecision PostMessage(ParticipantState poster, GroupCommand.PostMessage command, GroupState group, DateTimeOffset now)
    {
        if (command.Kind == LogKind.Commit) return MeetingDecision.Refused(ErrorCode.InvalidRequest, "kind is that of a commit");
        if (!MediaPermission.MayPost(command.Kind, poster, Controls!)) return MeetingDecision.Refused(ErrorCode.NotAllowed);
        var fault = Judge(command, group, out var size);
        if (fault is not null) return new MeetingDecision(ErrorCode.None, [], poster, fault);
        var log = group.Memory.Log.Append(command.Kind, command.Epoch, poster.Leaf!.Value, now, size);
        State = State! with { Group = group with { Memory = group.Memory with { Log = log } } };
        var appended = new GroupEvent.LogAppended(State.Connections, EntryOf(log.Headers[^1], group.Generation, command.Message));
        return new MeetingDecision(ErrorCode.None, [appended], poster, new GroupAnswer(GroupVerdict.Accepted, Entry: log.Last));
    }

    private GroupAnswer? Judge(GroupCommand.PostMessage command, GroupState group, out int size)
    {
        size = 0;
        if (WireText.IsTooLong(command.Message, SignalingContract.GroupMessageMaximum)) return GroupAnswer.Refused(GroupFault.TooLarge);
        if (!WireText.TryRead(command.Message, SignalingContract.GroupMessageMaximum, out var bytes) || !ApplicationMessage.TryParse(bytes, out var message)) return GroupAnswer.Refused(GroupFault.Malformed);
        if (message.GroupId != Statement.GroupId(command.Generation)) return GroupAnswer.Refused(GroupFault.WrongGroup);
        if (command.Generation != group.Generation) return GroupAnswer.Refused(GroupFault.WrongGeneration);
        if (message.Epoch != command.Epoch || message.Epoch > group.Tree.Epoch) return GroupAnswer.Refused(GroupFault.WrongEpoch);
        size = bytes.Length;
        return group.Tree.Epoch - message.Epoch > EpochLog.MessageEpochs ? GroupAnswer.Stale : null;
    }

    private static LogEntry EntryOf(LogHeader header, int generation, string bytes) =>
        new(generation, header.Entry, header.Kind, header.Epoch, header.Leaf, header.At, bytes);

    private MeetingDecision RemoveMember(ParticipantState moderator, GroupCommand.RemoveMember command, GroupState group, DateTimeOffset now)
    {
        if (!moderator.IsModerator) return MeetingDecision.Refused(ErrorCode.NotAllowed);
        if (State!.Participants.FirstOrDefault(participant => participant.Id == command.Target) is not { Leaf: { } leaf } target) return MeetingDecision.Refused(ErrorCode.InvalidRequest, "no member has that id");
        if (!Removal.TryParse(command.Removal, out var removal)) return MeetingDecision.Refused(ErrorCode.InvalidRequest, "removal is malformed");
        var tree = group.Tree;
        var device = tree.Find(tree.LeafAt((uint)leaf)!.Device)!;
        if (removal.GroupId != Statement.GroupId(group.Generation) || removal.Signer != moderator.Leaf || !GroupRegister.IsCurrent(tree, removal.Signer, removal.IssuingEpoch))
        {
            return MeetingDecision.Refused(ErrorCode.InvalidRequest, "removal is not of this group, epoch and leaf");
        }

        if (removal.Leaf != leaf || removal.Device != device.Device || removal.Party != device.Party) return MeetingDecision.Refused(ErrorCode.InvalidRequest, "removal names somebody else");
        if (RankOf(moderator.Role) <= RankOf(target.Role)) return MeetingDecision.Refused(ErrorCode.NotAllowed);
        var act = new PendingAct($"w{group.NextWork}", WorkKind.Removal, removal.Text, removal.Signer, removal.IssuingEpoch, now, leaf, device.Device, device.Party);
        State = State with { Group = group with { NextWork = group.NextWork + 1, Tree = tree with { Acts = [.. tree.Acts, act] } } };

        // The seat is cut at once; the keys change with the commit.
        List<MeetingEvent> events = target.ConnectionId is { } connection ? [new MeetingEvent.ConnectionClosed(connection, EndReason.Removed)] : [];
        events.AddRange(Remove([target], now).Events);
        return new MeetingDecision(ErrorCode.None, events);
    }

    private static int RankOf(ParticipantRole role) => role switch
    {
        ParticipantRole.Host => 2,
        ParticipantRole.CoHost => 1,
        _ => 0,
    };

    private MeetingDecision OfferRecord(ParticipantState moderator, GroupCommand.OfferRecord command, GroupState group, DateTimeOffset now)
    {
        if (!moderator.IsModerator) return MeetingDecision.Refused(ErrorCode.NotAllowed);
        if (!StateRecord.TryParse(command.Record, out var record)) return MeetingDecision.Refused(ErrorCode.InvalidRequest, "record is malformed");
        var tree = group.Tree;
        if (record.GroupId != Statement.GroupId(group.Generation) || record.Signer != moderator.Leaf || !GroupRegister.IsCurrent(tree, record.Signer, record.IssuingEpoch))
        {
            return MeetingDecision.Refused(ErrorCode.InvalidRequest, "record is not of this group, epoch and leaf");
        }

        if (record.Number != tree.RecordNumber + 1 || record.Previous != tree.RecordHead) return MeetingDecision.Refused(ErrorCode.InvalidRequest, "record does not follow the last one");
        if (!record.Changes.All(change => MayChange(moderator, change, tree))) return MeetingDecision.Refused(ErrorCode.NotAllowed);
        if (tree.Acts.Any(pending => pending.Proof == record.Text)) return new MeetingDecision(ErrorCode.None, []);
        if (GroupWork.Of(group, Statement.MembersMaximum).Count >= SignalingContract.WorkMaximum) return MeetingDecision.Refused(ErrorCode.Unavailable, "too much is to be committed");
        var act = new PendingAct($"w{group.NextWork}", WorkKind.Record, record.Text, record.Signer, record.IssuingEpoch, now);
        State = State! with { Group = group with { NextWork = group.NextWork + 1, Tree = tree with { Acts = [.. tree.Acts, act] } } };
        return new MeetingDecision(ErrorCode.None, []);
    }

    private bool MayChange(ParticipantState moderator, StateChange change, GroupTree tree) => change switch
    {
        StateChange.Recording recording => !recording.On || Statement.RecordingAllowed,
        StateChange.Label label => label.Rank > tree.LabelRank,
        StateChange.Role role => moderator.Role == ParticipantRole.Host && role.NewRole != ParticipantRole.Host
            && tree.Find(role.Device) is { Role: not ParticipantRole.Host },
        StateChange.Guest guest => tree.Find(guest.Device)?.Party.Type == PartyType.Device,
        StateChange.Host host => moderator.Role == ParticipantRole.Host && host.Party != (tree.Host ?? Statement.Founder) && tree.HasParty(host.Party),
        _ => false,
    };

    private MeetingDecision RefuseWork(ParticipantState member, GroupCommand.RefuseWork command, GroupState group)
    {
        var work = GroupWork.Of(group, Statement.MembersMaximum).FirstOrDefault(item => item.Id == command.WorkId);
        var refusal = new WorkRefusal(command.WorkId, member.Id);
        if (work is null || group.Memory.Refusals.Contains(refusal)) return new MeetingDecision(ErrorCode.None, []);
        IReadOnlyList<WorkRefusal> refusals = [.. group.Memory.Refusals, refusal];
        group = group with { Memory = group.Memory with { Refusals = refusals } };
        var by = refusals.Where(other => other.Work == work.Id).Select(other => other.Member).ToHashSet();
        var everybody = State!.Participants.Where(participant => participant.LostAt is null).All(participant => by.Contains(participant.Id));
        State = State with { Group = by.Count >= RefusalsMaximum || everybody ? Withdraw(group, work) : group };
        return new MeetingDecision(ErrorCode.None, []);
    }

    private static GroupState Withdraw(GroupState group, GroupWork work) => work.Kind switch
    {
        WorkKind.Admission or WorkKind.Return => group.With(group.Memory.Lobby.First(knocker => knocker.KeyPackage == work.KeyPackage).AsWaiting()),
        // A leaf without a place is offered again in the next epoch: a few may not keep it in the tree.
        WorkKind.Departure => group with
        {
            Tree = group.Tree with { Leaves = [.. group.Tree.Leaves.Select(leaf => leaf.Index == work.Leaf ? leaf with { RefusedIn = group.Tree.Epoch } : leaf)] },
        },
        _ => group with { Tree = group.Tree with { Acts = [.. group.Tree.Acts.Where(act => act.Id != work.Id)] } },
    };

    private MeetingDecision ReportEntry(ParticipantState member, GroupCommand.ReportEntry command, GroupState group, DateTimeOffset now)
    {
        // Of another commit than the last nothing can be taken back any more.
        if (command.Generation != group.Generation || group.LastCommit is not { } mark || mark.Entry != command.Entry) return new MeetingDecision(ErrorCode.None, []);
        if (mark.Poster == member.Id || mark.Added.Contains(member.Id) || mark.Reports.Contains(member.Id)) return new MeetingDecision(ErrorCode.None, []);
        mark = mark with { Reports = [.. mark.Reports, member.Id] };
        State = State! with { Group = group with { LastCommit = mark } };
        var judges = State.Participants.Where(participant => participant.LostAt is null && participant.Id != mark.Poster && !mark.Added.Contains(participant.Id)).ToArray();
        return judges.Count(judge => mark.Reports.Contains(judge.Id)) * 2 > judges.Length
            ? new MeetingDecision(ErrorCode.None, Void(mark, now))
            : new MeetingDecision(ErrorCode.None, []);
    }

    /// <summary>The epoch before holds again. Poster and added are out of step: what they hold is no leaf of that epoch.</summary>
    private List<MeetingEvent> Void(CommitMark mark, DateTimeOffset now)
    {
        var group = State!.Group!;
        var events = new List<MeetingEvent> { new GroupEvent.Voided(State.Connections, new EntryVoided(group.Generation, mark.Entry, mark.Before.Epoch)) };
        State = State with { Group = group with { Tree = mark.Before, LastCommit = null } };
        ParticipantState[] strays = [.. State.Participants.Where(participant => participant.Id == mark.Poster || mark.Added.Contains(participant.Id))];
        foreach (var participant in strays)
        {
            if (participant.ConnectionId is { } connection) events.Add(new GroupEvent.OutOfStep(connection, GroupFault.Voided));
        }

        events.AddRange(Remove(strays, now).Events);
        return events;
    }

    private MeetingDecision StoreWelcome(ParticipantState member, GroupCommand.StoreWelcome command, GroupState group, DateTimeOffset now)
    {
        if (!WelcomeMessage.TryParse(command.Bytes.Span, out _)) return MeetingDecision.Refused(ErrorCode.InvalidRequest, "the body is no Welcome of this suite");
        var welcomes = group.Memory.Welcomes.Where(kept => kept.Committed.Count > 0 || kept.Uploader != member.Id).ToArray();
        if (welcomes.Count(kept => kept.Committed.Count == 0) >= PendingWelcomes) return MeetingDecision.Refused(ErrorCode.Unavailable);
        var added = new KeptWelcome(command.Id, member.Id, command.Bytes, now + WelcomePatience, []);
        State = State! with { Group = group with { Memory = group.Memory with { Welcomes = [.. welcomes, added] } } };
        return new MeetingDecision(ErrorCode.None, []);
    }

    private MeetingDecision ConnectMedia(ParticipantState member, GroupCommand.ConnectMedia command, DateTimeOffset now) =>
        ChangeAbilities(AtEntry(member, command.Media) with { HasMedia = true, PathLost = false }, command.Abilities, now, hasFreshOffer: true);
}
