using Pendopo.Sfu.Network;

namespace Pendopo.Sfu.Statistics;

/// <summary>What one worker's sockets have counted since the start, in datagrams unless it says otherwise.</summary>
/// <param name="SendQueueFull">Dropped because the socket's send buffer was full.</param>
/// <param name="SendErrors">Refused by the system: unreachable, too long.</param>
/// <param name="ReceiveErrors">Receive calls that failed for a passing reason.</param>
/// <param name="Truncated">Received and too long to be media.</param>
/// <param name="TcpConnections">Open now.</param>
/// <param name="TcpInputDropped">Received by TCP and dropped because the worker was behind.</param>
/// <param name="TcpOutputDropped">Dropped because a peer reads too slowly.</param>
/// <param name="TcpRefused">Connections refused because a limit was reached.</param>
internal readonly record struct NetworkCounters(
    long SendQueueFull, long SendErrors, long ReceiveErrors, long Truncated, int TcpConnections, long TcpInputDropped, long TcpOutputDropped, long TcpRefused)
{
    public static NetworkCounters Of(UdpEndpoint udp, TcpEndpoint? tcp) => new(
        udp.QueueFullDrops, udp.SendErrors, udp.ReceiveErrors, udp.Truncated,
        tcp?.ConnectionCount ?? 0, tcp?.InputDrops ?? 0, tcp?.SendDrops ?? 0, tcp?.Refused ?? 0);
}
