using Pendopo.Testing.Network;
using Xunit;

namespace Pendopo.Sfu.Tests.Simulation;

/// <summary>What nobody looks at is switched off at its sender, and comes back quickly.</summary>
public sealed class LayerDemandTests
{
    private static readonly LinkOptions Path = new() { Delay = TimeSpan.FromMilliseconds(10) };

    [Fact]
    public void The_sender_learns_which_of_its_streams_anybody_wants()
    {
        using var meeting = new SimulatedMeeting(seed: 91);
        var sender = meeting.Join("sender", uplink: Path, downlink: Path);
        var viewer = meeting.Join("viewer", uplink: Path, downlink: Path);
        Assert.Equal(["q", "h", "f"], Newest(meeting, sender)!.Rids);

        View(180);
        Assert.True(Waits(["q"], 4));
        View(360);
        Assert.True(Waits(["q", "h"], 0.3));
        View(720);
        Assert.True(Waits(["q", "h", "f"], 0.3));

        // A layout that is being changed does not switch encoders.
        var before = All(meeting, sender).Count;
        for (var i = 0; i < 10; i++)
        {
            View(180);
            meeting.RunFor(0.7);
            View(720);
            meeting.RunFor(0.7);
        }

        Assert.Equal(before, All(meeting, sender).Count);

        void View(int height) => meeting.View(viewer, new ViewItem(sender.Name, SourceKind.Camera, height));
        bool Waits(string[] rids, double seconds) => meeting.RunUntil(() => Newest(meeting, sender)!.Rids.SequenceEqual(rids), seconds);
    }

    [Fact]
    public void The_tallest_tile_of_all_counts()
    {
        using var meeting = new SimulatedMeeting(seed: 92);
        var sender = meeting.Join("sender", uplink: Path, downlink: Path);
        var viewers = Enumerable.Range(0, 3).Select(i => meeting.Join($"viewer{i}", new ClientOptions { SendsVideo = false }, Path, Path)).ToList();
        foreach (var viewer in viewers) meeting.View(viewer, new ViewItem(sender.Name, SourceKind.Camera, 180));
        meeting.View(viewers[1], new ViewItem(sender.Name, SourceKind.Camera, 360));
        meeting.RunFor(4);
        Assert.Equal(["q", "h"], Newest(meeting, sender)!.Rids);
        meeting.Leave(viewers[1]);
        meeting.RunFor(3);
        Assert.Equal(["q"], Newest(meeting, sender)!.Rids);
    }

    [Fact]
    public void A_camera_that_nobody_watches_is_switched_off_and_its_first_frame_comes_fast()
    {
        using var meeting = new SimulatedMeeting(seed: 93);
        var sender = meeting.Join("sender", uplink: Path, downlink: Path);
        var viewer = meeting.Join("viewer", uplink: Path, downlink: Path);
        meeting.RunFor(2);
        meeting.View(viewer, new ViewItem(sender.Name, SourceKind.Camera, 0));
        Assert.True(meeting.RunUntil(() => Newest(meeting, sender) is { IsWanted: false }, 4));
        SetActive(sender, false);
        meeting.RunFor(10);
        Assert.Equal(PauseReason.NotWanted, Pause(meeting, viewer));

        var asked = meeting.Now;
        meeting.View(viewer, new ViewItem(sender.Name, SourceKind.Camera, 180));
        Assert.True(meeting.RunUntil(() => Newest(meeting, sender) is { IsWanted: true }, 0.1));
        SetActive(sender, true);
        Assert.True(meeting.RunUntil(() => viewer.Video().FramesSince(asked).Any(), 0.3), "No picture within 0.3 s.");
        Assert.Equal(PauseReason.None, Pause(meeting, viewer));
    }

    [Fact]
    public void Who_is_expected_wakes_the_cameras_that_nobody_watches_for_a_while()
    {
        using var meeting = new SimulatedMeeting(seed: 97);
        var sender = meeting.Join("sender", uplink: Path, downlink: Path);
        Assert.True(meeting.RunUntil(() => Newest(meeting, sender) is { IsWanted: false }, 4));
        SetActive(sender, false);
        meeting.RunFor(1);

        meeting.Worker.FindRoom(SimulatedMeeting.Room)!.Expect();
        Assert.True(meeting.RunUntil(() => Newest(meeting, sender) is { IsWanted: true }, 0.1));
        SetActive(sender, true);
        meeting.RunFor(0.2);
        var joined = meeting.Now;
        var viewer = meeting.Join("viewer", new ClientOptions { SendsVideo = false }, Path, Path);
        Assert.True(meeting.RunUntil(() => viewer.Video().FramesSince(joined).Any(), 0.2), "No picture within 0.2 s.");

        // Who is announced and does not come costs ten seconds of a camera.
        meeting.Leave(viewer);
        Assert.True(meeting.RunUntil(() => Newest(meeting, sender) is { IsWanted: false }, 15));
        meeting.Worker.FindRoom(SimulatedMeeting.Room)!.Expect();
        Assert.True(meeting.RunUntil(() => Newest(meeting, sender) is { IsWanted: true }, 0.1));
        Assert.False(meeting.RunUntil(() => Newest(meeting, sender) is { IsWanted: false }, 9));
        Assert.True(meeting.RunUntil(() => Newest(meeting, sender) is { IsWanted: false }, 4));
    }

    [Fact]
    public void Who_is_expected_changes_nothing_for_cameras_that_are_watched()
    {
        using var meeting = new SimulatedMeeting(seed: 98);
        var sender = meeting.Join("sender", uplink: Path, downlink: Path);
        var others = Enumerable.Range(0, 8).Select(i => meeting.Join($"viewer{i}", new ClientOptions { SendsVideo = false }, Path, Path)).ToList();
        foreach (var viewer in others) meeting.View(viewer, new ViewItem(sender.Name, SourceKind.Camera, 180));
        meeting.RunFor(4);
        var told = All(meeting, sender).Count;
        meeting.Worker.FindRoom(SimulatedMeeting.Room)!.Expect();
        meeting.RunFor(14);
        Assert.Equal(told, All(meeting, sender).Count);
    }

    [Fact]
    public void A_new_connection_sends_everything_and_is_told_so()
    {
        using var meeting = new SimulatedMeeting(seed: 94);
        var sender = meeting.Join("sender", uplink: Path, downlink: Path);
        var viewer = meeting.Join("viewer", uplink: Path, downlink: Path);
        meeting.View(viewer, new ViewItem(sender.Name, SourceKind.Camera, 180));
        Assert.True(meeting.RunUntil(() => Newest(meeting, sender)!.Rids.SequenceEqual(["q"]), 4));
        meeting.Join("sender", uplink: Path, downlink: Path);
        meeting.RunFor(0.1);
        Assert.Equal(["q", "h", "f"], Newest(meeting, sender)!.Rids);
    }

    [Fact]
    public void The_receiver_is_told_why_a_picture_stands_still()
    {
        using var meeting = new SimulatedMeeting(seed: 95);
        var sender = meeting.Join("sender", uplink: Path, downlink: Path);
        var viewer = meeting.Join("viewer", uplink: Path, downlink: Path);
        meeting.RunFor(2);
        Assert.Equal(PauseReason.None, Pause(meeting, viewer));
        sender.SendsMedia = false;
        meeting.RunFor(3);
        Assert.Equal(PauseReason.None, Pause(meeting, viewer));
        meeting.RunFor(3);
        Assert.Equal(PauseReason.Stalled, Pause(meeting, viewer));
        sender.SendsMedia = true;
        meeting.RunFor(1);
        Assert.Equal(PauseReason.None, Pause(meeting, viewer));
        meeting.Mute(sender);
        meeting.RunFor(0.5);
        Assert.Equal(PauseReason.Muted, Pause(meeting, viewer));
    }

    [Fact]
    public void Streams_that_come_from_large_to_small_are_told_apart_by_what_is_in_them()
    {
        using var meeting = new SimulatedMeeting(seed: 96);
        var sender = meeting.Join("sender", new ClientOptions { LargestFirst = true }, Path, Path);
        var viewer = meeting.Join("viewer", uplink: Path, downlink: Path);

        // The generator numbers its encodings in its own order: 2 is the smallest here.
        foreach (var (height, encoding) in new (int, byte)[] { (180, 2), (720, 0), (360, 1) })
        {
            meeting.View(viewer, new ViewItem(sender.Name, SourceKind.Camera, height));
            meeting.RunFor(5);
            Assert.Equal(encoding, Continuity.LayerAt(viewer.Video()));
        }

        Assert.Equal(["q", "h"], Newest(meeting, sender)!.Rids);
    }

    private static void SetActive(MediaClient sender, bool isActive)
    {
        foreach (var layer in sender.Options.Layers(sender.VideoSsrc)) sender.Vp8.SetActive(layer.Ssrc, isActive);
    }

    private static List<MediaEvent.LayersWanted> All(SimulatedMeeting meeting, MediaClient sender) =>
        [.. meeting.Events.OfType<MediaEvent.LayersWanted>().Where(told => told.Peer == sender.Name && told.Source == SourceKind.Camera)];

    private static MediaEvent.LayersWanted? Newest(SimulatedMeeting meeting, MediaClient sender) => All(meeting, sender).LastOrDefault();

    private static PauseReason Pause(SimulatedMeeting meeting, MediaClient viewer) =>
        Assert.Single(meeting.Events.OfType<MediaEvent.SeatsChanged>().Last(change => change.Peer == viewer.Name).Seats).Pause;
}
