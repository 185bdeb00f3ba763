using System.Security.Cryptography;
using Pendopo.Rtc.Dtls;
using Pendopo.Rtc.Ice;
using Pendopo.Rtc.Srtp;

namespace Pendopo.Rtc.Transport;

/// <summary>What a received datagram turned out to be, once the transport has dealt with its own protocols.</summary>
public enum PacketKind : byte
{
    /// <summary>STUN or DTLS (consumed), or dropped and counted.</summary>
    None,
    Rtp,
    Rtcp,
}

/// <summary>
/// ICE, DTLS and SRTP of one peer: the one facade over them. Sans-IO but for the handshake, which runs in
/// <see cref="DtlsHandshaker"/>'s bounded threads and calls <c>wake</c> when it has something to send or is done; the owner
/// then calls <see cref="Advance"/> and drains. Owned by one worker thread.
/// </summary>
public sealed class PeerTransport : IDisposable
{
    /// <summary>A client that finds the handshaker busy asks again after this; no shorter, since threads free up by round trips.</summary>
    private static readonly TimeSpan BusyRetry = TimeSpan.FromMilliseconds(100);

    private readonly IceAgent _ice;
    private readonly DtlsSession _dtls;
    private readonly DtlsRole _role;
    private readonly Queue<PeerEvent> _events = new();
    private SrtpContext? _outbound;
    private SrtpContext? _inbound;
    private Instant _startDtls = Instant.Never;
    private IceState _seenIce;
    private DtlsState _seenDtls;
    private TransportAddress _seenPath;
    private bool _disposed;

    public PeerTransport(Instant now, PeerTransportOptions options, DtlsHandshaker handshaker, Random random, Action wake)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(handshaker);
        _role = options.Role;
        _ice = options.IceRole == IceRole.Controlled
            ? new IceLiteAgent(options.Local, options.Remote, options.Ice)
            : new IceControllingAgent(now, options.Local, options.Remote, options.RemoteCandidates, random, options.Ice);
        _dtls = handshaker.CreateSession(options.Role, options.Profiles, options.RemoteFingerprint, wake);
    }

    /// <summary>True while media may flow: the handshake is done and the peer is heard.</summary>
    public bool IsConnected => _inbound is not null && _ice.State == IceState.Connected;

    /// <summary>The selected path; meaningful once ICE is connected.</summary>
    public TransportAddress SelectedPath => _ice.SelectedPath;

    public DropCounters Drops { get; } = new();

    /// <summary>Asks for the memory behind this object that sending touches (<see cref="CacheLines"/>).</summary>
    public void Prefetch()
    {
        CacheLines.Fetch(_ice);
        CacheLines.Fetch(_outbound);
    }

    /// <summary>The negotiated SRTP profile; null before the handshake is done.</summary>
    public SrtpProfile? Profile { get; private set; }

    public Deadline Deadline => Deadline.Earlier(_ice.Deadline, new(_startDtls, DeadlineReason.DtlsHandshake));

    /// <summary>
    /// Takes a datagram; for media the plaintext packet is <c>datagram[..length]</c>. The first byte tells the protocol
    /// (RFC 7983 §7), the second tells RTCP from RTP (RFC 5761 §4).
    /// </summary>
    public PacketKind Receive(Instant now, TransportAddress from, Span<byte> datagram, out int length)
    {
        length = 0;
        if (datagram.Length < 2) return Drop(DropReason.TooShort);
        switch (datagram[0])
        {
            case >= 128 and <= 191: return ReceiveMedia(now, from, datagram, out length);
            case <= 3: return ReceiveStun(now, from, datagram);
            case >= 20 and <= 63: return ReceiveDtls(now, from, datagram);
            default: return Drop(DropReason.UnknownProtocol);
        }
    }

    /// <summary>Lets time pass, and takes over what the handshake's thread has done; call it after every wake.</summary>
    public void Advance(Instant now)
    {
        if (_disposed) return;
        _ice.Advance(now);
        if (now >= _startDtls) StartDtls(now);
        Observe(now);
    }

    /// <summary>
    /// The next datagram of ICE or DTLS; drain it after each change. After <see cref="Dispose"/> it still gives the
    /// close_notify, if there is one.
    /// </summary>
    /// <param name="now">The moment.</param>
    /// <param name="destination">At least 1500 bytes.</param>
    /// <param name="datagram">Where it goes and how long it is.</param>
    public bool TryWrite(Instant now, Span<byte> destination, out Datagram datagram)
    {
        if (!_disposed && _ice.TryWrite(destination, out datagram)) return true;
        datagram = default;
        if (!_ice.MaySend || !_dtls.TryWrite(destination, out var length)) return false;
        datagram = new(_ice.SelectedPath, length);
        return true;
    }

    public bool TryRead(out PeerEvent value) => _events.TryDequeue(out value);

    /// <summary>Encrypts in place; false before the handshake is done, without consent, or when SRTP refuses.</summary>
    public bool TryProtectRtp(Span<byte> buffer, int length, out int protectedLength)
    {
        protectedLength = 0;
        return _outbound is not null && _ice.MaySend && _outbound.TryProtectRtp(buffer, length, out protectedLength);
    }

    /// <summary>The outbound SRTP stream of an SSRC, for the packets of a hot path; null before the handshake is done.</summary>
    public SrtpSendStream? OpenStream(uint ssrc) => _outbound?.OpenStream(ssrc);

    /// <summary>
    /// Encrypts a payload behind a header that stands in <c>packet[..headerLength]</c>; on the terms of
    /// <see cref="SrtpContext.TryProtectRtp(SrtpSendStream, Span{byte}, int, ReadOnlySpan{byte}, out int)"/>.
    /// </summary>
    public bool TryProtectRtp(SrtpSendStream stream, Span<byte> packet, int headerLength, ReadOnlySpan<byte> payload, out int protectedLength)
    {
        protectedLength = 0;
        return _outbound is not null && _ice.MaySend && _outbound.TryProtectRtp(stream, packet, headerLength, payload, out protectedLength);
    }

    /// <summary>
    /// As <see cref="TryProtectRtp(SrtpSendStream, Span{byte}, int, ReadOnlySpan{byte}, out int)"/>, with the tag left to a batch; on the
    /// terms of <see cref="SrtpContext.TryProtectRtp(SrtpSendStream, byte*, int, int, ReadOnlySpan{byte}, SrtpTagBatch, out int)"/>.
    /// </summary>
    public unsafe bool TryProtectRtp(
        SrtpSendStream stream, byte* packet, int capacity, int headerLength, ReadOnlySpan<byte> payload, SrtpTagBatch tags, out int protectedLength)
    {
        protectedLength = 0;
        return _outbound is not null && _ice.MaySend && _outbound.TryProtectRtp(stream, packet, capacity, headerLength, payload, tags, out protectedLength);
    }

    /// <summary>As <see cref="TryProtectRtp(Span{byte}, int, out int)"/>, for RTCP.</summary>
    public bool TryProtectRtcp(Span<byte> buffer, int length, out int protectedLength)
    {
        protectedLength = 0;
        return _outbound is not null && _ice.MaySend && _outbound.TryProtectRtcp(buffer, length, out protectedLength);
    }

    /// <summary>
    /// New credentials of both sides (RFC 8445 §9): the selected path stays in use, and checks with the old credentials count
    /// until a check with the new ones succeeds, and at most 3 s. DTLS and the SRTP keys live on.
    /// </summary>
    public void RestartIce(Instant now, IceCredentials local, IceCredentials remote)
    {
        _ice.Restart(now, local, remote);
        Observe(now);
    }

    /// <summary>Tells that the TCP connection of a path is closed; a selected path is then disconnected at once.</summary>
    public void RemovePath(Instant now, TransportAddress path)
    {
        _ice.RemovePath(now, path);
        Observe(now);
    }

    /// <summary>Ends the association; the close_notify is left to <see cref="TryWrite"/>.</summary>
    public void Dispose()
    {
        if (_disposed) return;
        _disposed = true;
        _dtls.Dispose();
        EndMedia();
    }

    private PacketKind ReceiveMedia(Instant now, TransportAddress from, Span<byte> datagram, out int length)
    {
        length = 0;
        if (_inbound is null) return Drop(DropReason.SrtpNotReady);

        // RTCP types 192 to 223 are payload types 64 to 95 with the marker bit, which RTP must not use beside RTCP.
        if ((datagram[1] & 0x7F) is >= 64 and <= 95)
        {
            if (!_inbound.TryUnprotectRtcp(datagram, out length, out var rtcpReason)) return Drop(rtcpReason);
            _ice.OnHeard(now, from);
            return PacketKind.Rtcp;
        }

        if (!_inbound.TryUnprotectRtp(datagram, out length, out var reason)) return Drop(reason);
        _ice.OnHeard(now, from);
        return PacketKind.Rtp;
    }

    private PacketKind ReceiveStun(Instant now, TransportAddress from, ReadOnlySpan<byte> datagram)
    {
        if (_disposed) return PacketKind.None;
        var reason = _ice.Receive(now, from, datagram);
        if (reason != DropReason.None) return Drop(reason);
        Observe(now);
        return PacketKind.None;
    }

    private PacketKind ReceiveDtls(Instant now, TransportAddress from, ReadOnlySpan<byte> datagram)
    {
        if (_disposed) return PacketKind.None;
        if (!_ice.IsValidated(from)) return Drop(DropReason.DtlsBeforeIce);
        var reason = _dtls.Receive(datagram);
        if (reason != DropReason.None) return Drop(reason);
        Observe(now);
        return PacketKind.None;
    }

    private PacketKind Drop(DropReason reason)
    {
        Drops.Add(reason);
        return PacketKind.None;
    }

    private void StartDtls(Instant now) => _startDtls = _dtls.TryStart() ? Instant.Never : now + BusyRetry;

    /// <summary>Turns what has changed below into events.</summary>
    private void Observe(Instant now)
    {
        if (_ice.State != _seenIce) ObserveIce(now);
        if (_ice.State == IceState.Connected && _ice.SelectedPath != _seenPath)
        {
            _seenPath = _ice.SelectedPath;
            _events.Enqueue(new(PeerEventKind.PathChanged, _seenPath.ToString()));
        }

        if (_dtls.State != _seenDtls) ObserveDtls();
    }

    private void ObserveIce(Instant now)
    {
        var before = _seenIce;
        _seenIce = _ice.State;
        if (_seenIce == IceState.Connected)
        {
            if (before == IceState.Checking)
            {
                _seenPath = _ice.SelectedPath;
                if (_role == DtlsRole.Client) StartDtls(now);
            }

            _events.Enqueue(new(PeerEventKind.IceConnected, before == IceState.Checking ? null : "recovered"));
        }
        else if (before == IceState.Connected)
        {
            _events.Enqueue(new(PeerEventKind.Disconnected, _seenIce == IceState.Disconnected ? "no checks" : "path closed"));
        }
    }

    private void ObserveDtls()
    {
        var before = _seenDtls;
        _seenDtls = _dtls.State;
        if (before < DtlsState.Connected && _seenDtls >= DtlsState.Connected && _dtls.TakeKeys() is { } keys)
        {
            BeginMedia(keys);
            _events.Enqueue(new(PeerEventKind.Connected, keys.Profile.ToString()));
        }

        if (_seenDtls is not (DtlsState.Closed or DtlsState.Failed)) return;
        EndMedia();
        var kind = _seenDtls == DtlsState.Closed ? PeerEventKind.Disconnected : PeerEventKind.Failed;
        _events.Enqueue(new(kind, _dtls.Detail));
    }

    private void BeginMedia(SrtpKeys keys)
    {
        Profile = keys.Profile;
        _outbound = new(keys.Profile, keys.LocalKey, keys.LocalSalt);
        _inbound = new(keys.Profile, keys.RemoteKey, keys.RemoteSalt);
        CryptographicOperations.ZeroMemory(keys.LocalKey);
        CryptographicOperations.ZeroMemory(keys.RemoteKey);
    }

    private void EndMedia()
    {
        _outbound?.Dispose();
        _inbound?.Dispose();
        _outbound = _inbound = null;
    }
}
