using System.Net.Sockets;
using System.Runtime.InteropServices;

namespace Pendopo.Sfu.Network;

/// <summary>
/// Enlarges a socket's buffers. Overload shows there first, and the default of 208 KiB holds 20 ms of a busy server.
/// </summary>
internal sealed class SocketBuffers
{
    private const int SolSocket = 1;
    private const int SoSndBufForce = 32;
    private const int SoRcvBufForce = 33;

    public static readonly SocketBuffers Receive = new(SocketOptionName.ReceiveBuffer, SoRcvBufForce);
    public static readonly SocketBuffers Send = new(SocketOptionName.SendBuffer, SoSndBufForce);

    private readonly SocketOptionName _option;
    private readonly int _forcedOption;

    private SocketBuffers(SocketOptionName option, int forcedOption)
    {
        _option = option;
        _forcedOption = forcedOption;
    }

    /// <summary>Returns the bytes the system says it gave. Never shrinks a buffer that is larger already.</summary>
    public int Enlarge(Socket socket, int bytes)
    {
        var before = Read(socket);
        if (bytes > before && !TryForce(socket, bytes))
        {
            try
            {
                socket.SetSocketOption(SocketOptionLevel.Socket, _option, bytes);
            }
            catch (SocketException)
            {
                // Some systems refuse instead of giving their maximum; the default then stays, and the reader sees it.
            }
        }

        return Read(socket);
    }

    private int Read(Socket socket) => (int)socket.GetSocketOption(SocketOptionLevel.Socket, _option)!;

    /// <summary>SO_RCVBUFFORCE and SO_SNDBUFFORCE pass net.core.rmem_max, for who has CAP_NET_ADMIN.</summary>
    private bool TryForce(Socket socket, int bytes)
    {
        if (!OperatingSystem.IsLinux()) return false;
        try
        {
            socket.SetRawSocketOption(SolSocket, _forcedOption, MemoryMarshal.AsBytes(new ReadOnlySpan<int>(in bytes)));
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}
