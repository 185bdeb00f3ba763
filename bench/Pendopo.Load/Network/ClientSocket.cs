using System.Net;
using System.Net.NetworkInformation;
using System.Net.Sockets;

namespace Pendopo.Load.Network;

/// <summary>One client's UDP socket: a port of its own, connected to the server, every arrival stamped by the kernel.</summary>
internal sealed unsafe class ClientSocket : IDisposable
{
    /// <summary>A key frame of a few dozen packets and what follows until the next sweep; the kernel counts about 2.3 kB for a packet.</summary>
    private const int BufferBytes = 1 << 20;

    private readonly Socket _socket = new(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);

    /// <param name="address">To bind; null: the one that the way to the server suggests.</param>
    public ClientSocket(IPAddress? address = null)
    {
        _socket.Bind(new IPEndPoint(address ?? IPAddress.Any, 0));
        _socket.ReceiveBufferSize = BufferBytes;
        _socket.SendBufferSize = BufferBytes;
        Descriptor = (int)_socket.SafeHandle.DangerousGetHandle();
        var on = 1;
        if (LibC.SetSocketOption(Descriptor, LibC.SolSocket, LibC.SoTimestampNanoseconds, &on, sizeof(int)) != 0)
        {
            throw new InvalidOperationException("The kernel gives no time stamps for packets.");
        }
    }

    /// <summary>The address of this machine's first interface that is up and not loopback; loopback where there is none.</summary>
    public static IPAddress HostAddress { get; } = NetworkInterface.GetAllNetworkInterfaces()
        .Where(static network => network.OperationalStatus == OperationalStatus.Up && network.NetworkInterfaceType != NetworkInterfaceType.Loopback)
        .SelectMany(static network => network.GetIPProperties().UnicastAddresses)
        .Select(static unicast => unicast.Address)
        .FirstOrDefault(static address => address.AddressFamily == AddressFamily.InterNetwork) ?? IPAddress.Loopback;

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
