using System.Globalization;
using System.Net;
using Pendopo.Load.Clients;
using Pendopo.Load.Host;
using Pendopo.Load.Network;

namespace Pendopo.Load.Servers;

/// <summary>How the C forwarder sends.</summary>
internal enum FloorMode
{
    /// <summary>sendto(2) for each packet.</summary>
    SendTo,

    /// <summary>sendmmsg(2), a message for each packet.</summary>
    SendMany,

    /// <summary>sendmmsg(2) with UDP_SEGMENT, and padding that makes the packets of a frame equal.</summary>
    Segment,
}

/// <summary>
/// The C forwarder of <c>bench/floor</c>: what is left of an SFU when it only decrypts, rewrites headers, encrypts and sends.
/// It is given its keys; there is no ICE, DTLS or RTCP.
/// </summary>
internal sealed class FloorServer : IServer
{
    private const uint FirstSsrc = 0x7000_0000;

    private readonly IPEndPoint _endPoint;
    private Task _lastCommand = Task.CompletedTask;

    private FloorServer(string name, ServerProcess process, int port) => (Name, Process, _endPoint) = (name, process, new IPEndPoint(IPAddress.Loopback, port));

    public string Name { get; }

    public ServerProcess Process { get; }

    public static async Task<FloorServer> StartAsync(string name, string cores, string program, FloorMode mode)
    {
        var process = ServerProcess.Start(cores, program, [mode switch { FloorMode.SendTo => "sendto", FloorMode.SendMany => "sendmmsg", _ => "segment" }]);
        var ready = await process.Output.ReadLineAsync() ?? throw new InvalidOperationException($"The forwarder does not start: {process.Errors}");
        return new FloorServer(name, process, int.Parse(ready.Split(' ')[1], CultureInfo.InvariantCulture));
    }

    public async Task<Client> PublishAsync(LoadSession session, Func<uint, uint, SourceOptions> options)
    {
        var connection = new KeyedConnection(new ClientSocket(), _endPoint);
        const uint AudioSsrc = FirstSsrc - 2, VideoSsrc = FirstSsrc - 1;
        await CommandAsync($"publisher {AudioSsrc} {VideoSsrc} {Key(connection)}");
        var client = new Client("publisher", connection);
        session.Loop.Add(client);
        await session.StartSourceAsync(client, options(AudioSsrc, VideoSsrc));
        return client;
    }

    public async Task<Client> SubscribeAsync(LoadSession session, int index)
    {
        var connection = new KeyedConnection(new ClientSocket(), _endPoint);
        var audioSsrc = FirstSsrc + (2 * (uint)index);
        await CommandAsync($"subscriber {connection.Socket.Port} {audioSsrc} {audioSsrc + 1} {Key(connection)}");
        var client = new Client($"subscriber-{index}", connection);
        client.Sink = session.CreateSink(connection, [new(audioSsrc, false), new(audioSsrc + 1, true)], 0, index);
        session.Loop.Add(client);
        return client;
    }

    public Task<HostStatistics?> ReadStatisticsAsync() => Task.FromResult<HostStatistics?>(null);

    public ValueTask DisposeAsync() => Process.DisposeAsync();

    private static string Key(KeyedConnection connection) => $"{Convert.ToHexString(connection.MasterKey)} {Convert.ToHexString(connection.MasterSalt)}";

    /// <summary>One command at a time; the forwarder answers each with a line.</summary>
    private Task CommandAsync(string command)
    {
        lock (Process) return _lastCommand = SendAsync(_lastCommand);

        async Task SendAsync(Task before)
        {
            await before;
            await Process.Input.WriteLineAsync(command);
            await Process.Input.FlushAsync();
            if (await Process.Output.ReadLineAsync() != "ok") throw new InvalidOperationException($"The forwarder refuses: {Process.Errors}");
        }
    }
}
