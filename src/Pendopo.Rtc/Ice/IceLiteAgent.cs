using Pendopo.Rtc.Stun;
using Pendopo.Rtc.Transport;

namespace Pendopo.Rtc.Ice;

/// <summary>
/// ICE-lite, always controlled (RFC 8445 §2.5, §7.3): it answers connectivity checks and sends none.
/// </summary>
/// <remarks>
/// A check counts when its fingerprint, its user name and its integrity are right. Anything else is dropped and counted but
/// not answered: short-term credentials are never retried after a 401, so an answer would help only those who probe.
/// <para>
/// The first valid check gives a provisional path, so that DTLS need not wait for the nomination. From then on the path changes
/// only by a valid check with USE-CANDIDATE. Chromium puts it on every check of the pair it has chosen, Firefox once
/// (regular nomination); both mean the pair of their latest nomination. A controller that nominates all pairs alike
/// (aggressive nomination of RFC 5245) would make the path flap, so a nomination of lower priority yields while the selected
/// path was nominated a moment ago.
/// </para>
/// <para>
/// Consent: we send no checks, so the peer's checks on the selected path are its consent; see <see cref="IceOptions"/>.
/// </para>
/// <para>
/// Restart is make-before-break: the selected path stays in use. Checks under the old credentials count until one under the
/// new ones nominates, and for 3 s at most; after that only the consent already given keeps the path.
/// </para>
/// </remarks>
public sealed class IceLiteAgent : IceAgent
{
    /// <summary>Browsers pair a handful of interfaces with our candidates; more would only serve an attacker.</summary>
    private const int MaximumPaths = 8;

    /// <summary>UNKNOWN-ATTRIBUTES names no more than these.</summary>
    private const int MaximumUnknown = 8;

    /// <summary>Within this time the higher priority wins between two nominated paths; a fifth of a second of checks.</summary>
    private static readonly TimeSpan NominationTie = TimeSpan.FromMilliseconds(200);

    private readonly Path[] _paths = new Path[MaximumPaths];
    private int _pathCount;
    private Generation _current;
    private Generation? _previous;
    private Instant _previousUntil = Instant.Never;
    private bool _nominated;

    public IceLiteAgent(IceCredentials local, IceCredentials remote, IceOptions? options = null)
        : base(options ?? IceOptions.Default) => _current = Generation.Of(local, remote);

    /// <summary>True once a check under the current credentials has nominated the selected path.</summary>
    public bool IsNominated => _nominated;

    /// <summary>How many paths are validated.</summary>
    public int PathCount => _pathCount;

    public override Deadline Deadline => _previous is null
        ? base.Deadline
        : Deadline.Earlier(base.Deadline, new(_previousUntil, DeadlineReason.IceRestartOverlap));

    public override DropReason Receive(Instant now, TransportAddress from, ReadOnlySpan<byte> datagram)
    {
        if (!StunMessage.TryParse(datagram, out var message) || !message.IsBinding) return DropReason.StunMalformed;
        if (!message.VerifyFingerprint()) return DropReason.StunFingerprint;

        // Indications keep NAT bindings open and ask for nothing; responses cannot be meant for us, we never ask.
        if (message.Class == StunClass.Indication) return DropReason.None;
        if (message.Class != StunClass.Request) return DropReason.StunMalformed;

        if (!TryMatch(now, message, out var generation)) return DropReason.StunUsername;
        if (!message.VerifyIntegrity(generation.LocalKey)) return DropReason.StunIntegrity;
        if (!TryReserve(out var buffer)) return DropReason.BufferFull;
        if (message.HasUnknownAttributes) return RefuseUnknown(from, message, generation, buffer);

        // A lite agent never controls a full one (§6.1.1), so it acts as if its tie-breaker were the smallest and always
        // answers a peer that thinks it is controlled by 487, on which that peer takes the controlling role (§7.3.1.1).
        if (message.IceControlled is not null)
        {
            Refuse(from, message, generation, buffer, StunError.RoleConflict, "Role Conflict"u8);
            return DropReason.StunRole;
        }

        var writer = new StunWriter(buffer, StunClass.Success, message.TransactionId);
        writer.AddXorMappedAddress(from);
        Finish(ref writer, generation, from);
        Validate(now, from, message, generation);
        return DropReason.None;
    }

    public override bool IsValidated(TransportAddress address) => Find(address) >= 0;

    public override void Restart(Instant now, IceCredentials local, IceCredentials remote)
    {
        _previous = _current;
        _previousUntil = now + Options.RestartOverlap;
        _current = Generation.Of(local, remote);
        _nominated = false;
    }

    public override void Advance(Instant now)
    {
        base.Advance(now);
        if (now >= _previousUntil) ForgetPrevious();
    }

    public override void RemovePath(Instant now, TransportAddress path)
    {
        base.RemovePath(now, path);
        var index = Find(path);
        if (index >= 0) _paths[index] = _paths[--_pathCount];
    }

    private bool TryMatch(Instant now, in StunMessage message, out Generation generation)
    {
        generation = _current;
        if (!message.HasUsername || !message.HasIntegrity) return false;
        if (message.Username.SequenceEqual(_current.Username)) return true;
        if (_previous is null || now >= _previousUntil || !message.Username.SequenceEqual(_previous.Username)) return false;
        generation = _previous;
        return true;
    }

    private void Validate(Instant now, TransportAddress from, in StunMessage message, Generation generation)
    {
        var index = FindOrAdd(now, from);
        ref var path = ref _paths[index];
        path.LastCheck = now;
        path.Priority = message.Priority ?? 0;
        if (message.UseCandidate) path.LastNomination = now;

        if (State == IceState.Checking)
        {
            Select(now, from);
            if (message.UseCandidate) Nominate(now, from, generation);
        }
        else if (message.UseCandidate && Wins(now, path))
        {
            Nominate(now, from, generation);
        }
        else if (from == SelectedPath)
        {
            RenewConsent(now);
        }
        else if (IsSilent(now))
        {
            Select(now, from);
        }
    }

    /// <summary>
    /// Nothing authentic has come by the selected path for a while, so a genuine check from elsewhere is better than none. Firefox
    /// nominates its pair anew only by an ICE restart, ten to fifteen seconds after its network has changed.
    /// </summary>
    private bool IsSilent(Instant now)
    {
        var selected = Find(SelectedPath);
        return now - LastHeard > Options.SilentPath && (selected < 0 || now - _paths[selected].LastCheck > Options.SilentPath);
    }

    /// <summary>True when a nomination of <paramref name="candidate"/> moves (or confirms) the path.</summary>
    private bool Wins(Instant now, in Path candidate)
    {
        if (candidate.Address == SelectedPath || !_nominated || State != IceState.Connected) return true;
        var selected = Find(SelectedPath);
        return selected < 0
            || candidate.Priority >= _paths[selected].Priority
            || now - _paths[selected].LastNomination > NominationTie;
    }

    private void Nominate(Instant now, TransportAddress path, Generation generation)
    {
        Select(now, path);
        if (generation != _current) return;
        _nominated = true;
        ForgetPrevious();
    }

    private void ForgetPrevious()
    {
        _previous = null;
        _previousUntil = Instant.Never;
    }

    private DropReason RefuseUnknown(TransportAddress from, in StunMessage message, Generation generation, Span<byte> buffer)
    {
        Span<ushort> unknown = stackalloc ushort[MaximumUnknown];
        unknown = unknown[..message.CopyUnknownAttributes(unknown)];
        Refuse(from, message, generation, buffer, StunError.UnknownAttribute, "Unknown Attribute"u8, unknown);
        return DropReason.StunMalformed;
    }

    private void Refuse(TransportAddress from, in StunMessage message, Generation generation, Span<byte> buffer, int code,
        ReadOnlySpan<byte> reason, ReadOnlySpan<ushort> unknown = default)
    {
        var writer = new StunWriter(buffer, StunClass.Error, message.TransactionId);
        writer.AddErrorCode(code, reason);
        if (!unknown.IsEmpty) writer.AddUnknownAttributes(unknown);
        Finish(ref writer, generation, from);
    }

    private void Finish(ref StunWriter writer, Generation generation, TransportAddress to)
    {
        writer.AddMessageIntegrity(generation.LocalKey);
        writer.AddFingerprint();
        if (writer.TryFinish(out var length)) Commit(to, length);
    }

    private int Find(TransportAddress address)
    {
        for (var i = 0; i < _pathCount; i++)
        {
            if (_paths[i].Address == address) return i;
        }

        return -1;
    }

    /// <summary>Takes the place of the path that was silent for longest, but never of the selected one.</summary>
    private int FindOrAdd(Instant now, TransportAddress address)
    {
        var index = Find(address);
        if (index >= 0) return index;
        index = _pathCount < MaximumPaths ? _pathCount++ : Oldest();
        _paths[index] = new() { Address = address, LastCheck = now, LastNomination = new(long.MinValue / 2) };
        return index;
    }

    private int Oldest()
    {
        var oldest = -1;
        for (var i = 0; i < _pathCount; i++)
        {
            if (_paths[i].Address == SelectedPath) continue;
            if (oldest < 0 || _paths[i].LastCheck < _paths[oldest].LastCheck) oldest = i;
        }

        return oldest;
    }

    private struct Path
    {
        public TransportAddress Address;
        public Instant LastCheck;
        public Instant LastNomination;
        public uint Priority;
    }

    /// <summary>The credentials between two restarts, in the form that checks carry them.</summary>
    private sealed record Generation(byte[] Username, byte[] LocalKey)
    {
        public static Generation Of(IceCredentials local, IceCredentials remote) =>
            new(IceCredentials.Username(local, remote), local.Key);
    }
}
