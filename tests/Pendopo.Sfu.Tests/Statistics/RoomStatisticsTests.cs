using Pendopo.Rtc;
using Pendopo.Rtc.Rtp;
using Pendopo.Rtc.Srtp;
using Pendopo.Rtc.Transport;
using Pendopo.Sfu.Statistics;
using Pendopo.Sfu.Tests.Simulation;
using Pendopo.Testing.Network;
using Xunit;

namespace Pendopo.Sfu.Tests.Statistics;

/// <summary>Statistics say what the clients know to be true.</summary>
public sealed class RoomStatisticsTests
{
    private static readonly LinkOptions Path = new() { Delay = TimeSpan.FromMilliseconds(10) };

    [Fact]
    public void What_flows_is_told_per_peer_track_layer_and_slot()
    {
        using var meeting = new SimulatedMeeting(seed: 101);
        var sender = meeting.Join("sender", uplink: Path, downlink: Path);
        var viewer = meeting.Join("viewer", new ClientOptions { SendsVideo = false, SendsAudio = false, Seats = 1 }, Path, Path);
        meeting.View(viewer, new ViewItem(sender.Name, SourceKind.Camera, 720));
        meeting.RunFor(10);

        // Half a round trip later all that was sent has arrived.
        sender.SendsMedia = false;
        meeting.RunFor(0.05);
        var (sending, viewing) = (Read(meeting, sender), Read(meeting, viewer));

        Assert.True(sending is { IsConnected: true, Worker: 0, SrtpProfile: SrtpProfile.AeadAes128Gcm });
        Assert.Equal(new PathStatistics(TransportProtocol.Udp, IsIpv4: true, AddressKind.Private), sending.Path);
        Assert.InRange(sending.Age, TimeSpan.FromSeconds(10), TimeSpan.FromSeconds(11));
        Assert.Empty(sending.Limited);

        var camera = sending.Tracks.Single(track => track.Source == SourceKind.Camera);
        Assert.True(camera is { IsPublishing: true, Codec: MediaCodec.Vp8, Subscribers: 1 });
        Assert.Equal(["q", "h", "f"], camera.Layers.Select(layer => layer.Rid));
        foreach (var (layer, target) in camera.Layers.Zip([150, 500, 1500]))
        {
            Assert.Equal(sender.Outgoing[layer.Ssrc].Packets, layer.Packets);
            Assert.InRange(layer.Rate.Kilobits, target * 0.8, target * 1.3);
            Assert.InRange(layer.FrameRate, 28.5, 31.5);
            Assert.True(layer is { IsAlive: true, Lost: 0, Nacked: 0 });
            Assert.InRange(layer.Jitter, TimeSpan.Zero, TimeSpan.FromMilliseconds(5));
            Assert.InRange(layer.KeyFrames, 1, 10);
        }

        var packets = sender.Outgoing.Values.Sum(stream => stream.Packets);
        Assert.Equal(packets, sending.Received.Packets);
        Assert.InRange(sending.Received.Rate.Kilobits, 1700, 2800);
        Assert.Equal(sender.PictureLossesReceived, camera.Layers.Sum(layer => layer.KeyFrameRequests));

        var seen = viewing.Slots.Single(slot => slot.Kind == MediaKind.Video);
        Assert.Equal((0, sender.Name, SourceKind.Camera, 2, 2), (seen.Seat, seen.Peer, seen.Source, seen.Layer, seen.TargetLayer));
        Assert.Equal((PauseReason.None, viewer.Video().Packets - viewer.Video().Recovered), (seen.Pause, seen.Packets));
        Assert.InRange(seen.Rate.Kilobits, 1200, 1950);
        Assert.InRange(seen.Switches, 2, 4);
        Assert.InRange(viewing.RoundTrip, TimeSpan.FromMilliseconds(20), TimeSpan.FromMilliseconds(200));
        Assert.InRange(viewing.Estimate.Kilobits, 1500, 20_000);
        Assert.True(viewing.Sent.Packets >= seen.Packets && viewing.Sent.Rate > seen.Rate);
        Assert.Equal(viewer.Audio().Packets, viewing.Slots.Single(slot => slot.Kind == MediaKind.Audio).Packets);
    }

    [Fact]
    public void Loss_and_its_repair_are_told_on_both_sides()
    {
        using var meeting = new SimulatedMeeting(seed: 102);
        var lossy = Path with { Loss = 0.05 };
        var sender = meeting.Join("sender", uplink: lossy, downlink: Path);
        var viewer = meeting.Join("viewer", new ClientOptions { SendsVideo = false, SendsAudio = false, Seats = 1 }, Path, lossy);
        meeting.RunFor(10);
        var camera = Read(meeting, sender).Tracks.Single(track => track.Source == SourceKind.Camera);
        var sent = sender.Outgoing.Values.Where(stream => stream.Rid.Length > 0).Sum(stream => stream.Packets);
        Assert.InRange(camera.Layers.Sum(layer => layer.Lost), sent * 0.035, sent * 0.065);
        Assert.InRange(camera.Layers.Sum(layer => layer.Nacked), sent * 0.035, sent * 0.2);
        var slot = Read(meeting, viewer).Slots.Single(slot => slot.Kind == MediaKind.Video);
        Assert.InRange(slot.Nacked, slot.Packets * 0.02, slot.Packets);
        Assert.True(slot.Retransmissions > 0);
        Assert.InRange(viewer.Video().Recovered, slot.Retransmissions * 0.85, slot.Retransmissions);
    }

    [Fact]
    public void A_pause_says_why()
    {
        using var meeting = new SimulatedMeeting(seed: 103);
        var one = meeting.Join("one", uplink: Path, downlink: Path);
        var two = meeting.Join("two", uplink: Path, downlink: Path);
        var narrow = Path with { Rate = DataRate.FromKilobits(160), QueueBytes = 20_000 };
        var viewer = meeting.Join("viewer", new ClientOptions { SendsVideo = false, SendsAudio = false }, Path, narrow);
        meeting.View(viewer, new ViewItem(one.Name, SourceKind.Camera, 720), new ViewItem(two.Name, SourceKind.Camera, 720));
        meeting.RunFor(15);
        var paused = Read(meeting, viewer).Slots.Single(slot => slot.Kind == MediaKind.Video && slot.Peer == two.Name);
        Assert.Equal((PauseReason.Bandwidth, null), (paused.Pause, paused.Layer));
        meeting.Mute(one);
        meeting.RunFor(1);
        Assert.Equal(PauseReason.Muted, Read(meeting, viewer).Slots.Single(slot => slot.Kind == MediaKind.Video && slot.Peer == one.Name).Pause);
        Assert.False(Read(meeting, one).Tracks[0].IsPublishing);
    }

    [Fact]
    public void Drops_are_told_by_reason_and_limit()
    {
        using var meeting = new SimulatedMeeting(seed: 104);
        var one = meeting.Join("one", uplink: Path, downlink: Path);
        for (var i = 0; i < 5000; i++) one.SendForeign(ssrc: 0x7777_0000, sequence: (ushort)i, payloadType: 96);
        meeting.RunFor(0.1);
        var peer = Read(meeting, one);
        var limited = peer.Limited[Pendopo.Sfu.Limits.LimitKind.Rtp];
        Assert.InRange(limited, 2000, 3500);
        Assert.Equal(limited, peer.Drops[DropReason.RateLimited]);

        // Of the client's own media some tens of packets were among the limited ones.
        Assert.InRange(peer.Drops[DropReason.UnknownSsrc], 5000 - limited, 5000 - limited + 50);
    }

    [Fact]
    public void Totals_keep_what_departed_peers_have_added()
    {
        using var meeting = new SimulatedMeeting(seed: 105);
        var stays = meeting.Join("stays", uplink: Path, downlink: Path);
        var goes = meeting.Join("goes", uplink: Path, downlink: Path);
        meeting.RunFor(3.5);
        var peer = meeting.Worker.Find(SimulatedMeeting.Room, goes.Name)!;
        var (received, forwarded, dropped) = (peer.Limits.ReceivedPackets, peer.ForwardedPackets, peer.Drops.Total + peer.Transport.Drops.Total);
        meeting.Leave(goes);
        stays.SendsMedia = false;
        meeting.RunFor(1.5);
        var (statistics, other) = (meeting.Worker.Statistics, meeting.Worker.Find(SimulatedMeeting.Room, stays.Name)!);
        Assert.Equal((1, 1), (statistics.Peers, statistics.Rooms));
        Assert.Equal(received + other.Limits.ReceivedPackets, statistics[StatisticsTotal.PacketsReceived]);
        Assert.Equal(forwarded + other.ForwardedPackets, statistics[StatisticsTotal.PacketsForwarded]);
        Assert.Equal(dropped + other.Drops.Total + other.Transport.Drops.Total, statistics.Drops.Total);
        meeting.Leave(stays);
        meeting.RunFor(0.05);
        Assert.Equal((0, 0), (statistics.Peers, statistics.Rooms));
    }

    private static PeerStatistics Read(SimulatedMeeting meeting, MediaClient client) =>
        StatisticsReader.Read(meeting.Now, meeting.Worker.FindRoom(SimulatedMeeting.Room)!, worker: 0).Single(peer => peer.Peer == client.Name);
}
