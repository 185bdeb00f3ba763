using Pendopo.Rtc;
using Pendopo.Rtc.Stun;
using Pendopo.Rtc.Transport;
using Pendopo.Sfu.Limits;
using Pendopo.Testing.Network;
using Xunit;

namespace Pendopo.Sfu.Tests.Simulation;

/// <summary>
/// Whoever sends too much pays for it alone: what the others see and hear stays whole, and what a flood makes the worker do is bounded.
/// </summary>
public sealed class FloodTests
{
    private static readonly LinkOptions Path = new() { Delay = TimeSpan.FromMilliseconds(10) };

    [Fact]
    public void A_peer_at_fifty_times_its_limit_is_cut_to_it()
    {
        using var scene = new Scene(seed: 71);
        var (limits, flooder) = (scene.Meeting.Options.Limits, scene.Flooder);
        var seconds = 1;
        var sent = scene.Flood(seconds, step: 2, perStep: limits.PacketsPerSecond * 50 / 500, () => flooder.SendFloodRtp(payload: 40));
        Assert.Equal(limits.PacketsPerSecond * 50 * seconds, sent);

        // What passed: the burst and the rate.
        var peer = scene.Peer(flooder);
        var allowed = (limits.PacketsPerSecond * seconds) + (int)(limits.PacketsPerSecond * limits.Burst.TotalSeconds);
        Assert.InRange(peer.Limits.ReceivedPackets - scene.ReceivedBefore, allowed * 0.95, allowed * 1.05);
        Assert.InRange(peer.Limits.Refused(LimitKind.Rtp), (sent - allowed) * 0.95, sent);
        scene.AssertOthersWhole();
        Assert.True(peer.Transport.IsConnected);
    }

    [Fact]
    public void Large_packets_are_cut_by_their_bits()
    {
        // Few enough bits that the packets themselves stay below their limit.
        var limits = new IngressLimits { BitsPerSecond = 16_000_000 };
        using var scene = new Scene(seed: 72, limits);
        var before = scene.Peer(scene.Flooder).Limits.ReceivedBytes;
        scene.Flood(seconds: 2, step: 2, perStep: 7, () => scene.Flooder.SendFloodRtp(payload: 1100));
        var allowed = limits.BitsPerSecond / 8.0 * (2.1 + limits.Burst.TotalSeconds);
        Assert.InRange(scene.Peer(scene.Flooder).Limits.ReceivedBytes - before, allowed * 0.95, allowed * 1.05);
        scene.AssertOthersWhole();
    }

    [Fact]
    public void What_a_limit_drops_costs_no_memory()
    {
        using var scene = new Scene(seed: 73);
        var meeting = scene.Meeting;
        var from = meeting.Endpoint(scene.Flooder).Address;
        var recorded = new List<(Instant At, byte[] Datagram)>();
        scene.Recording(recorded, () =>
        {
            for (var i = 0; i < 40_000; i++) scene.Flooder.SendFloodRtp(payload: 100);
        });
        var buffer = new byte[2048];
        long allocated = 0;
        for (var i = 0; i < recorded.Count; i++)
        {
            recorded[i].Datagram.CopyTo(buffer, 0);
            var before = GC.GetAllocatedBytesForCurrentThread();
            meeting.Worker.Receive(meeting.Now, from, buffer.AsSpan(0, recorded[i].Datagram.Length));
            if (i > 10_000) allocated += GC.GetAllocatedBytesForCurrentThread() - before;
        }

        Assert.InRange(scene.Peer(scene.Flooder).Limits.Refused(LimitKind.Rtp), 37_000, 40_000);
        Assert.Equal(0, allocated);
    }

    [Fact]
    public void Strangers_stun_is_cut_by_address_and_answered_by_nothing()
    {
        using var scene = new Scene(seed: 74);
        var meeting = scene.Meeting;
        var stranger = meeting.NextAddress();
        var request = Request("nobody:knows", key: null);
        var before = meeting.Worker.Drops[DropReason.RateLimited];
        long allocated = 0;
        var sent = scene.Flood(seconds: 1, step: 2, perStep: 200, () =>
        {
            var allocatedBefore = GC.GetAllocatedBytesForCurrentThread();
            meeting.Worker.Receive(meeting.Now, stranger, request);
            allocated += GC.GetAllocatedBytesForCurrentThread() - allocatedBefore;
        });
        var looked = sent - (meeting.Worker.Drops[DropReason.RateLimited] - before);
        Assert.InRange(looked, 0.95 * 2 * meeting.Options.Limits.StrangersPerSecond, 1.05 * 2 * meeting.Options.Limits.StrangersPerSecond);
        Assert.Equal(0, allocated);

        // Somebody else's first check passes meanwhile.
        Assert.True(meeting.Join("late", uplink: Path, downlink: Path).IsConnected);
        scene.AssertOthersWhole();
    }

    [Fact]
    public void A_flood_of_spoofed_addresses_leaves_room_to_join()
    {
        using var scene = new Scene(seed: 75);
        var meeting = scene.Meeting;
        var random = new Random(75);
        var request = Request("nobody:knows", key: null);
        scene.Flood(seconds: 1, step: 2, perStep: 400, () => meeting.Worker.Receive(meeting.Now, TransportAddress.FromIpv4((uint)random.Next(), 1), request));
        Assert.True(meeting.Join("late", uplink: Path, downlink: Path).IsConnected);
        scene.AssertOthersWhole();
    }

    [Fact]
    public void Checks_that_name_a_peer_are_verified_at_that_peers_cost_only()
    {
        using var scene = new Scene(seed: 76);
        var meeting = scene.Meeting;
        var peer = scene.Peer(scene.Flooder);
        var request = Request(peer.LocalFragment + ":flood", key: "wrong"u8.ToArray());
        var random = new Random(76);
        var before = peer.Transport.Drops.Total;
        var sent = scene.Flood(seconds: 1, step: 2, perStep: 100, () => meeting.Worker.Receive(meeting.Now, TransportAddress.FromIpv4((uint)random.Next(), 1), request));
        var verified = peer.Transport.Drops.Total - before;
        Assert.InRange(verified, 1.9 * meeting.Options.Limits.ChecksPerSecond, 2.1 * meeting.Options.Limits.ChecksPerSecond);
        Assert.Equal(sent - verified, peer.Limits.Refused(LimitKind.Stun));
        Assert.True(meeting.Join("late", uplink: Path, downlink: Path).IsConnected);
        scene.AssertOthersWhole();
    }

    [Fact]
    public void Dtls_garbage_from_a_known_path_is_cut_before_it_costs_anything()
    {
        using var scene = new Scene(seed: 77);
        var meeting = scene.Meeting;
        var peer = scene.Peer(scene.Flooder);

        // A sound record of application data in the next epoch: it would go to a thread and be decrypted there.
        byte[] record = [23, 0xFE, 0xFD, 0, 1, 0, 0, 0, 0, 0, 9, 0, 32, .. new byte[32]];
        var from = meeting.Endpoint(scene.Flooder).Address;
        var before = peer.Limits.Refused(LimitKind.Dtls);
        long allocated = 0;
        var sent = scene.Flood(seconds: 1, step: 2, perStep: 200, () =>
        {
            var allocatedBefore = GC.GetAllocatedBytesForCurrentThread();
            meeting.Worker.Receive(meeting.Now, from, record);
            allocated += GC.GetAllocatedBytesForCurrentThread() - allocatedBefore;
        });
        var passed = sent - (peer.Limits.Refused(LimitKind.Dtls) - before);
        Assert.InRange(passed, 1, (2 * meeting.Options.Limits.DtlsPerSecond) + 1);
        Assert.InRange(allocated, 0, passed * 400);
        scene.AssertOthersWhole();
    }

    [Fact]
    public void Forged_media_from_unknown_addresses_reaches_nobody_and_costs_a_look_up()
    {
        using var scene = new Scene(seed: 78);
        var meeting = scene.Meeting;
        var random = new Random(78);
        var forged = new byte[1200];
        random.NextBytes(forged);
        (forged[0], forged[1]) = (0x80, 96);
        var (drops, received) = (meeting.Worker.Drops[DropReason.UnknownPeer], scene.Peer(scene.Sender).Limits.ReceivedPackets);
        long allocated = 0;
        var sent = scene.Flood(seconds: 1, step: 2, perStep: 400, () =>
        {
            var allocatedBefore = GC.GetAllocatedBytesForCurrentThread();
            meeting.Worker.Receive(meeting.Now, TransportAddress.FromIpv4((uint)random.Next(), 7), forged);
            allocated += GC.GetAllocatedBytesForCurrentThread() - allocatedBefore;
        });
        Assert.Equal(sent, meeting.Worker.Drops[DropReason.UnknownPeer] - drops);
        Assert.Equal(0, allocated);
        Assert.InRange(scene.Peer(scene.Sender).Limits.ReceivedPackets - received, 100, 2000);
        scene.AssertOthersWhole();
    }

    [Fact]
    public void A_strangers_packets_under_a_peers_address_do_not_use_up_its_share()
    {
        using var scene = new Scene(seed: 79);
        var meeting = scene.Meeting;
        var forged = new byte[300];
        (forged[0], forged[1]) = (0x80, 111);
        var sender = scene.Peer(scene.Sender);
        var from = meeting.Endpoint(scene.Sender).Address;
        scene.Flood(seconds: 2, step: 2, perStep: meeting.Options.Limits.PacketsPerSecond * 10 / 500, () => meeting.Inject(from, (byte[])forged.Clone()));
        Assert.Equal(0, sender.Limits.Refused(LimitKind.Rtp));
        scene.AssertOthersWhole();
    }

    [Fact]
    public void A_subscriber_that_nacks_everything_is_served_within_its_limits()
    {
        using var scene = new Scene(seed: 80);
        var (meeting, flooder) = (scene.Meeting, scene.Flooder);
        var peer = scene.Peer(flooder);
        var slot = peer.Seats[0].Video!;
        var before = slot.Retransmissions;
        scene.Flood(seconds: 2, step: 2, perStep: 4, () => flooder.SendNacks(slot.Ssrc, (ushort)flooder.Video().HighestSequence, count: 250));

        // 500 000 numbers a second are asked for; the limit is looked up, and of that half of the estimate is sent at most.
        Assert.True(peer.Limits.Refused(LimitKind.Feedback) > 1000, "The limit was not reached.");
        var budget = peer.Estimator.Estimate.BitsPerSecond * 0.5 * 2.5 / 8 / 200;
        Assert.InRange(slot.Retransmissions - before, 1, budget);
        scene.AssertOthersWhole();
    }

    [Fact]
    public void Feedback_that_tells_of_everything_is_read_within_its_limit()
    {
        using var scene = new Scene(seed: 81);
        var peer = scene.Peer(scene.Flooder);
        scene.Flooder.SendsFeedback = false;
        var sent = scene.Flood(seconds: 2, step: 2, perStep: 1, scene.Flooder.SendHugeFeedback);
        Assert.InRange(peer.Limits.Refused(LimitKind.Feedback), sent - 3, sent);
        scene.AssertOthersWhole();
    }

    [Fact]
    public void A_subscriber_that_never_tells_what_it_receives_harms_itself_only()
    {
        using var scene = new Scene(seed: 82);
        scene.Flooder.SendsFeedback = false;
        scene.Meeting.Endpoint(scene.Flooder).Downlink.Options = new LinkOptions { Rate = DataRate.FromKilobits(20), QueueBytes = 10_000 };
        var before = scene.Peer(scene.Flooder).Estimator.Estimate;
        scene.Meeting.RunFor(10);
        Assert.True(scene.Peer(scene.Flooder).Estimator.Estimate < before * 0.2, "The estimate of a receiver that is silent stays high.");
        scene.AssertOthersWhole();
    }

    /// <summary>A binding request; with a key it has an integrity, which is wrong.</summary>
    private static byte[] Request(string username, byte[]? key)
    {
        var buffer = new byte[200];
        var writer = new StunWriter(buffer, StunClass.Request, new byte[12]);
        writer.AddUsername(System.Text.Encoding.ASCII.GetBytes(username));
        if (key is not null) writer.AddMessageIntegrity(key);
        writer.AddFingerprint();
        Assert.True(writer.TryFinish(out var length));
        return buffer[..length];
    }

    /// <summary>Sender and viewer, whose call must stay whole, and one who misbehaves.</summary>
    private sealed class Scene : IDisposable
    {
        private readonly Instant _from;

        public Scene(int seed, IngressLimits? limits = null)
        {
            Meeting = new SimulatedMeeting(seed, new MediaServerOptions { Limits = limits ?? new IngressLimits() });
            Sender = Meeting.Join("sender", uplink: Path, downlink: Path);
            Viewer = Meeting.Join("viewer", uplink: Path, downlink: Path);
            Flooder = Meeting.Join("flooder", uplink: Path, downlink: Path);

            // Each sees the other; the flooder's own picture is nobody's concern.
            Meeting.View(Viewer, new ViewItem(Sender.Name, SourceKind.Camera, 720));
            Meeting.View(Sender, new ViewItem(Viewer.Name, SourceKind.Camera, 720));
            Meeting.RunFor(4);
            _from = Meeting.Now;
            ReceivedBefore = Peer(Flooder).Limits.ReceivedPackets;
        }

        public SimulatedMeeting Meeting { get; }

        public MediaClient Sender { get; }

        public MediaClient Viewer { get; }

        public MediaClient Flooder { get; }

        public long ReceivedBefore { get; }

        public Pendopo.Sfu.Forwarding.MediaPeer Peer(MediaClient client) => Meeting.Worker.Find(SimulatedMeeting.Room, client.Name)!;

        /// <summary>Does something often while the meeting goes on; returns how often.</summary>
        public int Flood(int seconds, int step, int perStep, Action once)
        {
            var count = 0;
            for (var at = 0; at < seconds * 1000; at += step)
            {
                for (var i = 0; i < perStep; i++, count++) once();
                Meeting.RunFor(step / 1000.0);
            }

            Meeting.RunFor(0.1);
            return count;
        }

        public void Recording(List<(Instant At, byte[] Datagram)> into, Action action) => Meeting.Record(Flooder, into, action);

        public void AssertOthersWhole()
        {
            Meeting.RunFor(1);
            foreach (var stream in new[] { Viewer.Video(), Sender.Video() }) Continuity.AssertSmooth(stream, _from, TimeSpan.FromMilliseconds(60));
            Assert.Equal((0, 0), (Viewer.Audio().Audio.Lost, Sender.Audio().Audio.Lost));
            Assert.InRange(Continuity.LongestPause(Viewer.Video(), _from, Meeting.Now), TimeSpan.Zero, TimeSpan.FromMilliseconds(80));
        }

        public void Dispose() => Meeting.Dispose();
    }
}
