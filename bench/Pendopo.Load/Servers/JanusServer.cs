using System.Text.Json.Nodes;
using Pendopo.Load.Clients;
using Pendopo.Load.Host;
using Pendopo.Load.Network;
using Pendopo.Rtc.Ice;

namespace Pendopo.Load.Servers;

/// <summary>Debian's Janus with its video room. It answers the publisher's offer, and offers to subscribers, who answer as DTLS clients.</summary>
internal sealed class JanusServer : IServer
{
    private const int Room = 1234;
    private const int Attempts = 6;
    private const uint AudioSsrc = 0x2000_0001;
    private const uint VideoSsrc = 0x2000_0002;

    private readonly JanusFiles _files;
    private readonly JanusChannel _channel;
    private long _feed;

    private JanusServer(string name, JanusFiles files, ServerProcess process, JanusChannel channel) =>
        (Name, _files, Process, _channel) = (name, files, process, channel);

    public string Name { get; }

    public ServerProcess Process { get; }

    /// <summary>Starts Janus. Its Unix socket loses a race with its own start now and then (the thread ends before it is told to live), so a few attempts are made.</summary>
    public static async Task<JanusServer> StartAsync(string name, string cores, int eventLoops)
    {
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                return await StartOnceAsync(name, cores, eventLoops);
            }
            catch (InvalidOperationException) when (attempt < Attempts)
            {
                // The next one.
            }
        }
    }

    public async Task<Client> PublishAsync(LoadSession session, Func<uint, uint, SourceOptions> options)
    {
        var ice = IceCredentials.Generate();
        var socket = new ClientSocket();
        var shape = new OfferShape { Sends = true, TransportWideCc = session.SendsFeedback };
        var offer = OfferText.Write(shape, ice, session.Handshaker.Certificate.Fingerprint, AudioSsrc, VideoSsrc)
            .Replace("a=setup:actpass\r\n", $"a=setup:active\r\n{Candidate(socket)}", StringComparison.Ordinal);
        var handle = await _channel.AttachAsync();
        var (data, sdp) = await _channel.SendAsync(handle, new JsonObject { ["request"] = "joinandconfigure", ["ptype"] = "publisher", ["room"] = Room }, ("offer", offer));
        _feed = (long)data["id"]!;
        var client = session.CreateClient("publisher", socket, ice, new SessionText(sdp!));
        session.Loop.Add(client);
        await client.Connected.WaitAsync(TimeSpan.FromSeconds(20));
        await session.StartSourceAsync(client, options(AudioSsrc, VideoSsrc));
        return client;
    }

    public async Task<Client> SubscribeAsync(LoadSession session, int index)
    {
        var handle = await _channel.AttachAsync();
        var join = new JsonObject
        {
            ["request"] = "join", ["ptype"] = "subscriber", ["room"] = Room, ["streams"] = new JsonArray(new JsonObject { ["feed"] = _feed }),
        };
        var (_, sdp) = await _channel.SendAsync(handle, join);
        var offer = new SessionText(sdp!);
        var ice = IceCredentials.Generate();
        var socket = new ClientSocket();
        var client = session.CreateClient($"subscriber-{index}", socket, ice, offer);
        var streams = offer.Media.Where(static media => media.Ssrc != 0).Select(static media => new ReceivedStream(media.Ssrc, media.Kind == "video")).ToList();
        client.Sink = session.CreateSink(client.Connection, streams, offer.Media[0].TransportWideCc, index);
        session.Loop.Add(client);
        var answer = AnswerText.Write(offer, ice, session.Handshaker.Certificate.Fingerprint, Candidate(socket));
        await _channel.SendAsync(handle, new JsonObject { ["request"] = "start", ["room"] = Room }, ("answer", answer));
        return client;
    }

    public Task<HostStatistics?> ReadStatisticsAsync() => Task.FromResult<HostStatistics?>(null);

    public async ValueTask DisposeAsync()
    {
        _channel.Dispose();
        await Process.DisposeAsync();
        _files.Dispose();
    }

    private static async Task<JanusServer> StartOnceAsync(string name, string cores, int eventLoops)
    {
        var files = new JanusFiles(eventLoops);
        var process = ServerProcess.Start(cores, JanusFiles.Program, ["--configs-folder", files.Folder, "--config", Path.Combine(files.Folder, "janus.jcfg"), "--disable-colors"]);
        process.TakeOutputAsLog();
        try
        {
            var channel = await JanusChannel.OpenAsync(files.Socket, process);
            var handle = await channel.AttachAsync();
            var room = new JsonObject
            {
                ["request"] = "create", ["room"] = Room, ["publishers"] = 1, ["bitrate"] = 0, ["audiocodec"] = "opus", ["videocodec"] = "vp8", ["is_private"] = true,
            };
            await channel.SendAsync(handle, room);
            return new JanusServer(name, files, process, channel);
        }
        catch (Exception exception)
        {
            await process.DisposeAsync();
            files.Dispose();
            throw new InvalidOperationException($"Janus does not start: {exception.Message}\n{process.Errors}", exception);
        }
    }

    /// <summary>Without a candidate Janus waits for more signaling. It gathers no loopback address, so the path is one of the machine's own.</summary>
    private static string Candidate(ClientSocket socket) => $"a=candidate:1 1 udp 2113937151 {ClientSocket.HostAddress} {socket.Port} typ host\r\na=end-of-candidates\r\n";
}
