using System.Buffers.Binary;
using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using Pendopo.Rtc.Transport;
using Pendopo.Sfu.Network;
using Xunit;

namespace Pendopo.Sfu.Tests.Network;

/// <summary>Both endpoints against each other and against plain sockets, on loopback.</summary>
public sealed partial class UdpEndpointTests
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(10);

    [Theory]
    [InlineData(false, false)]
    [InlineData(false, true)]
    [InlineData(true, false)]
    [InlineData(true, true)]
    public void Packets_of_several_batches_arrive_whole_and_in_order(bool portableSender, bool portableReceiver)
    {
        using var sender = Open(portableSender);
        using var receiver = Open(portableReceiver);
        const int count = (3 * UdpEndpoint.BatchSize) + 7;
        for (var i = 0; i < count; i++) Queue(sender, Loopback(receiver), i, 4 + (i * 5));
        sender.Flush();

        var log = new Log();
        log.ReceiveUntil(receiver, count);

        Assert.Equal(Enumerable.Range(0, count), log.Packets.Select(packet => packet.Number));
        Assert.All(log.Packets, packet => Assert.Equal(4 + (packet.Number * 5), packet.Length));
        Assert.All(log.Packets, packet => Assert.Equal(Loopback(sender), packet.From));
        Assert.Equal((count, 0L, 0L), (sender.Sent, sender.SendErrors, sender.QueueFullDrops));
        Assert.Equal(count, receiver.Received);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void One_receive_takes_at_most_one_batch(bool portable)
    {
        using var endpoint = Open(portable);
        for (var i = 0; i < UdpEndpoint.BatchSize + 3; i++) Queue(endpoint, Loopback(endpoint), i, 100);
        endpoint.Flush();

        var log = new Log();
        Assert.Equal(UdpEndpoint.BatchSize, endpoint.Receive(Limit, log));
        Assert.Equal(3, endpoint.Receive(Limit, log));
        Assert.Equal(0, endpoint.Receive(TimeSpan.Zero, log));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_received_datagram_can_be_changed_in_place(bool portable)
    {
        using var endpoint = Open(portable);
        using var client = new UdpClient(new IPEndPoint(IPAddress.Loopback, 0));
        client.Send([1, 2, 3], new IPEndPoint(IPAddress.Loopback, endpoint.LocalEndPoint.Port));

        var echo = new Echo(endpoint);
        Assert.Equal(1, endpoint.Receive(Limit, echo));
        endpoint.Flush();

        IPEndPoint? from = null;
        client.Client.ReceiveTimeout = (int)Limit.TotalMilliseconds;
        Assert.Equal([0xFE, 0xFD, 0xFC], client.Receive(ref from));
        Assert.Equal(endpoint.LocalEndPoint.Port, from!.Port);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Ipv4_and_ipv6_peers_use_one_socket(bool portable)
    {
        if (!HasIpv6Loopback()) Assert.Skip("There is no IPv6 loopback here.");
        using var endpoint = Open(portable);
        using var v4 = new UdpClient(new IPEndPoint(IPAddress.Loopback, 0));
        using var v6 = new UdpClient(new IPEndPoint(IPAddress.IPv6Loopback, 0));
        var v4Address = TransportAddress.From((IPEndPoint)v4.Client.LocalEndPoint!);
        var v6Address = TransportAddress.From((IPEndPoint)v6.Client.LocalEndPoint!);
        v4.Send([1], new IPEndPoint(IPAddress.Loopback, endpoint.LocalEndPoint.Port));
        v6.Send([2], new IPEndPoint(IPAddress.IPv6Loopback, endpoint.LocalEndPoint.Port));

        var echo = new Echo(endpoint);
        var seen = 0;
        for (var watch = Stopwatch.StartNew(); seen < 2 && watch.Elapsed < Limit;) seen += endpoint.Receive(Limit, echo);
        endpoint.Flush();

        Assert.Equal([v4Address, v6Address], echo.Sources.OrderBy(source => source.IsIpv4 ? 0 : 1));
        Assert.True(v4Address.IsIpv4);
        Assert.False(v6Address.IsIpv4);
        IPEndPoint? from = null;
        v4.Client.ReceiveTimeout = v6.Client.ReceiveTimeout = (int)Limit.TotalMilliseconds;
        Assert.Equal([0xFE], v4.Receive(ref from));
        Assert.Equal([0xFD], v6.Receive(ref from));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void An_ipv4_only_socket_works_and_counts_ipv6_destinations_as_errors(bool portable)
    {
        using var endpoint = UdpEndpoint.Create(new IPEndPoint(IPAddress.Loopback, 0), 1 << 20, portable);
        Queue(endpoint, TransportAddress.From(new IPEndPoint(IPAddress.IPv6Loopback, endpoint.LocalEndPoint.Port)), 1, 50);
        Queue(endpoint, Loopback(endpoint), 2, 50);
        endpoint.Flush();

        var log = new Log();
        log.ReceiveUntil(endpoint, 1);
        Assert.Equal(2, Assert.Single(log.Packets).Number);
        Assert.Equal(Loopback(endpoint), log.Packets[0].From);
        Assert.Equal((1L, 1L), (endpoint.Sent, endpoint.SendErrors));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Destinations_that_the_system_refuses_cost_no_other_packet_of_the_batch(bool portable)
    {
        using var endpoint = Open(portable);
        var good = Loopback(endpoint);
        // Port 0 and broadcast without permission fail in the call itself; a closed port fails only at the other side.
        var portZero = good with { Port = 0 };
        var broadcast = TransportAddress.From(new IPEndPoint(IPAddress.Broadcast, 9));
        var closed = good with { Port = ClosedPort() };
        TransportAddress[] destinations = [portZero, good, good, broadcast, closed, portZero, portZero, good, closed, good, broadcast];
        for (var round = 0; round < 3; round++)
        {
            for (var i = 0; i < destinations.Length; i++) Queue(endpoint, destinations[i], i, 60);
            endpoint.Flush();
        }

        var log = new Log();
        log.ReceiveUntil(endpoint, 12);
        Assert.Equal([1, 2, 7, 9, 1, 2, 7, 9, 1, 2, 7, 9], log.Packets.Select(packet => packet.Number));
        Assert.Equal(15, endpoint.SendErrors);
        Assert.Equal(18, endpoint.Sent);
        Assert.Equal(0, endpoint.QueueFullDrops);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_datagram_longer_than_a_slot_is_dropped_and_counted(bool portable)
    {
        using var endpoint = Open(portable);
        using var client = new UdpClient(new IPEndPoint(IPAddress.Loopback, 0));
        var target = new IPEndPoint(IPAddress.Loopback, endpoint.LocalEndPoint.Port);
        client.Send(new byte[UdpEndpoint.SlotBytes + 1], target);
        client.Send(new byte[UdpEndpoint.SlotBytes], target);
        client.Send([], target);

        var log = new Log();
        log.ReceiveUntil(endpoint, 2);
        Assert.Equal([UdpEndpoint.SlotBytes, 0], log.Packets.Select(packet => packet.Length));
        Assert.Equal(1, endpoint.Truncated);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_wake_from_another_thread_ends_a_waiting_receive_every_time(bool portable)
    {
        var cancellation = TestContext.Current.CancellationToken;
        using var endpoint = Open(portable);
        const int rounds = 200;
        var request = 0;
        var answered = 0;
        using var answer = new SemaphoreSlim(0);
        var worker = Task.Run(
            () =>
            {
                var log = new Log();
                while (answered < rounds && !cancellation.IsCancellationRequested)
                {
                    endpoint.Receive(TimeSpan.FromSeconds(30), log);
                    if (Volatile.Read(ref request) <= answered) continue;
                    answered = Volatile.Read(ref request);
                    answer.Release();
                }

                Assert.Empty(log.Packets);
            },
            cancellation);

        // One lost wake costs 30 s, which the limit does not forgive.
        for (var i = 1; i <= rounds; i++)
        {
            Volatile.Write(ref request, i);
            endpoint.Wake();
            Assert.True(await answer.WaitAsync(Limit, cancellation), $"Wake {i} was lost.");
        }

        await worker;
        Assert.Equal(0, endpoint.Received);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_wake_before_the_wait_is_remembered_and_packets_still_arrive(bool portable)
    {
        using var endpoint = Open(portable);
        endpoint.Wake();
        endpoint.Wake();
        var log = new Log();
        var watch = Stopwatch.StartNew();
        Assert.Equal(0, endpoint.Receive(TimeSpan.FromSeconds(30), log));
        Assert.True(watch.Elapsed < Limit);

        Queue(endpoint, Loopback(endpoint), 5, 20);
        endpoint.Flush();
        endpoint.Wake();
        log.ReceiveUntil(endpoint, 1);
        Assert.Equal(5, Assert.Single(log.Packets).Number);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_receive_without_input_ends_at_its_timeout(bool portable)
    {
        using var endpoint = Open(portable);
        var watch = Stopwatch.StartNew();
        Assert.Equal(0, endpoint.Receive(TimeSpan.FromMilliseconds(20), new Log()));
        Assert.InRange(watch.Elapsed, TimeSpan.FromMilliseconds(15), Limit);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Sending_and_receiving_allocate_nothing(bool portable)
    {
        using var endpoint = Open(portable);
        var to = Loopback(endpoint);
        var echo = new Counter();
        Round(200);
        var before = GC.GetAllocatedBytesForCurrentThread();
        Round(2000);
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
        Assert.Equal(2200 * 10, echo.Count);

        void Round(int rounds)
        {
            for (var i = 0; i < rounds; i++)
            {
                for (var j = 0; j < 10; j++) Queue(endpoint, to, j, 1200);
                endpoint.Flush();
                for (var got = 0; got < 10;)
                {
                    var more = endpoint.Receive(Limit, echo);
                    if (more == 0) throw new TimeoutException("A packet was lost on loopback.");
                    got += more;
                }
            }
        }
    }

    [Fact]
    public void The_buffers_obtained_are_reported()
    {
        using var small = UdpEndpoint.Create(new IPEndPoint(IPAddress.Loopback, 0), 0, forcePortable: false);
        using var large = UdpEndpoint.Create(new IPEndPoint(IPAddress.Loopback, 0), 1 << 20, forcePortable: false);
        Assert.InRange(large.ReceiveBufferBytes, small.ReceiveBufferBytes, int.MaxValue);
        Assert.InRange(large.SendBufferBytes, small.SendBufferBytes, int.MaxValue);
        Assert.NotEqual(0, small.ReceiveBufferBytes);
    }

    [Fact]
    public void Linux_uses_the_native_endpoint_unless_told_otherwise()
    {
        using var chosen = Open(portable: false);
        using var forced = Open(portable: true);
        Assert.Equal(LinuxUdpEndpoint.IsSupported, chosen is LinuxUdpEndpoint);
        Assert.IsType<PortableUdpEndpoint>(forced);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Waking_a_disposed_endpoint_is_harmless(bool portable)
    {
        var endpoint = Open(portable);
        endpoint.Dispose();
        endpoint.Wake();
    }

    private static UdpEndpoint Open(bool portable) => UdpEndpoint.Create(new IPEndPoint(IPAddress.IPv6Any, 0), 4 << 20, portable);

    private static TransportAddress Loopback(UdpEndpoint endpoint) =>
        TransportAddress.From(new IPEndPoint(IPAddress.Loopback, endpoint.LocalEndPoint.Port));

    private static void Queue(UdpEndpoint endpoint, TransportAddress to, int number, int length)
    {
        var slot = endpoint.Rent();
        BinaryPrimitives.WriteInt32BigEndian(slot, number);
        endpoint.Commit(to, length);
    }

    private static ushort ClosedPort()
    {
        using var socket = new UdpClient(new IPEndPoint(IPAddress.Loopback, 0));
        return (ushort)((IPEndPoint)socket.Client.LocalEndPoint!).Port;
    }

    private static bool HasIpv6Loopback()
    {
        try
        {
            using var socket = new UdpClient(new IPEndPoint(IPAddress.IPv6Loopback, 0));
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }

    private sealed class Log : IPacketHandler
    {
        public List<(TransportAddress From, int Number, int Length)> Packets { get; } = [];

        public void OnDatagram(TransportAddress from, Span<byte> datagram)
        {
            var number = datagram.Length >= 4 ? BinaryPrimitives.ReadInt32BigEndian(datagram) : -1;
            Packets.Add((from, number, datagram.Length));
        }

        public void ReceiveUntil(UdpEndpoint endpoint, int count)
        {
            for (var watch = Stopwatch.StartNew(); Packets.Count < count && watch.Elapsed < Limit;)
            {
                endpoint.Receive(TimeSpan.FromMilliseconds(200), this);
            }

            Assert.Equal(0, endpoint.Receive(TimeSpan.Zero, this));
            Assert.Equal(count, Packets.Count);
        }
    }

    private sealed class Counter : IPacketHandler
    {
        public int Count { get; private set; }

        public void OnDatagram(TransportAddress from, Span<byte> datagram) => Count++;
    }

    private sealed class Echo(UdpEndpoint endpoint) : IPacketHandler
    {
        public List<TransportAddress> Sources { get; } = [];

        public void OnDatagram(TransportAddress from, Span<byte> datagram)
        {
            Sources.Add(from);
            foreach (ref var value in datagram) value = (byte)~value;
            datagram.CopyTo(endpoint.Rent());
            endpoint.Commit(from, datagram.Length);
        }
    }
}
