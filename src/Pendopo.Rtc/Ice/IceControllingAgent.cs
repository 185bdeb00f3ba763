using Pendopo.Rtc.Stun;
using Pendopo.Rtc.Transport;

namespace Pendopo.Rtc.Ice;

/// <summary>
/// The controlling side towards an ICE-lite peer, for clients of the SDK and for tests. A lite peer sends no checks and gives
/// its host candidates in the answer, so this side needs no gathering, no pairs and no role repair: it sends checks with
/// USE-CANDIDATE to the candidates in their order until one is answered, and then keeps consent on that path (RFC 7675).
/// When consent is lost it begins again with all candidates.
/// </summary>
public sealed class IceControllingAgent : IceAgent
{
    /// <summary>Between checks to different candidates (RFC 8445 §14.2, Ta).</summary>
    private static readonly TimeSpan Pace = TimeSpan.FromMilliseconds(50);

    /// <summary>Retransmissions double up to this; the peer may not have heard of us yet, so we never give up.</summary>
    private static readonly TimeSpan MaximumRetransmission = TimeSpan.FromMilliseconds(1600);

    /// <summary>Type preference of peer-reflexive candidates (RFC 8445 §5.1.2.2), as PRIORITY wants (§7.1.1).</summary>
    private const uint PeerReflexivePreference = 110;

    private readonly List<Check> _checks = [];
    private readonly Random _random;
    private readonly ulong _tieBreaker;
    private byte[] _username;
    private byte[] _remoteKey;
    private bool _searching = true;

    /// <param name="now">The first check is due at this moment.</param>
    /// <param name="local">Our credentials.</param>
    /// <param name="remote">The peer's credentials.</param>
    /// <param name="candidates">The peer's candidates, best first.</param>
    /// <param name="random">Source of transaction ids and jitter.</param>
    /// <param name="options">Timers.</param>
    public IceControllingAgent(Instant now, IceCredentials local, IceCredentials remote,
        IReadOnlyList<TransportAddress> candidates, Random random, IceOptions? options = null)
        : base(options ?? IceOptions.Default)
    {
        ArgumentNullException.ThrowIfNull(remote);
        ArgumentNullException.ThrowIfNull(candidates);
        ArgumentNullException.ThrowIfNull(random);
        _random = random;
        _tieBreaker = (ulong)random.NextInt64();
        _username = IceCredentials.Username(remote, local);
        _remoteKey = remote.Key;
        foreach (var candidate in candidates) AddCandidate(now, candidate);
    }

    public override Deadline Deadline
    {
        get
        {
            var next = Instant.Never;
            foreach (var check in _checks)
            {
                if (IsActive(check)) next = Instant.Min(next, check.Due);
            }

            return Deadline.Earlier(base.Deadline, new(next, DeadlineReason.ConsentCheck));
        }
    }

    /// <summary>Adds a candidate of the peer; ignored when it is known.</summary>
    public void AddCandidate(Instant now, TransportAddress candidate)
    {
        foreach (var check in _checks)
        {
            if (check.Candidate == candidate) return;
        }

        var added = new Check(candidate, _checks.Count);
        Start(now + (_searching ? Pace * _checks.Count : TimeSpan.Zero), added);
        _checks.Add(added);
    }

    public override DropReason Receive(Instant now, TransportAddress from, ReadOnlySpan<byte> datagram)
    {
        if (!StunMessage.TryParse(datagram, out var message) || !message.IsBinding) return DropReason.StunMalformed;
        if (!message.VerifyFingerprint()) return DropReason.StunFingerprint;
        if (message.Class is not (StunClass.Success or StunClass.Error)) return DropReason.StunRole;

        // The response must come from where the request went (RFC 8445 §7.2.5.2.1).
        var check = Find(from);
        if (check is null || !message.TransactionId.SequenceEqual(check.TransactionId)) return DropReason.StunUsername;
        if (!message.VerifyIntegrity(_remoteKey)) return DropReason.StunIntegrity;
        if (message.Class == StunClass.Error) return DropReason.StunRole;

        check.IsValidated = true;
        if (_searching)
        {
            _searching = false;
            Select(now, from);
        }
        else if (from == SelectedPath)
        {
            RenewConsent(now);
        }

        Start(now + (Options.ConsentInterval * (0.8 + (0.4 * _random.NextDouble()))), check);
        return DropReason.None;
    }

    public override bool IsValidated(TransportAddress address) => Find(address) is { IsValidated: true };

    public override void Restart(Instant now, IceCredentials local, IceCredentials remote)
    {
        ArgumentNullException.ThrowIfNull(remote);
        _username = IceCredentials.Username(remote, local);
        _remoteKey = remote.Key;
        SearchAgain(now);
    }

    public override void Advance(Instant now)
    {
        var before = State;
        base.Advance(now);
        if (State == IceState.Disconnected && before == IceState.Connected) SearchAgain(now);
        foreach (var check in _checks)
        {
            if (IsActive(check) && now >= check.Due) Send(now, check);
        }
    }

    public override void RemovePath(Instant now, TransportAddress path)
    {
        base.RemovePath(now, path);
        _checks.RemoveAll(check => check.Candidate == path);
        if (State == IceState.ConsentExpired) SearchAgain(now);
    }

    private bool IsActive(Check check) => _searching || check.Candidate == SelectedPath;

    private void SearchAgain(Instant now)
    {
        _searching = true;
        for (var i = 0; i < _checks.Count; i++) Start(now + (Pace * i), _checks[i]);
    }

    /// <summary>Begins a new transaction.</summary>
    private void Start(Instant due, Check check)
    {
        _random.NextBytes(check.TransactionId);
        check.Due = due;
        check.Wait = Options.InitialRetransmission;
    }

    private void Send(Instant now, Check check)
    {
        if (!TryReserve(out var buffer)) return;
        var writer = new StunWriter(buffer, StunClass.Request, check.TransactionId);
        writer.AddUsername(_username);
        writer.AddPriority((PeerReflexivePreference << 24) | ((uint)(ushort.MaxValue - check.Index) << 8) | 255);
        writer.AddIceControlling(_tieBreaker);
        writer.AddUseCandidate();
        writer.AddMessageIntegrity(_remoteKey);
        writer.AddFingerprint();
        if (writer.TryFinish(out var length)) Commit(check.Candidate, length);
        check.Due = now + check.Wait;
        check.Wait = check.Wait * 2 < MaximumRetransmission ? check.Wait * 2 : MaximumRetransmission;
    }

    private Check? Find(TransportAddress address)
    {
        foreach (var check in _checks)
        {
            if (check.Candidate == address) return check;
        }

        return null;
    }

    private sealed class Check(TransportAddress candidate, int index)
    {
        public TransportAddress Candidate { get; } = candidate;

        public int Index { get; } = index;

        public byte[] TransactionId { get; } = new byte[StunHeader.TransactionIdLength];

        public bool IsValidated { get; set; }

        public Instant Due { get; set; }

        public TimeSpan Wait { get; set; }
    }
}
