using System.Diagnostics;
using System.Net;
using Pendopo.EndToEnd.Harness;

namespace Pendopo.NetBench.Running;

/// <summary>
/// The addresses by which the server sees a browser. None of them is in 127.0.0.0/8: Firefox disregards the answer to a check
/// that tells it such an address.
/// </summary>
internal static class OutsideAddresses
{
    // Debian keeps ip in sbin, which is not on a user's path.
    private static readonly string[] Tools = ["/usr/sbin/ip", "/sbin/ip", "/usr/bin/ip"];

    public static IPAddress WiFi => EndToEndNetwork.Address;

    public static IPAddress Mobile { get; } = IPAddress.Parse("10.78.0.1");

    /// <summary>Gives the namespace its second address, on the loopback interface so that no browser takes it for a network of its own.</summary>
    public static async Task AddAsync()
    {
        var tool = Tools.FirstOrDefault(File.Exists) ?? "ip";
        using var process = Process.Start(tool, ["address", "add", $"{Mobile}/32", "dev", "lo"]);
        await process.WaitForExitAsync().ConfigureAwait(false);
        if (process.ExitCode != 0) throw new InvalidOperationException($"The address {Mobile} could not be added: ip ended with {process.ExitCode}.");
    }
}
