using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using Pendopo.Rtc.Transport;
using Pendopo.Sfu.Network;
using Xunit;

namespace Pendopo.Sfu.Tests.Network;

/// <summary>An endpoint with the test as its worker, and clients that speak RFC 4571.</summary>
internal sealed class TcpFixture : IDisposable
{
    public static readonly TimeSpan Limit = TimeSpan.FromSeconds(10);

    private readonly SemaphoreSlim _woken = new(0);
    private readonly List<Socket> _clients = [];

    public TcpFixture(TcpEndpointOptions? options = null)
    {
        Endpoint = TcpEndpoint.Start(
            new IPEndPoint(IPAddress.IPv6Any, 0), options ?? new TcpEndpointOptions(), Pool, () => _woken.Release(), Time);
    }

    public PacketPool Pool { get; } = new(256) { TracksBorrowers = false };

    public ManualTime Time { get; } = new();

    public TcpEndpoint Endpoint { get; }

    /// <summary>A STUN binding request without attributes.</summary>
    public static byte[] Stun { get; } = [0, 1, 0, 0, 0x21, 0x12, 0xA4, 0x42, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12];

    public static byte[] Frame(params byte[] datagram)
    {
        var frame = new byte[2 + datagram.Length];
        BinaryPrimitives.WriteUInt16BigEndian(frame, (ushort)datagram.Length);
        datagram.CopyTo(frame, 2);
        return frame;
    }

    public async Task<Socket> ConnectAsync(IPAddress? address = null, int receiveBuffer = 0)
    {
        address ??= IPAddress.Loopback;
        var client = new Socket(address.AddressFamily, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        _clients.Add(client);
        if (receiveBuffer > 0) client.ReceiveBufferSize = receiveBuffer;
        await client.ConnectAsync(new IPEndPoint(address, Endpoint.LocalEndPoint.Port), TestContext.Current.CancellationToken);
        return client;
    }

    /// <summary>Connects and passes the STUN check; returns the address under which the server knows the client.</summary>
    public async Task<(Socket Client, TransportAddress Address)> EstablishAsync(int receiveBuffer = 0)
    {
        var client = await ConnectAsync(receiveBuffer: receiveBuffer);
        await client.SendAsync(Frame(Stun), SocketFlags.None);
        var (from, datagram) = await TakeAsync();
        Assert.Equal(Stun, datagram);
        return (client, from);
    }

    public async Task<(TransportAddress From, byte[] Datagram)> TakeAsync()
    {
        while (true)
        {
            if (Endpoint.TryDequeue(out var from, out var packet))
            {
                var copy = packet.Span.ToArray();
                Pool.Return(packet);
                return (from, copy);
            }

            Assert.True(await _woken.WaitAsync(Limit, TestContext.Current.CancellationToken), "No datagram came.");
        }
    }

    /// <summary>The next frame the client receives, or null at the end of the stream.</summary>
    public static async Task<byte[]?> ReadFrameAsync(Socket client)
    {
        using var timeout = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        timeout.CancelAfter(Limit);
        var header = new byte[2];
        if (!await TryFillAsync(client, header, timeout.Token)) return null;
        var frame = new byte[BinaryPrimitives.ReadUInt16BigEndian(header)];
        return await TryFillAsync(client, frame, timeout.Token) ? frame : null;
    }

    public async Task AssertClosedAsync(Socket client, TcpCloseReason reason)
    {
        Assert.Null(await ReadFrameAsync(client));
        await UntilAsync(() => Endpoint.ConnectionCount == 0);
        Assert.Equal(1, Endpoint.Closed(reason));
    }

    public static async Task UntilAsync(Func<bool> condition)
    {
        using var timeout = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        timeout.CancelAfter(Limit);
        while (!condition())
        {
            timeout.Token.ThrowIfCancellationRequested();
            await Task.Yield();
        }
    }

    public void Dispose()
    {
        foreach (var client in _clients) client.Dispose();
        Endpoint.Dispose();
        _woken.Dispose();
    }

    private static async Task<bool> TryFillAsync(Socket client, Memory<byte> buffer, CancellationToken cancellation)
    {
        while (buffer.Length > 0)
        {
            try
            {
                var read = await client.ReceiveAsync(buffer, SocketFlags.None, cancellation);
                if (read == 0) return false;
                buffer = buffer[read..];
            }
            catch (SocketException error) when (error.SocketErrorCode == SocketError.ConnectionReset)
            {
                return false;
            }
        }

        return true;
    }
}
