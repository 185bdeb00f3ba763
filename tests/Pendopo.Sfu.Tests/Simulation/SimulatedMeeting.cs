using Pendopo.Rtc;
using Pendopo.Rtc.Dtls;
using Pendopo.Rtc.Sdp;
using Pendopo.Rtc.Srtp;
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
    private readonly List<MediaWorker> _workers = [];
    private readonly List<SimulatedEndpoint> _servers = [];
    private readonly bool _batching;
    private readonly Dictionary<string, Seat> _clients = [];
    private readonly Queue<(Seat Client, byte[] Datagram)> _direct = [];
    private readonly int _seed;
    private readonly Random _random;
    private int _joined;
    private int _addresses;
    private Instant _recordedUntil;

    /// <param name="seed">Of everything.</param>
    /// <param name="options">The server's.</param>
    /// <param name="workers">Workers that share the room; clients name theirs as they join.</param>
    /// <param name="batching">True: what arrives within a step is forwarded together, as from a busy socket.</param>
    public SimulatedMeeting(int seed, MediaServerOptions? options = null, int workers = 1, bool batching = false)
    {
        (_seed, _random) = (seed, new Random(seed));
        _batching = batching;
        Options = options ?? new MediaServerOptions();
        Clock = new VirtualClock(Instant.FromMilliseconds(1000));
        _network = new SimulatedNetwork(Clock, seed);
        _serverHandshaker = new DtlsHandshaker(_serverCertificate, 8, TimeSpan.FromSeconds(20));
        _clientHandshaker = new DtlsHandshaker(_clientCertificate, 8, TimeSpan.FromSeconds(20));
        for (var i = 0; i < workers; i++)
        {
            var worker = new MediaWorker(
                Options, new Sink(this, i), _serverHandshaker, new Random(seed + i), new NtpClock(DateTimeOffset.UnixEpoch, Clock.Now), () => _woken.Release(), Tell, i);
            _workers.Add(worker);
            _servers.Add(_network.Add(AddressOf(i), new LinkOptions(), new LinkOptions(), (now, from, datagram) => Receive(worker, now, from, datagram)));
            if (batching) worker.BeginBatch();
        }

        WorkerMesh.Connect(_workers);
        Clock.Every(Step, Turn);
    }

    public MediaServerOptions Options { get; }

    public VirtualClock Clock { get; }

    /// <summary>The only worker, or the first.</summary>
    public MediaWorker Worker => _workers[0];

    public IReadOnlyList<MediaWorker> Workers => _workers;

    /// <summary>All that the workers told, with room enough not to grow while somebody measures what they allocate.</summary>
    public List<MediaEvent> Events { get; } = new(1 << 14);

    public IEnumerable<MediaClient> Clients => _clients.Values.Select(static seat => seat.Client);

    public Instant Now => Clock.Now;

    /// <summary>What the server sends is counted and goes nowhere.</summary>
    public bool IsCountingOnly { get; set; }

    /// <summary>Where set, each datagram the server sends: to whom, and how long.</summary>
    public List<(TransportAddress To, int Length)>? Sent { get; set; }

    /// <summary>Where set, sees each datagram that the server sends.</summary>
    public SeesDatagram? Observer { get; set; }

    /// <summary>Where set, what the workers allocate.</summary>
    public AllocationMeter? Meter { get; set; }

    public long CountedDatagrams { get; private set; }

    public long CountedBytes { get; private set; }

    /// <summary>Joins, connects, and publishes microphone and camera.</summary>
    public MediaClient Join(string name, ClientOptions? options = null, LinkOptions? uplink = null, LinkOptions? downlink = null, bool publish = true, int worker = 0)
    {
        var client = Prepare(name, options, uplink, downlink, worker);
        Connect(client);
        if (publish) Publish(client);
        client.StartMedia(Now);
        return client;
    }

    /// <summary>Negotiates, and leaves the client unconnected.</summary>
    public MediaClient Prepare(string name, ClientOptions? options = null, LinkOptions? uplink = null, LinkOptions? downlink = null, int worker = 0)
    {
        if (_clients.Remove(name, out var former)) former.Endpoint.Rebind(NextAddress());
        var seat = new Seat { WorkerIndex = worker };
        seat.Client = new MediaClient(
            name, options ?? new ClientOptions(), _clientHandshaker, _seed + (10 * ++_joined), (to, datagram) => Send(seat, to, datagram), () => _woken.Release());
        seat.Endpoint = _network.Add(
            NextAddress(), uplink ?? new LinkOptions(), downlink ?? new LinkOptions(), (now, from, datagram) => Receive(seat, now, from, datagram));
        _clients[name] = seat;

        var answered = Answer(seat, seat.Client.Offer(), new PeerNegotiation(_random.NextBytes), out _);
        _workers[worker].Connect(Now, Room, name, answered, seat.Negotiation.Plan, seat.Negotiation.LocalIce);
        seat.Answer = answered.AnswerSdp;
        return seat.Client;
    }

    public void Connect(MediaClient client)
    {
        var seat = _clients[client.Name];
        seat.IsDirect = true;
        client.Accept(Now, seat.Answer);
        var cancellation = TestContext.Current.CancellationToken;
        var worker = _workers[seat.WorkerIndex];
        while (!client.IsConnected || worker.Find(Room, client.Name) is not { Transport.IsConnected: true })
        {
            // One turn of everybody whom a handshake may have woken; then wait for the next sign of life.
            worker.Advance(Now);
            client.Advance(Now);
            if (DeliverDirect() || (client.IsConnected && worker.Find(Room, client.Name) is { Transport.IsConnected: true })) continue;
            Assert.True(_woken.Wait(TimeSpan.FromSeconds(20), cancellation), $"{client.Name} did not connect.");
        }

        // Whose turn was last is a matter of the threads; what the turn of a connected one begins must not be.
        do
        {
            worker.Advance(Now);
            client.Advance(Now);
        }
        while (DeliverDirect());
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
        Assert.True(WorkerOf(client).Renegotiate(Now, Room, client.Name, session, seat.Negotiation.Plan, restarted));
        client.Accept(Now, session.AnswerSdp);
    }

    public void Publish(MediaClient client, params SourceKind[] sources) =>
        WorkerOf(client).SetPublishing(Room, client.Name, (sources.Length == 0 ? [SourceKind.Microphone, SourceKind.Camera] : sources).ToHashSet());

    public void Mute(MediaClient client) => WorkerOf(client).SetPublishing(Room, client.Name, new HashSet<SourceKind>());

    public void View(MediaClient client, params ViewItem[] items) => WorkerOf(client).SetView(Room, client.Name, items);

    public void Rest(MediaClient client, bool resting) => WorkerOf(client).Find(Room, client.Name)!.Rest(resting);

    public MediaWorker WorkerOf(MediaClient client) => _workers[_clients[client.Name].WorkerIndex];

    /// <summary>From now on the client's process gets no CPU now and then.</summary>
    public void Stall(MediaClient client, ProcessStalls stalls) => _clients[client.Name].Stalls = stalls;

    public SimulatedEndpoint Endpoint(MediaClient client) => _clients[client.Name].Endpoint;

    public void Leave(MediaClient client)
    {
        WorkerOf(client).Disconnect(Room, client.Name);
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

    /// <summary>Collects what an action makes a client send; the server does not get it.</summary>
    public void Record(MediaClient client, List<(Instant At, byte[] Datagram)> into, Action action)
    {
        _clients[client.Name].Recorder = into;
        action();
        _clients[client.Name].Recorder = null;
    }

    public bool RunUntil(Func<bool> condition, double seconds) => Clock.RunUntil(condition, TimeSpan.FromSeconds(seconds));

    /// <summary>A datagram from anywhere.</summary>
    public void Inject(TransportAddress from, byte[] datagram) => Worker.Receive(Now, from, datagram);

    public TransportAddress NextAddress() => TransportAddress.FromIpv4(0x0a01_0000u + (uint)++_addresses, 40_000);

    public void Dispose()
    {
        foreach (var worker in _workers) worker.Dispose();
        foreach (var worker in _workers) worker.Mesh.Dispose();
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
        var request = new MediaOffer(Room, seat.Client.Name, offer.ToString(), seat.Client.Options.IsWhip ? null : offer.Plan, [seat.Client.Options.VideoCodec], AllowRed: true)
        {
            FurtherVideoCodecs = [Pendopo.Rtc.Rtp.MediaCodec.H264],
        };
        var candidate = new HostCandidate(ServerAddress.ToEndPoint().Address, AddressOf(seat.WorkerIndex).Port, TransportProtocol.Udp);
        Assert.True(
            negotiation.TryAnswer(parsed, request, DtlsRole.Server, _serverCertificate.Fingerprint, [candidate], out var session, out restarted, out var error), error);
        seat.Negotiation = negotiation;
        return session;
    }

    private void Tell(MediaEvent value)
    {
        if (Meter is { } meter) meter.Told++;
        Events.Add(value);
    }

    private void Receive(MediaWorker worker, Instant now, TransportAddress from, Span<byte> datagram)
    {
        Meter?.Begin(AllocationMeter.WorkOf(datagram));
        worker.Receive(now, from, datagram);
        Meter?.End();
    }

    private bool Turn()
    {
        foreach (var worker in _workers)
        {
            Meter?.Begin(MeteredWork.Time);
            worker.ReceiveRelayed(Now);
            if (_batching) worker.EndBatch(Now);
            worker.Advance(Now);
            if (_batching) worker.BeginBatch();
            Meter?.End();
        }

        DeliverDirect();
        foreach (var seat in _clients.Values)
        {
            if (seat.Stalls is null || seat.Stalls.RunsAt(Now) == Now) seat.Client.Advance(Now);
        }

        return true;
    }

    /// <summary>What arrives while the client stands still waits in its socket.</summary>
    private void Receive(Seat seat, Instant now, TransportAddress from, Span<byte> datagram)
    {
        var at = seat.Stalls?.RunsAt(now) ?? now;
        if (at == now)
        {
            seat.Client.Receive(now, from, datagram);
            return;
        }

        var waiting = datagram.ToArray();
        Clock.At(at, () => seat.Client.Receive(Clock.Now, from, waiting));
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
        else _workers[seat.WorkerIndex].Receive(Now, seat.Endpoint.Address, datagram.ToArray());
    }

    private bool DeliverDirect()
    {
        var any = false;
        while (_direct.TryDequeue(out var next))
        {
            any = true;
            next.Client.Client.Receive(Now, AddressOf(next.Client.WorkerIndex), next.Datagram);
        }

        return any;
    }

    private static TransportAddress AddressOf(int worker) => ServerAddress with { Port = (ushort)(ServerAddress.Port + worker) };

    private void SendFromServer(int worker, TransportAddress destination, ReadOnlySpan<byte> datagram)
    {
        foreach (var seat in _clients.Values)
        {
            if (!(seat.IsDirect || IsDtls(datagram)) || seat.Endpoint.Address != destination) continue;
            _direct.Enqueue((seat, datagram.ToArray()));
            return;
        }

        _servers[worker].Send(destination, datagram);
    }

    private sealed class Seat
    {
        public MediaClient Client { get; set; } = null!;

        public SimulatedEndpoint Endpoint { get; set; } = null!;

        public PeerNegotiation Negotiation { get; set; } = null!;

        public string Answer { get; set; } = "";

        public List<(Instant At, byte[] Datagram)>? Recorder { get; set; }

        public int WorkerIndex { get; init; }

        public ProcessStalls? Stalls { get; set; }

        /// <summary>While it connects.</summary>
        public bool IsDirect { get; set; }
    }

    private sealed class Sink(SimulatedMeeting meeting, int worker) : IDatagramSink
    {
        private readonly byte[] _slot = new byte[2048];

        public SrtpTagBatch? Tags => null;

        public Span<byte> Rent() => _slot;

        public void Close(TransportAddress address)
        {
        }

        public void EndRun()
        {
        }

        public void Commit(TransportAddress destination, int length)
        {
            meeting.Meter?.Pause();
            meeting.Sent?.Add((destination, length));
            meeting.Observer?.Invoke(destination, _slot.AsSpan(0, length));
            if (meeting.IsCountingOnly) (meeting.CountedDatagrams, meeting.CountedBytes) = (meeting.CountedDatagrams + 1, meeting.CountedBytes + length);
            else meeting.SendFromServer(worker, destination, _slot.AsSpan(0, length));
            meeting.Meter?.Resume();
        }
    }
}
