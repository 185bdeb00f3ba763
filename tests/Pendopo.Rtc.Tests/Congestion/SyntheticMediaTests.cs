using Pendopo.Rtc.Congestion;
using Pendopo.Rtc.Rtp;
using Pendopo.Testing.Media;
using Pendopo.Testing.Network;
using Xunit;

namespace Pendopo.Rtc.Tests.Congestion;

public class SyntheticMediaTests
{
    private static readonly RtpExtensionMap Extensions = new(
        ((byte)1, RtpExtensionKind.AudioLevel),
        ((byte)3, RtpExtensionKind.TransportWideCc),
        ((byte)4, RtpExtensionKind.Mid),
        ((byte)10, RtpExtensionKind.Rid));

    [Fact]
    public void Opus_flows_every_20_ms_with_its_level()
    {
        var audio = new OpusGenerator(Instant.Zero, 7, Options(111), seed: 1) { IsSpeaking = true };
        var receiver = new AudioReceiver();
        var levels = new List<byte>();
        var mids = 0;
        audio.Advance(Instant.FromMilliseconds(9_990), packet =>
        {
            Assert.True(RtpPacket.TryParse(packet, out var rtp, out _));
            Assert.Equal((7u, 111), (rtp.Ssrc, rtp.PayloadType));
            Assert.True(rtp.TryGetExtension(1, out var level));
            levels.Add(level[0]);
            if (rtp.TryGetExtension(4, out var mid)) mids += mid.SequenceEqual("a"u8) ? 1 : 1000;
            receiver.Add(Instant.FromMilliseconds(levels.Count * 20), packet);
        });
        Assert.Equal((500, 500L, 0L), (receiver.Received, receiver.Expected, receiver.Lost));
        Assert.All(levels, level => Assert.InRange(level & 0x7f, 20, 30));
        Assert.Equal(30, mids);
        Assert.Equal(0, receiver.MissedAt(TimeSpan.Zero));
        Assert.Equal(Instant.FromMilliseconds(10_000), audio.NextAt);
    }

    [Fact]
    public void Simulcast_video_has_its_rates_and_fits_its_packets()
    {
        var layers = Vp8Layer.Three(100);
        var video = new Vp8SimulcastGenerator(Instant.Zero, layers, Options(96), seed: 2);
        var bytes = new Dictionary<uint, long>();
        var rids = new HashSet<string>();
        video.Advance(Instant.FromMilliseconds(19_999), packet =>
        {
            Assert.True(packet.Length <= RtpStreamGenerator.MaximumPacket);
            Assert.True(RtpPacket.TryParse(packet, out var rtp, out _));
            bytes[rtp.Ssrc] = bytes.GetValueOrDefault(rtp.Ssrc) + rtp.Payload.Length;
            if (rtp.TryGetExtension(10, out var rid)) rids.Add(System.Text.Encoding.ASCII.GetString(rid));
        });
        Assert.Equal((600, 3), (video.FramesSent, video.KeyFrames));
        Assert.Equal(["f", "h", "q"], rids.Order());
        foreach (var layer in layers)
            Assert.InRange(DataRate.Of(bytes[layer.Ssrc], TimeSpan.FromSeconds(20)).Kilobits, layer.Rate.Kilobits * 0.95, layer.Rate.Kilobits * 1.1);
    }

    [Fact]
    public void Undisturbed_video_is_decoded_frame_by_frame()
    {
        var assembler = new FrameAssembler();
        Play(assembler, seconds: 10, (_, packet, now) => assembler.Add(now, packet));
        Assert.Equal((300, 0), (assembler.Decoded.Count, assembler.SkippedFrames));
        Assert.Equal(0, assembler.CorruptPackets);
        Assert.Null(assembler.StuckSince);
        Assert.Empty(assembler.Freezes(TimeSpan.FromMilliseconds(40), Instant.FromMilliseconds(10_000)));
        Assert.Equal(Enumerable.Range(0, 300).Select(i => (uint)i), assembler.Decoded.Select(frame => frame.SourceFrame));
        Assert.True(assembler.Decoded[0].IsKeyFrame && !assembler.Decoded[1].IsKeyFrame);
    }

    [Fact]
    public void A_lost_lower_frame_freezes_until_the_next_key_frame()
    {
        var assembler = new FrameAssembler();
        Play(assembler, seconds: 4, (frame, packet, now) =>
        {
            if (frame != 30) assembler.Add(now, packet);
        }, keyFrameAt: 60);
        Assert.Equal(30 + 60, assembler.Decoded.Count);
        var (from, length) = Assert.Single(assembler.Freezes(TimeSpan.FromMilliseconds(200), Instant.FromMilliseconds(4000)));
        Assert.InRange(from.Milliseconds, 960, 970);
        Assert.InRange(length.TotalMilliseconds, 1000, 1070);
        Assert.True(assembler.Decoded[30] is { IsKeyFrame: true, SourceFrame: 60 });
    }

    [Fact]
    public void A_lost_upper_frame_costs_only_itself()
    {
        var assembler = new FrameAssembler();
        Play(assembler, seconds: 4, (frame, packet, now) =>
        {
            if (frame != 31) assembler.Add(now, packet);
        });
        Assert.Equal(119, assembler.Decoded.Count);
    }

    [Fact]
    public void A_packet_that_comes_late_completes_what_waits_for_it()
    {
        var assembler = new FrameAssembler();
        byte[]? held = null;
        Play(assembler, seconds: 3, (frame, packet, now) =>
        {
            if (frame == 30 && held is null)
            {
                held = packet.ToArray();
                return;
            }

            if (frame == 33 && held is { Length: > 0 })
            {
                Assert.InRange(assembler.StuckSince!.Value.Milliseconds, 1030, 1040);
                assembler.Add(now, held);
                held = [];
            }

            assembler.Add(now, packet);
        });
        Assert.Equal((90, 0), (assembler.Decoded.Count, assembler.SkippedFrames));
        Assert.Single(assembler.Freezes(TimeSpan.FromMilliseconds(80), Instant.FromMilliseconds(3000)));
    }

    [Fact]
    public void Damaged_and_repeated_packets_are_noticed()
    {
        var assembler = new FrameAssembler();
        var count = 0;
        Play(assembler, seconds: 1, (_, packet, now) =>
        {
            var copy = packet.ToArray();
            if (count++ == 20) copy[^1] ^= 1;
            assembler.Add(now, copy);
            if (count == 10) assembler.Add(now, copy);
        });
        Assert.Equal((1, 1), (assembler.CorruptPackets, assembler.Duplicates));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Tracker_and_cache_repair_ten_percent_loss_with_reordering(int seed)
    {
        var clock = new VirtualClock();
        var options = new LinkOptions { Delay = TimeSpan.FromMilliseconds(30), Loss = 0.10, Reordering = 0.05 };
        var (forth, back) = (new SimulatedLink(options, seed), new SimulatedLink(options, seed + 100));
        var layer = new Vp8Layer("f", 9, 640, 360, DataRate.FromKilobits(800));
        var video = new Vp8SimulcastGenerator(Instant.Zero, [layer], Options(96), seed);
        var (tracker, cache, assembler) = (new NackTracker(), new RetransmissionCache(1024, 1200), new FrameAssembler());
        var sequences = new SequenceUnwrapper();
        clock.Every(TimeSpan.FromMilliseconds(5), () =>
        {
            video.Advance(clock.Now, packet =>
            {
                Assert.True(RtpPacket.TryParse(packet, out var rtp, out _));
                cache.Store(clock.Now, sequences.Unwrap(rtp.SequenceNumber), packet);
                Send(packet.ToArray());
            });
            var due = new ushort[64];
            foreach (var number in due.AsSpan(0, tracker.TakeDue(clock.Now, TimeSpan.FromMilliseconds(60), due)))
            {
                if (back.Offer(clock.Now, 60, out var delivery)) clock.At(delivery, () => Repeat(number));
            }

            return true;
        });
        clock.RunUntil(Instant.FromMilliseconds(30_000));

        Assert.True(assembler.Decoded.Count > 30 * 30 * 0.97, $"{assembler.Decoded.Count} frames, {assembler.SkippedFrames} skipped");
        Assert.Empty(assembler.Freezes(TimeSpan.FromSeconds(1), clock.Now));

        void Send(byte[] packet)
        {
            if (forth.Offer(clock.Now, packet.Length, out var delivery)) clock.At(delivery, () => Receive(packet));
        }

        void Receive(byte[] packet)
        {
            Assert.True(RtpPacket.TryParse(packet, out var rtp, out _));
            if (tracker.Add(clock.Now, rtp.SequenceNumber)) assembler.Add(clock.Now, packet);
        }

        void Repeat(ushort number)
        {
            var extended = sequences.Newest + (short)(number - (ushort)sequences.Newest);
            if (cache.TryFind(clock.Now, extended, TimeSpan.FromSeconds(1), out var packet)) Send(packet.ToArray());
        }
    }

    private delegate void FramePacket(int frame, ReadOnlySpan<byte> packet, Instant now);

    private static void Play(FrameAssembler assembler, int seconds, FramePacket receive, int keyFrameAt = -1)
    {
        Assert.Empty(assembler.Decoded);
        var video = new Vp8SimulcastGenerator(Instant.Zero, [Vp8Layer.Three(100)[1]], Options(96), seed: 5);
        for (var frame = 0; frame < seconds * 30; frame++)
        {
            if (frame == keyFrameAt) Assert.True(video.RequestKeyFrame(101));
            var now = video.NextAt;
            video.Advance(now, packet => receive(frame, packet, now));
        }
    }

    private static StreamOptions Options(byte payloadType)
    {
        ushort transport = 0;
        return new() { Extensions = Extensions, PayloadType = payloadType, Mid = "a", NextTransportSequence = () => transport++ };
    }
}
