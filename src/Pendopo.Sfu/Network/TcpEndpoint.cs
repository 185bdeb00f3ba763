using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using Pendopo.Rtc;
using Pendopo.Rtc.Transport;
using Pendopo.Sfu.Limits;

namespace Pendopo.Sfu.Network;

/// <summary>
/// ICE-TCP, passive (RFC 6544), on the port that UDP uses too. Connections read and write by themselves; what they receive waits in a
/// bounded queue for the one thread that owns the peers, which is woken by <c>wake</c>. <see cref="TryDequeue"/>,
/// <see cref="Send"/> and <see cref="Close"/> never wait for a peer. Every member is safe for any thread.
/// </summary>
internal sealed class TcpEndpoint : IDisposable
{
    private const int ListenBacklog = 512;
    private const int IpProtoTcp = 6;
    private const int TcpNotSentLowAt = 25;

    /// <summary>
    /// Unsent bytes the kernel may hold per connection (Linux). Its own automatic buffer would keep seconds of media that is late
    /// when it leaves; what does not fit waits in the send queue, where it is counted and bounded.
    /// </summary>
    private const int NotSentBytes = 32 << 10;

    /// <summary>When the system has no descriptors left, accepting at once again would only burn the processor.</summary>
    private static readonly TimeSpan AcceptPause = TimeSpan.FromMilliseconds(100);

    private static readonly TimeSpan SweepPeriod = TimeSpan.FromSeconds(1);

    private readonly TcpEndpointOptions _options;
    private readonly PacketPool _pool;
    private readonly Action _wake;
    private readonly TimeProvider _time;
    private readonly Socket _listener;
    private readonly ConcurrentDictionary<int, TcpConnection> _connections = new();
    private readonly ConnectionCounts _counts;
    private readonly SourceLimiter _openings;
    private readonly TcpInputQueue _input;
    private readonly long[] _closed = new long[Enum.GetValues<TcpCloseReason>().Length];
    private readonly CancellationTokenSource _end = new();
    private readonly CancellationToken _ended;
    private ITimer? _sweeper;
    private int _lastConnection;
    private long _received;
    private long _sent;
    private long _inputDrops;
    private long _sendDrops;
    private long _refused;

    private TcpEndpoint(Socket listener, TcpEndpointOptions options, PacketPool pool, Action wake, TimeProvider time)
    {
        _listener = listener;
        _options = options;
        _pool = pool;
        _wake = wake;
        _time = time;
        _ended = _end.Token;
        _input = new TcpInputQueue(options.InputQueuePackets);
        _counts = new ConnectionCounts(options.MaximumConnectionsPerAddress);
        _openings = new SourceLimiter(new(options.ConnectionsPerSecondPerAddress, options.MaximumConnectionsPerAddress + options.ConnectionsPerSecondPerAddress), new Random());
        LocalEndPoint = (IPEndPoint)listener.LocalEndPoint!;
    }

    public IPEndPoint LocalEndPoint { get; }

    public int ConnectionCount => _connections.Count;

    /// <summary>Datagrams put into the queue.</summary>
    public long Received => Volatile.Read(ref _received);

    /// <summary>Datagrams taken into a connection's send queue.</summary>
    public long Sent => Volatile.Read(ref _sent);

    /// <summary>Datagrams received and dropped because the worker was behind.</summary>
    public long InputDrops => Volatile.Read(ref _inputDrops);

    /// <summary>Datagrams dropped because the peer reads too slowly or the connection is gone.</summary>
    public long SendDrops => Volatile.Read(ref _sendDrops);

    /// <summary>Connections refused because a limit was reached.</summary>
    public long Refused => Volatile.Read(ref _refused);

    internal long Timestamp => _time.GetTimestamp();

    internal int SendQueueBytes => _options.SendQueueBytes;

    /// <summary>Listens, and accepts from now on.</summary>
    /// <param name="wake">Called after a datagram was queued, from any thread: <see cref="UdpEndpoint.Wake"/>.</param>
    /// <exception cref="SocketException">The address cannot be bound.</exception>
    public static TcpEndpoint Start(IPEndPoint bind, TcpEndpointOptions options, PacketPool pool, Action wake, TimeProvider time)
    {
        var listener = DualStack.Bind(bind, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            listener.Listen(ListenBacklog);
            var endpoint = new TcpEndpoint(listener, options, pool, wake, time);
            endpoint._sweeper = time.CreateTimer(static state => ((TcpEndpoint)state!).Sweep(), endpoint, SweepPeriod, SweepPeriod);
            _ = Task.Run(endpoint.AcceptAsync);
            return endpoint;
        }
        catch
        {
            listener.Dispose();
            throw;
        }
    }

    /// <summary>Connections closed for that reason.</summary>
    public long Closed(TcpCloseReason reason) => Volatile.Read(ref _closed[(int)reason]);

    /// <summary>Takes the next datagram; the caller gives <paramref name="packet"/> back to the pool.</summary>
    public bool TryDequeue(out TransportAddress from, out PacketBuffer packet) => _input.TryDequeue(out from, out packet);

    /// <summary>Queues a datagram for a connection. False when it was dropped: a full queue, or no such connection any more.</summary>
    public bool Send(TransportAddress destination, ReadOnlySpan<byte> datagram)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(datagram.Length, ushort.MaxValue, nameof(datagram));
        if (TryFind(destination, out var connection) && connection.TrySend(datagram))
        {
            Interlocked.Increment(ref _sent);
            return true;
        }

        Interlocked.Increment(ref _sendDrops);
        return false;
    }

    /// <summary>Closes a connection; what it still had to send is lost.</summary>
    public void Close(TransportAddress address)
    {
        if (TryFind(address, out var connection)) Remove(connection, TcpCloseReason.Owner);
    }

    /// <summary>Closes connections that are over a time limit. Called every second.</summary>
    public void Sweep()
    {
        var now = Timestamp;
        foreach (var (_, connection) in _connections)
        {
            if (!connection.IsEstablished && _time.GetElapsedTime(connection.AcceptedAt, now) > _options.FirstFrameTimeout)
            {
                Remove(connection, TcpCloseReason.FirstFrameTimeout);
            }
            else if (_time.GetElapsedTime(connection.LastReceived, now) > _options.IdleTimeout)
            {
                Remove(connection, TcpCloseReason.Idle);
            }
        }
    }

    public void Dispose()
    {
        if (_ended.IsCancellationRequested) return;
        _end.Cancel();
        _sweeper?.Dispose();
        _listener.Dispose();
        foreach (var (_, connection) in _connections) Remove(connection, TcpCloseReason.Owner);
        _input.Close();
        while (TryDequeue(out _, out var packet)) _pool.Return(packet);
        _end.Dispose();
    }

    /// <summary>Copies a frame into the queue; false, and counted, when the worker is behind.</summary>
    internal bool TryDeliver(TcpConnection source, ReadOnlySpan<byte> frame, int queuedOfSource)
    {
        if (queuedOfSource <= _options.InputQueuePacketsPerConnection)
        {
            var packet = _pool.Rent();
            packet.Length = frame.Length;
            frame.CopyTo(packet.Span);
            if (_input.TryEnqueue(source, packet))
            {
                Interlocked.Increment(ref _received);
                _wake();
                return true;
            }

            _pool.Return(packet);
        }

        Interlocked.Increment(ref _inputDrops);
        return false;
    }

    /// <summary>The first caller's reason counts.</summary>
    internal void Remove(TcpConnection connection, TcpCloseReason reason)
    {
        if (_connections.TryRemove(connection.Address.Connection, out _))
        {
            Interlocked.Increment(ref _closed[(int)reason]);
            _counts.Remove(connection.Address);
        }

        connection.Dispose();
    }

    private bool TryFind(TransportAddress address, out TcpConnection connection) =>
        _connections.TryGetValue(address.Connection, out connection!) && connection.Address == address;

    private async Task AcceptAsync()
    {
        while (!_ended.IsCancellationRequested)
        {
            try
            {
                Admit(await _listener.AcceptAsync(_ended).ConfigureAwait(false));
            }
            catch (Exception error) when (error is OperationCanceledException or ObjectDisposedException)
            {
                return;
            }
            catch (SocketException)
            {
                if (_ended.IsCancellationRequested) return;
                await Task.Delay(AcceptPause, _time, CancellationToken.None).ConfigureAwait(false);
            }
        }
    }

    private void Admit(Socket socket)
    {
        if (!TryConfigure(socket, out var remote) || !TryTakePlace(remote))
        {
            Interlocked.Increment(ref _refused);
            socket.Dispose();
            return;
        }

        // 0 means UDP, so ids run from 1 to 2^31 - 1 and around.
        _lastConnection = _lastConnection == int.MaxValue ? 1 : _lastConnection + 1;
        var address = TransportAddress.From(remote, TransportProtocol.Tcp, _lastConnection);
        var connection = new TcpConnection(this, socket, address, Timestamp);
        if (!_connections.TryAdd(_lastConnection, connection))
        {
            Interlocked.Increment(ref _refused);
            _counts.Remove(address);
            connection.Dispose();
            return;
        }

        // Dispose may have run over the table just before this connection stood in it.
        if (_ended.IsCancellationRequested) Remove(connection, TcpCloseReason.Owner);
        else _ = Task.Run(connection.RunAsync, CancellationToken.None);
    }

    private static bool TryConfigure(Socket socket, out IPEndPoint remote)
    {
        remote = null!;
        try
        {
            socket.NoDelay = true;
            if (OperatingSystem.IsLinux()) socket.SetRawSocketOption(IpProtoTcp, TcpNotSentLowAt, BitConverter.GetBytes(NotSentBytes));
            remote = (IPEndPoint)socket.RemoteEndPoint!;
            return true;
        }
        catch (SocketException)
        {
            // Reset by the peer before it was configured.
            return false;
        }
    }

    private bool TryTakePlace(IPEndPoint remote)
    {
        if (_connections.Count >= _options.MaximumConnections) return false;
        var address = TransportAddress.From(remote);
        return _openings.TryTake(new Instant(_time.GetElapsedTime(0, Timestamp).Ticks), address) && _counts.TryAdd(address);
    }
}
