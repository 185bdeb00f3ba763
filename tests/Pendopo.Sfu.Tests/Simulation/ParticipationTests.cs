using Pendopo.Rtc;
using Pendopo.Testing.Network;
using Xunit;

namespace Pendopo.Sfu.Tests.Simulation;

/// <summary>Mute, leaving, coming back, replacing, and clients that never get through.</summary>
public sealed class ParticipationTests
{
    private static readonly LinkOptions Path = new() { Delay = TimeSpan.FromMilliseconds(10) };

    [Fact]
    public void Mute_holds_on_the_server_and_unmute_continues_smoothly()
    {
        using var meeting = new SimulatedMeeting(seed: 21);
        var sender = meeting.Join("sender", uplink: Path, downlink: Path);
        var viewer = meeting.Join("viewer", uplink: Path, downlink: Path);
        meeting.RunFor(2);
        meeting.Mute(sender);
        meeting.RunFor(0.1); // what was on its way
        var (audio, video) = (viewer.Audio().Packets, viewer.Video().Packets);
        meeting.RunFor(3);
        Assert.Equal(audio, viewer.Audio().Packets);
        Assert.Equal(video, viewer.Video().Packets);
        Assert.True(meeting.Worker.Find(SimulatedMeeting.Room, sender.Name)!.Drops[DropReason.NotPublishing] > 100);
        Assert.Equal(PauseReason.Muted, meeting.Events.OfType<MediaEvent.SeatsChanged>().Last(change => change.Peer == viewer.Name).Seats[0].Pause);

        var back = meeting.Now;
        meeting.Publish(sender);
        meeting.RunFor(2);
        Assert.True(viewer.Audio().Packets > audio + 90);
        Assert.InRange(Continuity.LongestPause(viewer.Video(), back, meeting.Now), TimeSpan.Zero, TimeSpan.FromMilliseconds(250));
        Assert.Equal(0, viewer.Audio().Audio.Lost);

        // The media clock ran on while nothing was sent.
        Continuity.AssertSmooth(viewer.Video(), Instant.Zero, TimeSpan.FromMilliseconds(60));
    }

    [Fact]
    public void Mute_and_unmute_in_one_moment_do_not_freeze_the_picture()
    {
        using var meeting = new SimulatedMeeting(seed: 22);
        var sender = meeting.Join("sender", uplink: Path, downlink: Path);
        var viewer = meeting.Join("viewer", uplink: Path, downlink: Path);
        meeting.RunFor(2);
        meeting.Mute(sender);
        meeting.Publish(sender);
        var from = meeting.Now;
        meeting.RunFor(2);
        Assert.InRange(Continuity.LongestPause(viewer.Video(), from, meeting.Now), TimeSpan.Zero, TimeSpan.FromMilliseconds(250));
    }

    [Fact]
    public void Who_leaves_frees_the_seat_and_who_comes_back_is_seen_again()
    {
        using var meeting = new SimulatedMeeting(seed: 23);
        var sender = meeting.Join("sender", uplink: Path, downlink: Path);
        var viewer = meeting.Join("viewer", uplink: Path, downlink: Path);
        meeting.RunFor(2);
        meeting.Leave(sender);
        meeting.RunFor(1);
        Assert.Empty(meeting.Events.OfType<MediaEvent.SeatsChanged>().Last(change => change.Peer == viewer.Name).Seats);

        var back = meeting.Now;
        sender = meeting.Join("sender", uplink: Path, downlink: Path);
        meeting.RunFor(2);
        Assert.InRange(viewer.Video().FramesSince(back).Count(), 50, 61);
        Assert.InRange(sender.Video().Video.Decoded.Count, 50, 61);
        Assert.Equal(0, viewer.Video().MissingSequences);
        Assert.Equal(0, viewer.Audio().Audio.Lost);
    }

    [Fact]
    public void A_second_connection_of_a_peer_replaces_the_first()
    {
        using var meeting = new SimulatedMeeting(seed: 24);
        meeting.Join("sender", uplink: Path, downlink: Path);
        var viewer = meeting.Join("viewer", uplink: Path, downlink: Path);
        meeting.RunFor(2);
        var from = meeting.Now;

        // It publishes what the first one did, without being told again.
        var again = meeting.Join("sender", uplink: Path, downlink: Path, publish: false);
        meeting.RunFor(2);
        Assert.Equal(2, meeting.Worker.PeerCount);
        Assert.InRange(viewer.Video().FramesSince(from).Count(), 50, 61);
        Assert.InRange(again.Video().Video.Decoded.Count, 50, 61);
        Assert.Equal(0, viewer.Video().MissingSequences);
    }

    [Fact]
    public void A_peer_that_never_checks_fails_after_thirty_seconds()
    {
        using var meeting = new SimulatedMeeting(seed: 25);
        meeting.Prepare("ghost");
        meeting.RunFor(29.9);
        Assert.Equal(1, meeting.Worker.PeerCount);
        Assert.Empty(meeting.Events.OfType<MediaEvent.Failed>());
        meeting.RunFor(0.2);
        Assert.Equal("ghost", Assert.Single(meeting.Events.OfType<MediaEvent.Failed>()).Peer);
        Assert.Equal(0, meeting.Worker.PeerCount);
    }

    [Fact]
    public void A_peer_that_checks_but_never_shakes_hands_fails_after_thirty_seconds()
    {
        using var meeting = new SimulatedMeeting(seed: 26);
        var client = meeting.Prepare("half");
        meeting.CheckOnly(client);
        meeting.RunFor(29.9);
        Assert.Empty(meeting.Events.OfType<MediaEvent.Failed>());
        meeting.RunFor(0.2);
        Assert.Equal("half", Assert.Single(meeting.Events.OfType<MediaEvent.Failed>()).Peer);
        Assert.Equal(0, meeting.Worker.PeerCount);
    }

    [Fact]
    public void A_room_vanishes_with_its_last_peer()
    {
        using var meeting = new SimulatedMeeting(seed: 27);
        var one = meeting.Join("one");
        var two = meeting.Join("two");
        meeting.Leave(one);
        Assert.NotNull(meeting.Worker.Find(SimulatedMeeting.Room, two.Name));
        Assert.Equal(1, meeting.Worker.RoomCount);
        meeting.Leave(two);
        Assert.Equal(0, meeting.Worker.RoomCount);
        Assert.Equal(0, meeting.Worker.PeerCount);
        meeting.RunFor(0.1);
        Assert.Equal(Instant.Never, meeting.Worker.NextDue);
    }

    [Fact]
    public void A_publisher_and_a_viewer_without_plan_and_rids_are_served()
    {
        using var meeting = new SimulatedMeeting(seed: 28);
        var encoder = meeting.Join("encoder", new ClientOptions { Seats = 0, Simulcast = false, IsWhip = true }, Path, Path);
        var viewer = meeting.Join("viewer", new ClientOptions { Seats = 1, SendsAudio = false, SendsVideo = false, IsWhip = true }, Path, Path);
        meeting.RunFor(3);
        Assert.InRange(viewer.Video().Video.Decoded.Count, 80, 91);
        Assert.InRange(viewer.Audio().Audio.Received, 140, 151);
        Assert.Equal(0, meeting.Worker.Find(SimulatedMeeting.Room, encoder.Name)!.Drops.Total);
    }
}
