using Pendopo.Meetings.Domain.Framing;
using Pendopo.Signaling;

namespace Pendopo.Meetings.Domain.Groups;

/// <summary>A commit that the server takes.</summary>
/// <param name="Adds">Who is added, in order; the reasons are the data's.</param>
internal sealed record AcceptedCommit(CommitMessage Message, CommitData Data, int Size, IReadOnlyList<Knocker> Adds, ReadOnlyMemory<byte> Welcome);

/// <summary>
/// The server's checks of a commit, in the order of docs/e2ee.md §22. Zero trust: only what was offered is taken, and only from the leaf that the
/// session holds. What takes cryptography is the clients' to check.
/// </summary>
internal static class CommitCheck
{
    /// <summary>How far the committer's clock may be off: else one member could run the meeting's time away.</summary>
    private const long ClockSlackMilliseconds = 60_000;

    /// <returns>Null when the commit is accepted.</returns>
    public static GroupAnswer? Judge(
        GroupState group, FoundingStatement statement, ParticipantState poster, GroupCommand.PostCommit command, DateTimeOffset now, out AcceptedCommit? accepted)
    {
        accepted = null;
        if (WireText.IsTooLong(command.Commit, SignalingContract.CommitMaximum)) return GroupAnswer.Refused(GroupFault.TooLarge);
        if (!WireText.TryRead(command.Commit, SignalingContract.CommitMaximum, out var bytes) || !CommitMessage.TryParse(bytes, out var commit)) return GroupAnswer.Refused(GroupFault.Malformed);
        if (commit.GroupId != statement.GroupId(command.Generation)) return GroupAnswer.Refused(GroupFault.WrongGroup);
        if (command.Generation != group.Generation || !group.IsLiving) return GroupAnswer.Refused(GroupFault.WrongGeneration);
        if (commit.Epoch != command.Epoch) return GroupAnswer.Refused(GroupFault.WrongEpoch);
        if (commit.Epoch != group.Tree.Epoch) return GroupAnswer.Stale;
        if (commit.Sender is not { } sender || sender != poster.Leaf) return GroupAnswer.Refused(GroupFault.WrongSender);
        if (!commit.ProposalsAllowed || commit.Adds.Count > SignalingContract.AddsMaximum) return GroupAnswer.Refused(GroupFault.ProposalRefused);
        var isData = CommitData.TryParse(commit.AuthenticatedData.Span, out var data);
        if (!commit.HasPath && (commit.Adds.Count == 0 || commit.Removes.Count > 0 || data?.Record is not null)) return GroupAnswer.Refused(GroupFault.PathMissing);
        if (!isData || data!.Adds.Count != commit.Adds.Count || data.Removes.Count != commit.Removes.Count) return GroupAnswer.Refused(GroupFault.DataMalformed);
        if (Math.Abs(data.CommittedAt - now.ToUnixTimeMilliseconds()) > ClockSlackMilliseconds) return GroupAnswer.Refused(GroupFault.ClockOff);
        if (FindAdded(group, statement, commit, data) is not { } adds) return GroupAnswer.Refused(GroupFault.AddNotAdmitted);
        if (!RemovesAllowed(group.Tree, commit, data, sender)) return GroupAnswer.Refused(GroupFault.RemoveNotAllowed);
        if (data.Record is { } record && !IsOffered(group.Tree, WorkKind.Record, record.Text, leaf: null)) return GroupAnswer.Refused(GroupFault.RecordNotOffered);
        if (!TryFindWelcome(group, poster, command, adds, out var welcome)) return GroupAnswer.Refused(GroupFault.WelcomeMissing);
        accepted = new AcceptedCommit(commit, data, bytes.Length, adds, welcome);
        return null;
    }

    /// <summary>Who is added: each Add is byte for byte what somebody knocked with whose adding is offered, for the reason for which it is. Null: not so.</summary>
    private static List<Knocker>? FindAdded(GroupState group, FoundingStatement statement, CommitMessage commit, CommitData data)
    {
        var tree = group.Tree;
        if (tree.Leaves.Count - commit.Removes.Count + commit.Adds.Count > statement.MembersMaximum) return null;
        var adds = new List<Knocker>();
        foreach (var (keyPackage, reason) in commit.Adds.Zip(data.Adds))
        {
            var text = KeyPackage.TextOf(keyPackage.Body.Span);
            var knocker = group.Memory.Lobby.FirstOrDefault(waiting => waiting.Work is not null && waiting.KeyPackage == text);
            if (knocker is null || adds.Exists(other => other.Identity.Device == knocker.Identity.Device)) return null;
            if (knocker.Ticket?.Text != reason.Ticket?.Text) return null;
            // Its old leaf goes in this commit, as what the reason says, or is gone.
            var old = tree.LeafOf(knocker.Identity.Device);
            var removal = old is null ? -1 : commit.Removes.ToList().IndexOf((uint)old.Index);
            if (old is not null && removal < 0) return null;
            if (reason.OldLeaf != (removal >= 0 && data.Removes[removal].Type == RemoveType.Replaced ? (uint)old!.Index : null)) return null;
            adds.Add(knocker);
        }

        return adds;
    }

    private static bool RemovesAllowed(GroupTree tree, CommitMessage commit, CommitData data, uint sender)
    {
        var seen = new HashSet<uint>();
        foreach (var (index, reason) in commit.Removes.Zip(data.Removes))
        {
            if (index == sender || !seen.Add(index) || tree.LeafAt(index) is not { } leaf) return false;
            var isAllowed = reason.Type switch
            {
                RemoveType.Departed => leaf.Departure is not null,
                RemoveType.Replaced => data.Adds.Any(add => add.Ticket is null && add.OldLeaf == index),
                _ => IsOffered(tree, WorkKind.Removal, reason.Removal!.Text, leaf.Index),
            };
            if (!isAllowed) return false;
        }

        return true;
    }

    private static bool IsOffered(GroupTree tree, WorkKind kind, string proof, int? leaf) =>
        tree.Acts.Any(act => act.Kind == kind && act.Leaf == leaf && act.Proof == proof);

    /// <summary>The Welcome for exactly those added; empty without Adds. False: missing, malformed, or for others.</summary>
    private static bool TryFindWelcome(GroupState group, ParticipantState poster, GroupCommand.PostCommit command, List<Knocker> adds, out ReadOnlyMemory<byte> welcome)
    {
        welcome = default;
        if (adds.Count == 0) return command.Welcome is null && command.WelcomeId is null;
        if (command.Welcome is not null && command.WelcomeId is not null) return false;
        if (command.WelcomeId is null)
        {
            if (!WireText.TryRead(command.Welcome, SignalingContract.WelcomeInlineMaximum, out var inline)) return false;
            welcome = inline;
        }
        else
        {
            var kept = group.Memory.Welcomes.FirstOrDefault(other => other.Id == command.WelcomeId && other.Uploader == poster.Id && other.Committed.Count == 0);
            if (kept is null) return false;
            welcome = kept.Bytes;
        }

        if (!WelcomeMessage.TryParse(welcome.Span, out var parsed) || parsed.NewMembers.Count != adds.Count) return false;
        return parsed.NewMembers.ToHashSet().SetEquals(adds.Select(knocker => knocker.Reference));
    }
}
