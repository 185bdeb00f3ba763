using Pendopo.Rtc;
using Pendopo.Sfu.Forwarding;
using Pendopo.Sfu.Tests.Simulation;
using Xunit;

namespace Pendopo.Sfu.Tests.Bandwidth;

/// <summary>A picture flows to a viewer for a while; then only the viewer's prober is turned, and what leaves is counted.</summary>
public sealed class ProberTests : IDisposable
{
    private static readonly TimeSpan Tick = TimeSpan.FromMilliseconds(10);

    private readonly SimulatedMeeting _meeting = new(seed: 71);
    private MediaClient _sender = null!;
    private MediaPeer _viewer = null!;
    private Instant _now;

    public void Dispose() => _meeting.Dispose();

    [Fact]
    public void With_feedback_one_cluster_leaves_and_waits_for_its_answer()
    {
        Start(feedback: true);
        var rate = _viewer.Estimator.Estimate;
        _viewer.Prober.Wanted = rate * 1.5;

        // Whatever was probed while the picture began, the longest wait is over in 6 s of virtual time.
        var started = 0;
        while (Turn(ticks: 1) == 0 && started < 600) started++;
        Assert.InRange(started, 0, 599);
        var bytes = Turn(ticks: 10);
        Assert.InRange(bytes, (rate * 1.4).BytesIn(TimeSpan.FromMilliseconds(15)), (rate * 1.5).BytesIn(TimeSpan.FromMilliseconds(30)) + 1500);
        Assert.Equal(0, Turn(ticks: 50));
    }

    [Fact]
    public void Without_feedback_probes_fill_the_estimate_while_more_is_wanted()
    {
        Start();
        _viewer.Prober.Wanted = _viewer.Estimator.Estimate * 2;
        var rate = _viewer.Estimator.Estimate;
        Assert.InRange(Turn(ticks: 30), Worth(270), Worth(330));
        Assert.Equal(rate, _viewer.Estimator.Estimate); // else silence would have moved the goal
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Nothing_is_probed_when_the_estimate_carries_what_is_wanted(bool feedback)
    {
        Start(feedback);
        _viewer.Prober.Wanted = _viewer.Estimator.Estimate;
        Assert.Equal(0, Turn(ticks: 50));
    }

    [Fact]
    public void What_media_takes_is_not_left_for_probes()
    {
        Start();
        _viewer.Prober.Wanted = _viewer.Estimator.Estimate * 2;
        Assert.InRange(Turn(ticks: 20, (int)Worth(5)), Worth(80), Worth(120));
        Assert.Equal(0, Turn(ticks: 10, (int)Worth(20)));
    }

    [Fact]
    public void A_hitch_is_not_answered_with_a_burst()
    {
        Start();
        _viewer.Prober.Wanted = _viewer.Estimator.Estimate * 2;
        Turn(ticks: 1);
        _now += TimeSpan.FromMilliseconds(500);
        var most = Worth(50 + 90) + 1500; // 50 ms are made up for, no more; the estimate falls in the silence
        var first = Turn(ticks: 1);
        Assert.InRange(first + Turn(ticks: 9), 1, most);
    }

    [Fact]
    public void After_more_than_a_second_probing_begins_anew()
    {
        Start();
        _viewer.Prober.Wanted = _viewer.Estimator.Estimate * 2;
        Turn(ticks: 1);

        // The picture goes on meanwhile, so there is something to repeat; it is the pause that forbids it.
        foreach (var (at, datagram) in _meeting.Record(_sender, seconds: 1.2))
        {
            _meeting.Worker.Receive(_now = at, _meeting.Endpoint(_sender).Address, datagram);
        }

        Assert.Equal(0, Turn(ticks: 1));
        Assert.True(Turn(ticks: 20) > 0);
    }

    [Fact]
    public void A_path_that_loses_is_not_probed()
    {
        Start();
        _viewer.Estimator.OnReceiverReport(_now, 0.3, TimeSpan.FromMilliseconds(40));
        _viewer.Prober.Wanted = _viewer.Estimator.Estimate * 2;
        Assert.Equal(0, Turn(ticks: 50));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Without_a_picture_there_is_nothing_to_probe_with(bool feedback)
    {
        Start(feedback);
        _meeting.Mute(_sender);
        _viewer.Prober.Wanted = _viewer.Estimator.Estimate * 2;
        Assert.Equal(0, Turn(ticks: 600));
    }

    [Fact]
    public void A_peer_without_seats_is_left_alone()
    {
        Start();
        _viewer = _meeting.Worker.Find(SimulatedMeeting.Room, _sender.Name)!;
        _viewer.Prober.Wanted = _viewer.Estimator.Estimate * 2;
        Assert.Equal(0, Turn(ticks: 20));
    }

    private void Start(bool feedback = false)
    {
        _sender = _meeting.Join("sender", new ClientOptions { Seats = 0 });
        _meeting.Join("viewer", new ClientOptions { SendsAudio = false, SendsVideo = false, Seats = 1, TransportWideCc = feedback });
        _meeting.RunFor(3);
        _viewer = _meeting.Worker.Find(SimulatedMeeting.Room, "viewer")!;
        _viewer.Prober.Wanted = DataRate.Zero;
        _viewer.Prober.Advance(_now = _meeting.Now);
        _meeting.IsCountingOnly = true;
    }

    /// <summary>Turns the prober, with media of so many bytes before each tick; the bytes that it sent.</summary>
    private long Turn(int ticks, int media = 0)
    {
        var before = _meeting.CountedBytes;
        for (var i = 0; i < ticks; i++)
        {
            _viewer.Prober.OnSent(media);
            _viewer.Prober.Advance(_now += Tick);
        }

        return _meeting.CountedBytes - before;
    }

    private long Worth(double milliseconds) => _viewer.Estimator.Estimate.BytesIn(TimeSpan.FromMilliseconds(milliseconds));
}
