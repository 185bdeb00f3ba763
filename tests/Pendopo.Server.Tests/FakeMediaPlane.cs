using System.Collections.Concurrent;
using System.Net;
using System.Threading.Channels;
using Pendopo.Meetings.Domain;
using Pendopo.Meetings.Grains;
using Pendopo.Server.Media;
using Pendopo.Sfu;
using Pendopo.Signaling;

namespace Pendopo.Server.Tests;

/// <summary>A media plane that answers every offer and remembers what it was asked.</summary>
internal sealed partial class FakeMediaPlane : IMediaPlane
{
    private readonly Channel<MediaEvent> _events = Channel.CreateUnbounded<MediaEvent>();
    private readonly Channel<string> _closed = Channel.CreateUnbounded<string>();

    public string Run { get; } = Guid.NewGuid().ToString("N");

    public ConcurrentQueue<MediaRequest> Connects { get; } = new();

    public ConcurrentDictionary<string, MediaState> Publishing { get; } = new();

    /// <summary>Every word about what may flow, in order.</summary>
    public ConcurrentQueue<(string Peer, MediaState Media)> PublishingTold { get; } = new();

    public ConcurrentQueue<string> Disconnected { get; } = new();

    /// <summary>Rooms that were closed, as they are.</summary>
    public ChannelReader<string> Closed => _closed.Reader;

    /// <summary>Rooms in which somebody was announced.</summary>
    public ConcurrentQueue<string> Expected { get; } = new();

    public ConcurrentQueue<IReadOnlyList<Signaling.ViewItem>> Views { get; } = new();

    public ConcurrentQueue<(string Peer, bool Resting)> Resting { get; } = new();

    public ChannelReader<MediaEvent> Events => _events.Reader;

    public IReadOnlyList<IPEndPoint> EndPoints { get; } = [new IPEndPoint(IPAddress.Loopback, 8090)];

    public void Raise(MediaEvent happened) => _events.Writer.TryWrite(happened);

    public Task<MediaReply> ConnectAsync(MediaRequest request)
    {
        if (request.Sdp.Contains("unanswerable", StringComparison.Ordinal)) return Task.FromResult(new MediaReply(null, "no such mid"));
        Connects.Enqueue(request);
        return Task.FromResult(new MediaReply($"answer {string.Join(',', request.VideoCodecs)} then={string.Join(',', request.FurtherVideoCodecs)} red={request.AllowRed}", null));
    }

    public Task<MediaReply> RenegotiateAsync(MediaRequest request) => ConnectAsync(request);

    public Task<string?> RestartIceAsync(string room, ParticipantId peer, string sdpFragment) =>
        Task.FromResult(sdpFragment.Contains("a=ice-ufrag", StringComparison.Ordinal) ? "a=ice-ufrag:ours" : null);

    public Task SetViewAsync(string room, ParticipantId peer, IReadOnlyList<Signaling.ViewItem> view)
    {
        Views.Enqueue(view);
        return Task.CompletedTask;
    }

    public Task SetRestAsync(string room, ParticipantId peer, bool resting)
    {
        Resting.Enqueue((peer.Value, resting));
        return Task.CompletedTask;
    }

    public Task SetPublishingAsync(string room, ParticipantId peer, MediaState media)
    {
        Publishing[peer.Value] = media;
        PublishingTold.Enqueue((peer.Value, media));
        return Task.CompletedTask;
    }

    public Task DisconnectAsync(string room, ParticipantId peer)
    {
        Disconnected.Enqueue(peer.Value);
        return Task.CompletedTask;
    }

    public Task ExpectAsync(string room)
    {
        Expected.Enqueue(room);
        return Task.CompletedTask;
    }

    public Task CloseRoomAsync(string room)
    {
        _closed.Writer.TryWrite(room);
        return Task.CompletedTask;
    }

    public Task<bool> IsResponsiveAsync(CancellationToken cancellation) => Task.FromResult(true);

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}

/// <summary>Reads offers of the form <c>vp8 h264 red</c>.</summary>
internal sealed class FakeInspector : IOfferInspector
{
    public bool TryInspect(string sdp, out MediaAbilities abilities, out string error)
    {
        var words = sdp.Split(' ');
        abilities = new MediaAbilities([.. Enum.GetValues<VideoCodec>().Where(codec => words.Contains(codec.ToString().ToLowerInvariant()))], words.Contains("red"));
        error = words.Contains("bad") ? "line 1: bad" : "";
        return error.Length == 0;
    }
}
