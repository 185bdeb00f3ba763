using System.Text.Json.Serialization;
using Pendopo.Meetings.Domain.Framing;
using Pendopo.Signaling;

namespace Pendopo.Meetings.Domain.Groups;

/// <summary>
/// What the server knows of an encrypted meeting's group (docs/e2ee.md §10 to §12, §22). Immutable; bytes are kept as the wire contract's text. All of it
/// but <see cref="Memory"/> is stored, with the log beside it.
/// </summary>
public sealed record GroupState
{
    /// <summary>The founding statement, whole.</summary>
    public required string Statement { get; init; }

    /// <summary>The last generation that was founded; 0: none yet.</summary>
    public int Generation { get; init; }

    /// <summary>False before the first generation, and between two.</summary>
    public bool IsLiving { get; init; }

    public GroupTree Tree { get; init; } = GroupTree.Empty;

    /// <summary>The last commit, as long as it may be voided; null before the first.</summary>
    public CommitMark? LastCommit { get; init; }

    /// <summary>Number of the next work, so that no two ever share an id.</summary>
    public long NextWork { get; init; } = 1;

    /// <summary>What a restart of the server forgets; the log is read back from its store.</summary>
    [JsonIgnore]
    public GroupMemory Memory { get; init; } = GroupMemory.Empty;

    internal GroupState WithLobby(IEnumerable<Knocker> lobby) => this with { Memory = Memory with { Lobby = [.. lobby] } };

    internal GroupState With(Knocker changed) =>
        WithLobby(Memory.Lobby.Select(knocker => knocker.Id == changed.Id ? changed : knocker));

    internal GroupState Without(ParticipantId knocker) => WithLobby(Memory.Lobby.Where(waiting => waiting.Id != knocker));
}

/// <summary>The server's view of an epoch: what a commit changes, and what is as it was when the commit is voided.</summary>
public sealed record GroupTree
{
    public static GroupTree Empty { get; } = new();

    public long Epoch { get; init; }

    /// <summary>Occupied leaves, by index.</summary>
    public IReadOnlyList<GroupLeaf> Leaves { get; init; } = [];

    /// <summary>Devices that were ever admitted in this generation.</summary>
    public IReadOnlyList<GroupDevice> Devices { get; init; } = [];

    /// <summary>Whom committed removals name, and the epoch that each began.</summary>
    public IReadOnlyList<RemovedParty> Removed { get; init; } = [];

    /// <summary>Removals and records that moderators have offered and nobody has committed yet.</summary>
    public IReadOnlyList<PendingAct> Acts { get; init; } = [];

    /// <summary>Number of the last state record; 0: none.</summary>
    public long RecordNumber { get; init; }

    /// <summary>Its hash, or the founding statement's.</summary>
    public string RecordHead { get; init; } = "";

    public byte LabelRank { get; init; }

    /// <summary>Whom the host has handed over to; null: the founder is host.</summary>
    public Party? Host { get; init; }

    public GroupLeaf? LeafAt(uint index) => Leaves.FirstOrDefault(leaf => leaf.Index == index);

    public GroupLeaf? LeafOf(string device) => Leaves.FirstOrDefault(leaf => leaf.Device == device);

    public GroupDevice? Find(string device) => Devices.FirstOrDefault(known => known.Device == device);

    /// <summary>The epoch of the removal that names this device or party last; null: none.</summary>
    public long? RemovedAt(string device, Party party) =>
        Removed.Where(removed => removed.Party == party || removed.Party == new Party(PartyType.Device, device)).Max(removed => (long?)removed.Epoch);

    /// <summary>The rank of who holds a leaf; null: nobody does.</summary>
    public ParticipantRole? RoleAt(uint index) => LeafAt(index) is { } leaf ? Find(leaf.Device)?.Role : null;

    public bool IsModerator(uint index) => RoleAt(index) is ParticipantRole.Host or ParticipantRole.CoHost;

    /// <summary>Somebody of this party holds a leaf.</summary>
    public bool HasParty(Party party) => Leaves.Any(leaf => Find(leaf.Device)?.Party == party);

    /// <summary>A moderator's removal of this device or party waits to be committed.</summary>
    public bool IsBeingRemoved(string device, Party party) => Acts.Any(act => act.Kind == WorkKind.Removal && (act.Device == device || act.Party == party));
}

/// <param name="Holder">The participant to whom the server gave it; gone from the roster when the place is gone.</param>
/// <param name="Entry">The log entry that added it; 0 for the founder's.</param>
/// <param name="Departure">Id of the work that removes it, once its place is gone.</param>
/// <param name="RefusedIn">The epoch in which members refused that work, which is offered again in the next.</param>
public sealed record GroupLeaf(
    int Index, ParticipantId Holder, string Device, string KeyPackageReference, long Entry, string? Departure = null, DateTimeOffset DepartedAt = default, long? RefusedIn = null);

/// <summary>A device that was admitted: the server's view of its rank.</summary>
/// <param name="Since">The epoch of its first admission.</param>
/// <param name="Session">The session that it was last added by: only that one comes back as it without a ticket.</param>
/// <param name="IsConfirmed">A record confirms this guest.</param>
public sealed record GroupDevice(string Device, Party Party, ParticipantRole Role, long Since, SessionKey Session, bool IsConfirmed = false);

public sealed record RemovedParty(Party Party, long Epoch);

/// <summary>A moderator's signed act that waits for a committer.</summary>
/// <param name="Kind"><see cref="WorkKind.Removal"/> or <see cref="WorkKind.Record"/>.</param>
/// <param name="Leaf">Of a removal, as are device and party.</param>
public sealed record PendingAct(
    string Id, WorkKind Kind, string Proof, uint Signer, long IssuingEpoch, DateTimeOffset OfferedAt, int? Leaf = null, string? Device = null, Party? Party = null);

/// <summary>What voiding a commit needs to know.</summary>
/// <param name="Before">The epoch that holds again then.</param>
/// <param name="Added">Whom it added: they cannot judge it.</param>
/// <param name="Reports">Who has reported it.</param>
public sealed record CommitMark(long Entry, ParticipantId Poster, GroupTree Before, IReadOnlyList<ParticipantId> Added, IReadOnlyList<ParticipantId> Reports);

/// <summary>What lives with the process.</summary>
public sealed record GroupMemory
{
    public static GroupMemory Empty { get; } = new();

    /// <summary>Who knocked and is neither in nor sent away, in order of arrival.</summary>
    public IReadOnlyList<Knocker> Lobby { get; init; } = [];

    /// <summary>What moderators say to those who wait, as long as anybody does; null: nothing.</summary>
    public string? Notice { get; init; }

    public EpochLog Log { get; init; } = EpochLog.Empty;

    public IReadOnlyList<WorkRefusal> Refusals { get; init; } = [];

    public IReadOnlyList<KeptWelcome> Welcomes { get; init; } = [];

    public Knocker? Find(ParticipantId id) => Lobby.FirstOrDefault(knocker => knocker.Id == id);
}

/// <summary>Somebody who knocked. He gets nothing but his own state.</summary>
public sealed record Knocker
{
    public required ParticipantId Id { get; init; }

    public required SessionKey Session { get; init; }

    public required string DisplayName { get; init; }

    /// <summary>Where he says that he comes from; null: he says nothing.</summary>
    public string? Institution { get; init; }

    /// <summary>MLSMessage with the key package.</summary>
    public required string KeyPackage { get; init; }

    public required string Reference { get; init; }

    public required ChainIdentity Identity { get; init; }

    /// <summary>One of FoundGroup, Waiting, Returning, Admitted.</summary>
    public required KnockState State { get; init; }

    /// <summary>Since when he waits.</summary>
    public required DateTimeOffset Since { get; init; }

    /// <summary>When he knocked with this key package.</summary>
    public required DateTimeOffset KnockedAt { get; init; }

    /// <summary>Null while the socket is lost.</summary>
    public string? ConnectionId { get; init; }

    /// <summary>Since when it is lost. The place is kept for the time of grace.</summary>
    public DateTimeOffset? LostAt { get; init; }

    /// <summary>By which he is to be added; null: by return right, or not yet.</summary>
    public Ticket? Ticket { get; init; }

    /// <summary>Id of the work that adds him, while there is any.</summary>
    public string? Work { get; init; }

    public DateTimeOffset OfferedAt { get; init; }

    internal Knocker AsWaiting() => this with { State = KnockState.Waiting, Ticket = null, Work = null };
}

public sealed record WorkRefusal(string Work, ParticipantId Member);

/// <summary>A Welcome that waits for its commit, or for those whom the commit added.</summary>
/// <param name="Id">Null for one that came with its commit.</param>
/// <param name="Uploader">Who may name it in a commit.</param>
/// <param name="Until">When it is dropped.</param>
/// <param name="Committed">What those added are told, with its participant; empty before the commit.</param>
public sealed record KeptWelcome(
    string? Id, ParticipantId Uploader, ReadOnlyMemory<byte> Bytes, DateTimeOffset Until, IReadOnlyList<KeyValuePair<ParticipantId, Welcomed>> Committed);
