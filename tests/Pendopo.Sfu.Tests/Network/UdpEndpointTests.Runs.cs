using System.Net;
using Pendopo.Sfu.Network;
using Xunit;

namespace Pendopo.Sfu.Tests.Network;

/// <summary>Runs of packets to one destination (UDP_SEGMENT).</summary>
public sealed partial class UdpEndpointTests
{
    [Theory]
    [InlineData(true, false)]
    [InlineData(false, false)]
    [InlineData(true, true)]
    public void A_run_to_one_destination_arrives_as_its_packets(bool segment, bool ipv4)
    {
        if (!LinuxUdpEndpoint.IsSupported) Assert.Skip("Runs are Linux's.");
        using var sender = (LinuxUdpEndpoint)UdpEndpoint.Create(new IPEndPoint(ipv4 ? IPAddress.Loopback : IPAddress.IPv6Any, 0), 4 << 20, forcePortable: false, segment);
        using var one = Open(portable: false);
        using var two = Open(portable: false);

        // Equal ones, a shorter one that ends the run, a longer one that begins the next, another destination in between, and a run
        // longer than the system takes at once.
        int[] lengths = [1200, 1200, 1200, 900, 1200, 1201, 1201, .. Enumerable.Repeat(1000, 80)];
        for (var i = 0; i < lengths.Length; i++)
        {
            Queue(sender, Loopback(one), i, lengths[i]);
            if (i == 4) Queue(sender, Loopback(two), 99, 1200);
        }

        sender.Flush();
        var first = new Log();
        first.ReceiveUntil(one, lengths.Length);
        var second = new Log();
        second.ReceiveUntil(two, 1);

        Assert.Equal(Enumerable.Range(0, lengths.Length), first.Packets.Select(static packet => packet.Number));
        Assert.Equal(lengths, first.Packets.Select(static packet => packet.Length));
        Assert.Equal(99, second.Packets[0].Number);
        Assert.Equal((lengths.Length + 1, 0L, 0L), (sender.Sent, sender.SendErrors, sender.QueueFullDrops));
        Assert.Equal(segment, sender.Segments);
        if (segment) Assert.InRange(sender.Messages, 6, 10);
        else Assert.Equal(lengths.Length + 1, sender.Messages);
    }

    [Fact]
    public void A_run_that_the_system_does_not_cut_goes_out_packet_by_packet()
    {
        if (!LinuxUdpEndpoint.IsSupported) Assert.Skip("Runs are Linux's.");
        using var sender = (LinuxUdpEndpoint)Open(portable: false);
        using var receiver = Open(portable: false);

        // Linux refuses to cut what leaves a socket that computes no checksums with EINVAL.
        sender.RefuseSegmentation();
        for (var round = 0; round < 20; round++)
        {
            for (var i = 0; i < 8; i++) Queue(sender, Loopback(receiver), i, 700);
            sender.Flush();
            var log = new Log();
            log.ReceiveUntil(receiver, 8);
            Assert.Equal(Enumerable.Range(0, 8), log.Packets.Select(static packet => packet.Number));
        }

        Assert.False(sender.Segments);
        Assert.Equal((160L, 0L), (sender.Sent, sender.SendErrors));
    }
}
