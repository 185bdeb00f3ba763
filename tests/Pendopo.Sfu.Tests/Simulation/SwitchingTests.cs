using Pendopo.Rtc;
using Pendopo.Testing.Network;
using Xunit;

namespace Pendopo.Sfu.Tests.Simulation;

/// <summary>Layers and sources change behind a slot, and the receiver sees one continuous stream.</summary>
public sealed class SwitchingTests
{
    private static readonly LinkOptions Path = new() { Delay = TimeSpan.FromMilliseconds(10) };

    // A key frame of 31 kB and a delta frame do not take the same time; on these links nothing queues.
    private static readonly TimeSpan Tolerance = TimeSpan.FromMilliseconds(60);

    [Fact]
    public void A_larger_and_a_smaller_tile_switch_the_layer_without_gap_or_jump()
    {
        using var meeting = new SimulatedMeeting(seed: 11);
        var sender = meeting.Join("sender", uplink: Path, downlink: Path);
        var viewer = meeting.Join("viewer", uplink: Path, downlink: Path);
        var video = viewer.Video();
        foreach (var (height, layer) in new (int, byte)[] { (180, 0), (720, 2), (360, 1), (180, 0), (720, 2) })
        {
            meeting.View(viewer, new ViewItem(sender.Name, SourceKind.Camera, height));
            Assert.True(meeting.RunUntil(() => video.Video.Decoded.Count > 0 && Continuity.LayerAt(video) == layer, 3), $"No layer {layer} for {height} lines.");
            meeting.RunFor(1);
            Assert.Equal(layer, Continuity.LayerAt(video));
        }

        Continuity.AssertSmooth(video, Instant.Zero, Tolerance);
        Assert.Empty(video.Video.Freezes(TimeSpan.FromMilliseconds(150), meeting.Now));
    }

    [Fact]
    public void Another_person_on_the_seat_continues_the_streams()
    {
        using var meeting = new SimulatedMeeting(seed: 12);
        var first = meeting.Join("first", uplink: Path, downlink: Path);
        meeting.RunFor(0.7);
        var second = meeting.Join("second", uplink: Path, downlink: Path);
        var viewer = meeting.Join("viewer", new ClientOptions { Seats = 1 }, uplink: Path, downlink: Path);
        var video = viewer.Video();
        for (var i = 0; i < 4; i++)
        {
            var shown = i % 2 == 0 ? second : first;
            meeting.View(viewer, new ViewItem(shown.Name, SourceKind.Camera, 360));
            meeting.RunFor(2);
            var seats = meeting.Events.OfType<MediaEvent.SeatsChanged>().Last(change => change.Peer == viewer.Name).Seats;
            Assert.Equal(shown.Name, Assert.Single(seats).Peer);
            Assert.Contains(shown.SoundsCaptured.Keys, viewer.Audio().Sounds[^1].Id.Equals);
        }

        // The pause is a plan, a request, and a key frame's way: a round trip and two frames.
        Continuity.AssertSmooth(video, Instant.Zero, TimeSpan.FromMilliseconds(150));
        Assert.Equal(0, viewer.Audio().Audio.Lost);
        Assert.InRange(viewer.Audio().Audio.LongestGap, TimeSpan.Zero, TimeSpan.FromMilliseconds(80));
        Assert.Empty(video.Video.Freezes(TimeSpan.FromMilliseconds(250), meeting.Now));
    }

    [Fact]
    public void Sender_reports_keep_sound_and_picture_together_across_sources()
    {
        using var meeting = new SimulatedMeeting(seed: 13);
        var near = meeting.Join("near", uplink: Path, downlink: Path);
        meeting.RunFor(0.333);
        var far = meeting.Join("far", uplink: Path with { Delay = TimeSpan.FromMilliseconds(120) }, downlink: Path);
        var viewer = meeting.Join("viewer", new ClientOptions { Seats = 1 }, uplink: Path, downlink: Path);
        foreach (var shown in new[] { near, far, near })
        {
            meeting.View(viewer, new ViewItem(shown.Name, SourceKind.Camera, 360));
            meeting.RunFor(4);
            var (sound, picture) = (SoundOffset(viewer, shown, meeting.Now), PictureOffset(viewer, shown, meeting.Now));
            Assert.InRange(Math.Abs(sound - picture), 0, 0.020);
        }
    }

    [Theory]
    [InlineData(10)]
    [InlineData(120)]
    public void Sound_and_picture_are_together_from_the_first_picture_of_a_new_source_on(int delay)
    {
        using var meeting = new SimulatedMeeting(seed: 14);
        var first = meeting.Join("first", uplink: Path, downlink: Path);
        meeting.RunFor(0.45);
        var second = meeting.Join("second", uplink: Path with { Delay = TimeSpan.FromMilliseconds(delay) }, downlink: Path);
        var viewer = meeting.Join("viewer", new ClientOptions { Seats = 1 }, uplink: Path, downlink: Path);
        meeting.View(viewer, new ViewItem(first.Name, SourceKind.Camera, 360));
        meeting.RunFor(3.1);
        foreach (var shown in new[] { second, first, second })
        {
            var from = meeting.Now;
            meeting.View(viewer, new ViewItem(shown.Name, SourceKind.Camera, 360));
            Assert.True(meeting.RunUntil(() => viewer.Video().FramesSince(from + TimeSpan.FromMilliseconds(25)).Any(), 1), "No picture.");

            // A tick of the worker and the way: the report is there with the first frames, not a second later.
            meeting.RunFor(0.025);
            Assert.Contains(viewer.Audio().Reports, report => report.At >= from);
            Assert.Contains(viewer.Video().Reports, report => report.At >= from);
            Assert.InRange(Math.Abs(SoundOffset(viewer, shown, meeting.Now) - PictureOffset(viewer, shown, meeting.Now)), 0, 0.020);
            meeting.RunFor(0.7);
        }
    }

    [Fact]
    public void A_report_that_was_missing_at_the_switch_follows_the_sources_own()
    {
        using var meeting = new SimulatedMeeting(seed: 15);
        var viewer = meeting.Join("viewer", new ClientOptions { Seats = 1, SendsVideo = false, SendsAudio = false }, uplink: Path, downlink: Path);
        meeting.RunFor(0.3);
        var joining = meeting.Join("joining", uplink: Path, downlink: Path);
        Assert.True(meeting.RunUntil(() => viewer.Video().Reports.Count > 0 && viewer.Audio().Reports.Count > 0, 3), "No report.");

        // The source tells its clock at most a second after its start; ours follow within a tick and the way.
        meeting.RunFor(0.05);
        Assert.InRange(Math.Abs(SoundOffset(viewer, joining, meeting.Now) - PictureOffset(viewer, joining, meeting.Now)), 0, 0.020);
        var told = meeting.Worker.Find(SimulatedMeeting.Room, joining.Name)!.Incoming.Tracks.SelectMany(static track => track.Layers).Where(static layer => layer.Clock.IsKnown).ToList();
        Assert.NotEmpty(told);
    }

    /// <summary>Server time less capture time of the newest sound, in seconds.</summary>
    private static double SoundOffset(MediaClient viewer, MediaClient shown, Instant now)
    {
        var sound = viewer.Audio().Sounds[^1];
        return viewer.Audio().CapturedAt(sound.Timestamp, now)!.Value - (shown.SoundsCaptured[sound.Id].Milliseconds / 1000);
    }

    private static double PictureOffset(MediaClient viewer, MediaClient shown, Instant now)
    {
        var frame = viewer.Video().Video.Decoded[^1];
        return viewer.Video().CapturedAt(frame.Timestamp, now)!.Value - (shown.VideoStart.Milliseconds / 1000) - (frame.SourceFrame / 30.0);
    }
}
