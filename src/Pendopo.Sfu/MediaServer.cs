using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net;
using System.Net.NetworkInformation;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Threading.Channels;
using Microsoft.Extensions.Logging;
using Pendopo.Rtc;
using Pendopo.Rtc.Dtls;
using Pendopo.Rtc.Ice;
using Pendopo.Rtc.Rtp;
using Pendopo.Rtc.Sdp;
using Pendopo.Rtc.Transport;
using Pendopo.Sfu.Negotiation;
using Pendopo.Sfu.Statistics;
using Pendopo.Sfu.Workers;

namespace Pendopo.Sfu;

/// <summary>
/// The media server of one process: endpoints, workers, rooms. Thread-safe. Offers are parsed and answered on the caller's
/// thread; the worker only takes over the result.
/// </summary>
public sealed partial class MediaServer : IAsyncDisposable
{
    private readonly MediaServerOptions _options;
    private readonly ILogger _logger;
    private readonly DtlsCertificate _certificate;
    private readonly DtlsHandshaker _handshaker;
    private readonly WorkerThread[] _threads;
    private readonly WorkerPlacement _placement;
    private readonly List<HostCandidate>[] _candidates;
    private readonly ConcurrentDictionary<(string Room, string Peer), PeerNegotiation> _negotiations = new();
    private readonly Channel<MediaEvent> _events = Channel.CreateUnbounded<MediaEvent>(new UnboundedChannelOptions { SingleReader = true });

    private readonly TimeProvider _time;
    private MediaMetrics? _metrics;

    private MediaServer(MediaServerOptions options, TimeProvider time, ILogger logger)
    {
        _options = options;
        _logger = logger;
        _time = time;
        _certificate = DtlsCertificate.Create(time);
        _handshaker = new DtlsHandshaker(_certificate, options.MaximumHandshakes, options.HandshakeTimeout);
        _placement = new WorkerPlacement(options.WorkerCount, options.PeersPerWorker);
        _threads = StartThreads(options, time);
        WorkerMesh.Connect([.. _threads.Select(static thread => thread.Worker)]);
        var addresses = options.Addresses.Count > 0 ? options.Addresses : InterfaceAddresses();
        EndPoints = [.. _threads.SelectMany(thread => addresses.Select(address => new IPEndPoint(address, thread.Port)))];
        _candidates = [.. _threads.Select(thread => Candidates(addresses, thread.Port))];
    }

    /// <summary>For all workers together to end in.</summary>
    internal TimeSpan StopLimit { get; set; } = TimeSpan.FromSeconds(5);

    internal IReadOnlyList<MediaWorker> Workers => [.. _threads.Select(static thread => thread.Worker)];

    /// <summary>
    /// Everything that happens, in order; one reader. Its pace is bounded by the rooms' ticks, so the queue needs no bound as
    /// long as somebody reads.
    /// </summary>
    public ChannelReader<MediaEvent> Events => _events.Reader;

    /// <summary>Where media is received: the workers' real ports and the addresses.</summary>
    public IReadOnlyList<IPEndPoint> EndPoints { get; }

    /// <exception cref="ArgumentException">An option is out of bounds.</exception>
    /// <exception cref="SocketException">The port is taken.</exception>
    public static MediaServer Start(MediaServerOptions options, TimeProvider time, ILogger<MediaServer> logger)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(time);
        if (options.Validate() is { } error) throw new ArgumentException(error, nameof(options));
        var server = new MediaServer(options, time, logger);
        server._handshaker.WarmUp();
        foreach (var thread in server._threads) thread.Start();
        var transports = options is { Udp: true, Tcp: true } ? "UDP and TCP" : options.Udp ? "UDP" : "TCP";
        var ports = string.Join(", ", server._threads.Select(static thread => thread.Port));
        SfuLog.Started(logger, ports, transports, string.Join(", ", server.EndPoints.Select(static endPoint => endPoint.Address).Distinct()));
        server._metrics = new MediaMetrics(server._threads);
        return server;
    }

    /// <summary>Connects a peer, or replaces its connection.</summary>
    public async ValueTask<MediaAnswer> ConnectAsync(MediaOffer offer, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(offer);
        var negotiation = new PeerNegotiation(RandomNumberGenerator.Fill);
        var worker = _threads[_placement.Place(offer.Room, offer.Peer, index => _threads[index].Busy)].Worker;
        if (!TryNegotiate(worker, negotiation, offer, out var parsed, out var session, out _, out var error))
        {
            if (!_negotiations.ContainsKey((offer.Room, offer.Peer))) _placement.Remove(offer.Room, offer.Peer);
            return Refuse(offer, error);
        }

        var connected = await InvokeAsync(
            worker,
            now =>
            {
                worker.Connect(now, offer.Room, offer.Peer, session, negotiation.Plan, negotiation.LocalIce);
                return true;
            },
            cancellation).ConfigureAwait(false);
        _negotiations[(offer.Room, offer.Peer)] = negotiation;
        return connected ? new MediaAnswer(session.AnswerSdp, null, Decodes(parsed)) : MediaAnswer.Refused("The media server is stopping.");
    }

    /// <summary>A further offer on the same connection: more seats, another codec to send, ICE restart.</summary>
    public async ValueTask<MediaAnswer> RenegotiateAsync(MediaOffer offer, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(offer);
        if (!_negotiations.TryGetValue((offer.Room, offer.Peer), out var negotiation)) return MediaAnswer.Refused("There is no connection to renegotiate.");
        await negotiation.Turn.WaitAsync(cancellation).ConfigureAwait(false);
        try
        {
            var worker = WorkerOf(offer.Room, offer.Peer);
            if (!TryNegotiate(worker, negotiation, offer, out var parsed, out var session, out var restarted, out var error)) return Refuse(offer, error);
            var found = await InvokeAsync(
                worker, now => worker.Renegotiate(now, offer.Room, offer.Peer, session, negotiation.Plan, restarted), cancellation).ConfigureAwait(false);
            return found ? new MediaAnswer(session.AnswerSdp, null, Decodes(parsed)) : MediaAnswer.Refused("The connection is gone.");
        }
        finally
        {
            negotiation.Turn.Release();
        }
    }

    /// <summary>
    /// ICE restart by credentials alone (WHIP and WHEP PATCH, RFC 9725 §4.3.3). Returns ours as an SDP fragment, or null when the
    /// peer is unknown or the fragment is not one.
    /// </summary>
    public async ValueTask<string?> RestartIceAsync(string room, string peer, string sdpFragment, CancellationToken cancellation = default)
    {
        if (!_negotiations.TryGetValue((room, peer), out var negotiation)) return null;
        if (!SdpFragment.TryParse(sdpFragment, out var fragment, out _) || fragment.Ice is not { } remote) return null;
        await negotiation.Turn.WaitAsync(cancellation).ConfigureAwait(false);
        try
        {
            var local = IceCredentials.Generate();
            var worker = WorkerOf(room, peer);
            var found = await InvokeAsync(worker, now => worker.RestartIce(now, room, peer, local, remote), cancellation).ConfigureAwait(false);
            if (!found) return null;
            negotiation.Restart(local, remote);
            return fragment.WriteRestart(local, _candidates[worker.Index]);
        }
        finally
        {
            negotiation.Turn.Release();
        }
    }

    /// <summary>What the peer wants to see, most important first. Without a view, everybody in order of arrival.</summary>
    public ValueTask SetViewAsync(string room, string peer, IReadOnlyList<ViewItem> view) =>
        CommandAsync(WorkerOf(room, peer), worker => worker.SetView(room, peer, view));

    /// <summary>Nothing is sent to a peer that rests; its connection, its view and what it publishes stay as they are.</summary>
    public ValueTask SetRestAsync(string room, string peer, bool resting) =>
        CommandAsync(WorkerOf(room, peer), worker => worker.Find(room, peer)?.Rest(resting));

    /// <summary>Which sources may flow; packets of others are dropped (mute holds on the server).</summary>
    public ValueTask SetPublishingAsync(string room, string peer, IReadOnlySet<SourceKind> sources) =>
        CommandAsync(WorkerOf(room, peer), worker => worker.SetPublishing(room, peer, sources));

    public ValueTask DisconnectAsync(string room, string peer)
    {
        var worker = WorkerOf(room, peer);
        _negotiations.TryRemove((room, peer), out _);
        _placement.Remove(room, peer);
        return CommandAsync(worker, worker => worker.Disconnect(room, peer));
    }

    /// <summary>Somebody was let in and will connect within seconds: cameras that nobody watches wake now.</summary>
    public async ValueTask ExpectAsync(string room)
    {
        foreach (var thread in _threads) await CommandAsync(thread.Worker, worker => worker.FindRoom(room)?.Expect()).ConfigureAwait(false);
    }

    public async ValueTask CloseRoomAsync(string room)
    {
        foreach (var key in _negotiations.Keys)
        {
            if (key.Room == room) _negotiations.TryRemove(key, out _);
        }

        _placement.RemoveRoom(room);
        foreach (var thread in _threads) await CommandAsync(thread.Worker, worker => worker.CloseRoom(room)).ConfigureAwait(false);
    }

    /// <summary>True when every worker answers within a second; for readiness.</summary>
    public async ValueTask<bool> IsResponsiveAsync(CancellationToken cancellation = default)
    {
        try
        {
            var answers = _threads.Select(thread => InvokeAsync(thread.Worker, static _ => true, cancellation).AsTask());
            await Task.WhenAll(answers).WaitAsync(TimeSpan.FromSeconds(1), cancellation).ConfigureAwait(false);
            return true;
        }
        catch (TimeoutException)
        {
            return false;
        }
    }

    public ValueTask DisposeAsync()
    {
        _metrics?.Dispose();
        if (TryEndThreads())
        {
            foreach (var thread in _threads) thread.Dispose();
            foreach (var thread in _threads) thread.Worker.Mesh.Dispose();
            _handshaker.Dispose();
            _certificate.Dispose();
        }

        _events.Writer.TryComplete();
        return ValueTask.CompletedTask;
    }

    /// <summary>
    /// False if a thread goes on beyond the limit. Then everything that threads share stays: whoever still runs may write into any buffer of
    /// its own and into every other worker's ring, and memory that is lost once is better than memory that somebody else has got meanwhile.
    /// </summary>
    private bool TryEndThreads()
    {
        foreach (var thread in _threads) thread.Stop();
        var since = Stopwatch.GetTimestamp();
        var stuck = _threads.Where(thread => !thread.Join(Later(TimeSpan.Zero, StopLimit - Stopwatch.GetElapsedTime(since)))).ToList();
        foreach (var thread in stuck) SfuLog.WorkerStuck(_logger, thread.Worker.Index, StopLimit.TotalSeconds);
        return stuck.Count == 0;
    }

    private static TimeSpan Later(TimeSpan one, TimeSpan other) => one > other ? one : other;

    private static List<MediaCodec> Decodes(Offer offer) =>
        [.. offer.Media.Where(static media => media.PeerReceives).SelectMany(static media => media.Codecs).Distinct()];

    /// <summary>
    /// Addresses of interfaces that are up: every one that is no loopback, IPv4 before IPv6, link-local left out; loopback
    /// alone where there is nothing else.
    /// </summary>
    private static List<IPAddress> InterfaceAddresses()
    {
        var addresses = NetworkInterface.GetAllNetworkInterfaces()
            .Where(static network => network.OperationalStatus is OperationalStatus.Up or OperationalStatus.Unknown)
            .SelectMany(static network => network.GetIPProperties().UnicastAddresses)
            .Select(static unicast => unicast.Address)
            .Where(static address => !IPAddress.IsLoopback(address) && !address.IsIPv6LinkLocal)
            .OrderBy(static address => address.AddressFamily == AddressFamily.InterNetworkV6)
            .ToList();
        return addresses.Count > 0 ? addresses : [IPAddress.Loopback];
    }

    /// <summary>A peer that nobody knows has no worker; any of them finds out.</summary>
    private MediaWorker WorkerOf(string room, string peer) => _threads[_placement.TryFind(room, peer, out var worker) ? worker : 0].Worker;

    private List<HostCandidate> Candidates(IEnumerable<IPAddress> addresses, int port)
    {
        var candidates = new List<HostCandidate>();
        foreach (var address in addresses)
        {
            if (_options.Udp) candidates.Add(new HostCandidate(address, port, TransportProtocol.Udp));
            if (_options.Tcp) candidates.Add(new HostCandidate(address, port, TransportProtocol.Tcp));
        }

        return candidates;
    }

    private WorkerThread[] StartThreads(MediaServerOptions options, TimeProvider time)
    {
        var start = Stopwatch.GetTimestamp();
        var threads = new List<WorkerThread>();
        try
        {
            for (var i = 0; i < options.WorkerCount; i++) threads.Add(new WorkerThread(options, i, start, _handshaker, time, _logger, Publish));
        }
        catch
        {
            foreach (var thread in threads) thread.Dispose();
            throw;
        }

        return [.. threads];
    }

    private bool TryNegotiate(
        MediaWorker worker, PeerNegotiation negotiation, MediaOffer request, out Offer offer, out NegotiatedSession session, out IceCredentials? restarted, out string error)
    {
        session = null!;
        restarted = null;
        if (!Offer.TryParse(request.Sdp, out offer!, out var refused))
        {
            error = refused.ToString();
            return false;
        }

        if (negotiation.TryAnswer(offer, request, _options.DtlsRole, _certificate.Fingerprint, _candidates[worker.Index], out var answered, out restarted, out var reason))
        {
            session = answered;
            error = "";
            return true;
        }

        error = reason;
        return false;
    }

    private MediaAnswer Refuse(MediaOffer offer, string reason)
    {
        SfuLog.OfferRefused(_logger, offer.Peer, reason);
        return MediaAnswer.Refused(reason);
    }

    private static async ValueTask CommandAsync(MediaWorker worker, Action<MediaWorker> command) =>
        await InvokeAsync(worker, _ =>
        {
            command(worker);
            return true;
        }).ConfigureAwait(false);

    private static async ValueTask<T> InvokeAsync<T>(MediaWorker worker, Func<Instant, T> command, CancellationToken cancellation = default)
    {
        var result = new TaskCompletionSource<T>(TaskCreationOptions.RunContinuationsAsynchronously);
        worker.Post(now =>
        {
            try
            {
                result.TrySetResult(command(now));
            }
            catch (Exception exception) when (exception is not OutOfMemoryException)
            {
                result.TrySetException(exception);
            }
        });
        return await result.Task.WaitAsync(cancellation).ConfigureAwait(false);
    }

    private void Publish(MediaEvent value) => _events.Writer.TryWrite(value);
}
