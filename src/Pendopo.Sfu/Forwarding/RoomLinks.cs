using Pendopo.Rtc;
using Pendopo.Rtc.Sdp;
using Pendopo.Sfu.Workers;

namespace Pendopo.Sfu.Forwarding;

/// <summary>
/// One room's part on one worker, towards its parts on others. Each part announces its own publishers to the others, and sends a source's
/// packets to those that have somebody who watches it: once per worker, however many watch. Owned by the worker.
/// </summary>
internal sealed class RoomLinks(MediaRoom room, MediaWorker worker)
{
    private readonly HashSet<int> _others = [];
    private readonly List<RemotePublisher> _remote = [];

    /// <summary>One part speaks for the whole room where that must happen once.</summary>
    public bool IsLeading
    {
        get
        {
            foreach (var other in _others)
            {
                if (other < worker.Index) return false;
            }

            return true;
        }
    }

    /// <summary>Other workers have parts of the room.</summary>
    public bool IsSpanning => _others.Count > 0;

    public void Greet()
    {
        foreach (var link in worker.Mesh.Links) link.Greet(room.Id);
    }

    /// <summary>Another worker has a part of this room: it learns who publishes here.</summary>
    public void Add(int other)
    {
        if (!_others.Add(other)) return;
        var link = worker.Mesh.LinkTo(other);
        foreach (var peer in room.Peers) Announce(link, peer);
    }

    /// <summary>The other worker's part is empty.</summary>
    public void Remove(int other)
    {
        if (!_others.Remove(other)) return;
        foreach (var publisher in _remote.Where(publisher => publisher.Link.To.Index == other).ToArray()) Drop(publisher);
        foreach (var peer in room.Peers)
        {
            foreach (var track in peer.Incoming.Tracks)
            {
                track.RemoveRelay(worker.Mesh.LinkTo(other));
                foreach (var layer in track.Layers) layer.SetRelayHandle(other, 0);
            }
        }
    }

    /// <summary>This part is empty.</summary>
    public void Close()
    {
        foreach (var other in _others) worker.Mesh.LinkTo(other).Leave(room.Id);
        _others.Clear();
        foreach (var publisher in _remote.ToArray()) Drop(publisher);
    }

    /// <summary>A publisher of this worker is new or has changed.</summary>
    public void Announce(MediaPeer peer)
    {
        foreach (var other in _others) Announce(worker.Mesh.LinkTo(other), peer);
    }

    public void Withdraw(MediaPeer peer)
    {
        foreach (var other in _others) worker.Mesh.LinkTo(other).Withdraw(room.Id, peer.Id);
    }

    /// <summary>A layer of a publisher of this worker has shown up.</summary>
    public void OnLayerAdded(PublishedLayer layer)
    {
        if (layer.Track.Peer is not MediaPeer peer) return;
        foreach (var other in _others) Announce(worker.Mesh.LinkTo(other), peer, layer);
    }

    public void OnAnnounced(int other, string id, IReadOnlyList<(SourceKind Source, NegotiatedMedia Media)> sources, IReadOnlySet<SourceKind> publishing)
    {
        if (!_others.Contains(other)) return;
        var publisher = Find(other, id);
        if (publisher is null)
        {
            _remote.Add(publisher = new RemotePublisher(room, id, worker.Mesh.LinkTo(other), worker.Forwarder));
            room.AddRemote(publisher);
        }

        publisher.SetPublishing(publishing);
        publisher.Negotiate(sources);
        room.Invalidate();
    }

    public void OnWithdrawn(int other, string id)
    {
        if (Find(other, id) is { } publisher) Drop(publisher);
    }

    public void OnLayer(int other, string id, SourceKind source, uint handle, string rid, uint ssrc, int clockRate)
    {
        if (Find(other, id)?.AddLayer(source, rid, ssrc, clockRate) is { } layer) worker.Mesh.Bind(other, handle, layer);
    }

    public void OnSubscription(int other, string id, SourceKind source, bool wanted)
    {
        if (!_others.Contains(other) || room.Find(id)?.Incoming.Find(source) is not { } track) return;
        if (wanted) track.AddRelay(worker.Mesh.LinkTo(other));
        else track.RemoveRelay(worker.Mesh.LinkTo(other));
    }

    public void OnDemand(int other, string id, SourceKind source, int height)
    {
        if (_others.Contains(other)) room.Find(id)?.Incoming.Find(source)?.Demand.SetElsewhere(other, height);
    }

    public void OnKeyFrameRequest(string id, SourceKind source, uint ssrc)
    {
        foreach (var layer in room.Find(id)?.Incoming.Find(source)?.Layers ?? [])
        {
            if (layer.Ssrc == ssrc) layer.WantKeyFrame();
        }
    }

    /// <summary>Passes on what is wanted of others' publishers; returns when there is more to ask for.</summary>
    public Instant Advance(Instant now)
    {
        var due = Instant.Never;
        foreach (var publisher in _remote) due = Instant.Min(due, publisher.Advance(now));
        return due;
    }

    private RemotePublisher? Find(int other, string id) => _remote.Find(publisher => publisher.Id == id && publisher.Link.To.Index == other);

    private void Announce(WorkerLink link, MediaPeer peer)
    {
        link.Announce(room.Id, peer.Id, [.. peer.Incoming.Tracks.Select(static track => (track.Source, track.Media))], peer.Publishing);
        foreach (var track in peer.Incoming.Tracks)
        {
            foreach (var layer in track.Layers) Announce(link, peer, layer);
        }
    }

    private void Announce(WorkerLink link, MediaPeer peer, PublishedLayer layer)
    {
        if (layer.RelayHandle(link.To.Index) == 0) layer.SetRelayHandle(link.To.Index, link.AddLayer(room.Id, peer.Id, layer.Track.Source, layer));
    }

    private void Drop(RemotePublisher publisher)
    {
        _remote.Remove(publisher);
        worker.Mesh.Unbind(publisher);
        room.RemoveRemote(publisher);
        publisher.Release();
    }
}
