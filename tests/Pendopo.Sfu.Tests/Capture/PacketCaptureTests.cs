using System.Buffers.Binary;
using Microsoft.Extensions.Time.Testing;
using Pendopo.Rtc;
using Pendopo.Rtc.Rtcp;
using Pendopo.Rtc.Rtp;
using Pendopo.Sfu.Capture;
using Pendopo.Sfu.Forwarding;
using Pendopo.Sfu.Tests.Simulation;
using Pendopo.Testing.Network;
using Xunit;

namespace Pendopo.Sfu.Tests.Capture;

public sealed class PacketCaptureTests
{
    private static readonly LinkOptions Path = new() { Delay = TimeSpan.FromMilliseconds(10) };

    [Fact]
    public async Task Headers_of_both_directions_come_into_the_file_and_no_payload()
    {
        using var meeting = new SimulatedMeeting(seed: 111);
        var one = meeting.Join("one", uplink: Path, downlink: Path);
        var two = meeting.Join("two", uplink: Path, downlink: Path);
        meeting.RunFor(2);
        var tap = Start(meeting, one, new CaptureLimits { Duration = TimeSpan.FromSeconds(1) });
        var peer = meeting.Worker.Find(SimulatedMeeting.Room, one.Name)!;
        var (received, sent) = (peer.Limits.ReceivedPackets, peer.ForwardedPackets);
        var file = new MemoryStream();
        await using var capture = Capture(tap);

        // The ring holds less than a second, as it is read meanwhile.
        var copying = capture.CopyToAsync(file, TestContext.Current.CancellationToken);
        meeting.RunFor(0.3);
        (received, sent) = (peer.Limits.ReceivedPackets - received, peer.ForwardedPackets - sent);
        tap.Close();
        Time.Advance(TimeSpan.FromSeconds(2));
        await copying;

        var (packets, dropped) = PcapngReader.Read(file.ToArray());
        Assert.Equal(0, dropped);
        var rtp = packets.Where(packet => !IsRtcp(packet)).ToList();
        Assert.Equal((received, sent), (rtp.LongCount(packet => !packet.IsSent), rtp.LongCount(packet => packet.IsSent)));
        Assert.All(rtp, packet =>
        {
            // The whole header, extensions included, and not a byte more.
            Assert.True(RtpPacket.TryParse(Unpadded(packet.Kept), out var header, out var reason), reason.ToString());
            Assert.Equal(header.HeaderLength, packet.Kept.Length);
            Assert.True(packet.Length > packet.Kept.Length);
        });
        Assert.Contains(rtp, packet => packet.Length > 500);
        foreach (var stream in one.Outgoing.Values) Assert.Contains(rtp, packet => BinaryPrimitives.ReadUInt32BigEndian(packet.Kept.AsSpan(8)) == stream.Ssrc);
        Assert.All(packets.Zip(packets.Skip(1)), pair => Assert.True(pair.First.UnixMicroseconds <= pair.Second.UnixMicroseconds + 10_000));
        Assert.Equal(DateTimeOffset.UnixEpoch + TimeSpan.FromSeconds(2), DateTimeOffset.UnixEpoch.AddMicroseconds(packets[0].UnixMicroseconds), TimeSpan.FromSeconds(1.5));
        Assert.Contains(packets, packet => IsRtcp(packet) && packet.IsSent);
        Assert.Contains(packets, packet => IsRtcp(packet) && !packet.IsSent);
    }

    [Fact]
    public void Text_in_rtcp_is_blanked_and_reports_stay()
    {
        var tap = new PacketTap(new CaptureLimits(), Instant.Zero, new NtpClock(DateTimeOffset.UnixEpoch, Instant.Zero));
        var buffer = new byte[300];
        var writer = new RtcpWriter(buffer);
        writer.TryWriteSenderReport(new SenderInfo(77, 1UL << 40, 2, 3, 4), []);
        writer.TryWriteCname(77, "somebody@somewhere"u8);
        byte[] app = [0x80, 204, 0, 3, 0, 0, 0, 77, (byte)'t', (byte)'e', (byte)'x', (byte)'t', 1, 2, 3, 4];
        tap.OnRtcp(Instant.Zero, [.. buffer[..writer.Length], .. app], isSent: false);
        var kept = Assert.Single(PcapngReader.Read([.. PcapngFormat.Begin(), .. tap.Ring.Peek().Span]).Packets).Kept;
        Assert.Equal(buffer[..28], kept[..28]);
        Assert.Equal(-1, kept.AsSpan().IndexOf("somebody"u8));
        Assert.Equal(-1, kept.AsSpan().IndexOf("text"u8));
        Assert.True(kept.AsSpan().IndexOf("------------------"u8) > 0, "The item keeps its length.");
        Assert.Equal(writer.Length + app.Length, kept.Length);
        var reader = new RtcpReader(kept);
        Assert.True(reader.MoveNext() && reader.Kind == RtcpKind.SenderReport && reader.SenderInfo.PacketCount == 3);
    }

    [Fact]
    public void Broken_descriptions_are_blanked_to_their_end()
    {
        var random = new Random(115);
        var tap = new PacketTap(new CaptureLimits(), Instant.Zero, new NtpClock(DateTimeOffset.UnixEpoch, Instant.Zero));
        for (var i = 0; i < 1000; i++)
        {
            // Letters everywhere but in header and source; each is text for a reader who takes the item's length for true.
            var packet = new byte[8 + (4 * random.Next(0, 20))];
            random.NextBytes(packet);
            packet.AsSpan(8).Fill((byte)'Z');
            (packet[0], packet[1]) = (0x81, 202);
            BinaryPrimitives.WriteUInt16BigEndian(packet.AsSpan(2), (ushort)((packet.Length / 4) - 1));
            if (packet.Length > 12) (packet[8], packet[9]) = (1, (byte)random.Next(256));
            tap.OnRtcp(Instant.Zero, packet, isSent: false);
            var kept = Assert.Single(PcapngReader.Read([.. PcapngFormat.Begin(), .. Drain(tap)]).Packets).Kept;
            Assert.True(kept.AsSpan(8).Count((byte)'Z') <= 2, Convert.ToHexString(kept));
        }
    }

    [Fact]
    public void Time_and_size_end_a_capture()
    {
        using var meeting = new SimulatedMeeting(seed: 112);
        var one = meeting.Join("one", uplink: Path, downlink: Path);
        meeting.RunFor(1);
        var small = Start(meeting, one, new CaptureLimits { Bytes = 4096 });
        meeting.RunFor(1);
        Assert.True(small.IsOver);
        Assert.InRange(small.Packets, 20, 60);
        Assert.InRange(Size(small), 3900, 4096);
        meeting.Worker.StopCapture(SimulatedMeeting.Room, one.Name, small);

        var brief = Start(meeting, one, new CaptureLimits { Duration = TimeSpan.FromSeconds(1) });
        meeting.RunFor(0.9);
        Assert.False(brief.IsOver);
        meeting.RunFor(0.2);
        Assert.True(brief.IsOver);
    }

    [Fact]
    public void A_peer_is_captured_once_at_a_time_and_its_leaving_ends_it()
    {
        using var meeting = new SimulatedMeeting(seed: 113);
        var one = meeting.Join("one", uplink: Path, downlink: Path);
        var tap = Start(meeting, one, new CaptureLimits());
        Assert.Equal(CaptureRefusal.Busy, meeting.Worker.StartCapture(meeting.Now, SimulatedMeeting.Room, one.Name, new CaptureLimits()).Refusal);
        Assert.Equal(CaptureRefusal.UnknownPeer, meeting.Worker.StartCapture(meeting.Now, SimulatedMeeting.Room, "nobody", new CaptureLimits()).Refusal);
        meeting.Leave(one);
        Assert.True(tap.IsOver);
    }

    [Fact]
    public void Who_reads_too_slowly_loses_packets_and_is_told()
    {
        using var meeting = new SimulatedMeeting(seed: 114);
        var one = meeting.Join("one", uplink: Path, downlink: Path);
        var tap = Start(meeting, one, new CaptureLimits { Duration = TimeSpan.FromSeconds(30) });
        meeting.RunFor(20);
        Assert.False(tap.IsOver);
        Assert.True(tap.Dropped > 1000, $"{tap.Dropped} were dropped.");
        Assert.InRange(Size(tap), 250_000, 270_000);
    }

    [Fact]
    public void Capturing_allocates_nothing_per_packet()
    {
        var tap = new PacketTap(new CaptureLimits(), Instant.Zero, new NtpClock(DateTimeOffset.UnixEpoch, Instant.Zero));
        var packet = new byte[1200];
        (packet[0], packet[1]) = (0x80, 96);
        tap.OnRtp(Instant.Zero, packet, isSent: true);
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 2000; i++)
        {
            tap.OnRtp(Instant.Zero, packet, isSent: true);
            tap.Ring.Advance(tap.Ring.Peek().Length);
        }

        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
        Assert.Equal(2001, tap.Packets);
    }

    [Theory]
    [InlineData(0, 1 << 20)]
    [InlineData(61, 1 << 20)]
    [InlineData(10, 100)]
    [InlineData(10, (16 << 20) + 1)]
    public void Limits_of_a_capture_are_limited(int seconds, int bytes) =>
        Assert.NotNull(new CaptureLimits { Duration = TimeSpan.FromSeconds(seconds), Bytes = bytes }.Validate());

    private FakeTimeProvider Time { get; } = new(DateTimeOffset.UnixEpoch);

    private static PacketTap Start(SimulatedMeeting meeting, MediaClient client, CaptureLimits limits)
    {
        var (tap, refusal) = meeting.Worker.StartCapture(meeting.Now, SimulatedMeeting.Room, client.Name, limits);
        Assert.Equal(CaptureRefusal.None, refusal);
        return tap!;
    }

    private PacketCapture Capture(PacketTap tap) => new(tap, new CaptureLimits { Duration = TimeSpan.FromSeconds(1) }, Time, () =>
    {
        tap.Close();
        return Task.CompletedTask;
    });

    private static bool IsRtcp(CapturedPacket packet) => packet.Kept[1] is >= 192 and <= 223;

    /// <summary>Without the padding bit, since the padding was cut off with the payload.</summary>
    private static byte[] Unpadded(byte[] header) => [(byte)(header[0] & 0xdf), .. header[1..]];

    private static byte[] Drain(PacketTap tap)
    {
        var bytes = tap.Ring.Peek().ToArray();
        tap.Ring.Advance(bytes.Length);
        return bytes;
    }

    private static long Size(PacketTap tap)
    {
        long size = PcapngFormat.Begin().Length + PcapngFormat.End(0, 0).Length;
        while (tap.Ring.Peek() is { Length: > 0 } ready)
        {
            size += ready.Length;
            tap.Ring.Advance(ready.Length);
        }

        return size;
    }
}
