using System.Buffers.Binary;
using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Pendopo.Rtc;
using Pendopo.Rtc.Dtls;
using Pendopo.Rtc.Rtp;
using Pendopo.Rtc.Srtp;
using Pendopo.Rtc.Transport;
using Pendopo.Sfu.Statistics;
using Pendopo.Sfu.Tests.Simulation;
using Pendopo.Sfu.Workers;
using Xunit;

namespace Pendopo.Sfu.Tests;

/// <summary>The whole server over sockets of this machine.</summary>
public sealed class MediaServerTests
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);

    [Fact]
    public async Task A_server_that_is_bound_to_an_address_listens_there_alone()
    {
        await using var server = MediaServer.Start(
            new MediaServerOptions { Port = 0, Bind = IPAddress.Loopback, Addresses = [IPAddress.Loopback] },
            TimeProvider.System,
            NullLogger<MediaServer>.Instance);
        var port = server.EndPoints[0].Port;
        var system = System.Net.NetworkInformation.IPGlobalProperties.GetIPGlobalProperties();
        Assert.Equal([IPAddress.Loopback], system.GetActiveUdpListeners().Where(listener => listener.Port == port).Select(listener => listener.Address));
        Assert.Equal([IPAddress.Loopback], system.GetActiveTcpListeners().Where(listener => listener.Port == port).Select(listener => listener.Address));
    }

    [Fact]
    public async Task A_worker_that_does_not_end_keeps_what_it_writes_to_and_the_log_says_so()
    {
        var log = new Errors();
        var server = MediaServer.Start(
            new MediaServerOptions { Port = 0, Bind = IPAddress.Loopback, Addresses = [IPAddress.Loopback], Workers = 2 }, TimeProvider.System, log);
        server.StopLimit = TimeSpan.FromMilliseconds(50);
        var worker = server.Workers[1];
        var ring = worker.Mesh.LinkTo(0).Ring;
        using var gate = new ManualResetEventSlim();
        var began = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var written = new TaskCompletionSource<bool>(TaskCreationOptions.RunContinuationsAsynchronously);
        worker.Post(_ =>
        {
            began.SetResult();
            gate.Wait();
            try
            {
                written.SetResult(ring.TryWrite(new PacketRingHeader(), new byte[1000]));
            }
            catch (NullReferenceException gone)
            {
                written.SetException(gone);
            }
        });
        await began.Task.WaitAsync(Limit, TestContext.Current.CancellationToken);
        await server.DisposeAsync();
        Assert.Equal(["Media worker 1 did not end within 0.05 s; its sockets and memory are left to it"], log.Lines);

        gate.Set();
        Assert.True(await written.Task.WaitAsync(Limit, TestContext.Current.CancellationToken));
    }

    [Theory]
    [InlineData(SrtpProfile.AeadAes128Gcm, 1)]
    [InlineData(SrtpProfile.AeadAes256Gcm, 3)]
    [InlineData(SrtpProfile.Aes128CmHmacSha1Tag80, 1)]
    [InlineData(SrtpProfile.Aes128CmHmacSha1Tag80, 2)]
    public async Task Two_clients_by_udp_and_one_by_tcp_see_and_hear_each_other(SrtpProfile profile, int workers)
    {
        var cancellation = TestContext.Current.CancellationToken;
        await using var server = MediaServer.Start(
            new MediaServerOptions { Port = 0, Addresses = [IPAddress.Loopback], SrtpProfiles = [profile], Workers = workers, PeersPerWorker = 1 },
            TimeProvider.System,
            NullLogger<MediaServer>.Instance);
        using var certificate = DtlsCertificate.Create(TimeProvider.System);
        using var handshaker = new DtlsHandshaker(certificate, 8, TimeSpan.FromSeconds(20));
        var clients = new List<SocketClient>();
        try
        {
            foreach (var (name, protocol) in new[] { ("a", TransportProtocol.Udp), ("b", TransportProtocol.Udp), ("c", TransportProtocol.Tcp) })
            {
                var client = new SocketClient(name, protocol, profile, handshaker, clients.Count + 1);
                clients.Add(client);
                var offer = client.Client.Offer();
                var answer = await server.ConnectAsync(new MediaOffer("room", name, offer.ToString(), offer.Plan, [MediaCodec.Vp8], false), cancellation);
                Assert.Null(answer.Error);
                await server.SetPublishingAsync("room", name, new HashSet<SourceKind> { SourceKind.Microphone, SourceKind.Camera });
                client.Accept(answer.Sdp!);
            }

            var since = Stopwatch.GetTimestamp();
            while (!clients.TrueForAll(client => client.HasEverybody(others: 2)))
            {
                Assert.True(Stopwatch.GetElapsedTime(since) < Limit, string.Join("; ", clients));
                cancellation.ThrowIfCancellationRequested();
                foreach (var client in clients) client.Turn();
            }

            Assert.Equal([new RoomSummary("room", 3)], await server.GetRoomsAsync(cancellation));
            var statistics = await server.GetStatisticsAsync("room", cancellation);
            Assert.Equal(["a", "b", "c"], statistics!.Peers.Select(peer => peer.Peer).Order());
            Assert.Equal([TransportProtocol.Udp, TransportProtocol.Udp, TransportProtocol.Tcp], statistics.Peers.OrderBy(peer => peer.Peer).Select(peer => peer.Path!.Protocol));
            Assert.All(statistics.Peers, peer => Assert.Equal(AddressKind.Loopback, peer.Path!.Address));
            Assert.Null(await server.GetStatisticsAsync("another", cancellation));
        }
        finally
        {
            foreach (var client in clients) client.Dispose();
        }

        Assert.True(await server.IsResponsiveAsync(cancellation));
        var connected = new List<string>();
        while (server.Events.TryRead(out var value))
        {
            Assert.IsNotType<MediaEvent.Disconnected>(value);
            if (value is MediaEvent.Connected) connected.Add(value.Peer);
        }

        Assert.Equal(["a", "b", "c"], connected.Order());
    }

    /// <summary>A client on a socket of its own; everything happens in <see cref="Turn"/>.</summary>
    private sealed class SocketClient : IDisposable
    {
        private readonly Socket _socket;
        private readonly TransportProtocol _protocol;
        private TransportAddress _server;
        private readonly StreamFramer _framer = new();
        private readonly byte[] _buffer = new byte[4096];
        private readonly long _start = Stopwatch.GetTimestamp();
        private bool _started;

        public SocketClient(string name, TransportProtocol protocol, SrtpProfile profile, DtlsHandshaker handshaker, int seed)
        {
            _protocol = protocol;
            _socket = protocol == TransportProtocol.Udp
                ? new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp)
                : new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
            Client = new MediaClient(name, new ClientOptions { Profile = profile }, handshaker, seed, (_, datagram) => Send(datagram), static () => { });
        }

        public MediaClient Client { get; }

        private Instant Now => new(Stopwatch.GetElapsedTime(_start).Ticks + TimeSpan.TicksPerSecond);

        /// <summary>Connects to the worker that the answer names.</summary>
        public void Accept(string answer)
        {
            var candidate = answer.Split("a=candidate:").Skip(1).Select(static line => line.Split(' ')).First(IsOurs);
            var server = new IPEndPoint(IPAddress.Parse(candidate[4]), int.Parse(candidate[5], CultureInfo.InvariantCulture));
            _server = TransportAddress.From(server, _protocol);
            _socket.Connect(server);
            Client.Accept(Now, answer, _protocol);

            bool IsOurs(string[] fields) => fields[2].Equals(_protocol.ToString(), StringComparison.OrdinalIgnoreCase);
        }

        public bool HasEverybody(int others) =>
            Client.IsConnected && Enumerable.Range(0, others).All(seat => Client.Video(seat).Video.Decoded.Count >= 30 && Client.Audio(seat).Audio.Received >= 50);

        public void Turn()
        {
            if (Client.IsConnected && !_started)
            {
                _started = true;
                Client.StartMedia(Now);
            }

            Client.Advance(Now);

            // Waits for input for a millisecond at most, so that the loop does not spin.
            while (_socket.Poll(_started && _socket.Available > 0 ? 0 : 1000, SelectMode.SelectRead))
            {
                if (_protocol == TransportProtocol.Udp)
                {
                    var length = _socket.Receive(_buffer);
                    Client.Receive(Now, _server, _buffer.AsSpan(0, length));
                }
                else
                {
                    var count = _socket.Receive(_framer.GetMemory().Span);
                    if (count == 0) throw new InvalidOperationException("The server has closed the connection.");
                    _framer.Advance(count);
                    while (_framer.TryRead(out var frame)) Client.Receive(Now, _server, frame);
                }
            }
        }

        public void Dispose()
        {
            Client.Dispose();
            _socket.Dispose();
        }

        public override string ToString() =>
            $"{Client.Name} {_protocol}: connected {Client.IsConnected}, " + string.Join(", ", Client.Incoming.Select(stream => $"{stream.Mid} {stream.Packets}"));

        private void Send(ReadOnlySpan<byte> datagram)
        {
            if (_protocol == TransportProtocol.Tcp)
            {
                Span<byte> length = stackalloc byte[2];
                BinaryPrimitives.WriteUInt16BigEndian(length, (ushort)datagram.Length);
                _socket.Send(length);
            }

            _socket.Send(datagram);
        }
    }

    private sealed class Errors : ILogger<MediaServer>
    {
        public List<string> Lines { get; } = [];

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => logLevel >= LogLevel.Error;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            if (IsEnabled(logLevel)) Lines.Add(formatter(state, exception));
        }
    }
}
