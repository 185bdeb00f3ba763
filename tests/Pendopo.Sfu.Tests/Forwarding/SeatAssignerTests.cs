using Pendopo.Sfu.Forwarding;
using Xunit;

namespace Pendopo.Sfu.Tests.Forwarding;

public sealed class SeatAssignerTests
{
    private readonly MediaPeer[] _peers = [.. Enumerable.Range(0, 6).Select(static _ => Layers.Peer())];
    private readonly SeatAssigner _assigner = new();

    [Fact]
    public void Seats_fill_in_the_order_of_wishes()
    {
        var seats = Seats(4);
        Assert.True(Assign(seats, Wishes(2, 0, 1)));
        Assert.Equal([2, 0, 1, -1], Sitting(seats));
        Assert.Equal([0, 1, 2], seats.Take(3).Select(static seat => seat.Rank));
        Assert.False(Assign(seats, Wishes(2, 0, 1)));
    }

    [Fact]
    public void Who_sits_keeps_the_seat_when_the_order_changes()
    {
        var seats = Seats(3);
        Assign(seats, Wishes(0, 1, 2));
        Assert.True(Assign(seats, Wishes(2, 1, 0)));
        Assert.Equal([0, 1, 2], Sitting(seats));
        Assert.Equal([2, 1, 0], seats.Select(static seat => seat.Rank));
        Assert.False(Assign(seats, Wishes(2, 1, 0)));
    }

    [Fact]
    public void The_first_wishes_win_and_only_the_seats_of_others_change()
    {
        var seats = Seats(3);
        Assign(seats, Wishes(0, 1, 2));
        Assert.True(Assign(seats, Wishes(3, 0, 2, 1)));
        Assert.Equal([0, 3, 2], Sitting(seats));
    }

    [Fact]
    public void A_camera_and_a_screen_of_one_person_take_two_seats()
    {
        var seats = Seats(2);
        Assign(seats, [new(_peers[0], SourceKind.Screen, 0), new(_peers[0], SourceKind.Camera, 0)]);
        Assert.Equal(SourceKind.Screen, seats[0].Source);
        Assert.Equal(SourceKind.Camera, seats[1].Source);
    }

    [Fact]
    public void Without_seats_or_wishes_nothing_happens()
    {
        Assert.False(Assign([], Wishes(0)));
        var seats = Seats(1);
        Assign(seats, Wishes(0));
        Assert.True(Assign(seats, []));
        Assert.Equal([-1], Sitting(seats));
        Assert.False(Assign(seats, []));
    }

    [Fact]
    public void A_picture_that_is_wished_for_twice_takes_one_seat_at_its_first_place()
    {
        var seats = Seats(3);
        Assign(seats, [new(_peers[4], SourceKind.Camera, 720), new(_peers[1], SourceKind.Camera, 360), new(_peers[4], SourceKind.Camera, 90)]);
        Assert.Equal([4, 1, -1], Sitting(seats));
        Assert.Equal(720, seats[0].Height);
    }

    [Fact]
    public void Another_height_or_a_pin_is_a_change_and_moves_nobody()
    {
        var seats = Seats(1);
        Assign(seats, Wishes(0));
        Assert.True(Assign(seats, [new(_peers[0], SourceKind.Camera, 720)]));
        Assert.True(Assign(seats, [new(_peers[0], SourceKind.Camera, 720, IsPinned: true)]));
        Assert.False(Assign(seats, [new(_peers[0], SourceKind.Camera, 720, IsPinned: true)]));
        Assert.Equal([0], Sitting(seats));
    }

    [Fact]
    public void Receivers_do_not_see_each_others_wishes()
    {
        var (one, other) = (Seats(2), Seats(3));
        for (var turn = 0; turn < 3; turn++)
        {
            Assign(one, Wishes(0, 1));
            Assign(other, Wishes(5, 1, 0));
        }

        Assert.Equal([0, 1], Sitting(one));
        Assert.Equal([5, 1, 0], Sitting(other));
    }

    [Fact]
    public void Moving_people_about_allocates_nothing()
    {
        var seats = Seats(3);
        SeatWish[][] turns = [[.. Wishes(0, 1, 2)], [.. Wishes(3, 4, 5)], [.. Wishes(5, 2, 0, 1)], []];
        for (var i = 0; i < 8; i++) Assign(seats, turns[i % turns.Length]);
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 1000; i++) Assign(seats, turns[i % turns.Length]);
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    private static List<Seat> Seats(int count) => [.. Enumerable.Range(0, count).Select(static index => new Seat(index, null, null))];

    private SeatWish[] Wishes(params int[] peers) => [.. peers.Select(i => new SeatWish(_peers[i], SourceKind.Camera, 360))];

    private bool Assign(List<Seat> seats, ReadOnlySpan<SeatWish> wishes)
    {
        _assigner.Begin(seats.Count);
        foreach (var wish in wishes) _assigner.Add(wish);
        return _assigner.Assign(seats);
    }

    private int[] Sitting(List<Seat> seats) => [.. seats.Select(seat => seat.Peer is null ? -1 : Array.IndexOf(_peers, seat.Peer))];
}
