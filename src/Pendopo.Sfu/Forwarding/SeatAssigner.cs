using Pendopo.Sfu.Bandwidth;

namespace Pendopo.Sfu.Forwarding;

/// <summary>A person's picture (with its sound) that wants a seat.</summary>
internal readonly record struct SeatWish(Publisher Peer, SourceKind Source, int Height, VideoPriority Priority = VideoPriority.Other);

/// <summary>
/// Gives seats to wishes: who sits keeps the seat, so that no picture jumps or restarts; who came new takes a free one; when
/// there are fewer seats than wishes, the first wishes win. Pure.
/// </summary>
internal static class SeatAssigner
{
    /// <param name="wishes">Most important first; a (peer, source) at most once.</param>
    /// <param name="seats">Who sits now; rewritten in place.</param>
    /// <returns>True if anything changed.</returns>
    public static bool Assign(IReadOnlyList<SeatWish> wishes, Span<(Publisher? Peer, SourceKind Source)> seats)
    {
        var changed = false;
        var admitted = Math.Min(wishes.Count, seats.Length);
        for (var i = 0; i < seats.Length; i++)
        {
            if (seats[i].Peer is null || Contains(wishes, admitted, seats[i])) continue;
            seats[i] = default;
            changed = true;
        }

        var free = 0;
        for (var i = 0; i < admitted; i++)
        {
            var wish = (wishes[i].Peer, wishes[i].Source);
            if (IsSeated(seats, wish)) continue;
            while (seats[free].Peer is not null) free++;
            seats[free] = wish;
            changed = true;
        }

        return changed;
    }

    private static bool Contains(IReadOnlyList<SeatWish> wishes, int count, (Publisher? Peer, SourceKind Source) seat)
    {
        for (var i = 0; i < count; i++)
        {
            if (ReferenceEquals(wishes[i].Peer, seat.Peer) && wishes[i].Source == seat.Source) return true;
        }

        return false;
    }

    private static bool IsSeated(ReadOnlySpan<(Publisher? Peer, SourceKind Source)> seats, (Publisher Peer, SourceKind Source) wish)
    {
        foreach (var seat in seats)
        {
            if (ReferenceEquals(seat.Peer, wish.Peer) && seat.Source == wish.Source) return true;
        }

        return false;
    }
}
