using System.Buffers.Binary;
using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using Pendopo.NetBench.Relay;
using Pendopo.Rtc;
using Pendopo.Testing.Network;
using Xunit;

namespace Pendopo.NetBench.Tests.Relay;

/// <summary>The relay with real sockets and in real time.</summary>
public sealed class UdpRelayTests : IDisposable
{
    private static readonly LinkOptions Perfect = new();
    private readonly Socket _server = NewSocket(10_000);
    private readonly Socket _browser = NewSocket(10_000);

    private IPEndPoint ServerAddress => (IPEndPoint)_server.LocalEndPoint!;

    public void Dispose()
    {
        _server.Dispose();
        _browser.Dispose();
    }

    [Fact]
    public async Task It_loses_what_the_seeded_model_loses_and_delays_the_others_as_told()
    {
        const int count = 300;
        var delay = TimeSpan.FromMilliseconds(30);
        var options = new LinkOptions { Loss = 0.2, Delay = delay };
        var model = new SimulatedLink(options, seed: 11);
        var expected = new List<int>();
        for (var number = 0; number < count; number++)
        {
            // Random loss depends on the order of the packets alone, so real time can be compared with the model.
            if (model.Offer(Instant.Zero, 100, out _)) expected.Add(number);
        }

        using var relay = new UdpRelay(IPAddress.Loopback, IPAddress.Loopback, ServerAddress, options, Perfect, seed: 11);
        var arrived = new List<int>();
        var delays = new List<double>();
        var receiving = Task.Factory.StartNew(
            () =>
            {
                var bytes = new byte[100];
                while (arrived.Count < expected.Count)
                {
                    _server.Receive(bytes);
                    arrived.Add(BinaryPrimitives.ReadInt32LittleEndian(bytes));
                    delays.Add(Stopwatch.GetElapsedTime(BinaryPrimitives.ReadInt64LittleEndian(bytes.AsSpan(4))).TotalMilliseconds);
                }
            },
            TestContext.Current.CancellationToken, TaskCreationOptions.LongRunning, TaskScheduler.Default);
        for (var number = 0; number < count; number++) SendStamped(relay.Address, number);
        await receiving;

        Assert.Equal(expected, arrived);
        Assert.All(delays, milliseconds => Assert.True(milliseconds >= delay.TotalMilliseconds, $"{milliseconds:0.00} ms are too early."));
        var (p99, longest, carried) = relay.Lateness;
        Assert.Equal(expected.Count, carried);
        TestContext.Current.TestOutputHelper?.WriteLine($"late by {p99:0.0} ms (p99), {longest:0.0} ms at most; real-time priority: {relay.IsRealTime}");
        var (uplink, downlink) = relay.TakeCounters();
        Assert.Equal((count, count - expected.Count), (uplink.Offered, uplink.Lost));
        Assert.Equal(0, downlink.Offered);
    }

    [Fact]
    public void Answers_find_the_source_that_asked_and_each_source_has_a_port_of_its_own()
    {
        using var other = NewSocket(10_000);
        using var relay = new UdpRelay(IPAddress.Loopback, IPAddress.Loopback, ServerAddress, Perfect, Perfect, seed: 1);
        var one = Exchange(_browser, relay.Address, 1);
        var two = Exchange(other, relay.Address, 2);
        Assert.NotEqual(one, two);
        Assert.Equal(one, Exchange(_browser, relay.Address, 3));
        Assert.Equal(2, relay.Flows);
    }

    [Fact]
    public void After_a_change_of_the_network_the_server_sees_another_address_and_its_answers_still_arrive()
    {
        using var relay = new UdpRelay(IPAddress.Loopback, IPAddress.Loopback, ServerAddress, Perfect, Perfect, seed: 1);
        var before = Exchange(_browser, relay.Address, 1);
        relay.Rebind(IPAddress.Parse("127.0.0.2"));
        var after = Exchange(_browser, relay.Address, 2);
        Assert.Equal(IPAddress.Loopback, before.Address);
        Assert.Equal(IPAddress.Parse("127.0.0.2"), after.Address);
    }

    [Fact]
    public void An_interrupted_relay_carries_nothing_until_the_time_is_over()
    {
        using var relay = new UdpRelay(IPAddress.Loopback, IPAddress.Loopback, ServerAddress, Perfect, Perfect, seed: 1);
        Exchange(_browser, relay.Address, 1);
        relay.TakeCounters();
        var from = Stopwatch.GetTimestamp();
        var time = TimeSpan.FromMilliseconds(300);
        relay.Interrupt(time);
        _server.ReceiveTimeout = 20;
        var bytes = new byte[100];
        var sent = 0;
        while (true)
        {
            SendStamped(relay.Address, sent++);
            try
            {
                _server.Receive(bytes);
                break;
            }
            catch (SocketException error) when (error.SocketErrorCode is SocketError.TimedOut or SocketError.WouldBlock)
            {
                Assert.True(Stopwatch.GetElapsedTime(from) < TimeSpan.FromSeconds(10), "Nothing gets through any more.");
            }
        }

        Assert.True(Stopwatch.GetElapsedTime(from) >= time - TimeSpan.FromMilliseconds(5), "It got through too early.");
        Assert.InRange(relay.TakeCounters().Uplink.Lost, 1, sent - 1);
    }

    private static Socket NewSocket(int timeout)
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp) { ReceiveTimeout = timeout, ReceiveBufferSize = 1 << 20 };
        socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        return socket;
    }

    private void SendStamped(IPEndPoint to, int number)
    {
        Span<byte> bytes = stackalloc byte[72];
        BinaryPrimitives.WriteInt32LittleEndian(bytes, number);
        BinaryPrimitives.WriteInt64LittleEndian(bytes[4..], Stopwatch.GetTimestamp());
        _browser.SendTo(bytes, to);
    }

    /// <summary>There and back; returns where the server saw it come from.</summary>
    private IPEndPoint Exchange(Socket browser, IPEndPoint relay, byte content)
    {
        browser.SendTo([content], relay);
        var bytes = new byte[10];
        EndPoint from = new IPEndPoint(IPAddress.Any, 0);
        Assert.Equal(1, _server.ReceiveFrom(bytes, ref from));
        Assert.Equal(content, bytes[0]);
        _server.SendTo([(byte)(content + 100)], from);
        EndPoint answered = new IPEndPoint(IPAddress.Any, 0);
        Assert.Equal(1, browser.ReceiveFrom(bytes, ref answered));
        Assert.Equal(content + 100, bytes[0]);
        Assert.Equal(relay, answered);
        return (IPEndPoint)from;
    }
}
