using System.Buffers.Binary;
using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;

namespace Pendopo.EndToEnd.Harness;

/// <summary>
/// Listens on every interface of the namespace and notes each IPv4 packet that was meant for another machine. Needs the
/// right to open packet sockets, which the owner of a namespace has.
/// </summary>
internal sealed class EgressRecorder : IDisposable
{
    private const int AllProtocols = 0x0003;
    private readonly Socket _socket;
    private readonly Task _reading;
    private readonly ConcurrentDictionary<string, byte> _destinations = new();
    private volatile bool _stopping;

    public EgressRecorder()
    {
        _socket = new Socket(AddressFamily.Packet, SocketType.Raw, (ProtocolType)BinaryPrimitives.ReverseEndianness((ushort)AllProtocols))
        {
            // Closing a packet socket wakes nobody who reads from it, so the reader looks up by itself.
            ReceiveTimeout = 200,
        };
        _reading = Task.Factory.StartNew(Read, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
    }

    /// <summary>"address:port (protocol)" of everything that wanted to leave.</summary>
    public IReadOnlyCollection<string> Destinations => [.. _destinations.Keys];

    public void Dispose()
    {
        _stopping = true;
        _reading.Wait(TimeSpan.FromSeconds(5));
        _socket.Dispose();
    }

    private void Read()
    {
        var frame = new byte[65536];
        while (!_stopping)
        {
            try
            {
                Note(frame.AsSpan(0, _socket.Receive(frame)));
            }
            catch (SocketException error) when (error.SocketErrorCode is SocketError.TimedOut or SocketError.WouldBlock)
            {
                // Silence.
            }
        }
    }

    private void Note(ReadOnlySpan<byte> frame)
    {
        const int ethernet = 14;
        if (frame.Length < ethernet + 20 || BinaryPrimitives.ReadUInt16BigEndian(frame[12..]) != 0x0800) return;
        var packet = frame[ethernet..];
        var destination = new IPAddress(packet.Slice(16, 4));
        if (IPAddress.IsLoopback(destination) || destination.Equals(EndToEndNetwork.Address)) return;
        var header = (packet[0] & 0x0f) * 4;
        var protocol = packet[9];
        var port = protocol is 6 or 17 && packet.Length >= header + 4 ? BinaryPrimitives.ReadUInt16BigEndian(packet[(header + 2)..]) : 0;
        _destinations.TryAdd($"{destination}:{port} ({protocol switch { 6 => "TCP", 17 => "UDP", _ => protocol.ToString() }})", 0);
    }
}

/// <summary>The network that <c>build/netns-run</c> makes.</summary>
internal static class EndToEndNetwork
{
    public static IPAddress Address { get; } = IPAddress.Parse("10.77.0.1");

    /// <summary>Fails clearly where the tests run in the open network.</summary>
    public static void Require() => Assert.True(
        Environment.GetEnvironmentVariable("PENDOPO_NETNS") == "1",
        "These tests want a network namespace of their own: run them by `make e2e`, or with build/netns-run in front.");
}
