using System.Net;
using System.Net.Sockets;

namespace Pendopo.Sfu.Network;

/// <summary>Sockets that speak both families where the system does.</summary>
internal static class DualStack
{
    /// <exception cref="SocketException">The address cannot be bound.</exception>
    public static Socket Bind(IPEndPoint bind, SocketType type, ProtocolType protocol)
    {
        ArgumentNullException.ThrowIfNull(bind);
        if (bind.Address.Equals(IPAddress.IPv6Any) && !Socket.OSSupportsIPv6) bind = new(IPAddress.Any, bind.Port);
        var socket = new Socket(bind.AddressFamily, type, protocol);
        try
        {
            if (bind.AddressFamily == AddressFamily.InterNetworkV6) socket.DualMode = bind.Address.Equals(IPAddress.IPv6Any);
            if (type == SocketType.Dgram) ForgetConnectionResets(socket);
            socket.Bind(bind);
            return socket;
        }
        catch (SocketException error) when (bind.Address.Equals(IPAddress.IPv6Any) && error.SocketErrorCode is
            SocketError.AddressNotAvailable or SocketError.AddressFamilyNotSupported)
        {
            // The kernel knows IPv6, but it is switched off.
            socket.Dispose();
            return Bind(new(IPAddress.Any, bind.Port), type, protocol);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    /// <summary>Windows fails the next receive after an ICMP "port unreachable", whoever caused it; SIO_UDP_CONNRESET stops that.</summary>
    private static void ForgetConnectionResets(Socket socket)
    {
        if (OperatingSystem.IsWindows()) socket.IOControl(unchecked((int)0x9800000C), [0, 0, 0, 0], null);
    }
}
