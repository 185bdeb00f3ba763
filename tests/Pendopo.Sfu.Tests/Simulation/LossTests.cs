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

    [Fact]
    public void One_receiver_that_asks_all_the_time_gets_three_key_frames_and_then_one_in_two_seconds()
    {
        using var meeting = new SimulatedMeeting(seed: 48);
        var sender = meeting.Join("sender", uplink: Path, downlink: Path);
        var viewer = meeting.Join("viewer", new ClientOptions { SendsVideo = false, SendsAudio = false, Seats = 1 }, Path, Path);
        meeting.RunFor(8);
        var before = sender.PictureLosses.Count;
        for (var i = 0; i < 1_000; i++)
        {
            viewer.SendPictureLoss(viewer.Video().Ssrc);
            meeting.RunFor(0.01);
        }

        // 10 s: 3 and 5 earned, one more or less at the edges.
        Assert.InRange(sender.PictureLosses.Count - before, 7, 9);
    }

    [Theory]
    [InlineData(0.05, 25)]
    [InlineData(0.20, 25)]
    [InlineData(0.30, 25)]
    [InlineData(0.10, 150)]
    public void A_lossy_uplink_is_asked_once_a_round_trip_and_repaired(double loss, int delay)
    {
        using var meeting = new SimulatedMeeting(seed: 49);
        var lossy = Path with { Delay = TimeSpan.FromMilliseconds(delay), Loss = loss };
        var clean = Path with { Delay = TimeSpan.FromMilliseconds(delay) };
        var sender = meeting.Join("sender", new ClientOptions { AudioRtx = true, SendsVideo = false }, lossy, clean);
        var viewer = meeting.Join("viewer", new ClientOptions { AudioRtx = true, SendsVideo = false, Seats = 1 }, Path, Path);
        meeting.RunFor(3);
        var (missed, expected, sent) = (viewer.Audio().MissingSequences, viewer.Audio().Audio.Expected, sender.Outgoing[sender.AudioSsrc].Retransmissions);
        meeting.RunFor(30);
        missed = Math.Max(0, viewer.Audio().MissingSequences - missed);
        expected = viewer.Audio().Audio.Expected - expected;
        sent = sender.Outgoing[sender.AudioSsrc].Retransmissions - sent;
        TestContext.Current.TestOutputHelper?.WriteLine($"missed {missed} of {expected}, repairs {sent}");

        // Within a second a packet is asked for until it comes: with round trips of 60 or 310 ms at least ten or three times, each of which
        // fails with the loss of one way.
        var rounds = delay < 100 ? 10 : 3;
        Assert.InRange(missed, 0, (int)(expected * Math.Pow(loss, rounds)) + 3);

        // A repair is as often lost as a packet: loss + loss² + … of all packets are sent again, and few more, since nobody asks twice
        // within a round trip.
        Assert.InRange(sent, expected * loss * 0.8, (expected * loss / (1 - loss) * 1.25) + 5);
    }

    /// <summary>Browsers have no RTX for sound: they repeat what they are asked for under its old number.</summary>
    [Theory]
    [InlineData(0.05, 52)]
    [InlineData(0.20, 53)]
    public void Sound_that_is_lost_on_the_way_up_is_asked_for_without_rtx(double loss, int seed)
    {
        using var meeting = new SimulatedMeeting(seed);
        var sender = meeting.Join("sender", new ClientOptions { AudioNack = true, SendsVideo = false }, Path with { Loss = loss }, Path);
        var viewer = meeting.Join("viewer", new ClientOptions { SendsAudio = false, SendsVideo = false, Seats = 1 }, Path, Path);
        meeting.RunFor(30);
        var audio = viewer.Audio().Audio;

        // Two rounds are there in 200 ms: what is left is the packet and two repairs, at 20 % 0.2³, and gaps of several packets.
        Assert.InRange(audio.MissedAt(TimeSpan.FromMilliseconds(200)), 0, audio.Expected * ((loss * loss * loss) + 0.01));
        Assert.InRange(sender.RepeatedSounds, audio.Expected * loss * 0.7, audio.Expected * loss * 1.8);
        Assert.Equal(0, audio.Duplicates);

        // What was repaired was lost all the same: redundancy asks for it, and the sender's encoder.
        Assert.InRange(meeting.Worker.Find(SimulatedMeeting.Room, sender.Name)!.MicrophoneLoss.At(meeting.Now), loss * 0.2, loss * 2.5);
    }

    [Fact]
    public void Reordering_alone_asks_for_little()
    {
        using var meeting = new SimulatedMeeting(seed: 50);
        var reordered = Path with { Reordering = 0.2, ReorderingDelay = TimeSpan.FromMilliseconds(6) };
        var sender = meeting.Join("sender", new ClientOptions { AudioRtx = true }, reordered, Path);
        var viewer = meeting.Join("viewer", new ClientOptions { SendsVideo = false, SendsAudio = false, Seats = 1 }, Path, Path);
        meeting.RunFor(10);
        Assert.Equal(0, viewer.Audio().Audio.Lost);
        var sent = sender.Outgoing.Values.Sum(static stream => (long)stream.Packets);
        Assert.InRange(sender.Outgoing.Values.Sum(static stream => stream.Retransmissions), 0, sent / 50);
    }

    [Fact]
    public void Streams_that_fell_silent_make_room_for_new_ones_and_a_flood_of_inventions_does_not()
    {
        using var meeting = new SimulatedMeeting(seed: 51);
        var sender = meeting.Join("sender", uplink: Path, downlink: Path);
        meeting.RunFor(1);
        var peer = meeting.Worker.Find(SimulatedMeeting.Room, sender.Name)!;
        for (var i = 0; i < 300; i++)
        {
            sender.SendForeign(ssrc: 0x7777_0000 + (uint)i, sequence: 1, payloadType: ClientOffer.Opus);
            if (i % 20 == 0) meeting.RunFor(0.02);
        }

        meeting.RunFor(0.1);
        var layers = peer.Incoming.Find(SourceKind.Microphone)!.Layers;
        Assert.InRange(layers.Count, 100, 128);
        Assert.InRange(peer.Drops[Pendopo.Rtc.DropReason.UnknownSsrc], 170, 300);

        // The first ones age only by what the real streams send.
        Assert.True(meeting.RunUntil(() => sender.Outgoing.Values.Sum(static stream => (long)stream.Packets) > 10_500, 120));
        sender.SendForeign(ssrc: 0x8888_0000, sequence: 1, payloadType: ClientOffer.Opus);
        meeting.RunFor(0.1);
        Assert.Contains(layers, layer => layer.Ssrc == 0x8888_0000);
        Assert.Contains(layers, layer => layer.Ssrc == sender.AudioSsrc);
        Assert.InRange(layers.Count, 100, 128);
    }
}
