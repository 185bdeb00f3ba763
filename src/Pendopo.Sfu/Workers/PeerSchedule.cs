using Pendopo.Rtc;
using Pendopo.Sfu.Forwarding;

namespace Pendopo.Sfu.Workers;

/// <summary>
/// When each peer of a worker has something to do of itself: a report, feedback, a repeated request, a choice of layers, a time limit.
/// Going through all peers at each tick would cost the most where nothing happens. One thread owns it.
/// </summary>
internal sealed class PeerSchedule
{
    /// <summary>Of which a worker's memory knows before it grows.</summary>
    private const int UsualPeers = 64;

    private readonly TimerWheel _wheel = new(Instant.Zero, UsualPeers);
    private readonly List<MediaPeer?> _peers = [];
    private readonly Stack<int> _free = new();

    /// <summary>When <see cref="TryTakeDue"/> has something to give; not later, and at most a little earlier.</summary>
    public Instant NextDue => _wheel.NextDeadline;

    /// <summary>Takes in a peer that is due at once.</summary>
    public void Add(MediaPeer peer)
    {
        if (!_free.TryPop(out var place))
        {
            place = _peers.Count;
            _peers.Add(null);
        }

        _peers[place] = peer;
        peer.Place = new SchedulePlace(this, place);
        Set(peer, Instant.Zero);
    }

    public bool Contains(MediaPeer peer) => ReferenceEquals(peer.Place.Schedule, this);

    public void Remove(MediaPeer peer)
    {
        if (!Contains(peer)) return;
        _wheel.Cancel(peer.Place.Index);
        _peers[peer.Place.Index] = null;
        _free.Push(peer.Place.Index);
        peer.Place = default;
    }

    /// <summary>The peer is due at that moment and not before; <see cref="Instant.Never"/> for one that waits for others.</summary>
    public void Set(MediaPeer peer, Instant due)
    {
        peer.Due = due;
        _wheel.Schedule(peer.Place.Index, due);
    }

    public void Advance(Instant now) => _wheel.Advance(now);

    /// <summary>
    /// A peer whose moment has come. It has none from then on; one that it gets while others are taken is for the next
    /// <see cref="Advance"/>, so a loop over all who are due ends.
    /// </summary>
    public bool TryTakeDue(out MediaPeer peer)
    {
        peer = null!;
        if (!_wheel.TryTakeDue(out var place)) return false;
        peer = _peers[place]!;
        peer.Due = Instant.Never;
        return true;
    }
}

/// <summary>Where a peer stands in the schedule of its worker; none for one that has left.</summary>
internal readonly record struct SchedulePlace(PeerSchedule? Schedule, int Index);
