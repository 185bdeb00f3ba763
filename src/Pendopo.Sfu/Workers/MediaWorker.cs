using System.Collections.Concurrent;
using Pendopo.Rtc;
using Pendopo.Rtc.Dtls;
using Pendopo.Rtc.Ice;
using Pendopo.Rtc.Sdp;
using Pendopo.Rtc.Stun;
using Pendopo.Rtc.Transport;
using Pendopo.Sfu.Forwarding;
using Pendopo.Sfu.Limits;
using Pendopo.Sfu.Statistics;

namespace Pendopo.Sfu.Workers;

/// <summary>
/// The media plane of one thread without its sockets: peers, rooms and what is due. Takes datagrams and moments, puts what it
/// sends into a sink. Everything but <see cref="Post"/> is called by the owning thread only, so nothing here is locked.
/// </summary>
internal sealed partial class MediaWorker(
    MediaServerOptions options,
    IDatagramSink sink,
    DtlsHandshaker handshaker,
    Random random,
    NtpClock clock,
    Action wake,
    Action<MediaEvent> publish,
    int index = 0) : IDisposable
{
    /// <summary>
    /// Least time between two looks at what is not driven by packets: NACKs, feedback, layers. 10 ms is well under the reordering
    /// allowance and the feedback interval, and what is due within it is done together.
    /// </summary>
    public static readonly TimeSpan TickInterval = TimeSpan.FromMilliseconds(10);

    /// <summary>A peer that has not connected by then never will; browsers give up at about the same time.</summary>
    private static readonly TimeSpan ConnectTimeout = TimeSpan.FromSeconds(30);

    /// <summary>The transport's word for an association that the peer has ended.</summary>
    private const string CloseNotify = "close_notify";

    private readonly ConcurrentQueue<Action<Instant>> _commands = new();
    private readonly ConcurrentQueue<MediaPeer> _woken = new();
    private readonly Dictionary<string, MediaRoom> _rooms = [];
    private readonly List<MediaPeer> _peers = [];
    private readonly PeerSchedule _schedule = new();
    private readonly PeerTable _table = new();
    private readonly Forwarder _forwarder = new(sink.EndRun);
    private readonly WorkerLimits _limits = new(options.Limits, random);
    private Instant _nextTick;
    private Instant _roomsDue = Instant.Never;

    /// <summary>Names the worker among those of one server.</summary>
    public int Index { get; } = index;

    /// <summary>The ways to and from the other workers.</summary>
    public WorkerMesh Mesh { get; } = new();

    public Forwarder Forwarder => _forwarder;

    public DropCounters Drops { get; } = new();

    public WorkerStatistics Statistics { get; } = new();

    public int PeerCount => _peers.Count;

    public int RoomCount => _rooms.Count;

    /// <summary>When <see cref="Advance"/> has something to do without input.</summary>
    public Instant NextDue =>
        !_commands.IsEmpty || !_woken.IsEmpty || Mesh.HasPackets ? Instant.Zero
        : _peers.Count == 0 ? Instant.Never
        : Instant.Min(_forwarder.Due, NextTick);

    /// <summary>How long nothing needs to be received (<see cref="Forwarder.GatherTimeLeft"/>).</summary>
    public TimeSpan GatherTime(Instant now) => NextDue == Instant.Zero ? TimeSpan.Zero : _forwarder.GatherTimeLeft(now);

    /// <summary>When somebody is due, and no sooner after the last tick than an interval.</summary>
    private Instant NextTick
    {
        get
        {
            var due = Instant.Min(_schedule.NextDue, _roomsDue);
            return due < _nextTick ? _nextTick : due;
        }
    }

    /// <summary>How long video may wait for the rest of its frame: set by the owner from its load.</summary>
    public TimeSpan Hold
    {
        get => _forwarder.Hold;
        set => _forwarder.Hold = value;
    }

    /// <summary>From any thread: runs a command on the owning thread.</summary>
    public void Post(Action<Instant> command)
    {
        _commands.Enqueue(command);
        wake();
    }

    public void Wake() => wake();

    /// <summary>A room has something to do with the next tick.</summary>
    public void HastenRooms() => _roomsDue = Instant.Zero;

    public IReadOnlyCollection<MediaRoom> Rooms => _rooms.Values;

    public MediaRoom? FindRoom(string room) => _rooms.GetValueOrDefault(room);

    public void OnGreeting(string room, int other, bool isAnswer)
    {
        if (FindRoom(room)?.Links is not { } links) return;
        if (!isAnswer) Mesh.LinkTo(other).Answer(room);
        links.Add(other);
    }

    /// <summary>Datagrams that are received until <see cref="EndBatch"/> came together, so their packets may leave together.</summary>
    public void BeginBatch() => _forwarder.IsBatching = true;

    /// <summary>Takes what other workers have passed on.</summary>
    public void ReceiveRelayed(Instant now)
    {
        if (Mesh.HasPackets) Mesh.Receive(now, this);
    }

    /// <summary>Runs what was posted.</summary>
    public void RunCommands(Instant now)
    {
        while (_commands.TryDequeue(out var command)) command(now);
    }

    public void EndBatch(Instant now)
    {
        Mesh.Flush();
        _forwarder.IsBatching = false;
        _forwarder.Flush(now);
    }

    public void Receive(Instant now, TransportAddress from, Span<byte> datagram)
    {
        // RFC 7983: 0–3 is STUN. A check names its peer; anything else is known by the path that a check opened.
        var isStun = datagram.Length >= 20 && datagram[0] < 4;
        if (!_table.TryFind(from, out var peer) || isStun)
        {
            if (!isStun)
            {
                Drops.Add(DropReason.UnknownPeer);
                return;
            }

            if (peer is null && !_limits.AdmitStranger(now, from))
            {
                Drops.Add(DropReason.RateLimited);
                return;
            }

            if (StunMessage.TryParse(datagram, out var stun) && stun.HasUsername && _table.TryFindByUsername(stun.Username, out var named))
            {
                peer = named;
                if (!_limits.AdmitCheck(now, peer)) return;
            }
            else if (peer is null)
            {
                Drops.Add(DropReason.UnknownPeer);
                if (from.Protocol == TransportProtocol.Tcp) sink.Close(from);
                return;
            }
        }

        if (!_limits.AdmitKnown(now, from, peer, datagram)) return;
        switch (peer.Transport.Receive(now, from, datagram, out var length))
        {
            case PacketKind.Rtp:
                peer.OnRtp(now, datagram[..length]);
                break;
            case PacketKind.Rtcp:
                peer.OnRtcp(now, datagram[..length], clock);
                break;
            default:
                Service(now, peer);
                break;
        }
    }

    public void Advance(Instant now)
    {
        RunCommands(now);
        while (_woken.TryDequeue(out var peer))
        {
            if (!_schedule.Contains(peer)) continue;
            peer.Transport.Advance(now);
            Service(now, peer);
        }

        if (now < NextTick) return;
        _nextTick = now + TickInterval;
        _roomsDue = Instant.Never;
        foreach (var room in _rooms.Values)
        {
            if (room.Due <= now) room.Advance(now);
            _roomsDue = Instant.Min(_roomsDue, room.Due);
        }

        _schedule.Advance(now);
        while (_schedule.TryTakeDue(out var peer)) AdvancePeer(now, peer);
        Statistics.Count(_peers.Count, _rooms.Count);
        Mesh.Flush();
    }

    /// <summary>Connects a peer; one of the same name in the room is replaced.</summary>
    public void Connect(Instant now, string roomId, string peerId, NegotiatedSession session, MediaPlan plan, IceCredentials local)
    {
        if (!_rooms.TryGetValue(roomId, out var room))
        {
            _rooms[roomId] = room = new MediaRoom(roomId, options, publish, this);
            room.Links?.Greet();
        }

        var replaced = room.Find(peerId);
        MediaPeer peer = null!;
        var transport = new PeerTransport(
            now,
            new PeerTransportOptions(local, session.RemoteIce, session.RemoteFingerprint, session.Role, options.SrtpProfiles),
            handshaker,
            random,
            () =>
            {
                _woken.Enqueue(peer);
                wake();
            });
        peer = new MediaPeer(room, peerId, transport, local.UsernameFragment, options, sink, _forwarder, random) { CreatedAt = now };
        peer.Negotiate(session, plan);
        if (replaced is not null) peer.SetPublishing(replaced.Publishing);
        room.Add(peer, replaced);
        _peers.Add(peer);
        _schedule.Add(peer);
        _table.Add(peer);
        if (replaced is not null) Drop(replaced);
        Service(now, peer);
    }

    /// <summary>Applies a further negotiation; false if the peer is gone.</summary>
    public bool Renegotiate(Instant now, string roomId, string peerId, NegotiatedSession session, MediaPlan plan, IceCredentials? restarted)
    {
        if (Find(roomId, peerId) is not { } peer) return false;
        peer.Negotiate(session, plan);
        if (restarted is not null) Restart(now, peer, restarted, session.RemoteIce);
        peer.Planner.Hasten();
        peer.Room.Invalidate();
        return true;
    }

    public bool RestartIce(Instant now, string roomId, string peerId, IceCredentials local, IceCredentials remote)
    {
        if (Find(roomId, peerId) is not { } peer) return false;
        Restart(now, peer, local, remote);
        return true;
    }

    public void SetView(string roomId, string peerId, IReadOnlyList<ViewItem> view)
    {
        if (Find(roomId, peerId) is not { } peer) return;
        peer.View = view;
        peer.Room.Invalidate(peer);
    }

    public void SetPublishing(string roomId, string peerId, IReadOnlySet<SourceKind> sources)
    {
        if (Find(roomId, peerId) is not { } peer) return;
        peer.SetPublishing(sources);
        peer.Room.Invalidate();
    }

    public void Disconnect(string roomId, string peerId)
    {
        if (Find(roomId, peerId) is { } peer) Remove(peer);
    }

    public void CloseRoom(string roomId)
    {
        if (!_rooms.TryGetValue(roomId, out var room)) return;
        foreach (var peer in room.Peers.ToArray()) Remove(peer);
    }

    public MediaPeer? Find(string roomId, string peerId) => _rooms.TryGetValue(roomId, out var room) ? room.Find(peerId) : null;

    public void Dispose()
    {
        foreach (var peer in _peers.ToArray()) Remove(peer);
        _forwarder.Dispose();
    }

    private void Restart(Instant now, MediaPeer peer, IceCredentials local, IceCredentials remote)
    {
        peer.Transport.RestartIce(now, local, remote);
        _table.Rename(peer, local.UsernameFragment);
        Service(now, peer);
    }

    /// <summary>Does all that a peer is due for, and sets when it is due again.</summary>
    private void AdvancePeer(Instant now, MediaPeer peer)
    {
        if (peer.Transport.Deadline.At <= now)
        {
            peer.Transport.Advance(now);
            Service(now, peer);
        }

        var limit = peer.WasConnected ? Instant.Never : peer.CreatedAt + ConnectTimeout;
        if (limit <= now && _schedule.Contains(peer)) Fail(peer, peer.IceConnectedAt is null ? "no connectivity check arrived" : "the handshake was not finished");
        if (!_schedule.Contains(peer)) return; // it failed and is gone

        if (peer.Planner.Due <= now) peer.Room.Plan(now, peer);
        var due = Instant.Min(peer.Advance(now, clock), Instant.Min(peer.Planner.Due, limit));
        due = Instant.Min(due, Instant.Min(peer.Transport.Deadline.At, Statistics.Look(now, peer)));
        _schedule.Set(peer, Instant.Min(due, peer.Due));
    }

    /// <summary>Drains what the transport wants to send and to say.</summary>
    private void Service(Instant now, MediaPeer peer)
    {
        peer.Hasten(peer.Transport.Deadline.At);
        Write(now, peer);
        while (peer.Transport.TryRead(out var value))
        {
            switch (value.Kind)
            {
                case PeerEventKind.IceConnected:
                    _table.AddPath(peer.Transport.SelectedPath, peer);
                    peer.IceConnectedAt ??= now;
                    break;
                case PeerEventKind.PathChanged:
                    _table.AddPath(peer.Transport.SelectedPath, peer);
                    peer.Estimator.OnPathChanged(now);
                    break;
                case PeerEventKind.Connected:
                    OnConnected(now, peer);
                    break;
                case PeerEventKind.Disconnected:
                    if (value.Detail == CloseNotify)
                    {
                        Fail(peer, "closed by the peer");
                        return;
                    }

                    publish(new MediaEvent.Disconnected(peer.Room.Id, peer.Id));
                    break;
                case PeerEventKind.Failed:
                    Fail(peer, value.Detail ?? "handshake failed");
                    return;
                default:
                    break;
            }
        }
    }

    private void OnConnected(Instant now, MediaPeer peer)
    {
        peer.WasConnected = true;
        var ice = peer.IceConnectedAt ?? now;
        publish(new MediaEvent.Connected(peer.Room.Id, peer.Id, ice - peer.CreatedAt, now - ice));

        // Only now can the peer see anything: key frames asked for earlier would have been for nobody.
        foreach (var slot in peer.Slots) slot.RequestKeyFrame();
        peer.Planner.Hasten();
    }

    private void Fail(MediaPeer peer, string reason)
    {
        publish(new MediaEvent.Failed(peer.Room.Id, peer.Id, reason));
        Remove(peer);
    }

    private void Remove(MediaPeer peer)
    {
        peer.Room.Remove(peer);
        if (peer.Room.IsEmpty && _rooms.Remove(peer.Room.Id)) peer.Room.Links?.Close();
        Drop(peer);
    }

    private void Drop(MediaPeer peer)
    {
        _peers.Remove(peer);
        _schedule.Remove(peer);
        Statistics.Remove(peer);
        _table.Remove(peer);
        peer.Dispose();
        Write(Instant.Zero, peer); // the close_notify
    }

    private void Write(Instant now, MediaPeer peer)
    {
        while (true)
        {
            var buffer = sink.Rent();
            if (!peer.Transport.TryWrite(now, buffer, out var datagram)) break;
            sink.Commit(datagram.Destination, datagram.Length);
        }
    }
}
