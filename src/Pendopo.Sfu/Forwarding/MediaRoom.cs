using Pendopo.Rtc;
using Pendopo.Rtc.Rtp;
using Pendopo.Sfu.Bandwidth;
using Pendopo.Sfu.Speakers;
using Pendopo.Sfu.Workers;

namespace Pendopo.Sfu.Forwarding;

/// <summary>
/// The peers of one meeting on one worker: who sits on whose seats, who speaks, which layers flow. Packets do not pass here;
/// they go from track to slot. Changes only mark the room; <see cref="Advance"/> draws the consequences once.
/// </summary>
internal sealed class MediaRoom
{
    /// <summary>How often layers are chosen anew without an outer reason: the pace at which estimates move.</summary>
    private static readonly TimeSpan AllocationInterval = TimeSpan.FromMilliseconds(200);

    private readonly Action<MediaEvent> _publish;
    private readonly List<MediaPeer> _peers = [];
    private readonly List<Publisher> _publishers = [];
    private readonly SpeakerDetector _speakers = new();
    private readonly LoudestVoices _loudest;
    private readonly Dictionary<MediaPeer, LayerPlanner> _planners = [];
    private bool _dirty;
    private Instant _nextAllocation;

    /// <param name="id">Names the meeting.</param>
    /// <param name="options">How many voices are forwarded.</param>
    /// <param name="publish">Takes what the planes above are told.</param>
    /// <param name="worker">The worker, where there are others that may have a part of the room.</param>
    public MediaRoom(string id, MediaServerOptions options, Action<MediaEvent> publish, MediaWorker? worker = null)
    {
        Id = id;
        _publish = publish;
        Redundancy = new RoomRedundancy(id, publish);
        MaximumVoices = options.LoudestVoices;
        _loudest = new LoudestVoices(options.LoudestVoices, options.VoiceHold);
        if (worker is { Mesh.Links.Count: > 0 }) Links = new RoomLinks(this, worker);
    }

    public string Id { get; }

    /// <summary>Voices that are forwarded at once.</summary>
    public int MaximumVoices { get; }

    /// <summary>Null where one worker has all rooms whole.</summary>
    public RoomLinks? Links { get; }

    /// <summary>Who is connected to this worker, in order of arrival.</summary>
    public IReadOnlyList<MediaPeer> Peers => _peers;

    public RoomRedundancy Redundancy { get; }

    public bool IsEmpty => _peers.Count == 0;

    public MediaPeer? Find(string peer) => _peers.Find(candidate => candidate.Id == peer);

    /// <summary>Takes a peer in; one that replaces another keeps its place, its view and what it may publish.</summary>
    public void Add(MediaPeer peer, MediaPeer? replaced)
    {
        var index = replaced is null ? -1 : _peers.IndexOf(replaced);
        if (index < 0)
        {
            _peers.Add(peer);
            _publishers.Add(peer);
        }
        else
        {
            _peers[index] = peer;
            _publishers[_publishers.IndexOf(replaced!)] = peer;
            peer.View = replaced!.View;
            Forget(replaced);
        }

        _planners[peer] = new LayerPlanner(peer);
        Links?.Announce(peer);
        Invalidate();
    }

    public void Remove(MediaPeer peer)
    {
        _peers.Remove(peer);
        _publishers.Remove(peer);
        _speakers.Remove(peer.Id);
        Forget(peer);
        Links?.Withdraw(peer);
        Invalidate();
    }

    /// <summary>Somebody whose connection another worker holds.</summary>
    public void AddRemote(RemotePublisher publisher)
    {
        _publishers.Add(publisher);
        Invalidate();
    }

    public void RemoveRemote(RemotePublisher publisher)
    {
        _publishers.Remove(publisher);
        if (FindPublisher(publisher.Id) is null) _speakers.Remove(publisher.Id);
        Unseat(publisher);
        Invalidate();
    }

    /// <summary>Something changed that may move seats or layers.</summary>
    public void Invalidate() => _dirty = true;

    /// <summary>A packet of a microphone; false if it is not among the voices that are forwarded.</summary>
    public bool OnVoice(Instant now, PublishedTrack track, in RtpPacket packet)
    {
        // Without levels nobody can choose; an encoder that sends none is the one that a broadcast is about.
        var id = track.Media.Extensions.Id(RtpExtensionKind.AudioLevel);
        if (id == 0 || !packet.TryGetExtension(id, out var value) || !AudioLevel.TryRead(value, out var level)) return true;
        _speakers.OnLevel(now, track.Peer.Id, level.Attenuation);
        var voice = track.Peer.Voice;
        var wasForwarded = voice.IsForwarded;
        var wasSpeaking = wasForwarded && _loudest.IsSpeaking(now, voice);
        if (!_loudest.Hear(now, voice, level.Attenuation)) return false;
        if (!wasForwarded)
        {
            // What was left out meanwhile is no loss: the receivers' numbers go on from the last packet they got.
            foreach (var slot in track.Subscribers) slot.Interrupt();
        }

        // Whoever begins to speak without a seat takes an audio-only slot at once: the next tick would cost the first packet.
        if (!wasForwarded || (!wasSpeaking && _loudest.IsSpeaking(now, voice))) AssignVoices(now);
        return true;
    }

    public void Advance(Instant now)
    {
        _speakers.Advance(now);
        if (_speakers.TakeChange())
        {
            _dirty = true;
            if (Links is not { IsLeading: false }) _publish(new MediaEvent.SpeakersChanged(Id, [.. _speakers.Speakers]));
        }

        if (_dirty)
        {
            _dirty = false;
            foreach (var peer in _peers) AssignSeats(peer);
            _nextAllocation = now;
        }

        if (now < _nextAllocation)
        {
            Links?.Advance(now);
            return;
        }

        _nextAllocation = now + AllocationInterval;
        AssignVoices(now);
        Redundancy.Advance(now, _peers, Links is not { IsSpanning: true });
        foreach (var publisher in _publishers)
        {
            foreach (var track in publisher.Incoming.Tracks)
            {
                track.Demand.Reset();
                LayerOrder.Sort(track.Layers);
            }
        }

        SettleDemand(now);
        Links?.Advance(now);
        foreach (var peer in _peers)
        {
            var planner = _planners[peer];
            planner.Plan(now);
            if (planner.TakeChange(out var seats, out var voices)) _publish(new MediaEvent.SeatsChanged(Id, peer.Id, seats, voices));
        }
    }

    private Publisher? FindPublisher(string id) => _publishers.Find(candidate => candidate.Id == id);

    private void Forget(MediaPeer peer)
    {
        _planners.Remove(peer);
        Unseat(peer);
    }

    private void AssignVoices(Instant now)
    {
        foreach (var peer in _peers)
        {
            if (peer.Voices.Count > 0) VoiceAssigner.Assign(now, peer, _publishers, _loudest);
        }
    }

    private void Unseat(Publisher peer)
    {
        _loudest.Remove(peer.Voice);
        foreach (var other in _peers)
        {
            foreach (var seat in other.Seats)
            {
                if (ReferenceEquals(seat.Peer, peer)) seat.Bind(null, default);
            }
        }
    }

    private void AssignSeats(MediaPeer receiver)
    {
        var wishes = Wishes(receiver);
        Span<(Publisher? Peer, SourceKind Source)> seats = new (Publisher?, SourceKind)[receiver.Seats.Count];
        for (var i = 0; i < seats.Length; i++) seats[i] = (receiver.Seats[i].Peer, receiver.Seats[i].Source);
        SeatAssigner.Assign(wishes, seats);
        for (var i = 0; i < seats.Length; i++)
        {
            var seat = receiver.Seats[i];
            if (ReferenceEquals(seat.Peer, seats[i].Peer) && seat.Source == seats[i].Source) seat.Refresh();
            else seat.Bind(seats[i].Peer, seats[i].Source);
            var rank = wishes.FindIndex(wish => ReferenceEquals(wish.Peer, seat.Peer) && wish.Source == seat.Source);
            seat.Rank = rank < 0 ? int.MaxValue : rank;
            seat.Height = rank < 0 ? 0 : wishes[rank].Height;
            seat.Priority = rank < 0 ? VideoPriority.Other : wishes[rank].Priority;
        }
    }

    /// <summary>The view first, then whoever else is there, so that nobody who speaks goes unheard while seats are free.</summary>
    private List<SeatWish> Wishes(MediaPeer receiver)
    {
        var wishes = new List<SeatWish>();
        foreach (var item in receiver.View ?? [])
        {
            if (item.Source is SourceKind.Camera or SourceKind.Screen && FindPublisher(item.Peer) is { } peer && !ReferenceEquals(peer, receiver)) Add(peer, item.Source, item.Height, item.IsPinned);
        }

        var height = receiver.View is null ? int.MaxValue : 0;
        foreach (var peer in _publishers)
        {
            if (ReferenceEquals(peer, receiver)) continue;
            if (receiver.View is null && peer.Publishing.Contains(SourceKind.Screen)) Add(peer, SourceKind.Screen, height);
            if (peer.Incoming.Find(SourceKind.Camera) is not null || peer.Incoming.Find(SourceKind.Microphone) is not null) Add(peer, SourceKind.Camera, height);
        }

        return wishes;

        void Add(Publisher peer, SourceKind source, int height, bool isPinned = false)
        {
            if (!wishes.Exists(wish => ReferenceEquals(wish.Peer, peer) && wish.Source == source)) wishes.Add(new(peer, source, height, PriorityOf(peer, source, height, isPinned)));
        }
    }

    private VideoPriority PriorityOf(Publisher peer, SourceKind source, int height, bool isPinned) =>
        height <= 0 ? VideoPriority.Other
        : source == SourceKind.Screen ? VideoPriority.Screen
        : isPinned ? VideoPriority.Pinned
        : _speakers.Speakers.Contains(peer.Id) ? VideoPriority.Speaker
        : VideoPriority.Other;

    /// <summary>Tells senders which of their streams anybody wants.</summary>
    private void SettleDemand(Instant now)
    {
        foreach (var receiver in _peers)
        {
            foreach (var seat in receiver.Seats) seat.Video?.Source?.Demand.Add(seat.Height);
        }

        foreach (var peer in _peers)
        {
            foreach (var track in peer.Incoming.Tracks)
            {
                if (track.Kind != MediaKind.Video) continue;
                track.Demand.Settle();
                if (!track.Demand.TakeChange(now, track, out var streams)) continue;
                IReadOnlyList<string> rids = track.Media.Rids.Count < 2 || streams == 0 ? []
                    : streams == LayerDemand.Everything ? track.Media.Rids : [.. track.Layers.Take(streams).Select(static layer => layer.Rid)];
                _publish(new MediaEvent.LayersWanted(Id, peer.Id, track.Source, streams > 0, rids));
            }
        }
    }
}
