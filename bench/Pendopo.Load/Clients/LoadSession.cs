using System.Collections.Concurrent;
using Pendopo.Load.Network;
using Pendopo.Rtc.Dtls;
using Pendopo.Rtc.Ice;
using Pendopo.Rtc.Srtp;

namespace Pendopo.Load.Clients;

/// <summary>What all clients of one run share.</summary>
internal sealed class LoadSession : IDisposable
{
    private readonly DtlsCertificate _certificate = DtlsCertificate.Create(TimeProvider.System);
    private readonly List<OutgoingTrack> _tracks = [];
    private readonly ConcurrentBag<string> _failures = [];

    public LoadSession(SrtpProfile profile, bool sendsFeedback)
    {
        (Profile, SendsFeedback) = (profile, sendsFeedback);
        Handshaker = new DtlsHandshaker(_certificate, 32, TimeSpan.FromSeconds(20), 1024);
        Handshaker.WarmUp();
    }

    public LoadLoop Loop { get; } = new();

    public DtlsHandshaker Handshaker { get; }

    /// <summary>The one profile that the clients offer.</summary>
    public SrtpProfile Profile { get; }

    /// <summary>Clients send transport-wide feedback, as browsers do.</summary>
    public bool SendsFeedback { get; }

    public LatencyHistogram Latency { get; } = new();

    /// <summary>Every SSRC that any client sends; changed on the loop's thread only.</summary>
    public IReadOnlyList<OutgoingTrack> Tracks => _tracks;

    /// <summary>Clients that lost their connection.</summary>
    public IReadOnlyCollection<string> Failures => _failures;

    /// <summary>A client with ICE and DTLS towards the server of a description; the caller gives it a source and a sink and adds it to the loop.</summary>
    public Client CreateClient(string name, ClientSocket socket, IceCredentials local, SessionText remote)
    {
        Client client = null!;
        var connection = new RtcConnection(socket, local, remote, Profile, Handshaker, () => Loop.Wake(client), reason =>
        {
            _failures.Add($"{name}: {reason}");
            client.Fail(reason);
        });
        return client = new Client(name, connection);
    }

    /// <summary>Begins to send, once the client is connected.</summary>
    public Task StartSourceAsync(Client client, SourceOptions options) => Loop.InvokeAsync(() =>
    {
        var source = new MediaSource(options, client.Connection, Clock.Now + options.Phase);
        _tracks.AddRange(source.Tracks);
        client.Source = source;
        return true;
    });

    public MediaSink CreateSink(Connection connection, IReadOnlyList<ReceivedStream> streams, byte transportId, int index) =>
        new(connection, streams, SendsFeedback ? transportId : (byte)0, (uint)((0x5000 + index) * 1009), Tracks, Latency);

    public void Dispose()
    {
        Loop.Dispose();
        Handshaker.Dispose();
        _certificate.Dispose();
    }
}
