using System.Net;
using System.Net.Sockets;

namespace Pendopo.Load.Network;

/// <summary>One client's UDP socket: a port of its own on loopback, connected to the server, every arrival stamped by the kernel.</summary>
internal sealed unsafe class ClientSocket : IDisposable
{
    /// <summary>A key frame of a few dozen packets and what follows until the next sweep; the kernel counts about 2.3 kB for a packet.</summary>
    private const int BufferBytes = 1 << 20;

    private readonly Socket _socket = new(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);

    public ClientSocket()
    {
        _socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        _socket.ReceiveBufferSize = BufferBytes;
        _socket.SendBufferSize = BufferBytes;
        Descriptor = (int)_socket.SafeHandle.DangerousGetHandle();
        var on = 1;
        if (LibC.SetSocketOption(Descriptor, LibC.SolSocket, LibC.SoTimestampNanoseconds, &on, sizeof(int)) != 0)
        {
            throw new InvalidOperationException("The kernel gives no time stamps for packets.");
        }
    }

    public int Descriptor { get; }

    public int Port => ((IPEndPoint)_socket.LocalEndPoint!).Port;

    public IPEndPoint? Remote { get; private set; }

    public void Connect(IPEndPoint remote)
    {
        Remote = remote;
        _socket.Connect(remote);
    }

    public bool Send(ReadOnlySpan<byte> datagram)
    {
        fixed (byte* bytes = datagram) return LibC.Send(Descriptor, bytes, (nuint)datagram.Length, LibC.MsgDontWait | LibC.MsgNoSignal) == datagram.Length;
    }

    public void Dispose() => _socket.Dispose();
}
