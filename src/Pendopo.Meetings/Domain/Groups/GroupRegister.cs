using Pendopo.Meetings.Domain.Framing;
using Pendopo.Signaling;

namespace Pendopo.Meetings.Domain.Groups;

/// <summary>
/// How the server's view of leaves, devices and ranks follows from what is committed (docs/e2ee.md §7, §8). Members compute the same from signed bytes and
/// do not rely on it.
/// </summary>
internal static class GroupRegister
{
    /// <summary>Epochs from its issue in which a proof of a moderator is good.</summary>
    public const int ProofEpochs = 16;

    /// <summary>The first epoch of a generation, with its founder in leaf 0.</summary>
    public static GroupTree Found(FoundingStatement statement, Knocker founder, string reference, ParticipantRole role) => new()
    {
        Leaves = [new GroupLeaf(0, founder.Id, founder.Identity.Device, reference, Entry: 0)],
        Devices = [new GroupDevice(founder.Identity.Device, founder.Identity.Party, role, Since: 0, founder.Session)],
        RecordHead = WireText.Of(statement.Hash.Span),
        LabelRank = statement.LabelRank,
    };

    /// <summary>The epoch that a commit begins: removes, then its record, then adds, then succession.</summary>
    public static GroupTree Apply(GroupTree tree, AcceptedCommit commit, FoundingStatement statement, long entry)
    {
        tree = tree with { Epoch = tree.Epoch + 1 };
        foreach (var (index, reason) in commit.Message.Removes.Zip(commit.Data.Removes)) tree = Remove(tree, index, reason);
        if (commit.Data.Record is { } record) tree = Change(tree, record);
        foreach (var (knocker, reason) in commit.Adds.Zip(commit.Data.Adds)) tree = Add(tree, knocker, reason, entry);
        return Succeed(tree with { Acts = [.. tree.Acts.Where(act => StillHolds(tree, act))] }, statement.Succession);
    }

    /// <summary>A proof is good while its signer moderates and it is not too old; a removal also while its leaf is there.</summary>
    public static bool StillHolds(GroupTree tree, PendingAct act) =>
        IsCurrent(tree, act.Signer, act.IssuingEpoch) && (act.Leaf is not { } leaf || tree.LeafAt((uint)leaf)?.Device == act.Device);

    public static bool IsCurrent(GroupTree tree, uint signer, long issuingEpoch) =>
        tree.IsModerator(signer) && tree.Epoch - issuingEpoch is >= 0 and < ProofEpochs;

    private static GroupTree Remove(GroupTree tree, uint index, RemoveReason reason)
    {
        var leaf = tree.LeafAt(index)!;
        tree = tree with { Leaves = [.. tree.Leaves.Where(other => other != leaf)] };
        if (reason.Removal is not { } removal) return tree;
        var device = new Party(PartyType.Device, removal.Device);
        RemovedParty[] named = [.. new[] { device, removal.Party }.Distinct().Select(party => new RemovedParty(party, tree.Epoch))];
        return tree with
        {
            Removed = [.. tree.Removed.Where(removed => removed.Party != device && removed.Party != removal.Party), .. named],
            Acts = [.. tree.Acts.Where(act => act.Proof != removal.Text)],
        };
    }

    private static GroupTree Change(GroupTree tree, StateRecord record)
    {
        var devices = tree.Devices;
        var (labelRank, present) = (tree.LabelRank, tree.Host);
        foreach (var change in record.Changes)
        {
            switch (change)
            {
                case StateChange.Role role:
                    devices = [.. devices.Select(device => device.Device == role.Device ? device with { Role = role.NewRole } : device)];
                    break;
                case StateChange.Guest guest:
                    devices = [.. devices.Select(device => device.Device == guest.Device ? device with { IsConfirmed = true } : device)];
                    break;
                case StateChange.Label label:
                    labelRank = label.Rank;
                    break;
                case StateChange.Host host:
                    devices = [.. devices.Select(device => device.Party == host.Party ? device with { Role = ParticipantRole.Host }
                        : device.Role == ParticipantRole.Host ? device with { Role = ParticipantRole.CoHost } : device)];
                    present = host.Party;
                    break;
            }
        }

        return tree with
        {
            Devices = devices,
            LabelRank = labelRank,
            Host = present,
            RecordNumber = record.Number,
            RecordHead = record.Hash,
            // Others that were offered name another record as the one before them.
            Acts = [.. tree.Acts.Where(act => act.Kind != WorkKind.Record)],
        };
    }

    private static GroupTree Add(GroupTree tree, Knocker knocker, AddReason reason, long entry)
    {
        var identity = knocker.Identity;
        // RFC 9420 §7.7: the leftmost free leaf.
        var index = 0;
        while (tree.LeafAt((uint)index) is not null) index++;
        var known = tree.Find(identity.Device);
        var device = reason.Ticket is { } ticket
            ? new GroupDevice(identity.Device, identity.Party, RoleBy(tree, ticket), known?.Since ?? tree.Epoch, knocker.Session, known?.IsConfirmed ?? false)
            : known! with { Session = knocker.Session };
        // Who is admitted anew starts anew: a removal before this ticket counts no more.
        var removed = reason.Ticket is null
            ? tree.Removed
            : [.. tree.Removed.Where(party => party.Party != identity.Party && party.Party != new Party(PartyType.Device, identity.Device))];
        return tree with
        {
            Leaves = [.. tree.Leaves.Append(new GroupLeaf(index, knocker.Id, identity.Device, knocker.Reference, entry)).OrderBy(leaf => leaf.Index)],
            Devices = [.. tree.Devices.Where(other => other.Device != identity.Device), device],
            Removed = removed,
        };
    }

    /// <summary>The statement's word made the founder host; who has handed over comes in by it as co-host.</summary>
    private static ParticipantRole RoleBy(GroupTree tree, Ticket ticket) =>
        ticket.Role == ParticipantRole.Host && tree.Host is { } host && host != ticket.Party ? ParticipantRole.CoHost : ticket.Role;

    /// <summary>Where no moderator is left, the statement's rule finds a co-host: who is longest in.</summary>
    private static GroupTree Succeed(GroupTree tree, Succession succession)
    {
        if (succession == Succession.None || tree.Leaves.Any(leaf => tree.IsModerator((uint)leaf.Index))) return tree;
        var heir = tree.Leaves.Select(leaf => (leaf.Index, Device: tree.Find(leaf.Device)!))
            .Where(member => member.Device.Party.Type == PartyType.Account || succession == Succession.Anybody
                || (succession == Succession.Confirmed && member.Device.IsConfirmed))
            .OrderBy(member => member.Device.Since).ThenBy(member => member.Index)
            .Select(member => member.Device).FirstOrDefault();
        if (heir is null) return tree;
        return tree with { Devices = [.. tree.Devices.Select(device => device == heir ? device with { Role = ParticipantRole.CoHost } : device)] };
    }
}
