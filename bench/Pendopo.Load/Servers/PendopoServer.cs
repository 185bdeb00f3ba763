using System.Net;
using Pendopo.Load.Clients;
using Pendopo.Load.Host;
using Pendopo.Load.Network;
using Pendopo.Rtc.Ice;
using Pendopo.Sfu;

namespace Pendopo.Load.Servers;

/// <summary>Our media server in a process of its own.</summary>
internal sealed class PendopoServer : IServer
{
    /// <summary>Where there is only one.</summary>
    private const string Room = "bench";

    /// <summary>Publishers' places among the clients' addresses, behind all receivers'.</summary>
    private const int FirstPublisher = 0x8000;
    private const uint FirstSsrc = 0x1000_0000;

    private readonly HostChannel _channel;
    private uint _nextSsrc = FirstSsrc;

    private PendopoServer(string name, ServerProcess process, HostChannel channel) => (Name, Process, _channel) = (name, process, channel);

    public string Name { get; }

    public ServerProcess Process { get; }

    /// <param name="name">As the report names the column.</param>
    /// <param name="cores">Where the process may run.</param>
    /// <param name="settings"><c>Name=Value</c> for properties of <see cref="MediaServerOptions"/>.</param>
    public static async Task<PendopoServer> StartAsync(string name, string cores, IEnumerable<string> settings)
    {
        var process = ServerProcess.Start(cores, Environment.ProcessPath!, ["host", .. settings]);
        try
        {
            return new PendopoServer(name, process, await HostChannel.OpenAsync(process));
        }
        catch
        {
            await process.DisposeAsync();
            throw;
        }
    }

    public Task<Client> PublishAsync(LoadSession session, Func<uint, uint, SourceOptions> options) => PublishAsync(session, Room, 0, options);

    public Task<Client> PublishAsync(LoadSession session, string room, int index, Func<uint, uint, SourceOptions> options) =>
        JoinAsync(session, room, "publisher", new OfferShape { Sends = true, TransportWideCc = session.SendsFeedback }, null, options, FirstPublisher + index);

    public Task<Client> SubscribeAsync(LoadSession session, int index) => SubscribeAsync(session, Room, index);

    public Task<Client> SubscribeAsync(LoadSession session, string room, int index) =>
        JoinAsync(session, room, $"subscriber-{index}", new OfferShape { Seats = 1, TransportWideCc = session.SendsFeedback }, null, null, index);

    /// <summary>A full participant: sends, and receives on seats and voices.</summary>
    public Task<Client> ParticipateAsync(LoadSession session, int index, OfferShape shape, Func<uint, uint, SourceOptions>? options)
    {
        var plan = new MediaPlan
        {
            Microphone = shape.Sends ? OfferText.Microphone : null,
            Camera = shape.Sends ? OfferText.Camera : null,
            Seats = [.. Enumerable.Range(0, shape.Seats).Select(static seat => (OfferText.SeatAudio(seat), OfferText.SeatVideo(seat)))],
            Voices = [.. Enumerable.Range(0, shape.Voices).Select(OfferText.Voice)],
        };
        return JoinAsync(session, Room, Participant(index), shape, plan, options, index);
    }

    public static string Participant(int index) => $"participant-{index}";

    public Task SetViewAsync(string peer, IReadOnlyList<ViewItem> view) =>
        _channel.AskAsync(id => new HostRequest(id, HostOperation.SetView, Room, peer) { View = view });

    public async Task<HostStatistics?> ReadStatisticsAsync() =>
        (await _channel.AskAsync(static id => new HostRequest(id, HostOperation.Statistics, Room, ""))).Statistics;

    public ValueTask DisposeAsync() => Process.DisposeAsync();

    /// <summary>An address of its own in 127.1.0.0/16 for each client: the server limits what one address may cost, and people have their own.</summary>
    private static IPAddress AddressOf(int index) => new([127, 1, (byte)((index + 1) >> 8), (byte)(index + 1)]);

    private async Task<Client> JoinAsync(
        LoadSession session, string room, string peer, OfferShape shape, MediaPlan? plan, Func<uint, uint, SourceOptions>? options, int index)
    {
        var ice = IceCredentials.Generate();
        var audioSsrc = Interlocked.Add(ref _nextSsrc, 1000);
        var videoSsrc = audioSsrc + 1;
        var offer = OfferText.Write(shape, ice, session.Handshaker.Certificate.Fingerprint, audioSsrc, videoSsrc);
        var response = await _channel.AskAsync(id => new HostRequest(id, HostOperation.Connect, room, peer) { Sdp = offer, Plan = plan });
        var answer = new SessionText(response.Sdp!);
        var client = session.CreateClient(peer, new ClientSocket(AddressOf(index)), ice, answer);
        var streams = answer.Media.Where(static media => media.Ssrc != 0)
            .Select(static media => new ReceivedStream(media.Ssrc, media.Kind == "video")).ToList();
        if (streams.Count > 0) client.Sink = session.CreateSink(client.Connection, streams, answer.Media[0].TransportWideCc, index);
        session.Loop.Add(client);
        if (options is null) return client;
        await _channel.AskAsync(id => new HostRequest(id, HostOperation.SetPublishing, room, peer));
        await client.Connected.WaitAsync(TimeSpan.FromSeconds(20));
        await session.StartSourceAsync(client, options(audioSsrc, videoSsrc));
        return client;
    }
}
