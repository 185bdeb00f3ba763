using Pendopo.Rtc;
using Pendopo.Sfu.Forwarding;
using Pendopo.Sfu.Tests.Forwarding;
using Pendopo.Sfu.Tests.Simulation;
using Pendopo.Sfu.Workers;
using Xunit;

namespace Pendopo.Sfu.Tests.Workers;

public sealed class PeerScheduleTests
{
    private static readonly Instant Now = Instant.FromMilliseconds(5000);

    private readonly PeerSchedule _schedule = new();

    [Fact]
    public void Who_comes_is_due_at_once_and_then_when_it_says()
    {
        var (one, other) = (Add(), Add());
        Assert.Equal([one, other], TakeAll(Now));
        Assert.Empty(TakeAll(Now + TimeSpan.FromHours(1)));
        _schedule.Set(one, Now + TimeSpan.FromHours(2));
        _schedule.Set(other, Now + TimeSpan.FromHours(3));
        Assert.Equal([one], TakeAll(Now + TimeSpan.FromHours(2)));
        Assert.Equal([other], TakeAll(Now + TimeSpan.FromHours(3)));
        Assert.Equal(Instant.Never, _schedule.NextDue);
    }

    [Fact]
    public void Only_what_is_sooner_hastens_a_peer()
    {
        var peer = Add();
        TakeAll(Now);
        _schedule.Set(peer, Now + TimeSpan.FromMilliseconds(100));
        peer.Hasten(Now + TimeSpan.FromMilliseconds(40));
        peer.Hasten(Now + TimeSpan.FromMilliseconds(60));
        Assert.Equal(Now + TimeSpan.FromMilliseconds(40), peer.Due);
        Assert.Empty(TakeAll(Now + TimeSpan.FromMilliseconds(39)));
        Assert.Equal([peer], TakeAll(Now + TimeSpan.FromMilliseconds(40)));
    }

    [Fact]
    public void Who_is_hastened_while_others_are_taken_comes_with_the_next_advance()
    {
        var peer = Add();
        _schedule.Advance(Now);
        Assert.True(_schedule.TryTakeDue(out var taken));
        Assert.Same(peer, taken);
        peer.Hasten(Instant.Zero);
        Assert.False(_schedule.TryTakeDue(out _));
        Assert.Equal([peer], TakeAll(Now));
    }

    [Fact]
    public void Who_has_left_never_comes_and_leaves_its_place_to_the_next()
    {
        var (one, other) = (Add(), Add());
        _schedule.Remove(one);
        Assert.False(_schedule.Contains(one));
        one.Hasten(Instant.Zero);
        _schedule.Remove(one);
        var third = Add();
        Assert.Equal([other, third], TakeAll(Now).OrderBy(peer => peer == third));
    }

    [Fact]
    public void A_worker_whose_peers_have_nothing_to_do_sleeps()
    {
        using var meeting = new SimulatedMeeting(seed: 91);
        for (var i = 0; i < 3; i++) meeting.Join($"viewer{i}", new ClientOptions { SendsVideo = false, SendsAudio = false });
        meeting.RunFor(2);
        meeting.IsCountingOnly = true;
        var (wakings, end) = (0, meeting.Now + TimeSpan.FromSeconds(5));
        for (var now = meeting.Worker.NextDue; now < end; now = meeting.Worker.NextDue)
        {
            meeting.Worker.Advance(now);
            wakings++;
        }

        // Each chooses layers five times a second and reports once; the room looks at voices five times; and far deadlines come down the
        // wheel. A tick every 10 ms would be 500.
        Assert.InRange(wakings, 50, 5 * (3 * (5 + 1) + 5 + 5));
        Assert.True(meeting.CountedDatagrams >= 12, $"Only {meeting.CountedDatagrams} reports were sent.");
    }

    private MediaPeer Add()
    {
        var peer = Layers.Peer();
        _schedule.Add(peer);
        return peer;
    }

    private List<MediaPeer> TakeAll(Instant now)
    {
        _schedule.Advance(now);
        var taken = new List<MediaPeer>();
        while (_schedule.TryTakeDue(out var peer)) taken.Add(peer);
        return taken;
    }
}
