using Pendopo.Rtc;
using Pendopo.Rtc.Rtp;
using Pendopo.Sfu.Speakers;
using Pendopo.Sfu.Workers;

namespace Pendopo.Sfu.Forwarding;

/// <summary>
/// The peers of one meeting on one worker: who sits on whose seats, who speaks, which layers flow. Packets do not pass here;
/// they go from track to slot. Changes only mark what they concern; <see cref="Advance"/> draws the consequences once, and allocates
/// nothing but what somebody is told.
/// </summary>
internal sealed class MediaRoom
{
    /// <summary>How long a silent voice may keep a slot that another one waits for, and a demand may go unnoticed.</summary>
    private static readonly TimeSpan PassInterval = TimeSpan.FromMilliseconds(200);

    /// <summary>Admission to connection takes a second at most; who is slower finds the cameras as they are.</summary>
    private static readonly TimeSpan ExpectTime = TimeSpan.FromSeconds(10);

    private readonly Action<MediaEvent> _publish;
    private readonly MediaWorker? _worker;
    private readonly List<MediaPeer> _peers = [];
    private readonly PublisherList _publishers = new();
    private readonly SpeakerDetector _speakers = new();
    private readonly LoudestVoices _loudest;
    private readonly SeatAssigner _seats = new();
    private readonly List<Publisher> _voices = [];
    private readonly List<MediaPeer> _changedViews = [];
    private bool _hasChanged;
    private bool _isExpecting;
    private Instant _expectedUntil = Instant.Zero;
    private Instant _nextPass;

    /// <param name="id">Names the meeting.</param>
    /// <param name="options">How many voices are forwarded.</param>
    /// <param name="publish">Takes what the planes above are told.</param>
    /// <param name="worker">Whose room it is; null for one that somebody else advances.</param>
    public MediaRoom(string id, MediaServerOptions options, Action<MediaEvent> publish, MediaWorker? worker = null)
    {
        Id = id;
        _publish = publish;
        Redundancy = new RoomRedundancy(id, publish);
        MaximumVoices = options.LoudestVoices;
        _loudest = new LoudestVoices(options.LoudestVoices, options.VoiceHold);
        _worker = worker;
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

    /// <summary>When <see cref="Advance"/> is to be called.</summary>
    public Instant Due { get; private set; }

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
            _publishers.Replace(replaced!, peer);
            peer.View = replaced!.View;
            if (replaced.IsResting) peer.Rest(true);
            peer.IsSpeaker = replaced.IsSpeaker;
            Forget(replaced);
        }

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
        if (_publishers.Find(publisher.Id) is null) _speakers.Remove(publisher.Id);
        Unseat(publisher);
        Invalidate();
    }

    /// <summary>Somebody came, went, or publishes something else: it may move anybody's seats.</summary>
    public void Invalidate()
    {
        _hasChanged = true;
        Hasten();
    }

    /// <summary>A receiver wants to see something else: it may move its own seats.</summary>
    public void Invalidate(MediaPeer receiver)
    {
        _changedViews.Add(receiver);
        Hasten();
    }

    /// <summary>The layers of some source have changed: they are put in order before anybody chooses.</summary>
    public void InvalidateLayers()
    {
        _nextPass = Instant.Zero;
        Hasten();
    }

    /// <summary>
    /// Somebody is about to connect. Cameras that nobody watches are switched on meanwhile: an encoder takes longer to wake than a connection
    /// takes to be made.
    /// </summary>
    public void Expect()
    {
        _isExpecting = true;
        InvalidateLayers();
    }

    /// <summary>There is something to do with the next tick.</summary>
    public void Hasten()
    {
        Due = Instant.Zero;
        _worker?.HastenRooms();
    }

    /// <summary>A packet of a microphone; false if it is not among the voices that are forwarded.</summary>
    public bool OnVoice(Instant now, PublishedTrack track, in RtpPacket packet)
    {
        // Without levels nobody can choose; an encoder that sends none is the one that a broadcast is about.
        var id = track.Media.Extensions.Id(RtpExtensionKind.AudioLevel);
        if (id == 0 || !packet.TryGetExtension(id, out var value) || !AudioLevel.TryRead(value, out var level)) return true;
        _speakers.OnLevel(now, track.Peer.Id, level.Attenuation);
        if (_speakers.HasChanged) Hasten();
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
        if (_speakers.TakeChange()) OnSpeakersChanged();
        if (AssignSeats() || now >= _nextPass) Pass(now);
        Due = Instant.Min(_nextPass, _speakers.Due);
        if (Links is not null) Due = Instant.Min(Due, Links.Advance(now));
    }

    /// <summary>Chooses the layers of one of its receivers, and tells what has changed.</summary>
    public void Plan(Instant now, MediaPeer receiver)
    {
        receiver.Planner.Plan(now);
        if (receiver.Planner.TakeChange(out var seats, out var voices)) _publish(new MediaEvent.SeatsChanged(Id, receiver.Id, seats, voices));
    }

    /// <summary>What is looked at again and again, since it moves without anybody's doing.</summary>
    private void Pass(Instant now)
    {
        _nextPass = now + PassInterval;
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
    }

    /// <summary>Nobody's seats move: speakers come first only where a receiver cannot have all that it wants.</summary>
    private void OnSpeakersChanged()
    {
        foreach (var publisher in _publishers) publisher.IsSpeaker = false;
        foreach (var id in _speakers.Speakers)
        {
            if (_publishers.Find(id) is { } speaker) speaker.IsSpeaker = true;
        }

        foreach (var peer in _peers)
        {
            if (!peer.Planner.IsComplete) peer.Planner.Hasten();
        }

        if (Links is not { IsLeading: false }) _publish(new MediaEvent.SpeakersChanged(Id, [.. _speakers.Speakers]));
    }

    private void Forget(MediaPeer peer)
    {
        _changedViews.Remove(peer);
        Unseat(peer);
    }

    private void AssignVoices(Instant now)
    {
        _voices.Clear();
        foreach (var publisher in _publishers)
        {
            if (publisher.Voice.IsForwarded) _voices.Add(publisher);
        }

        foreach (var peer in _peers)
        {
            if (peer.Voices.Count > 0) VoiceAssigner.Assign(now, peer, _voices, _loudest);
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

    /// <summary>Draws the consequences of what has changed; true if anybody got other seats or shows them otherwise.</summary>
    private bool AssignSeats()
    {
        var moved = false;
        foreach (var peer in _hasChanged ? _peers : _changedViews)
        {
            if (!AssignSeats(peer)) continue;
            peer.Planner.Hasten();
            moved = true;
        }

        _changedViews.Clear();
        _hasChanged = false;
        return moved;
    }

    /// <summary>The view first, then whoever else is there, so that nobody who speaks goes unheard while seats are free.</summary>
    private bool AssignSeats(MediaPeer receiver)
    {
        _seats.Begin(receiver.Seats.Count);
        if (receiver.IsResting) return _seats.Assign(receiver.Seats);
        for (var i = 0; i < receiver.View?.Count && !_seats.IsFull; i++)
        {
            var item = receiver.View[i];
            if (item.Source is SourceKind.Camera or SourceKind.Screen && _publishers.Find(item.Peer) is { } peer && !ReferenceEquals(peer, receiver))
                _seats.Add(new SeatWish(peer, item.Source, item.Height, item.IsPinned));
        }

        if (!_seats.IsFull) AddOthers(receiver);
        return _seats.Assign(receiver.Seats);
    }

    private void AddOthers(MediaPeer receiver)
    {
        var height = receiver.View is null ? int.MaxValue : 0;
        foreach (var peer in _publishers)
        {
            if (_seats.IsFull) return;
            if (ReferenceEquals(peer, receiver)) continue;
            if (receiver.View is null && peer.Publishing.Contains(SourceKind.Screen)) _seats.Add(new SeatWish(peer, SourceKind.Screen, height));
            if (peer.Incoming.Find(SourceKind.Camera) is not null || peer.Incoming.Find(SourceKind.Microphone) is not null)
                _seats.Add(new SeatWish(peer, SourceKind.Camera, height));
        }
    }

    /// <summary>Lines of a tile in a grid of so many on a usual screen.</summary>
    private static int TileHeight(int people) => 720 / (int)Math.Ceiling(Math.Sqrt(Math.Max(1, people)));

    /// <summary>Tells senders which of their streams anybody wants.</summary>
    private void SettleDemand(Instant now)
    {
        foreach (var receiver in _peers)
        {
            foreach (var seat in receiver.Seats) seat.Video?.Source?.Demand.Add(seat.Height);
        }

        if (_isExpecting) (_isExpecting, _expectedUntil) = (false, now + ExpectTime);
        var expected = now < _expectedUntil ? TileHeight(_peers.Count) : 0;
        foreach (var peer in _peers)
        {
            foreach (var track in peer.Incoming.Tracks)
            {
                if (track.Kind != MediaKind.Video) continue;
                track.Demand.Add(expected);
                track.Demand.Settle();
                if (!track.Demand.TakeChange(now, track, out var streams)) continue;
                IReadOnlyList<string> rids = track.Media.Rids.Count < 2 || streams == 0 ? []
                    : streams == LayerDemand.Everything ? track.Media.Rids : [.. track.Layers.Take(streams).Select(static layer => layer.Rid)];
                _publish(new MediaEvent.LayersWanted(Id, peer.Id, track.Source, streams > 0, rids));
            }
        }
    }
}
