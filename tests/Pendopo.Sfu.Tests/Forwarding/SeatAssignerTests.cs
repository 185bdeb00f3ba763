using Pendopo.Sfu.Forwarding;
using Xunit;

namespace Pendopo.Sfu.Tests.Forwarding;

public sealed class SeatAssignerTests
{
    private readonly MediaPeer[] _peers = [.. Enumerable.Range(0, 6).Select(static _ => Layers.Peer())];

    private List<SeatWish> Wishes(params int[] peers) => [.. peers.Select(i => new SeatWish(_peers[i], SourceKind.Camera, 360))];

    private int[] Sitting((Publisher? Peer, SourceKind Source)[] seats) => [.. seats.Select(seat => seat.Peer is null ? -1 : Array.IndexOf(_peers, seat.Peer))];

    [Fact]
    public void Seats_fill_in_the_order_of_wishes()
    {
        var seats = new (Publisher?, SourceKind)[4];
        Assert.True(SeatAssigner.Assign(Wishes(2, 0, 1), seats));
        Assert.Equal([2, 0, 1, -1], Sitting(seats));
        Assert.False(SeatAssigner.Assign(Wishes(2, 0, 1), seats));
    }

    [Fact]
    public void Who_sits_keeps_the_seat_when_the_order_changes()
    {
        var seats = new (Publisher?, SourceKind)[3];
        SeatAssigner.Assign(Wishes(0, 1, 2), seats);
        Assert.False(SeatAssigner.Assign(Wishes(2, 1, 0), seats));
        Assert.Equal([0, 1, 2], Sitting(seats));
    }

    [Fact]
    public void The_first_wishes_win_and_only_the_seats_of_others_change()
    {
        var seats = new (Publisher?, SourceKind)[3];
        SeatAssigner.Assign(Wishes(0, 1, 2), seats);
        Assert.True(SeatAssigner.Assign(Wishes(3, 0, 2, 1), seats));
        Assert.Equal([0, 3, 2], Sitting(seats));
    }

    [Fact]
    public void A_camera_and_a_screen_of_one_person_take_two_seats()
    {
        var seats = new (Publisher? Peer, SourceKind Source)[2];
        SeatAssigner.Assign([new(_peers[0], SourceKind.Screen, 0), new(_peers[0], SourceKind.Camera, 0)], seats);
        Assert.Equal(SourceKind.Screen, seats[0].Source);
        Assert.Equal(SourceKind.Camera, seats[1].Source);
    }

    [Fact]
    public void Without_seats_or_wishes_nothing_happens()
    {
        Assert.False(SeatAssigner.Assign(Wishes(0), []));
        var seats = new (Publisher?, SourceKind)[] { (_peers[0], SourceKind.Camera) };
        Assert.True(SeatAssigner.Assign([], seats));
        Assert.Equal([-1], Sitting(seats));
    }
}
