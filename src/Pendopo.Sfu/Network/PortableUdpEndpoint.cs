using System.Buffers.Binary;
using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using Pendopo.Rtc.Transport;

namespace Pendopo.Sfu.Network;

/// <summary>
/// The same job with <see cref="Socket"/>, one system call per packet, for every system .NET runs on. A wake is a datagram with a
/// secret token that the endpoint sends to itself.
/// </summary>
internal sealed class PortableUdpEndpoint : UdpEndpoint
{
    private const int TokenBytes = 16;

    // In every system's sockaddr_in and sockaddr_in6 the port and the address stand at the same place.
    private const int PortOffset = 2;
    private const int Ipv4Offset = 4;
    private const int Ipv6Offset = 8;

    // One byte more than a datagram may have: systems other than Windows cut a longer one without a word.
    private readonly byte[] _input = new byte[SlotBytes + 1];
    private readonly byte[] _output = new byte[SlotBytes];
    private readonly SocketAddress _source;
    private readonly SocketAddress _destination;
    private readonly byte[] _wakeToken = RandomNumberGenerator.GetBytes(TokenBytes);
    private readonly SocketAddress _self;
    private readonly Socket _waker;
    private int _isWoken;

    public PortableUdpEndpoint(Socket socket, int socketBufferBytes)
        : base(socket, socketBufferBytes)
    {
        socket.Blocking = false;
        _source = new SocketAddress(socket.AddressFamily);
        _destination = new SocketAddress(socket.AddressFamily);
        _self = OwnAddress(LocalEndPoint).Serialize();
        _waker = new Socket(_self.Family, SocketType.Dgram, ProtocolType.Udp) { Blocking = false };
    }

    public override int Receive(TimeSpan timeout, IPacketHandler handler)
    {
        var delivered = 0;
        var wait = timeout > TimeSpan.Zero ? timeout : TimeSpan.Zero;
        for (var i = 0; i < BatchSize && Poll(wait); i++)
        {
            wait = TimeSpan.Zero;
            if (!TryReceive(out var length)) continue;
            var datagram = _input.AsSpan(0, length);
            if (length == TokenBytes && CryptographicOperations.FixedTimeEquals(datagram, _wakeToken)) continue;
            delivered++;
            handler.OnDatagram(ReadSource(), datagram);
        }

        // Not when the token arrives: a full receive buffer may have eaten it, and then no wake would ever be sent again.
        Interlocked.Exchange(ref _isWoken, 0);
        CountReceived(delivered);
        return delivered;
    }

    public override Span<byte> Rent() => _output;

    /// <summary>Sends at once: without a call for many packets there is nothing to gain by waiting.</summary>
    public override void Commit(TransportAddress destination, int length)
    {
        ThrowIfTooLong(length);
        if (!CanReach(destination)) return;
        WriteDestination(destination);
        try
        {
            Socket.SendTo(_output.AsSpan(0, length), SocketFlags.None, _destination);
            CountSent(1);
        }
        catch (SocketException error) when (error.SocketErrorCode is SocketError.WouldBlock or SocketError.NoBufferSpaceAvailable)
        {
            CountQueueFull(1);
        }
        catch (SocketException)
        {
            CountSendErrors(1);
        }
    }

    public override void Flush()
    {
        // Commit has sent everything.
    }

    public override void Wake()
    {
        if (Interlocked.Exchange(ref _isWoken, 1) != 0) return;
        try
        {
            _waker.SendTo(_wakeToken, SocketFlags.None, _self);
        }
        catch (SocketException)
        {
            // The next wake tries again.
            Interlocked.Exchange(ref _isWoken, 0);
        }
        catch (ObjectDisposedException)
        {
            // The endpoint is gone, and with it everybody who could be woken.
        }
    }

    protected override void Dispose(bool disposing)
    {
        base.Dispose(disposing);
        if (disposing) _waker.Dispose();
    }

    /// <summary>A socket of both families hears IPv4's loopback, which exists even where IPv6 is switched off on the interfaces.</summary>
    private static IPEndPoint OwnAddress(IPEndPoint local) =>
        local.Address.Equals(IPAddress.Any) || local.Address.Equals(IPAddress.IPv6Any) ? new(IPAddress.Loopback, local.Port) : local;

    private bool Poll(TimeSpan wait)
    {
        var start = Stopwatch.GetTimestamp();
        var ready = Socket.Poll(wait, SelectMode.SelectRead);
        CountWaited(Stopwatch.GetTimestamp() - start);
        return ready;
    }

    private bool TryReceive(out int length)
    {
        length = 0;
        try
        {
            length = Socket.ReceiveFrom(_input, SocketFlags.None, _source);
            if (length <= SlotBytes) return true;
            CountTruncated();
            return false;
        }
        catch (SocketException error)
        {
            if (error.SocketErrorCode == SocketError.MessageSize) CountTruncated();
            else if (error.SocketErrorCode != SocketError.WouldBlock) CountReceiveError();
            return false;
        }
    }

    private TransportAddress ReadSource()
    {
        ReadOnlySpan<byte> bytes = _source.Buffer.Span;
        var port = BinaryPrimitives.ReadUInt16BigEndian(bytes[PortOffset..]);
        return IsIpv6
            ? TransportAddress.Udp(BinaryPrimitives.ReadUInt128BigEndian(bytes[Ipv6Offset..]), port)
            : TransportAddress.FromIpv4(BinaryPrimitives.ReadUInt32BigEndian(bytes[Ipv4Offset..]), port);
    }

    private void WriteDestination(TransportAddress destination)
    {
        var bytes = _destination.Buffer.Span;
        BinaryPrimitives.WriteUInt16BigEndian(bytes[PortOffset..], destination.Port);
        if (IsIpv6) BinaryPrimitives.WriteUInt128BigEndian(bytes[Ipv6Offset..], destination.Ip);
        else BinaryPrimitives.WriteUInt32BigEndian(bytes[Ipv4Offset..], (uint)destination.Ip);
    }
}
