using Pendopo.Signaling;

namespace Pendopo.Meetings.Domain.Groups;

/// <summary>Something that a commit shall do (docs/e2ee.md §11).</summary>
public sealed record GroupWork(string Id, WorkKind Kind, int? Leaf, DateTimeOffset OfferedAt, string? KeyPackage, string? Proof)
{
    public WorkHeadline Headline => new(Id, Kind, Leaf, OfferedAt.ToUnixTimeMilliseconds());

    public WorkItem Item => new(Id, Kind, Leaf, KeyPackage, Proof);

    /// <summary>
    /// All there is to be done now: what follows from the lobby, from leaves whose place is gone, and from moderators' acts. It is computed and not kept, so
    /// it can never tell of something that is done.
    /// </summary>
    public static IReadOnlyList<GroupWork> Of(GroupState group, int membersMaximum)
    {
        if (!group.IsLiving) return [];
        var tree = group.Tree;
        var work = new List<GroupWork>();
        foreach (var act in tree.Acts) work.Add(new GroupWork(act.Id, act.Kind, act.Leaf, act.OfferedAt, null, act.Proof));
        foreach (var leaf in tree.Leaves)
        {
            // A person who is back already has the leaf replaced; a commit may do only one of the two.
            var isBack = group.Memory.Lobby.Any(knocker => knocker.Work is not null && knocker.Ticket is null && knocker.Identity.Device == leaf.Device);
            if (leaf.Departure is { } id && leaf.RefusedIn != tree.Epoch && !isBack) work.Add(new GroupWork(id, WorkKind.Departure, leaf.Index, leaf.DepartedAt, null, null));
        }

        foreach (var knocker in group.Memory.Lobby)
        {
            if (knocker.Work is not { } id) continue;
            var old = tree.LeafOf(knocker.Identity.Device);
            if (knocker.Ticket is { } ticket)
            {
                // A device is in the tree once only: its old leaf has to go first.
                if (old is null && tree.Leaves.Count < membersMaximum) work.Add(new GroupWork(id, WorkKind.Admission, null, knocker.OfferedAt, knocker.KeyPackage, ticket.Text));
            }
            else if (old is not null || tree.Leaves.Count < membersMaximum)
            {
                // With its leaf gone it is other work, so it has another id.
                work.Add(new GroupWork(old is null ? id : $"{id}-{old.Index}", WorkKind.Return, old?.Index, knocker.OfferedAt, knocker.KeyPackage, null));
            }
        }

        return work;
    }

    /// <summary>The bodies that a committer gets: all acts and departures, and key packages for one commit.</summary>
    public static IReadOnlyList<WorkItem> Take(IReadOnlyList<GroupWork> work) =>
    [
        .. work.Where(item => item.KeyPackage is null).Select(item => item.Item),
        .. work.Where(item => item.KeyPackage is not null).Take(SignalingContract.AddsMaximum).Select(item => item.Item),
    ];
}
