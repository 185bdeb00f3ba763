using System.Net;
using System.Net.Sockets;

namespace Pendopo.Rtc.Transport;

/// <summary>The carrier of a path.</summary>
public enum TransportProtocol : byte
{
    Udp,
    Tcp,
}

/// <summary>
/// The remote end of a path, as a value that fits a hash table without allocation. IPv4 is stored IPv4-mapped, so one
/// type serves both families. <see cref="Connection"/> tells TCP connections from one remote port apart; 0 for UDP.
/// </summary>
public readonly record struct TransportAddress(UInt128 Ip, ushort Port, TransportProtocol Protocol, int Connection)
{
    private static readonly UInt128 Ipv4Prefix = (UInt128)0xffff_0000_0000UL;

    public bool IsIpv4 => (Ip >> 32) == (Ipv4Prefix >> 32);

    public static TransportAddress Udp(UInt128 ip, ushort port) => new(ip, port, TransportProtocol.Udp, 0);

    public static TransportAddress FromIpv4(uint hostOrder, ushort port, TransportProtocol protocol = TransportProtocol.Udp, int connection = 0) =>
        new(Ipv4Prefix | hostOrder, port, protocol, connection);

    public static TransportAddress From(IPEndPoint endPoint, TransportProtocol protocol = TransportProtocol.Udp, int connection = 0)
    {
        ArgumentNullException.ThrowIfNull(endPoint);
        Span<byte> bytes = stackalloc byte[16];
        endPoint.Address.MapToIPv6().TryWriteBytes(bytes, out _);
        return new(System.Buffers.Binary.BinaryPrimitives.ReadUInt128BigEndian(bytes), (ushort)endPoint.Port, protocol, connection);
    }

    public IPEndPoint ToEndPoint()
    {
        Span<byte> bytes = stackalloc byte[16];
        System.Buffers.Binary.BinaryPrimitives.WriteUInt128BigEndian(bytes, Ip);
        var address = new IPAddress(bytes);
        return new(address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address, Port);
    }

    public AddressFamily Family => IsIpv4 ? AddressFamily.InterNetwork : AddressFamily.InterNetworkV6;

    public override string ToString() => $"{(Protocol == TransportProtocol.Udp ? "udp" : "tcp")}:{ToEndPoint()}";
}
