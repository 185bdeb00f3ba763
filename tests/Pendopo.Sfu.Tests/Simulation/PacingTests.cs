using Pendopo.Rtc;
using Pendopo.Sfu.Forwarding;
using Pendopo.Testing.Network;
using Xunit;

namespace Pendopo.Sfu.Tests.Simulation;

/// <summary>
/// Pictures that are too much for a moment wait at the server and not on the way. Where an estimate is fixed, it is as the estimator finds
/// it, so that a test judges what is done with it.
/// </summary>
public sealed class PacingTests
{
    private static readonly LinkOptions Good = new() { Delay = TimeSpan.FromMilliseconds(10) };

    /// <summary>A line whose queue loses nothing.</summary>
    private static LinkOptions Line(double kilobits) => Good with { Rate = DataRate.FromKilobits(kilobits), QueueBytes = 500_000 };

    /// <summary>One megabit with a queue of 50 ms.</summary>
    private static readonly LinkOptions Narrow = new() { Delay = TimeSpan.FromMilliseconds(20), Rate = DataRate.FromKilobits(1000), QueueBytes = 6250 };

    private static readonly ClientOptions Viewer = new() { SendsAudio = false, SendsVideo = false, Seats = 1, AudioRtx = true };

    [Theory]
    [InlineData(31)]
    [InlineData(32)]
    [InlineData(33)]
    public void A_key_frame_of_100_kilobytes_passes_a_line_of_a_megabit_with_a_queue_of_50_ms(int seed)
    {
        using var meeting = new SimulatedMeeting(seed, Fixed(900), batching: true);
        var sender = Join(meeting, "sender");
        var viewer = meeting.Join("viewer", Viewer, Good, Narrow);
        meeting.RunFor(4);
        var line = meeting.Endpoint(viewer).Downlink;
        var lost = line.Offered - line.Delivered;
        var (from, bytes, recovered) = (meeting.Now, line.OfferedBytes, viewer.Video().Recovered);
        var most = 0;
        meeting.Clock.Every(TimeSpan.FromMilliseconds(2), () => (most = Math.Max(most, PeerOf(meeting, viewer).Pacing.Count)) >= 0);

        // The usual frame is 2.5 kB.
        MakeKeyFrame(meeting, sender, factor: 40);
        meeting.RunFor(4);
        Assert.InRange(most, 60, 200);
        Assert.True(line.OfferedBytes - bytes > 280_000, $"Only {line.OfferedBytes - bytes} bytes were sent.");
        Assert.Equal(lost, line.Offered - line.Delivered);
        Assert.Equal(recovered, viewer.Video().Recovered);
        Assert.Equal(0, Dropped(meeting, viewer));
        Assert.True(PeerOf(meeting, viewer).Pacing.IsEmpty);

        // 100 kB behind sound that is repeated, since the line lost some while nothing was known of it.
        Continuity.AssertSmooth(viewer.Video(), from, TimeSpan.FromSeconds(1.25));

        // And nobody who speaks is late: 30 ms of the way, the queue, and 5 ms of the simulation's steps.
        foreach (var sound in viewer.Audio().Sounds.Where(sound => sound.At > from))
        {
            Assert.InRange((sound.At - sender.SoundsCaptured[sound.Id]).TotalMilliseconds, 25, 30 + 50 + 5);
        }
    }

    /// <summary>As the estimator finds its way, which for a moment may be a little beyond what the line carries.</summary>
    [Theory]
    [InlineData(34)]
    [InlineData(35)]
    [InlineData(36)]
    public void Key_frames_of_100_kilobytes_cost_a_few_packets_at_most_while_the_rate_is_searched_for(int seed)
    {
        using var meeting = new SimulatedMeeting(seed, batching: true);
        var sender = Join(meeting, "sender", new ClientOptions { Seats = 0, AudioRtx = true });
        var viewer = meeting.Join("viewer", Viewer, Good, Narrow);
        meeting.RunFor(15);
        var line = meeting.Endpoint(viewer).Downlink;
        for (var turn = 0; turn < 3; turn++)
        {
            // Of the middle layer with 500 kb/s: 2.1 kB, and 48 times as much.
            var (from, lost) = (meeting.Now, line.Offered - line.Delivered);
            MakeKeyFrame(meeting, sender, factor: 48);
            meeting.RunFor(5);

            // Of some 90; all at once, the queue would take five of them.
            Assert.InRange(line.Offered - line.Delivered - lost, 0, 40);
            Assert.True(Continuity.LongestPause(viewer.Video(), from, meeting.Now) < TimeSpan.FromSeconds(1.6));
        }
    }

    [Fact]
    public void What_is_too_much_for_good_is_dropped_and_counted_and_leaves_no_gap()
    {
        // Half of the frames of 600 kb/s are still twice as much as the receiver takes, and the only picture is never paused.
        using var meeting = new SimulatedMeeting(seed: 41, Fixed(150), batching: true);
        var sender = Join(meeting, "sender");
        var viewer = meeting.Join("viewer", Viewer, Good, Line(160));
        var (mostPackets, mostBytes) = (0, 0L);
        meeting.Clock.Every(TimeSpan.FromMilliseconds(2), () =>
        {
            var pacing = PeerOf(meeting, viewer).Pacing;
            (mostPackets, mostBytes) = (Math.Max(mostPackets, pacing.Count), Math.Max(mostBytes, pacing.Bytes));
            return true;
        });
        meeting.RunFor(20);
        Assert.InRange(mostBytes, 20_000, 150_000 / 8 * 2 * 2.5); // two seconds of its rate, or of what it begins with
        Assert.InRange(mostPackets, 20, 150);
        Assert.InRange(PeerOf(meeting, viewer).Drops[DropReason.PacingOverflow], 3, 200);
        Assert.Equal(0, viewer.Video().MissingSequences);
        Assert.Equal(0, viewer.Video().Video.CorruptPackets);

        // Again and again a key frame and what fits behind it.
        Assert.InRange(viewer.Video().Video.Decoded.Count(static frame => frame.IsKeyFrame), 4, 20);
        Assert.InRange(viewer.Video().FramesSince(meeting.Now - TimeSpan.FromSeconds(10)).Count(), 10, 100);
        Assert.InRange(viewer.Audio().Audio.Received, 980, 1000);
        Assert.True(sender.PictureLossesReceived <= 20, $"{sender.PictureLossesReceived} key frames were asked for.");
    }

    [Fact]
    public void A_large_frame_of_one_person_does_not_hold_up_another_ones_picture()
    {
        using var meeting = new SimulatedMeeting(seed: 42, Fixed(3000), batching: true);
        var (loud, quiet) = (Join(meeting, "loud"), Join(meeting, "quiet"));
        var viewer = meeting.Join("viewer", Viewer with { Seats = 2 }, Good, Line(3300));
        meeting.RunFor(4);
        var seat = PeerOf(meeting, viewer).Seats.Single(seat => seat.Peer!.Id == quiet.Name).Index;
        var from = meeting.Now;
        MakeKeyFrame(meeting, loud, factor: 80);
        meeting.RunFor(3);

        // 200 kB take half a second and hold up their own picture; the other one waits for its turn within each burst.
        Assert.InRange(Continuity.LongestPause(viewer.Video(1 - seat), from, meeting.Now).TotalMilliseconds, 350, 900);
        Assert.InRange(Continuity.LongestPause(viewer.Video(seat), from, meeting.Now).TotalMilliseconds, 33, 150);
        Assert.Equal(0, Dropped(meeting, viewer));
        for (var i = 0; i < 2; i++) Assert.Equal(0, viewer.Video(i).MissingSequences + viewer.Video(i).Video.SkippedFrames);
    }

    [Fact]
    public void What_waits_of_a_source_that_is_not_shown_any_more_is_forgotten()
    {
        using var meeting = new SimulatedMeeting(seed: 43, Fixed(900), batching: true);
        var (first, second) = (Join(meeting, "first"), Join(meeting, "second"));
        var viewer = meeting.Join("viewer", Viewer, Good, Line(1000));
        meeting.View(viewer, new ViewItem(first.Name, SourceKind.Camera, 360));
        meeting.RunFor(4);
        MakeKeyFrame(meeting, first, factor: 40);
        Assert.True(meeting.RunUntil(() => PeerOf(meeting, viewer).Pacing.Count > 60, seconds: 1));
        var waiting = PeerOf(meeting, viewer).Pacing.Count;
        meeting.View(viewer, new ViewItem(second.Name, SourceKind.Camera, 360));
        var from = meeting.Now;
        meeting.RunFor(2);
        Assert.True(PeerOf(meeting, viewer).Drops[DropReason.PacingObsolete] >= waiting - 10);
        Assert.True(viewer.Video().FramesSince(from).First().At - from < TimeSpan.FromMilliseconds(400));
        Assert.Equal(0, viewer.Video().MissingSequences);
    }

    [Fact]
    public void A_waiting_packet_that_the_cache_has_lost_is_answered_with_a_key_frame()
    {
        using var meeting = new SimulatedMeeting(seed: 44, Fixed(900), batching: true);
        var sender = Join(meeting, "sender");
        var viewer = meeting.Join("viewer", Viewer, Good, Line(1000));
        meeting.RunFor(4);
        MakeKeyFrame(meeting, sender, factor: 40);
        Assert.True(meeting.RunUntil(() => PeerOf(meeting, viewer).Pacing.Count > 60, seconds: 1));
        var (asked, from) = (sender.PictureLossesReceived, meeting.Now);
        sender.Vp8.KeyFrameFactor = 5;
        PeerOf(meeting, viewer).Seats[0].Video!.Current!.Cache!.Clear();
        meeting.RunFor(2);
        Assert.True(sender.PictureLossesReceived > asked);
        Assert.True(PeerOf(meeting, viewer).Drops[DropReason.PacingOverflow] > 50);
        Assert.Equal(0, viewer.Video().MissingSequences);
        Assert.True(Continuity.LongestPause(viewer.Video(), from, meeting.Now) < TimeSpan.FromMilliseconds(600));
    }

    [Fact]
    public void Repairs_never_wait_and_pictures_make_way_for_them()
    {
        using var meeting = new SimulatedMeeting(seed: 45, Fixed(900), batching: true);
        Join(meeting, "sender");
        var viewer = meeting.Join("viewer", Viewer, Good, Line(1000));
        meeting.RunFor(4);
        var peer = PeerOf(meeting, viewer);
        Assert.True(meeting.RunUntil(() => !peer.Pacing.MustWait(meeting.Now, 3000), seconds: 1));
        var slot = peer.Seats[0].Video!;
        var repaired = 0;
        for (ushort back = 0; back < 10; back++) repaired += slot.Retransmit(meeting.Now, (ushort)(viewer.Video().HighestSequence - back)) ? 1 : 0;
        Assert.Equal(10, repaired);
        Assert.True(peer.Pacing.MustWait(meeting.Now, 1000));
    }

    /// <summary>As a player by WHEP that knows receiver reports only: what it could take is not known, and its line is not the one to wait for.</summary>
    [Fact]
    public void Who_gives_no_transport_wide_feedback_is_not_paced()
    {
        using var meeting = new SimulatedMeeting(seed: 46, Fixed(300), batching: true);
        var sender = Join(meeting, "sender");
        var viewer = meeting.Join("viewer", Viewer with { TransportWideCc = false }, Good, Line(20_000));
        meeting.RunFor(4);
        var from = meeting.Now;
        var most = 0;
        meeting.Clock.Every(TimeSpan.FromMilliseconds(2), () => (most = Math.Max(most, PeerOf(meeting, viewer).Pacing.Count)) >= 0);
        MakeKeyFrame(meeting, sender, factor: 40);
        meeting.RunFor(2);
        Assert.Equal(0, most);
        Assert.Equal(0, viewer.Video().MissingSequences);

        // Two seconds of the temporal layer that 300 kb/s are for.
        Assert.InRange(viewer.Video().FramesSince(from).Count(), 28, 33);
        Assert.True(Continuity.LongestPause(viewer.Video(), from, meeting.Now) < TimeSpan.FromMilliseconds(150));
    }

    private static MediaServerOptions Fixed(double kilobits) => new() { StartRate = DataRate.FromKilobits(kilobits), MaximumRate = DataRate.FromKilobits(kilobits) };

    private static MediaClient Join(SimulatedMeeting meeting, string name, ClientOptions? options = null) =>
        meeting.Join(name, options ?? new ClientOptions { Seats = 0, Simulcast = false, AudioRtx = true }, Good, Good);

    private static MediaPeer PeerOf(SimulatedMeeting meeting, MediaClient client) => meeting.Worker.Find(SimulatedMeeting.Room, client.Name)!;

    private static long Dropped(SimulatedMeeting meeting, MediaClient client) =>
        PeerOf(meeting, client).Drops[DropReason.PacingOverflow] + PeerOf(meeting, client).Drops[DropReason.PacingObsolete];

    /// <summary>All encodings of a sender begin anew with their next frame, whatever it costs.</summary>
    private static void MakeKeyFrame(SimulatedMeeting meeting, MediaClient sender, int factor)
    {
        sender.Vp8.KeyFrameFactor = factor;
        foreach (var ssrc in sender.Outgoing.Keys) sender.Vp8.RequestKeyFrame(ssrc);
        meeting.RunFor(0.04);
        sender.Vp8.KeyFrameFactor = 5;
    }
}
