using System.Buffers.Binary;
using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using Pendopo.Rtc.Transport;
using Pendopo.Sfu.Network;
using Pendopo.Testing;
using Xunit;

namespace Pendopo.Sfu.Tests.Network;

public sealed class TcpEndpointTests
{
    [Fact]
    public async Task Datagrams_pass_both_ways()
    {
        using var tcp = new TcpFixture();
        var (client, address) = await tcp.EstablishAsync();
        Assert.Equal(TransportAddress.From((IPEndPoint)client.LocalEndPoint!, TransportProtocol.Tcp, address.Connection), address);
        Assert.NotEqual(0, address.Connection);

        Assert.True(tcp.Endpoint.Send(address, [1, 2, 3]));
        Assert.True(tcp.Endpoint.Send(address, new byte[1400]));
        Assert.Equal([1, 2, 3], await TcpFixture.ReadFrameAsync(client));
        Assert.Equal(new byte[1400], await TcpFixture.ReadFrameAsync(client));
        Assert.Equal((1L, 2L, 0L), (tcp.Endpoint.Received, tcp.Endpoint.Sent, tcp.Endpoint.SendDrops));
    }

    [Fact]
    public async Task Ipv6_clients_connect_to_the_same_port()
    {
        using var tcp = new TcpFixture();
        if (tcp.Endpoint.LocalEndPoint.AddressFamily != AddressFamily.InterNetworkV6) Assert.Skip("There is no IPv6 here.");
        var client = await tcp.ConnectAsync(IPAddress.IPv6Loopback);
        await client.SendAsync(TcpFixture.Frame(TcpFixture.Stun), SocketFlags.None);
        var (from, _) = await tcp.TakeAsync();
        Assert.False(from.IsIpv4);
        Assert.True(tcp.Endpoint.Send(from, [9]));
        Assert.Equal([9], await TcpFixture.ReadFrameAsync(client));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public async Task Frames_cut_and_joined_at_random_arrive_whole_and_in_order(int seed)
    {
        using var tcp = new TcpFixture();
        var random = new Random(seed);
        var client = await tcp.ConnectAsync();
        List<byte[]> datagrams = [TcpFixture.Stun];
        for (var i = 0; i < 100; i++)
        {
            var datagram = new byte[random.Next(8) == 0 ? PacketPool.BufferBytes : random.Next(1, 1300)];
            random.NextBytes(datagram);
            datagrams.Add(datagram);
        }

        // An empty frame between two others is legal and says nothing.
        byte[] stream = [.. datagrams.SelectMany((datagram, i) =>
            i % 5 == 4 ? [.. TcpFixture.Frame(datagram), 0, 0] : TcpFixture.Frame(datagram))];
        var sending = Task.Run(async () =>
        {
            for (var at = 0; at < stream.Length;)
            {
                var piece = Math.Min(stream.Length - at, random.Next(4) == 0 ? 1 : random.Next(1, 6000));
                await client.SendAsync(stream.AsMemory(at, piece), SocketFlags.None, TestContext.Current.CancellationToken);
                at += piece;
            }
        }, TestContext.Current.CancellationToken);
        foreach (var expected in datagrams) Assert.Equal(expected, (await tcp.TakeAsync()).Datagram);
        await sending;
        Assert.Equal(0, tcp.Pool.Outstanding);
    }

    [Fact]
    public async Task A_first_frame_that_comes_byte_by_byte_is_accepted()
    {
        using var tcp = new TcpFixture();
        var client = await tcp.ConnectAsync();
        foreach (var value in TcpFixture.Frame(TcpFixture.Stun)) await client.SendAsync(new[] { value }, SocketFlags.None);
        Assert.Equal(TcpFixture.Stun, (await tcp.TakeAsync()).Datagram);
    }

    [Theory]
    [InlineData("http", TcpCloseReason.OversizeFrame)]
    [InlineData("rtp", TcpCloseReason.FirstFrameNotStun)]
    [InlineData("cookie", TcpCloseReason.FirstFrameNotStun)]
    [InlineData("length", TcpCloseReason.FirstFrameNotStun)]
    [InlineData("short", TcpCloseReason.FirstFrameNotStun)]
    public async Task A_stranger_is_closed_at_the_first_frame(string kind, object reason)
    {
        using var tcp = new TcpFixture();
        var client = await tcp.ConnectAsync();
        var stun = TcpFixture.Stun.ToArray();
        if (kind == "rtp") stun[0] = 0x80;
        if (kind == "cookie") stun[7] ^= 1;
        if (kind == "length") stun[3] = 4;
        await client.SendAsync(
            kind switch
            {
                "http" => "GET / HTTP/1.1\r\n\r\n"u8.ToArray(),
                "short" => TcpFixture.Frame(stun[..19]),
                _ => TcpFixture.Frame(stun),
            },
            SocketFlags.None);
        await tcp.AssertClosedAsync(client, (TcpCloseReason)reason);
        Assert.Equal(0, tcp.Endpoint.Received);
    }

    [Fact]
    public async Task An_oversize_frame_closes_after_the_good_ones_before_it()
    {
        using var tcp = new TcpFixture();
        var (client, _) = await tcp.EstablishAsync();
        byte[] stream = [.. TcpFixture.Frame(7, 7), .. TcpFixture.Frame(new byte[PacketPool.BufferBytes + 1])];
        await client.SendAsync(stream, SocketFlags.None);
        Assert.Equal([7, 7], (await tcp.TakeAsync()).Datagram);
        await tcp.AssertClosedAsync(client, TcpCloseReason.OversizeFrame);
    }

    [Fact]
    public async Task Silence_before_the_first_frame_ends_the_connection()
    {
        using var tcp = new TcpFixture();
        var client = await tcp.ConnectAsync();
        await client.SendAsync(TcpFixture.Frame(TcpFixture.Stun).AsMemory(0, 10), SocketFlags.None, TestContext.Current.CancellationToken);
        await TcpFixture.UntilAsync(() => tcp.Endpoint.ConnectionCount == 1);
        tcp.Time.Advance(TimeSpan.FromSeconds(5));
        tcp.Endpoint.Sweep();
        Assert.Equal(1, tcp.Endpoint.ConnectionCount);
        tcp.Time.Advance(TimeSpan.FromSeconds(1));
        tcp.Endpoint.Sweep();
        await tcp.AssertClosedAsync(client, TcpCloseReason.FirstFrameTimeout);
    }

    [Fact]
    public async Task An_idle_connection_ends_and_a_used_one_stays()
    {
        using var tcp = new TcpFixture();
        var (idle, _) = await tcp.EstablishAsync();
        var (used, usedAddress) = await tcp.EstablishAsync();
        tcp.Time.Advance(TimeSpan.FromSeconds(40));
        await used.SendAsync(TcpFixture.Frame(1), SocketFlags.None);
        await tcp.TakeAsync();
        tcp.Time.Advance(TimeSpan.FromSeconds(6));
        tcp.Endpoint.Sweep();
        Assert.Null(await TcpFixture.ReadFrameAsync(idle));
        Assert.True(tcp.Endpoint.Send(usedAddress, [5]));
        Assert.Equal([5], await TcpFixture.ReadFrameAsync(used));
        Assert.Equal(1, tcp.Endpoint.Closed(TcpCloseReason.Idle));
    }

    [Fact]
    public async Task A_peer_that_leaves_is_forgotten_and_sending_to_it_is_refused()
    {
        using var tcp = new TcpFixture();
        var (client, address) = await tcp.EstablishAsync();
        client.Dispose();
        await TcpFixture.UntilAsync(() => tcp.Endpoint.ConnectionCount == 0);
        Assert.False(tcp.Endpoint.Send(address, [1]));
        Assert.Equal((1L, 1L), (tcp.Endpoint.Closed(TcpCloseReason.Peer), tcp.Endpoint.SendDrops));
    }

    [Fact]
    public async Task The_worker_can_close_and_a_wrong_address_closes_nothing()
    {
        using var tcp = new TcpFixture();
        var (client, address) = await tcp.EstablishAsync();
        var forged = address with { Port = (ushort)(address.Port ^ 1) };
        tcp.Endpoint.Close(forged);
        Assert.False(tcp.Endpoint.Send(forged, [1]));
        Assert.Equal(1, tcp.Endpoint.ConnectionCount);
        tcp.Endpoint.Close(address);
        tcp.Endpoint.Close(address);
        await tcp.AssertClosedAsync(client, TcpCloseReason.Owner);
    }

    [Fact]
    public async Task A_slow_reader_loses_whole_packets_and_blocks_nobody()
    {
        using var tcp = new TcpFixture(new TcpEndpointOptions { SendQueueBytes = 64 << 10 });
        var (slow, slowAddress) = await tcp.EstablishAsync(receiveBuffer: 4096);
        var (quick, quickAddress) = await tcp.EstablishAsync();
        var datagram = new byte[1200];
        var watch = Stopwatch.StartNew();
        var sent = 0;

        // Until the queue is full: the socket's own buffers are bounded, so it must happen.
        while (tcp.Endpoint.SendDrops < 50)
        {
            BinaryPrimitives.WriteInt32BigEndian(datagram, sent++);
            tcp.Endpoint.Send(slowAddress, datagram);
            Assert.True(sent < 200_000, "The slow peer's queue never filled.");
        }

        Assert.True(watch.Elapsed < TcpFixture.Limit, "Sending waited for the slow peer.");
        Assert.True(tcp.Endpoint.Send(quickAddress, [4, 2]));
        Assert.Equal([4, 2], await TcpFixture.ReadFrameAsync(quick));

        // What was taken arrives whole and in order, with gaps only where it was dropped.
        var taken = tcp.Endpoint.Sent - 1;
        var last = -1;
        for (var i = 0; i < taken; i++)
        {
            var frame = await TcpFixture.ReadFrameAsync(slow);
            Assert.Equal(1200, frame!.Length);
            var number = BinaryPrimitives.ReadInt32BigEndian(frame);
            Assert.True(number > last);
            last = number;
        }

        Assert.True(tcp.Endpoint.Send(slowAddress, [1]));
        Assert.Equal([1], await TcpFixture.ReadFrameAsync(slow));
    }

    [Fact]
    public async Task A_flood_fills_only_its_own_share_of_the_input_queue()
    {
        using var tcp = new TcpFixture(new TcpEndpointOptions { InputQueuePacketsPerConnection = 10 });
        var (flood, floodAddress) = await tcp.EstablishAsync();
        var (quiet, quietAddress) = await tcp.EstablishAsync();
        for (var i = 0; i < 50; i++) await flood.SendAsync(TcpFixture.Frame((byte)i), SocketFlags.None);
        await TcpFixture.UntilAsync(() => tcp.Endpoint.InputDrops == 40);
        await quiet.SendAsync(TcpFixture.Frame(99), SocketFlags.None);

        for (byte i = 0; i < 10; i++) AssertPacket(await tcp.TakeAsync(), floodAddress, i);
        AssertPacket(await tcp.TakeAsync(), quietAddress, 99);

        // Once the worker caught up, the share is free again.
        await flood.SendAsync(TcpFixture.Frame(7), SocketFlags.None);
        AssertPacket(await tcp.TakeAsync(), floodAddress, 7);
        Assert.Equal(0, tcp.Pool.Outstanding);

        static void AssertPacket((TransportAddress From, byte[] Datagram) packet, TransportAddress from, byte value)
        {
            Assert.Equal(from, packet.From);
            Assert.Equal([value], packet.Datagram);
        }
    }

    [Fact]
    public async Task The_input_queue_is_bounded_over_all_connections()
    {
        using var tcp = new TcpFixture(new TcpEndpointOptions { InputQueuePackets = 5 });
        var (client, _) = await tcp.EstablishAsync();
        for (var i = 0; i < 9; i++) await client.SendAsync(TcpFixture.Frame((byte)i), SocketFlags.None);
        await TcpFixture.UntilAsync(() => tcp.Endpoint.InputDrops == 4);
        for (byte i = 0; i < 5; i++) Assert.Equal([i], (await tcp.TakeAsync()).Datagram);
        Assert.False(tcp.Endpoint.TryDequeue(out _, out _));
        Assert.Equal(0, tcp.Pool.Outstanding);
    }

    [Theory]
    [InlineData(2, 100)]
    [InlineData(100, 2)]
    public async Task Connections_over_a_limit_are_refused_until_one_ends(int total, int perAddress)
    {
        using var tcp = new TcpFixture(new TcpEndpointOptions { MaximumConnections = total, MaximumConnectionsPerAddress = perAddress });
        var (first, _) = await tcp.EstablishAsync();
        await tcp.EstablishAsync();
        var third = await tcp.ConnectAsync();
        Assert.Null(await TcpFixture.ReadFrameAsync(third));
        Assert.Equal((2, 1L), (tcp.Endpoint.ConnectionCount, tcp.Endpoint.Refused));
        first.Dispose();
        await TcpFixture.UntilAsync(() => tcp.Endpoint.ConnectionCount == 1);
        await tcp.EstablishAsync();
    }

    [Fact]
    public async Task Disposing_closes_everybody_and_returns_every_buffer()
    {
        using var tcp = new TcpFixture();
        var (client, address) = await tcp.EstablishAsync();
        await client.SendAsync(TcpFixture.Frame(1), SocketFlags.None);
        await TcpFixture.UntilAsync(() => tcp.Endpoint.Received == 2);
        Assert.Equal(1, tcp.Pool.Outstanding);
        tcp.Endpoint.Dispose();
        Assert.Equal(0, tcp.Pool.Outstanding);
        Assert.Null(await TcpFixture.ReadFrameAsync(client));
        Assert.False(tcp.Endpoint.Send(address, [1]));
        tcp.Endpoint.Dispose();
    }

    [Fact]
    public async Task A_restarted_server_gets_its_port_back_while_old_connections_linger()
    {
        using var tcp = new TcpFixture();
        await tcp.EstablishAsync();
        tcp.Endpoint.Dispose();
        using var again = TcpEndpoint.Start(tcp.Endpoint.LocalEndPoint, new TcpEndpointOptions(), tcp.Pool, () => { }, tcp.Time);
        using var client = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        await client.ConnectAsync(new IPEndPoint(IPAddress.Loopback, again.LocalEndPoint.Port), TestContext.Current.CancellationToken);
        await TcpFixture.UntilAsync(() => again.ConnectionCount == 1);
    }

    [Fact]
    public async Task The_worker_is_woken_out_of_its_udp_wait()
    {
        var cancellation = TestContext.Current.CancellationToken;
        using var udp = UdpEndpoint.Create(new IPEndPoint(IPAddress.Loopback, 0), 0, forcePortable: false);
        var pool = new PacketPool(16);
        using var endpoint = TcpEndpoint.Start(udp.LocalEndPoint, new TcpEndpointOptions(), pool, udp.Wake, new ManualTime());
        Assert.Equal(udp.LocalEndPoint, endpoint.LocalEndPoint);
        var worker = Task.Run(
            () =>
            {
                while (!cancellation.IsCancellationRequested)
                {
                    udp.Receive(TimeSpan.FromSeconds(60), new Nobody());
                    if (!endpoint.TryDequeue(out var from, out var packet)) continue;
                    endpoint.Send(from, packet.Span);
                    pool.Return(packet);
                    return;
                }
            },
            cancellation);
        using var client = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        await client.ConnectAsync(endpoint.LocalEndPoint, cancellation);
        await client.SendAsync(TcpFixture.Frame(TcpFixture.Stun), SocketFlags.None);
        Assert.Equal(TcpFixture.Stun, await TcpFixture.ReadFrameAsync(client));
        await worker;
    }

    [Fact]
    public async Task Sending_and_taking_allocate_nothing_on_the_worker()
    {
        using var tcp = new TcpFixture();
        var (client, address) = await tcp.EstablishAsync();
        client.ReceiveTimeout = client.SendTimeout = (int)TcpFixture.Limit.TotalMilliseconds;
        var received = new byte[1202];
        var datagram = new byte[1200];
        var sent = TcpFixture.Frame(new byte[1200]);
        var measured = 0L;
        var unclear = 0;
        Round(500);

        // The client takes each packet before the next is sent, so none has to wait for it.
        measured = unclear = 0;
        Round(2000);
        Assert.Equal(0, measured);
        Assert.InRange(unclear, 0, 1000);

        void Round(int count)
        {
            for (var i = 0; i < count; i++)
            {
                client.Send(sent);
                var watch = Stopwatch.StartNew();
                var allocations = AllocationWatch.Start();
                PacketBuffer packet;
                while (!tcp.Endpoint.TryDequeue(out _, out packet))
                {
                    if (watch.Elapsed > TcpFixture.Limit) throw new TimeoutException("The packet did not come.");
                    Thread.Yield();
                }

                tcp.Pool.Return(packet);
                var ok = tcp.Endpoint.Send(address, datagram);
                if (allocations.TryRead(out var bytes)) measured += bytes;
                else unclear++;
                if (!ok) throw new InvalidOperationException("The packet was dropped.");
                for (var got = 0; got < received.Length;) got += client.Receive(received, got, received.Length - got, SocketFlags.None);
            }
        }
    }

    private sealed class Nobody : IPacketHandler
    {
        public void OnDatagram(TransportAddress from, Span<byte> datagram) => Assert.Fail("No datagram was sent.");
    }
}
