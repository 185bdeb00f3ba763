using System.Net;
using System.Net.Sockets;
using Pendopo.Rtc.Srtp;
using Pendopo.Rtc.Transport;

namespace Pendopo.Sfu.Network;

/// <summary>
/// One UDP socket, driven by one thread: <see cref="Receive"/> fills a batch and calls the handler, <see cref="Rent"/> and
/// <see cref="Commit"/> queue into the send batch, <see cref="Flush"/> sends it. Only <see cref="Wake"/> and the counters may be
/// used from other threads. A link-local IPv6 peer cannot be reached: <see cref="TransportAddress"/> has no zone.
/// </summary>
internal abstract class UdpEndpoint : IDisposable
{
    /// <summary>
    /// Packets per system call. At 64 the call's own cost is below 2 % of what a packet costs, and 64 full packets still fit in the
    /// second-level cache.
    /// </summary>
    public const int BatchSize = 64;

    /// <summary>Bytes of one slot: an Ethernet frame's payload with room for tunnels; a longer datagram is counted and dropped.</summary>
    public const int SlotBytes = 2048;

    private long _received;
    private long _sent;
    private long _sendErrors;
    private long _queueFullDrops;
    private long _receiveErrors;
    private long _truncated;

    private protected UdpEndpoint(Socket socket, int socketBufferBytes)
    {
        Socket = socket;
        LocalEndPoint = (IPEndPoint)socket.LocalEndPoint!;
        ReceiveBufferBytes = SocketBuffers.Receive.Enlarge(socket, socketBufferBytes);
        SendBufferBytes = SocketBuffers.Send.Enlarge(socket, socketBufferBytes);
    }

    public IPEndPoint LocalEndPoint { get; }

    /// <summary>What the system gave, in its own accounting (Linux reports twice the usable bytes).</summary>
    public int ReceiveBufferBytes { get; }

    /// <summary>What the system gave, in its own accounting (Linux reports twice the usable bytes).</summary>
    public int SendBufferBytes { get; }

    /// <summary>Datagrams handed to the handler.</summary>
    public long Received => Volatile.Read(ref _received);

    /// <summary>Datagrams the system took.</summary>
    public long Sent => Volatile.Read(ref _sent);

    /// <summary>Datagrams the system refused for a reason of their own: unreachable, too long, filtered, wrong family.</summary>
    public long SendErrors => Volatile.Read(ref _sendErrors);

    /// <summary>Datagrams dropped because the socket's send buffer was full.</summary>
    public long QueueFullDrops => Volatile.Read(ref _queueFullDrops);

    /// <summary>Receive calls that the system failed for a passing reason.</summary>
    public long ReceiveErrors => Volatile.Read(ref _receiveErrors);

    /// <summary>Received datagrams longer than <see cref="SlotBytes"/>, dropped.</summary>
    public long Truncated => Volatile.Read(ref _truncated);

    /// <summary>Time spent waiting for input, in <see cref="System.Diagnostics.Stopwatch"/> ticks: what is left is work.</summary>
    public long WaitedTicks { get; private set; }

    /// <summary>Completed before packets are sent, so that their tags may be computed together; null where packets leave at once.</summary>
    public virtual SrtpTagBatch? Tags => null;

    private protected Socket Socket { get; }

    /// <summary>True when the socket speaks IPv6, and IPv4 by mapped addresses.</summary>
    private protected bool IsIpv6 => Socket.AddressFamily == AddressFamily.InterNetworkV6;

    /// <summary>
    /// Binds. <see cref="IPAddress.IPv6Any"/> takes both families and falls back to IPv4 where the system has no IPv6.
    /// </summary>
    /// <exception cref="SocketException">The address cannot be bound.</exception>
    public static UdpEndpoint Create(IPEndPoint bind, int socketBufferBytes, bool forcePortable, bool segment = true)
    {
        var socket = DualStack.Bind(bind, SocketType.Dgram, ProtocolType.Udp);
        try
        {
            return !forcePortable && LinuxUdpEndpoint.IsSupported
                ? new LinuxUdpEndpoint(socket, socketBufferBytes, segment)
                : new PortableUdpEndpoint(socket, socketBufferBytes);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    /// <summary>
    /// Waits at most <paramref name="timeout"/> for input or <see cref="Wake"/>, then receives up to one batch without blocking
    /// further and calls the handler for each. Returns the number of datagrams handled. A wake may be seen one call late, never lost.
    /// </summary>
    public abstract int Receive(TimeSpan timeout, IPacketHandler handler);

    /// <summary>
    /// Waits so long, or until <see cref="Wake"/>, without looking at the input: what arrives meanwhile is received together afterwards,
    /// and none of it wakes the thread. Returns at once where the system's waits are coarser than that.
    /// </summary>
    public virtual void Pause(TimeSpan time)
    {
    }

    /// <summary>
    /// Lends a slot of <see cref="SlotBytes"/> bytes of the send batch. Without a <see cref="Commit"/> the next call lends it again.
    /// </summary>
    public abstract Span<byte> Rent();

    /// <summary>Queues the first <paramref name="length"/> bytes of the slot lent last; a full batch flushes by itself.</summary>
    public abstract void Commit(TransportAddress destination, int length);

    /// <summary>
    /// Says that the next packet goes to somebody else, so that a batch that is full enough leaves here and not within a run.
    /// </summary>
    public virtual void EndRun()
    {
    }

    /// <summary>Sends what is queued. What the system refuses is counted and lost, as on the wire.</summary>
    public abstract void Flush();

    /// <summary>Ends a waiting <see cref="Receive"/> early, or the next one. From any thread.</summary>
    public abstract void Wake();

    public void Dispose()
    {
        Dispose(true);
        GC.SuppressFinalize(this);
    }

    protected virtual void Dispose(bool disposing)
    {
        if (disposing) Socket.Dispose();
    }

    private protected void CountWaited(long ticks) => WaitedTicks += ticks;

    // One thread writes, so a plain read is right and the volatile write keeps other threads from seeing torn values.
    private protected void CountReceived(int packets) => Volatile.Write(ref _received, _received + packets);

    private protected void CountSent(int packets) => Volatile.Write(ref _sent, _sent + packets);

    private protected void CountSendErrors(int packets) => Volatile.Write(ref _sendErrors, _sendErrors + packets);

    private protected void CountQueueFull(int packets) => Volatile.Write(ref _queueFullDrops, _queueFullDrops + packets);

    private protected void CountReceiveError() => Volatile.Write(ref _receiveErrors, _receiveErrors + 1);

    private protected void CountTruncated() => Volatile.Write(ref _truncated, _truncated + 1);

    /// <summary>False, and counted as a send error, when this socket can never reach the destination.</summary>
    private protected bool CanReach(TransportAddress destination)
    {
        if (destination.Protocol == TransportProtocol.Udp && (IsIpv6 || destination.IsIpv4)) return true;
        CountSendErrors(1);
        return false;
    }

    private protected static void ThrowIfTooLong(int length) =>
        ArgumentOutOfRangeException.ThrowIfGreaterThan((uint)length, (uint)SlotBytes, nameof(length));
}
