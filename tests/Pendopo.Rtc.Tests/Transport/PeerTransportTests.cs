using Pendopo.Rtc.Dtls;
using Pendopo.Rtc.Ice;
using Pendopo.Rtc.Srtp;
using Pendopo.Rtc.Transport;
using Xunit;

namespace Pendopo.Rtc.Tests.Transport;

public class PeerTransportTests
{
    [Theory]
    [InlineData(DtlsRole.Server, SrtpProfile.AeadAes128Gcm)]
    [InlineData(DtlsRole.Client, SrtpProfile.AeadAes256Gcm)]
    [InlineData(DtlsRole.Server, SrtpProfile.Aes128CmHmacSha1Tag80)]
    public void Two_transports_connect_and_media_flows(DtlsRole serverRole, SrtpProfile profile)
    {
        using var link = new TransportLink(serverRole, profile);
        Assert.False(link.MediaFlows(1));
        link.Connect();
        Assert.Equal(profile, link.Server.Profile);
        Assert.Equal(profile, link.Client.Profile);
        Assert.Equal(link.ClientAddress, link.Server.SelectedPath);
        Assert.Equal([PeerEventKind.IceConnected, PeerEventKind.Connected], link.ServerEvents.Select(value => value.Kind));
        Assert.Equal([PeerEventKind.IceConnected, PeerEventKind.Connected], link.ClientEvents.Select(value => value.Kind));
        Assert.True(link.MediaFlows(2));
    }

    [Fact]
    public void They_connect_over_a_link_that_loses_a_fifth()
    {
        using var link = new TransportLink { Loss = 0.2 };
        link.Connect();
        Assert.True(link.MediaFlows(1));
    }

    [Fact]
    public void Protocols_are_told_apart_and_what_comes_too_early_is_counted()
    {
        using var link = new TransportLink();
        DropReason Receive(params byte[] datagram)
        {
            var before = Enum.GetValues<DropReason>().ToDictionary(reason => reason, reason => link.Server.Drops[reason]);
            Assert.Equal(PacketKind.None, link.Server.Receive(link.Now, link.ClientAddress, datagram, out _));
            return before.Keys.Single(reason => link.Server.Drops[reason] == before[reason] + 1);
        }

        Assert.Equal(DropReason.TooShort, Receive(0x80));
        Assert.Equal(DropReason.SrtpNotReady, Receive(TransportLink.Rtp(1, 1)));
        Assert.Equal(DropReason.StunMalformed, Receive(0, 1, 0, 0));
        Assert.Equal(DropReason.DtlsBeforeIce, Receive(22, 0xFE, 0xFD, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 1));
        Assert.Equal(DropReason.UnknownProtocol, Receive(64, 0, 0, 0));
        Assert.Equal(DropReason.UnknownProtocol, Receive(200, 0, 0, 0));
        Assert.Equal(6, link.Server.Drops.Total);
    }

    [Fact]
    public void A_wrong_fingerprint_fails_both_sides_and_no_media_flows()
    {
        using var link = new TransportLink(wrongFingerprint: true);
        link.RunUntil(() => link.ServerEvents.Any(Failed) && link.ClientEvents.Any(Failed));
        Assert.False(link.Server.IsConnected);
        Assert.False(link.MediaFlows(1));
        static bool Failed(PeerEvent value) => value.Kind == PeerEventKind.Failed;
    }

    [Fact]
    public void Nat_rebinding_is_followed_by_the_next_check_and_not_by_media()
    {
        using var link = new TransportLink();
        link.Connect();
        var old = link.ClientAddress;
        link.ClientAddress = old with { Port = 41000 };
        Assert.True(link.MediaFlows(1));
        Assert.Equal(old, link.Server.SelectedPath);
        link.Pass(TimeSpan.FromSeconds(7));
        Assert.Equal(link.ClientAddress, link.Server.SelectedPath);
        Assert.Contains(link.ServerEvents, value => value.Kind == PeerEventKind.PathChanged);
        Assert.True(link.MediaFlows(2));
    }

    [Fact]
    public void Lost_consent_stops_media_and_comes_back_with_the_link()
    {
        using var link = new TransportLink();
        link.Connect();
        link.Pass(TimeSpan.FromMinutes(2));
        Assert.True(link.MediaFlows(1));

        link.Loss = 1;
        link.Pass(TimeSpan.FromSeconds(21));
        Assert.Equal(PeerEventKind.Disconnected, link.ServerEvents[^1].Kind);
        Assert.Equal(PeerEventKind.Disconnected, link.ClientEvents[^1].Kind);
        Assert.False(link.Server.IsConnected);
        link.Pass(TimeSpan.FromSeconds(15));
        Assert.False(link.Server.TryProtectRtp(new byte[64], 16, out _));

        link.Loss = 0;
        link.Pass(TimeSpan.FromSeconds(3));
        Assert.Equal(new(PeerEventKind.IceConnected, "recovered"), link.ServerEvents[^1]);
        Assert.True(link.MediaFlows(2));
    }

    [Fact]
    public void Media_flows_through_an_ice_restart()
    {
        using var link = new TransportLink();
        link.Connect();
        var server = IceCredentials.Generate(new Random(7).NextBytes);
        var client = IceCredentials.Generate(new Random(8).NextBytes);
        link.Server.RestartIce(link.Now, server, client);
        Assert.True(link.MediaFlows(1));
        link.Pass(TimeSpan.FromSeconds(1));
        Assert.True(link.MediaFlows(2));

        link.ClientAddress = link.ClientAddress with { Port = 42000 };
        link.Client.RestartIce(link.Now, client, server);
        link.Pass(TimeSpan.FromSeconds(1));
        Assert.Equal(link.ClientAddress, link.Server.SelectedPath);
        Assert.True(link.MediaFlows(3));
        Assert.DoesNotContain(link.ServerEvents, value => value.Kind == PeerEventKind.Disconnected);
    }

    [Fact]
    public void Disposing_says_goodbye()
    {
        using var link = new TransportLink();
        link.Connect();
        link.Client.Dispose();
        link.RunUntil(() => link.ServerEvents[^1].Kind == PeerEventKind.Disconnected);
        Assert.Equal("close_notify", link.ServerEvents[^1].Detail);
        Assert.False(link.Server.IsConnected);
    }

    [Fact]
    public void Media_packets_allocate_nothing()
    {
        using var link = new TransportLink();
        link.Connect();
        var buffer = new byte[100];
        var number = (ushort)0;
        int SendHundred()
        {
            var received = 0;
            for (var i = 0; i < 100; i++)
            {
                number++;
                ReadOnlySpan<byte> header = [0x80, 96, (byte)(number >> 8), (byte)number, 0, 0, 0, 1, 0, 0, 0, 9];
                header.CopyTo(buffer);
                if (!link.Client.TryProtectRtp(buffer, 60, out var length)) continue;
                if (link.Server.Receive(link.Now, link.ClientAddress, buffer.AsSpan(0, length), out _) == PacketKind.Rtp) received++;
            }

            return received;
        }

        Assert.Equal(100, SendHundred());
        var before = GC.GetAllocatedBytesForCurrentThread();
        var again = SendHundred();
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
        Assert.Equal(100, again);
    }
}
