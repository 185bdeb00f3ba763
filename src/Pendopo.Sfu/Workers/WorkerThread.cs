using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.Logging;
using Pendopo.Rtc;
using Pendopo.Rtc.Dtls;
using Pendopo.Rtc.Srtp;
using Pendopo.Rtc.Transport;
using Pendopo.Sfu.Forwarding;
using Pendopo.Sfu.Network;
using Pendopo.Sfu.Statistics;

namespace Pendopo.Sfu.Workers;

/// <summary>
/// The thread that drives one <see cref="MediaWorker"/> over its sockets: waits for input or the next tick, receives a batch,
/// advances, flushes. The only place of the media plane that reads a clock.
/// </summary>
internal sealed class WorkerThread : IPacketHandler, IDatagramSink, IDisposable
{
    /// <summary>A worker without peers wakes up this often only to look whether it shall stop.</summary>
    private static readonly TimeSpan IdleWait = TimeSpan.FromSeconds(1);

    /// <summary>2 MiB of buffers for TCP's way from its sockets to this thread; more are made when needed.</summary>
    private readonly PacketPool _pool = new(1024);

    private readonly UdpEndpoint _udp;
    private readonly TcpEndpoint? _tcp;
    private readonly bool _acceptUdp;
    private readonly Thread _thread;
    private readonly ILogger _logger;
    private readonly long _start;
    private readonly int _port;
    private WorkerLoad _load;
    private double _busy;
    private volatile bool _stopping;

    /// <param name="options">The server's settings.</param>
    /// <param name="index">Names this worker among the server's; its port follows those of the ones before.</param>
    /// <param name="start">When the server's count of time began: workers compare moments.</param>
    /// <param name="handshaker">Runs the handshakes of all workers.</param>
    /// <param name="time">The wall clock.</param>
    /// <param name="logger">Takes faults.</param>
    /// <param name="publish">Takes what the planes above are told.</param>
    public WorkerThread(
        MediaServerOptions options, int index, long start, DtlsHandshaker handshaker, TimeProvider time, ILogger logger, Action<MediaEvent> publish)
    {
        _logger = logger;
        _start = start;
        _port = options.Port == 0 ? 0 : options.Port + index;
        _acceptUdp = options.Udp;
        (_udp, _tcp) = Bind(options, time);
        Worker = new MediaWorker(options, this, handshaker, new Random(), new NtpClock(time.GetUtcNow(), Now()), _udp.Wake, publish, index);
        _thread = new Thread(Run) { Name = $"pendopo-media-{index}", IsBackground = true };
    }

    public MediaWorker Worker { get; }

    public int Port => _udp.LocalEndPoint.Port;

    /// <summary>What the sockets have counted; from any thread.</summary>
    public NetworkCounters Network => NetworkCounters.Of(_udp, _tcp);

    /// <summary>Part of the last moments spent working, 0–1.</summary>
    public double Busy => Volatile.Read(ref _busy);

    public void Start() => _thread.Start();

    public void OnDatagram(TransportAddress from, Span<byte> datagram)
    {
        // Arrival times feed the senders' bandwidth estimation: each packet gets its own (a clock read costs 25 ns).
        if (_acceptUdp) Worker.Receive(Now(), from, datagram);
    }

    public Span<byte> Rent() => _udp.Rent();

    public void Commit(TransportAddress destination, int length)
    {
        // A slot that goes out by TCP is copied to its connection's queue; the UDP batch re-uses the slot.
        if (destination.Protocol == TransportProtocol.Udp) _udp.Commit(destination, length);
        else _tcp?.Send(destination, _udp.Rent()[..length]);
    }

    public SrtpTagBatch? Tags => _udp.Tags;

    public void EndRun() => _udp.EndRun();

    public void Close(TransportAddress path) => _tcp?.Close(path);

    /// <summary>Asks the thread to end.</summary>
    public void Stop()
    {
        _stopping = true;
        _udp.Wake();
    }

    /// <summary>True if the thread has ended, or never ran.</summary>
    public bool Join(TimeSpan limit) => _thread.ThreadState.HasFlag(System.Threading.ThreadState.Unstarted) || _thread.Join(limit);

    /// <summary>When the thread has ended (<see cref="Join"/>): it writes into what is freed here.</summary>
    public void Dispose()
    {
        _tcp?.Dispose();
        _udp.Dispose();
    }

    private void Run()
    {
        while (!_stopping)
        {
            try
            {
                Turn();
            }
            catch (Exception exception) when (exception is not OutOfMemoryException)
            {
                // A bug in one packet's handling must not silence every meeting; it is logged loudly and the loop goes on.
                SfuLog.WorkerFault(_logger, exception);
            }
        }

        Worker.Dispose();
        _udp.Flush();
    }

    private void Turn()
    {
        var now = Now();
        Worker.Hold = _load.Hold(now, _udp.WaitedTicks);
        Volatile.Write(ref _busy, _load.Busy);
        if (Worker.GatherTime(now) is var gather && gather > TimeSpan.Zero)
        {
            _udp.Pause(gather);
            now = Now();
        }

        var wait = Worker.NextDue - now;
        Worker.BeginBatch();
        _udp.Receive(wait > IdleWait ? IdleWait : wait < TimeSpan.Zero ? TimeSpan.Zero : wait, this);
        var left = UdpEndpoint.BatchSize;
        while (_tcp is not null && left-- > 0 && _tcp.TryDequeue(out var from, out var packet))
        {
            try
            {
                Worker.Receive(Now(), from, packet.Span);
            }
            finally
            {
                _pool.Return(packet);
            }
        }

        // A flood by TCP must not keep the worker from everything else; what is left of it comes next turn, without waiting.
        if (left < 0) _udp.Wake();
        now = Now();
        Worker.ReceiveRelayed(now);
        Worker.EndBatch(now);
        Worker.Advance(now);
        _udp.Flush();
    }

    /// <summary>
    /// Both protocols on one port number. With port 0 the system chooses by UDP alone, so its choice may be taken on TCP; then
    /// another one is tried.
    /// </summary>
    private (UdpEndpoint Udp, TcpEndpoint? Tcp) Bind(MediaServerOptions options, TimeProvider time)
    {
        var address = options.Bind ?? IPAddress.IPv6Any;
        for (var attempt = 0; ; attempt++)
        {
            var udp = UdpEndpoint.Create(new IPEndPoint(address, _port), options.SocketBufferBytes, options.ForcePortableSockets, options.SegmentationOffload);
            if (!options.Tcp) return (udp, null);
            try
            {
                return (udp, TcpEndpoint.Start(new IPEndPoint(address, udp.LocalEndPoint.Port), new TcpEndpointOptions(), _pool, udp.Wake, time));
            }
            catch (SocketException) when (_port == 0 && attempt < 10)
            {
                udp.Dispose();
            }
        }
    }

    private Instant Now() => new(Stopwatch.GetElapsedTime(_start).Ticks + TimeSpan.TicksPerSecond);
}
