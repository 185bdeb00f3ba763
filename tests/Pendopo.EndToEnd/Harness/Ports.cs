using System.Net;
using System.Net.Sockets;

namespace Pendopo.EndToEnd.Harness;

internal static class Ports
{
    /// <summary>Below those that the system gives to connections, so that no browser takes one of a range in the meantime.</summary>
    private const int FirstOfRanges = 20_000;
    private const int LastOfRanges = 30_000;

    /// <summary>A port that was free a moment ago. Inside the namespace of the tests nobody else takes one.</summary>
    public static int Free()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    /// <summary>The first of several ports in a row, free for UDP and TCP on every address: a media server has one for each of its workers.</summary>
    public static int FreeRange(int count)
    {
        for (var attempt = 0; attempt < 1000; attempt++)
        {
            var first = Random.Shared.Next(FirstOfRanges, LastOfRanges - count);
            if (Enumerable.Range(first, count).All(IsFree)) return first;
        }

        throw new InvalidOperationException($"There are no {count} free ports in a row.");
    }

    private static bool IsFree(int port)
    {
        try
        {
            using var tcp = new TcpListener(IPAddress.IPv6Any, port) { Server = { DualMode = true } };
            tcp.Start();
            using var udp = new Socket(AddressFamily.InterNetworkV6, SocketType.Dgram, ProtocolType.Udp) { DualMode = true };
            udp.Bind(new IPEndPoint(IPAddress.IPv6Any, port));
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}
