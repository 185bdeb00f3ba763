using Pendopo.Sfu.Workers;
using Xunit;

namespace Pendopo.Sfu.Tests.Workers;

public sealed class WorkerPlacementTests
{
    private readonly double[] _busy = new double[3];

    [Fact]
    public void Rooms_spread_and_each_stays_whole()
    {
        var placement = new WorkerPlacement(3, peersPerWorker: 10);
        for (var room = 0; room < 3; room++)
        {
            var workers = Enumerable.Range(0, 5).Select(peer => Place(placement, $"room{room}", $"p{peer}")).Distinct().ToList();
            Assert.Single(workers);
            Assert.Equal(room, workers[0]);
        }
    }

    [Fact]
    public void A_large_room_goes_on_with_the_next_worker_and_in_the_end_divides_evenly()
    {
        var placement = new WorkerPlacement(3, peersPerWorker: 10);
        var placed = Enumerable.Range(0, 60).Select(peer => Place(placement, "room", $"p{peer}")).ToList();
        Assert.Equal(Enumerable.Repeat(0, 10), placed[..10]);
        Assert.Equal([20, 20, 20], placed.GroupBy(static worker => worker).Select(static group => group.Count()));
    }

    [Fact]
    public void A_busy_worker_takes_nobody_new_but_those_who_come_back()
    {
        var placement = new WorkerPlacement(3, peersPerWorker: 10);
        Assert.Equal(0, Place(placement, "room", "early"));
        _busy[0] = 0.9;
        Assert.Equal(1, Place(placement, "room", "late"));
        Assert.Equal(0, Place(placement, "room", "early"));
        _busy[1] = _busy[2] = 0.95;
        Assert.Equal(2, Place(placement, "room", "later"));
    }

    [Fact]
    public void Who_leaves_makes_room()
    {
        var placement = new WorkerPlacement(3, peersPerWorker: 1);
        Assert.Equal(0, Place(placement, "room", "a"));
        Assert.Equal(1, Place(placement, "room", "b"));
        placement.Remove("room", "a");
        Assert.False(placement.TryFind("room", "a", out _));
        Assert.Equal(0, Place(placement, "room", "c"));
        placement.RemoveRoom("room");
        Assert.False(placement.TryFind("room", "b", out _));
        Assert.Equal(0, Place(placement, "other", "a"));
    }

    private int Place(WorkerPlacement placement, string room, string peer) => placement.Place(room, peer, worker => _busy[worker]);
}
