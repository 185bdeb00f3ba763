using Pendopo.Rtc;
using Pendopo.Sfu.Limits;
using Pendopo.Testing.Network;
using Xunit;

namespace Pendopo.Sfu.Tests.Simulation;

/// <summary>Addresses change, and the call goes on.</summary>
public sealed class PathTests
{
    private static readonly LinkOptions Path = new() { Delay = TimeSpan.FromMilliseconds(10) };

    [Fact]
    public void Nat_rebinding_keeps_the_call()
    {
        using var meeting = new SimulatedMeeting(seed: 31);
        var one = meeting.Join("one", uplink: Path, downlink: Path);
        var two = meeting.Join("two", uplink: Path, downlink: Path);
        meeting.RunFor(3);
        var from = meeting.Now;
        meeting.Endpoint(one).Rebind(meeting.NextAddress());
        meeting.RunFor(15);

        // The next consent check comes from the new address, at the latest after 6 s (5 s and a fifth), and moves the path; the
        // server trusts no packet before that. A second is left for the picture to come back.
        Assert.Equal(meeting.Endpoint(one).Address, meeting.Worker.Find(SimulatedMeeting.Room, one.Name)!.Transport.SelectedPath);
        foreach (var stream in new[] { two.Video(), one.Video() })
        {
            Assert.InRange(Continuity.LongestPause(stream, from, meeting.Now), TimeSpan.Zero, TimeSpan.FromSeconds(7));
            Assert.InRange(stream.FramesSince(from + TimeSpan.FromSeconds(7)).Count(), 220, 245);
        }

        Assert.Empty(meeting.Events.OfType<MediaEvent.Disconnected>());
        Assert.Empty(meeting.Events.OfType<MediaEvent.Failed>());
    }

    [Fact]
    public void Ice_restart_after_a_network_change_moves_the_path_within_a_second()
    {
        using var meeting = new SimulatedMeeting(seed: 32);
        var one = meeting.Join("one", uplink: Path, downlink: Path);
        var two = meeting.Join("two", uplink: Path, downlink: Path);
        meeting.RunFor(3);
        var from = meeting.Now;
        meeting.Endpoint(one).Rebind(meeting.NextAddress());
        meeting.RestartIce(one);
        meeting.RunFor(3);
        Assert.Equal(meeting.Endpoint(one).Address, meeting.Worker.Find(SimulatedMeeting.Room, one.Name)!.Transport.SelectedPath);
        Assert.InRange(Continuity.LongestPause(two.Video(), from, meeting.Now), TimeSpan.Zero, TimeSpan.FromSeconds(1));
        Assert.InRange(Continuity.LongestPause(one.Video(), from, meeting.Now), TimeSpan.Zero, TimeSpan.FromSeconds(1));
    }

    [Fact]
    public void Ice_restart_without_network_change_is_not_noticed()
    {
        using var meeting = new SimulatedMeeting(seed: 33);
        var one = meeting.Join("one", uplink: Path, downlink: Path);
        var two = meeting.Join("two", uplink: Path, downlink: Path);
        meeting.RunFor(2);
        var from = meeting.Now;
        meeting.RestartIce(one);
        meeting.RunFor(2);
        Continuity.AssertSmooth(two.Video(), from, TimeSpan.FromMilliseconds(60));
        Continuity.AssertSmooth(one.Video(), from, TimeSpan.FromMilliseconds(60));
        Assert.Equal(0, one.Audio().Audio.Lost);
        Assert.Equal(0, two.Audio().Audio.Lost);
    }

    [Fact]
    public void A_client_without_network_is_reported_and_comes_back_by_itself()
    {
        using var meeting = new SimulatedMeeting(seed: 34);
        var one = meeting.Join("one", uplink: Path, downlink: Path);
        var two = meeting.Join("two", uplink: Path, downlink: Path);
        meeting.RunFor(2);
        meeting.Endpoint(one).Interrupt(TimeSpan.FromSeconds(20));
        meeting.RunFor(21);
        Assert.Equal(one.Name, Assert.Single(meeting.Events.OfType<MediaEvent.Disconnected>()).Peer);
        meeting.RunFor(3);
        var from = meeting.Now;
        meeting.RunFor(2);
        Assert.InRange(two.Video().FramesSince(from).Count(), 55, 61);
        Assert.InRange(one.Video().FramesSince(from).Count(), 55, 61);
    }

    [Fact]
    public void Floods_from_strangers_are_dropped_and_counted()
    {
        using var meeting = new SimulatedMeeting(seed: 35);
        var one = meeting.Join("one", uplink: Path, downlink: Path);
        var two = meeting.Join("two", uplink: Path, downlink: Path);
        meeting.RunFor(2);
        var from = meeting.Now;
        var random = new Random(35);
        var (stranger, known) = (meeting.NextAddress(), meeting.Endpoint(one).Address);
        var peer = meeting.Worker.Find(SimulatedMeeting.Room, one.Name)!;
        var dropped = meeting.Worker.Drops[DropReason.UnknownPeer];
        for (var i = 0; i < 5000; i++)
        {
            var bytes = new byte[random.Next(0, 1400)];
            random.NextBytes(bytes);
            meeting.Inject(stranger, (byte[])bytes.Clone());
            meeting.Inject(known, bytes);
            if (i % 500 == 0) meeting.RunFor(0.02);
        }

        meeting.RunFor(1);
        Assert.Equal(5000, meeting.Worker.Drops[DropReason.UnknownPeer] - dropped);
        Assert.Equal(5000, peer.Transport.Drops.Total + peer.Drops[DropReason.RateLimited]);
        Assert.Equal(peer.Limits.Refused(LimitKind.Dtls), peer.Drops.Total);
        Continuity.AssertSmooth(two.Video(), from, TimeSpan.FromMilliseconds(60));
        Assert.Equal(0, two.Audio().Audio.Lost);
    }

    [Fact]
    public void Media_of_unknown_sources_is_dropped_and_counted_but_still_reported_for_congestion_control()
    {
        using var meeting = new SimulatedMeeting(seed: 36);
        var one = meeting.Join("one", uplink: Path, downlink: Path);
        var two = meeting.Join("two", uplink: Path, downlink: Path);
        meeting.RunFor(1);
        var from = meeting.Now;
        for (var i = 0; i < 1000; i++)
        {
            one.SendForeign(ssrc: 0x7777_0000 + (uint)(i % 100), sequence: (ushort)(i / 100), payloadType: 96);
            if (i % 50 == 0) meeting.RunFor(0.01);
        }

        meeting.RunFor(1);
        var peer = meeting.Worker.Find(SimulatedMeeting.Room, one.Name)!;
        Assert.Equal(1000, peer.Drops[DropReason.UnknownSsrc]);

        // Only what was sent in the last 100 ms, between two messages, is still untold.
        Assert.InRange(one.UnreportedSequences, 0, 50);
        Continuity.AssertSmooth(two.Video(), from, TimeSpan.FromMilliseconds(60));
    }
}
