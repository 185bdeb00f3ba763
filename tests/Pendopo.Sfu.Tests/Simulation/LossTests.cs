using Pendopo.Rtc;
using Pendopo.Testing.Network;
using Xunit;

namespace Pendopo.Sfu.Tests.Simulation;

/// <summary>Paths that lose, reorder and narrow.</summary>
public sealed class LossTests
{
    private static readonly LinkOptions Path = new() { Delay = TimeSpan.FromMilliseconds(10) };

    private static readonly LinkOptions Lossy = Path with { Loss = 0.10, Reordering = 0.05, ReorderingDelay = TimeSpan.FromMilliseconds(8), Jitter = TimeSpan.FromMilliseconds(2) };

    [Theory]
    [InlineData(41)]
    [InlineData(42)]
    [InlineData(43)]
    public void Ten_percent_loss_both_ways_leaves_sound_whole_and_the_picture_moving(int seed)
    {
        using var meeting = new SimulatedMeeting(seed);
        var options = new ClientOptions { AudioRtx = true, RoundTrip = TimeSpan.FromMilliseconds(25) };
        var one = meeting.Join("one", options, Lossy, Lossy);
        var two = meeting.Join("two", options, Lossy, Lossy);
        meeting.RunFor(2);
        var from = meeting.Now;
        meeting.RunFor(30);

        foreach (var client in new[] { one, two })
        {
            // Each of the two hops loses a packet for good only when its repairs are lost too: a request or its answer fails
            // with 19 %. In 200 ms a hop has time for two rounds (10 ms for reordering, a packet of 20 ms to see the gap, and
            // the round trip), which leaves 2 · 0.1 · 0.19² = 0.7 %; half a per cent more for gaps of several packets.
            var audio = client.Audio().Audio;
            Assert.InRange(audio.MissedAt(TimeSpan.FromMilliseconds(200)), 0, audio.Expected * 12 / 1000);
            Assert.InRange(audio.Lost, 0, audio.Expected * 2 / 1000);
            Assert.InRange(Continuity.LongestPause(client.Video(), from, meeting.Now), TimeSpan.Zero, TimeSpan.FromSeconds(1));
            Assert.Equal(0, client.Video().Video.CorruptPackets);

            // Loss on the air is no lack of room: the quality does not collapse.
            TestContext.Current.TestOutputHelper?.WriteLine(
                $"{client.Name}: lost {audio.Lost}, missed {audio.MissedAt(TimeSpan.FromMilliseconds(200))} of {audio.Expected}; layer {Continuity.LayerAt(client.Video())}, {meeting.Worker.Find(SimulatedMeeting.Room, client.Name)!.Estimator.Estimate}");
            Assert.True(Continuity.LayerAt(client.Video()) >= 1);
        }
    }

    [Fact]
    public void A_narrow_line_lowers_the_layers_and_a_wide_one_raises_them_again()
    {
        using var meeting = new SimulatedMeeting(seed: 45);
        var sender = meeting.Join("sender", uplink: Path, downlink: Path);
        var wide = Path with { Rate = DataRate.FromKilobits(2000), QueueBytes = 50_000 };
        var viewer = meeting.Join("viewer", new ClientOptions { SendsVideo = false, Seats = 1 }, Path, wide);
        meeting.View(viewer, new ViewItem(sender.Name, SourceKind.Camera, 720));
        meeting.RunFor(15);
        Assert.True(Continuity.LayerAt(viewer.Video()) >= 1, "2 Mb/s carry more than the smallest layer.");

        meeting.Endpoint(viewer).Downlink.Options = wide with { Rate = DataRate.FromKilobits(500), QueueBytes = 20_000 };
        meeting.RunFor(5);
        Report(meeting, viewer);
        Assert.Equal(0, Continuity.LayerAt(viewer.Video()));
        var from = meeting.Now;
        meeting.RunFor(5);
        Report(meeting, viewer);
        Assert.InRange(Continuity.LongestPause(viewer.Video(), from, meeting.Now), TimeSpan.Zero, TimeSpan.FromSeconds(1));
        Report(meeting, viewer);

        meeting.Endpoint(viewer).Downlink.Options = wide;
        Assert.True(meeting.RunUntil(() => Continuity.LayerAt(viewer.Video()) >= 1, 60), "The layer stays low.");
        Report(meeting, viewer);
    }

    private static void Report(SimulatedMeeting meeting, MediaClient viewer)
    {
        var peer = meeting.Worker.Find(SimulatedMeeting.Room, viewer.Name)!;
        TestContext.Current.TestOutputHelper?.WriteLine(
            $"{meeting.Now}: layer {Continuity.LayerAt(viewer.Video())}, estimate {peer.Estimator.Estimate}, arriving {peer.Estimator.AcknowledgedRate}, loss {peer.Estimator.LossFraction:P0}");
    }

    [Fact]
    public void A_slow_receiver_does_not_disturb_others()
    {
        using var meeting = new SimulatedMeeting(seed: 46);
        var sender = meeting.Join("sender", uplink: Path, downlink: Path);
        var good = meeting.Join("good", uplink: Path, downlink: Path);
        meeting.RunFor(1);
        var slow = meeting.Join("slow", uplink: Path, downlink: Path with { Rate = DataRate.FromKilobits(150), QueueBytes = 8_000, Loss = 0.2 });
        meeting.View(good, new ViewItem(sender.Name, SourceKind.Camera, 720));
        meeting.RunFor(3);
        var from = meeting.Now;
        meeting.RunFor(15);
        Assert.True(slow.Video().Packets > 0);
        Assert.Equal(2, Continuity.LayerAt(good.Video()));
        Continuity.AssertSmooth(good.Video(), from, TimeSpan.FromMilliseconds(60));
        Assert.Equal(0, good.Audio().Audio.Lost);
        Assert.Empty(good.Video().Video.Freezes(TimeSpan.FromMilliseconds(200), meeting.Now));
    }

    [Fact]
    public void Requests_for_key_frames_are_throttled_towards_the_publisher()
    {
        using var meeting = new SimulatedMeeting(seed: 47);
        var sender = meeting.Join("sender", uplink: Path, downlink: Path);
        var viewers = Enumerable.Range(0, 3).Select(i => meeting.Join($"viewer{i}", new ClientOptions { SendsVideo = false, SendsAudio = false, Seats = 1 }, Path, Path)).ToList();
        meeting.RunFor(3);
        var before = sender.PictureLosses.Count;
        for (var i = 0; i < 200; i++)
        {
            foreach (var viewer in viewers) viewer.SendPictureLoss(viewer.Video().Ssrc);
            meeting.RunFor(0.01);
        }

        // 600 requests in 2 s become one in 200 ms, for the one layer that is shown.
        var requests = sender.PictureLosses.Skip(before).ToList();
        Assert.InRange(requests.Count, 5, 11);
        for (var i = 1; i < requests.Count; i++) Assert.True(requests[i].At - requests[i - 1].At >= TimeSpan.FromMilliseconds(195));
    }
}
