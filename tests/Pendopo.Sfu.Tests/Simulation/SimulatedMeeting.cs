using Pendopo.Rtc;
using Pendopo.Rtc.Dtls;
using Pendopo.Rtc.Rtp;
using Pendopo.Rtc.Sdp;
using Pendopo.Rtc.Transport;
using Pendopo.Sfu.Forwarding;
using Pendopo.Sfu.Negotiation;
using Pendopo.Sfu.Workers;
using Pendopo.Testing.Network;
using Xunit;

namespace Pendopo.Sfu.Tests.Simulation;

/// <summary>
/// A media worker and its clients on virtual time. Handshakes run on real threads, so time stands still and datagrams go
/// straight through while a client connects; from then on everything follows from the seed.
/// </summary>
internal sealed class SimulatedMeeting : IDisposable
{
    public const string Room = "room";

    public static readonly TransportAddress ServerAddress = TransportAddress.FromIpv4(0x0a00_0001, 8090);

    private static readonly TimeSpan Step = TimeSpan.FromMilliseconds(2);

    private readonly DtlsCertificate _serverCertificate = DtlsCertificate.Create(TimeProvider.System);
    private readonly DtlsCertificate _clientCertificate = DtlsCertificate.Create(TimeProvider.System);
    private readonly DtlsHandshaker _serverHandshaker;
    private readonly DtlsHandshaker _clientHandshaker;
    private readonly SemaphoreSlim _woken = new(0);
    private readonly SimulatedNetwork _network;
    private readonly SimulatedEndpoint _server;
    private readonly Dictionary<string, Seat> _clients = [];
    private readonly Queue<(Seat Client, byte[] Datagram)> _direct = [];
    private readonly int _seed;
    private int _joined;
    private int _addresses;
    private Instant _recordedUntil;

    public SimulatedMeeting(int seed, MediaServerOptions? options = null)
    {
        _seed = seed;
        Options = options ?? new MediaServerOptions();
        Clock = new VirtualClock(Instant.FromMilliseconds(1000));
        _network = new SimulatedNetwork(Clock, seed);
        _serverHandshaker = new DtlsHandshaker(_serverCertificate, 8, TimeSpan.FromSeconds(20));
        _clientHandshaker = new DtlsHandshaker(_clientCertificate, 8, TimeSpan.FromSeconds(20));
        Worker = new MediaWorker(
            Options, new Sink(this), _serverHandshaker, new Random(seed), new NtpClock(DateTimeOffset.UnixEpoch, Clock.Now), () => _woken.Release(), Events.Add);
        _server = _network.Add(ServerAddress, new LinkOptions(), new LinkOptions(), (now, from, datagram) => Worker.Receive(now, from, datagram));
        Clock.Every(Step, Turn);
    }

    public MediaServerOptions Options { get; }

    public VirtualClock Clock { get; }

    public MediaWorker Worker { get; }

    public List<MediaEvent> Events { get; } = [];

    public IEnumerable<MediaClient> Clients => _clients.Values.Select(static seat => seat.Client);

    public Instant Now => Clock.Now;

    /// <summary>What the server sends is counted and goes nowhere.</summary>
    public bool IsCountingOnly { get; set; }

    public long CountedDatagrams { get; private set; }

    public long CountedBytes { get; private set; }

    /// <summary>Joins, connects, and publishes microphone and camera.</summary>
    public MediaClient Join(string name, ClientOptions? options = null, LinkOptions? uplink = null, LinkOptions? downlink = null, bool publish = true)
    {
        var client = Prepare(name, options, uplink, downlink);
        Connect(client);
        if (publish) Publish(client);
        client.StartMedia(Now);
        return client;
    }

    /// <summary>Negotiates, and leaves the client unconnected.</summary>
    public MediaClient Prepare(string name, ClientOptions? options = null, LinkOptions? uplink = null, LinkOptions? downlink = null)
    {
        if (_clients.Remove(name, out var former)) former.Endpoint.Rebind(NextAddress());
        var seat = new Seat();
        seat.Client = new MediaClient(
            name, options ?? new ClientOptions(), _clientHandshaker, _seed + (10 * ++_joined), (to, datagram) => Send(seat, to, datagram), () => _woken.Release());
        seat.Endpoint = _network.Add(
            NextAddress(), uplink ?? new LinkOptions(), downlink ?? new LinkOptions(), (now, from, datagram) => seat.Client.Receive(now, from, datagram));
        _clients[name] = seat;

        var answered = Answer(seat, seat.Client.Offer(), new PeerNegotiation(), out _);
        Worker.Connect(Now, Room, name, answered, seat.Negotiation.Plan, seat.Negotiation.LocalIce);
        seat.Answer = answered.AnswerSdp;
        return seat.Client;
    }

    public void Connect(MediaClient client)
    {
        var seat = _clients[client.Name];
        seat.IsDirect = true;
        client.Accept(Now, seat.Answer);
        var cancellation = TestContext.Current.CancellationToken;
        while (!client.IsConnected || Worker.Find(Room, client.Name) is not { Transport.IsConnected: true })
        {
            // One turn of everybody whom a handshake may have woken; then wait for the next sign of life.
            Worker.Advance(Now);
            client.Advance(Now);
            if (DeliverDirect() || (client.IsConnected && Worker.Find(Room, client.Name) is { Transport.IsConnected: true })) continue;
            Assert.True(_woken.Wait(TimeSpan.FromSeconds(20), cancellation), $"{client.Name} did not connect.");
        }

        DeliverDirect();
        seat.IsDirect = false;
    }

    /// <summary>Lets a client check the path without ever beginning a handshake.</summary>
    public void CheckOnly(MediaClient client)
    {
        client.SendsHandshake = false;
        client.Accept(Now, _clients[client.Name].Answer);
    }

    /// <summary>A further offer that restarts ICE.</summary>
    public void RestartIce(MediaClient client)
    {
        var seat = _clients[client.Name];
        var session = Answer(seat, client.Offer(restartIce: true), seat.Negotiation, out var restarted);
        Assert.NotNull(restarted);
        Assert.True(Worker.Renegotiate(Now, Room, client.Name, session, seat.Negotiation.Plan, restarted));
        client.Accept(Now, session.AnswerSdp);
    }

    public void Publish(MediaClient client, params SourceKind[] sources) =>
        Worker.SetPublishing(Room, client.Name, (sources.Length == 0 ? [SourceKind.Microphone, SourceKind.Camera] : sources).ToHashSet());

    public void Mute(MediaClient client) => Worker.SetPublishing(Room, client.Name, new HashSet<SourceKind>());

    public void View(MediaClient client, params ViewItem[] items) => Worker.SetView(Room, client.Name, items);

    public SimulatedEndpoint Endpoint(MediaClient client) => _clients[client.Name].Endpoint;

    public void Leave(MediaClient client)
    {
        Worker.Disconnect(Room, client.Name);
        if (_clients.Remove(client.Name, out var seat)) seat.Client.Dispose();
    }

    public void RunFor(double seconds) => Clock.RunFor(TimeSpan.FromSeconds(seconds));

    /// <summary>Collects what a client sends for a time, with the moments; the server does not get it.</summary>
    public List<(Instant At, byte[] Datagram)> Record(MediaClient client, double seconds)
    {
        var seat = _clients[client.Name];
        var recorded = new List<(Instant, byte[])>();
        seat.Recorder = recorded;
        for (var end = Now + TimeSpan.FromSeconds(seconds); _recordedUntil < end; _recordedUntil = (_recordedUntil < Now ? Now : _recordedUntil) + Step)
        {
            client.Advance(_recordedUntil < Now ? Now : _recordedUntil);
        }

        seat.Recorder = null;
        return recorded;
    }

    public bool RunUntil(Func<bool> condition, double seconds) => Clock.RunUntil(condition, TimeSpan.FromSeconds(seconds));

    /// <summary>A datagram from anywhere.</summary>
    public void Inject(TransportAddress from, byte[] datagram) => Worker.Receive(Now, from, datagram);

    public TransportAddress NextAddress() => TransportAddress.FromIpv4(0x0a01_0000u + (uint)++_addresses, 40_000);

    public void Dispose()
    {
        Worker.Dispose();
        foreach (var seat in _clients.Values) seat.Client.Dispose();
        _serverHandshaker.Dispose();
        _clientHandshaker.Dispose();
        _serverCertificate.Dispose();
        _clientCertificate.Dispose();
        _woken.Dispose();
    }

    private NegotiatedSession Answer(Seat seat, ClientOffer offer, PeerNegotiation negotiation, out Pendopo.Rtc.Ice.IceCredentials? restarted)
    {
        Assert.True(Offer.TryParse(offer.ToString(), out var parsed, out var refused), refused?.ToString());
        var request = new MediaOffer(Room, seat.Client.Name, offer.ToString(), seat.Client.Options.IsWhip ? null : offer.Plan, [MediaCodec.Vp8], PreferRed: false);
        var candidate = new HostCandidate(ServerAddress.ToEndPoint().Address, ServerAddress.Port, TransportProtocol.Udp);
        Assert.True(
            negotiation.TryAnswer(parsed, request, DtlsRole.Server, _serverCertificate.Fingerprint, [candidate], out var session, out restarted, out var error), error);
        seat.Negotiation = negotiation;
        return session;
    }

    private bool Turn()
    {
        Worker.Advance(Now);
        DeliverDirect();
        foreach (var seat in _clients.Values) seat.Client.Advance(Now);
        return true;
    }

    /// <summary>
    /// What handshakes repeat depends on real time, also after they are done; on the simulated links it would move the luck of
    /// all that follows.
    /// </summary>
    private static bool IsDtls(ReadOnlySpan<byte> datagram) => datagram[0] is >= 20 and <= 63;

    private void Send(Seat seat, TransportAddress destination, ReadOnlySpan<byte> datagram)
    {
        if (seat.Recorder is { } recorder) recorder.Add((_recordedUntil < Now ? Now : _recordedUntil, datagram.ToArray()));
        else if (!seat.IsDirect && !IsDtls(datagram)) seat.Endpoint.Send(destination, datagram);
        else Worker.Receive(Now, seat.Endpoint.Address, datagram.ToArray());
    }

    private bool DeliverDirect()
    {
        var any = false;
        while (_direct.TryDequeue(out var next))
        {
            any = true;
            next.Client.Client.Receive(Now, ServerAddress, next.Datagram);
        }

        return any;
    }

    private void SendFromServer(TransportAddress destination, ReadOnlySpan<byte> datagram)
    {
        foreach (var seat in _clients.Values)
        {
            if (!(seat.IsDirect || IsDtls(datagram)) || seat.Endpoint.Address != destination) continue;
            _direct.Enqueue((seat, datagram.ToArray()));
            return;
        }

        _server.Send(destination, datagram);
    }

    private sealed class Seat
    {
        public MediaClient Client { get; set; } = null!;

        public SimulatedEndpoint Endpoint { get; set; } = null!;

        public PeerNegotiation Negotiation { get; set; } = null!;

        public string Answer { get; set; } = "";

        public List<(Instant At, byte[] Datagram)>? Recorder { get; set; }

        /// <summary>While it connects.</summary>
        public bool IsDirect { get; set; }
    }

    private sealed class Sink(SimulatedMeeting meeting) : IDatagramSink
    {
        private readonly byte[] _slot = new byte[2048];

        public Span<byte> Rent() => _slot;

        public void Close(TransportAddress address)
        {
        }

        public void EndRun()
        {
        }

        public void Commit(TransportAddress destination, int length)
        {
            if (meeting.IsCountingOnly) (meeting.CountedDatagrams, meeting.CountedBytes) = (meeting.CountedDatagrams + 1, meeting.CountedBytes + length);
            else meeting.SendFromServer(destination, _slot.AsSpan(0, length));
        }
    }
}
