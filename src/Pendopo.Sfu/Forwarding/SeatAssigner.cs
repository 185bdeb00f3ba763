namespace Pendopo.Sfu.Forwarding;

/// <summary>A person's picture (with its sound) that wants a seat.</summary>
internal readonly record struct SeatWish(Publisher Peer, SourceKind Source, int Height, bool IsPinned = false);

/// <summary>Where a publisher's picture stands among the wishes of the receiver whose turn it is.</summary>
internal struct SeatMark
{
    /// <summary>The assigner's count of receivers; marks of earlier ones are void.</summary>
    public long Turn;

    public int Place;

    public bool IsSeated;
}

/// <summary>
/// Gives seats to wishes: who sits keeps the seat, so that no picture jumps or restarts; who came new takes a free one; when
/// there are fewer seats than wishes, the first wishes win. One for all receivers of a room, one after the other: each wish leaves its
/// mark at the publisher, so a receiver costs one step for each wish and each seat, and no memory.
/// </summary>
internal sealed class SeatAssigner
{
    private SeatWish[] _wishes = [];
    private int _count;
    private int _limit;
    private long _turn;

    /// <summary>No further wish can win a seat.</summary>
    public bool IsFull => _count == _limit;

    /// <summary>Begins with a receiver that has so many seats.</summary>
    public void Begin(int seats)
    {
        _turn++;
        _count = 0;
        _limit = seats;
        if (_wishes.Length < seats) _wishes = new SeatWish[seats];
    }

    /// <summary>The next wish, most important first. One for a picture that was wished for already is ignored.</summary>
    public void Add(in SeatWish wish)
    {
        ref var mark = ref wish.Peer.SeatMark(wish.Source);
        if (IsFull || mark.Turn == _turn) return;
        mark = new SeatMark { Turn = _turn, Place = _count };
        _wishes[_count++] = wish;
    }

    /// <summary>Binds the receiver's seats.</summary>
    /// <returns>True if anything changed: who sits where, the order of importance, or what the receiver shows of it.</returns>
    public bool Assign(List<Seat> seats)
    {
        var changed = false;
        foreach (var seat in seats)
        {
            if (seat.Peer is not { } peer) continue;
            ref var mark = ref peer.SeatMark(seat.Source);
            if (mark.Turn == _turn)
            {
                mark.IsSeated = true;
                changed |= seat.Refresh();
                continue;
            }

            seat.Bind(null, default);
            changed = true;
        }

        var free = 0;
        for (var place = 0; place < _count; place++)
        {
            ref readonly var wish = ref _wishes[place];
            if (wish.Peer.SeatMark(wish.Source).IsSeated) continue;
            while (seats[free].Peer is not null) free++;
            seats[free].Bind(wish.Peer, wish.Source);
            changed = true;
        }

        foreach (var seat in seats)
        {
            if (seat.Peer is not { } peer) continue;
            var place = peer.SeatMark(seat.Source).Place;
            changed |= seat.Show(place, _wishes[place]);
        }

        return changed;
    }
}
