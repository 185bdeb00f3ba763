using Pendopo.Testing.Network;
using Xunit;

namespace Pendopo.Sfu.Tests.Simulation;

/// <summary>A room whose people are connected to different workers is one room for all of them.</summary>
public sealed class SpanningTests
{
    private static readonly LinkOptions Path = new() { Delay = TimeSpan.FromMilliseconds(10) };

    [Fact]
    public void Everybody_sees_and_hears_everybody_else_across_workers()
    {
        using var meeting = new SimulatedMeeting(seed: 61, workers: 3, batching: true);
        var clients = Enumerable.Range(0, 3).Select(i => meeting.Join($"p{i}", uplink: Path, downlink: Path, worker: i)).ToList();
        meeting.RunFor(6);

        foreach (var client in clients)
        {
            for (var seat = 0; seat < 2; seat++)
            {
                var video = client.Video(seat).Video;
                Assert.True(video.Decoded.Count > 140, $"{client.Name} decoded {video.Decoded.Count} frames on seat {seat}.");
                Assert.Equal(0, video.CorruptPackets);
                Assert.Empty(video.Freezes(TimeSpan.FromMilliseconds(200), meeting.Now));
                Assert.InRange(client.Audio(seat).Audio.Received, 270, 301);
                Assert.Equal(0, client.Audio(seat).Audio.Lost);
            }
        }

        // One part speaks for the room, and hears everybody.
        Assert.Equal(3, meeting.Events.OfType<MediaEvent.SpeakersChanged>().Last().Speakers.Count);
        Assert.True(meeting.Events.OfType<MediaEvent.SpeakersChanged>().Count() < 10);
    }

    [Fact]
    public void Layers_switch_by_key_frames_that_are_asked_for_across_workers_and_lips_stay_in_sync()
    {
        using var meeting = new SimulatedMeeting(seed: 62, workers: 2, batching: true);
        var sender = meeting.Join("sender", uplink: Path, downlink: Path);
        var viewer = meeting.Join("viewer", uplink: Path, downlink: Path, worker: 1);
        foreach (var (height, layer) in new (int, byte)[] { (180, 0), (720, 2), (360, 1), (720, 2) })
        {
            meeting.View(viewer, new ViewItem(sender.Name, SourceKind.Camera, height));
            Assert.True(
                meeting.RunUntil(() => viewer.Video().Video.Decoded.Count > 0 && Continuity.LayerAt(viewer.Video()) == layer, 4), $"No layer {layer} for {height} lines.");
            meeting.RunFor(1);
        }

        Continuity.AssertSmooth(viewer.Video(), Pendopo.Rtc.Instant.Zero, TimeSpan.FromMilliseconds(60));
        Assert.NotEmpty(viewer.Video().Reports);
        Assert.NotEmpty(viewer.Audio().Reports);
    }

    [Fact]
    public void Loss_on_the_way_to_a_viewer_is_repaired_from_the_viewers_worker()
    {
        using var meeting = new SimulatedMeeting(seed: 63, workers: 2, batching: true);
        var sender = meeting.Join("sender", uplink: Path, downlink: Path);
        var viewer = meeting.Join("viewer", uplink: Path, downlink: Path with { Loss = 0.05 }, worker: 1);
        meeting.RunFor(2);
        var asked = sender.NacksReceived;
        meeting.RunFor(8);
        Assert.True(viewer.Video().Recovered > 20, $"{viewer.Video().Recovered} packets were recovered.");
        Assert.Equal(asked, sender.NacksReceived);
        Assert.Empty(viewer.Video().Video.Freezes(TimeSpan.FromSeconds(1), meeting.Now));
    }

    [Fact]
    public void A_source_nobody_watches_on_another_worker_is_not_passed_on()
    {
        using var meeting = new SimulatedMeeting(seed: 64, workers: 2, batching: true);
        var sender = meeting.Join("sender", uplink: Path, downlink: Path);
        var viewer = meeting.Join("viewer", new ClientOptions { Seats = 1 }, uplink: Path, downlink: Path, worker: 1);
        meeting.RunFor(2);
        Assert.True(viewer.Video().Video.Decoded.Count > 30);

        var link = meeting.Workers[0].Mesh.LinkTo(1);
        meeting.Leave(viewer);
        meeting.RunFor(0.1);
        var written = link.Ring.Written;
        meeting.RunFor(2);
        Assert.Equal(written, link.Ring.Written);

        // And the room is one again when somebody comes back.
        var again = meeting.Join("viewer2", new ClientOptions { Seats = 1 }, uplink: Path, downlink: Path, worker: 1);
        meeting.RunFor(2);
        Assert.True(again.Video().Video.Decoded.Count > 30);
        Assert.NotEmpty(sender.Video().Video.Decoded);
    }

    [Fact]
    public void Who_mutes_and_who_leaves_is_gone_on_every_worker()
    {
        using var meeting = new SimulatedMeeting(seed: 65, workers: 2, batching: true);
        var sender = meeting.Join("sender", uplink: Path, downlink: Path);
        var viewer = meeting.Join("viewer", uplink: Path, downlink: Path, worker: 1);
        meeting.RunFor(2);
        meeting.Mute(sender);
        meeting.RunFor(0.2);
        var (sounds, frames) = (viewer.Audio().Audio.Received, viewer.Video().Video.Decoded.Count);
        Assert.True(sounds > 0 && frames > 0);
        meeting.RunFor(1);
        Assert.Equal((sounds, frames), (viewer.Audio().Audio.Received, viewer.Video().Video.Decoded.Count));
        Assert.Equal(PauseReason.Muted, meeting.Events.OfType<MediaEvent.SeatsChanged>().Last(change => change.Peer == viewer.Name).Seats[0].Pause);

        meeting.Publish(sender);
        meeting.RunFor(2);
        Assert.True(viewer.Video().Video.Decoded.Count > frames + 30);
        meeting.Leave(sender);
        meeting.RunFor(1);
        Assert.Empty(meeting.Events.OfType<MediaEvent.SeatsChanged>().Last(change => change.Peer == viewer.Name).Seats);
    }
}
