using System.Net;
using System.Net.NetworkInformation;
using System.Net.Sockets;
using Pendopo.Sfu;

namespace Pendopo.Cli.Commands.Diagnosis;

/// <summary>Looks at this machine as a server would find it. Changes nothing that it does not undo.</summary>
public sealed class Doctor(TimeProvider time)
{
    /// <summary>Below this the database may fail to grow within days.</summary>
    private const long ScarceBytes = 1L << 30;

    /// <summary>Below this even a start may fail.</summary>
    private const long TooFewBytes = 64L << 20;

    /// <summary>Nobody runs this build before it was made; such a clock breaks certificates.</summary>
    private static readonly DateTimeOffset Built = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    /// <param name="port">For HTTP.</param>
    /// <param name="media">Its port is that of the first media worker; each further one has the next.</param>
    /// <param name="dataFolder">Need not exist yet.</param>
    public IReadOnlyList<Finding> Examine(int port, MediaServerOptions media, string dataFolder) =>
    [
        Port("http", port, SocketType.Stream, ProtocolType.Tcp, IPAddress.Loopback),
        .. Media(media),
        Data(dataFolder),
        Disk(dataFolder),
        Clock(),
        Addresses(),
    ];

    private static IEnumerable<Finding> Media(MediaServerOptions media)
    {
        if (media.Validate() is { } error) return [new Finding("media", Verdict.Fault, error)];
        var ports = Enumerable.Range(media.Port, media.Port == 0 ? 1 : media.WorkerCount).ToList();
        return ports.Select(static port => Port("media-udp", port, SocketType.Dgram, ProtocolType.Udp, IPAddress.Any))
            .Concat(ports.Select(static port => Port("media-tcp", port, SocketType.Stream, ProtocolType.Tcp, IPAddress.Any)));
    }

    private static Finding Port(string check, int port, SocketType type, ProtocolType protocol, IPAddress address)
    {
        if (port is < 1 or > 65535) return new Finding(check, Verdict.Fault, $"{port} is no port: 1 to 65535.");
        try
        {
            using var socket = new Socket(AddressFamily.InterNetwork, type, protocol) { ExclusiveAddressUse = true };
            socket.Bind(new IPEndPoint(address, port));
            return new Finding(check, Verdict.Good, $"Port {port} is free.");
        }
        catch (SocketException error)
        {
            return new Finding(check, Verdict.Fault, error.SocketErrorCode switch
            {
                SocketError.AddressAlreadyInUse => $"Port {port} is taken by another program.",
                SocketError.AccessDenied => $"Port {port} may be opened by root only; choose one from 1024 on.",
                _ => $"Port {port} cannot be opened: {error.SocketErrorCode}.",
            });
        }
    }

    private static Finding Data(string folder)
    {
        var existed = Directory.Exists(folder);
        try
        {
            Directory.CreateDirectory(folder);
            var trial = Path.Combine(folder, $".doctor-{Guid.NewGuid():N}");
            File.WriteAllText(trial, "");
            File.Delete(trial);
            if (!existed) Directory.Delete(folder);
            return new Finding("data", Verdict.Good, $"{Path.GetFullPath(folder)} can be written.");
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            return new Finding("data", Verdict.Fault, $"'{folder}' cannot be written: {error.Message}");
        }
    }

    private static Finding Disk(string folder)
    {
        try
        {
            // The folder may not exist yet: its nearest ancestor lies on the same disk.
            var place = new DirectoryInfo(Path.GetFullPath(folder));
            while (!place.Exists && place.Parent is not null) place = place.Parent;
            var free = new DriveInfo(place.FullName).AvailableFreeSpace;
            var verdict = free < TooFewBytes ? Verdict.Fault : free < ScarceBytes ? Verdict.Warning : Verdict.Good;
            return new Finding("disk", verdict, $"{free >> 20} MiB are free.");
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            return new Finding("disk", Verdict.Fault, $"The disk of '{folder}' cannot be read: {error.Message}");
        }
    }

    private static Finding Addresses()
    {
        var addresses = NetworkInterface.GetAllNetworkInterfaces()
            .Where(network => network.OperationalStatus == OperationalStatus.Up && network.NetworkInterfaceType != NetworkInterfaceType.Loopback)
            .SelectMany(network => network.GetIPProperties().UnicastAddresses)
            .Select(unicast => unicast.Address)
            .Where(address => !IPAddress.IsLoopback(address) && !address.IsIPv6LinkLocal)
            .Distinct()
            .ToList();
        return addresses.Count == 0
            ? new Finding("addresses", Verdict.Warning, "Loopback only: nobody else reaches this machine, and Firefox does not connect.")
            : new Finding("addresses", Verdict.Good, string.Join(", ", addresses));
    }

    private Finding Clock()
    {
        var now = time.GetUtcNow();
        return now < Built
            ? new Finding("clock", Verdict.Fault, $"The clock says {now:yyyy-MM-dd}, which is before this program was written: certificates will be refused.")
            : new Finding("clock", Verdict.Good, $"{now:yyyy-MM-dd HH:mm:ss} UTC.");
    }
}
