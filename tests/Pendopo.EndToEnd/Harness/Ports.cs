using System.Net;
using System.Net.Sockets;

namespace Pendopo.EndToEnd.Harness;

internal static class Ports
{
    /// <summary>A port that was free a moment ago. Inside the namespace of the tests nobody else takes one.</summary>
    public static int Free()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
