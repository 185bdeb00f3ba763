using System.Net;
using System.Threading.Channels;
using Pendopo.Meetings.Domain;
using Pendopo.Meetings.Grains;
using Pendopo.Sfu;
using Pendopo.Signaling;

namespace Pendopo.Server.Media;

/// <summary>Stands in until the media server is built: refuses every offer and says why. The server is then not ready.</summary>
internal sealed class MissingMedia : IMediaPlane
{
    private static readonly MediaReply Refusal = new(null, "The media plane does not run on this server.");

    public string Run => "missing";

    public ChannelReader<MediaEvent> Events { get; } = Channel.CreateUnbounded<MediaEvent>().Reader;

    public IReadOnlyList<IPEndPoint> EndPoints => [];

    public Task<MediaReply> ConnectAsync(MediaRequest request) => Task.FromResult(Refusal);

    public Task<MediaReply> RenegotiateAsync(MediaRequest request) => Task.FromResult(Refusal);

    public Task<string?> RestartIceAsync(string room, ParticipantId peer, string sdpFragment) => Task.FromResult<string?>(null);

    public Task SetViewAsync(string room, ParticipantId peer, IReadOnlyList<Signaling.ViewItem> view) => Task.CompletedTask;

    public Task SetPublishingAsync(string room, ParticipantId peer, MediaState media) => Task.CompletedTask;

    public Task DisconnectAsync(string room, ParticipantId peer) => Task.CompletedTask;

    public Task CloseRoomAsync(string room) => Task.CompletedTask;

    public Task<bool> IsResponsiveAsync(CancellationToken cancellation) => Task.FromResult(false);

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
