using Pendopo.Rtc.Transport;

namespace Pendopo.Rtc.Ice;

/// <summary>
/// What both kinds of ICE agents share: the selected path, its consent (RFC 7675), and an outbox of fixed size. A sans-IO
/// machine owned by one thread; nothing allocates per message.
/// </summary>
public abstract class IceAgent
{
    private readonly StunOutbox _outbox = new();
    private Instant _lastConsent;

    private protected IceAgent(IceOptions options) => Options = options;

    /// <summary>How far ICE has come.</summary>
    public IceState State { get; private set; }

    /// <summary>The path for everything we send; meaningful unless <see cref="State"/> is <see cref="IceState.Checking"/>.</summary>
    public TransportAddress SelectedPath { get; private set; }

    /// <summary>True while media and DTLS may be sent to <see cref="SelectedPath"/>.</summary>
    public bool MaySend => State is IceState.Connected or IceState.Disconnected;

    public virtual Deadline Deadline => State switch
    {
        IceState.Connected => new(_lastConsent + Options.DisconnectAfter, DeadlineReason.ConsentCheck),
        IceState.Disconnected => new(_lastConsent + Options.ConsentExpiry, DeadlineReason.ConsentExpiry),
        _ => Deadline.None,
    };

    private protected IceOptions Options { get; }

    /// <summary>Takes a STUN message.</summary>
    /// <returns><see cref="DropReason.None"/> when it was valid and used.</returns>
    public abstract DropReason Receive(Instant now, TransportAddress from, ReadOnlySpan<byte> datagram);

    /// <summary>True when a valid check has shown that the peer owns this address.</summary>
    public abstract bool IsValidated(TransportAddress address);

    /// <summary>Authenticated media has come from an address: what is silent otherwise may be given up for another path.</summary>
    public void OnHeard(Instant now, TransportAddress from)
    {
        if (from == SelectedPath) LastHeard = now;
    }

    /// <summary>When authenticated media came by the selected path last.</summary>
    private protected Instant LastHeard { get; private set; }

    /// <summary>Replaces the credentials of both sides (RFC 8445 §9).</summary>
    public abstract void Restart(Instant now, IceCredentials local, IceCredentials remote);

    /// <summary>Lets time pass.</summary>
    public virtual void Advance(Instant now)
    {
        if (State == IceState.Connected && now >= _lastConsent + Options.DisconnectAfter) State = IceState.Disconnected;
        if (State == IceState.Disconnected && now >= _lastConsent + Options.ConsentExpiry) State = IceState.ConsentExpired;
    }

    /// <summary>The carrier of a path is gone for good, as when a TCP connection closes.</summary>
    public virtual void RemovePath(Instant now, TransportAddress path)
    {
        if (State != IceState.Checking && path == SelectedPath) State = IceState.ConsentExpired;
    }

    /// <summary>Hands over the next STUN message to send.</summary>
    public bool TryWrite(Span<byte> destination, out Datagram datagram) => _outbox.TryTake(destination, out datagram);

    private protected void Select(Instant now, TransportAddress path)
    {
        SelectedPath = path;
        LastHeard = now;
        RenewConsent(now);
    }

    private protected void RenewConsent(Instant now)
    {
        _lastConsent = now;
        State = IceState.Connected;
    }

    /// <summary>A free buffer of the outbox; false when the caller does not drain it.</summary>
    private protected bool TryReserve(out Span<byte> buffer) => _outbox.TryReserve(out buffer);

    private protected void Commit(TransportAddress destination, int length) => _outbox.Commit(destination, length);
}
