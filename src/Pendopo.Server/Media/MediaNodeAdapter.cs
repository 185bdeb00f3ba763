using System.Net;
using System.Threading.Channels;
using Pendopo.Meetings.Domain;
using Pendopo.Meetings.Grains;
using Pendopo.Sfu;
using Pendopo.Sfu.Capture;
using Pendopo.Sfu.Statistics;
using Pendopo.Signaling;

namespace Pendopo.Server.Media;

/// <summary>The meetings' media port over the media server in this process.</summary>
internal sealed class MediaNodeAdapter(MediaServer server) : IMediaPlane
{
    public string Run { get; } = Guid.NewGuid().ToString("N");

    public ChannelReader<MediaEvent> Events => server.Events;

    public IReadOnlyList<IPEndPoint> EndPoints => server.EndPoints;

    public async Task<MediaReply> ConnectAsync(MediaRequest request) => ToReply(await server.ConnectAsync(ToOffer(request)));

    public async Task<MediaReply> RenegotiateAsync(MediaRequest request) => ToReply(await server.RenegotiateAsync(ToOffer(request)));

    public Task<string?> RestartIceAsync(string room, ParticipantId peer, string sdpFragment) =>
        server.RestartIceAsync(room, peer.Value, sdpFragment).AsTask();

    public Task SetViewAsync(string room, ParticipantId peer, IReadOnlyList<Signaling.ViewItem> view) => server.SetViewAsync(
        room, peer.Value, [.. view.Select(item => new Sfu.ViewItem(item.ParticipantId, MediaNames.ToMedia(item.Source), item.Height, item.Pinned))]).AsTask();

    public Task SetRestAsync(string room, ParticipantId peer, bool resting) => server.SetRestAsync(room, peer.Value, resting).AsTask();

    public Task SetPublishingAsync(string room, ParticipantId peer, MediaState media) =>
        server.SetPublishingAsync(room, peer.Value, MediaNames.ToMedia(media)).AsTask();

    public Task ExpectAsync(string room) => server.ExpectAsync(room).AsTask();

    public Task DisconnectAsync(string room, ParticipantId peer) => server.DisconnectAsync(room, peer.Value).AsTask();

    public Task CloseRoomAsync(string room) => server.CloseRoomAsync(room).AsTask();

    public Task<bool> IsResponsiveAsync(CancellationToken cancellation) => server.IsResponsiveAsync(cancellation).AsTask();

    public Task<IReadOnlyList<RoomSummary>> GetRoomsAsync(CancellationToken cancellation) => server.GetRoomsAsync(cancellation).AsTask();

    public Task<RoomStatistics?> GetStatisticsAsync(string room, CancellationToken cancellation) => server.GetStatisticsAsync(room, cancellation).AsTask();

    public async Task<CaptureStart> StartCaptureAsync(string room, string peer, CaptureLimits limits, CancellationToken cancellation)
    {
        var (capture, refusal) = await server.StartCaptureAsync(room, peer, limits, cancellation);
        return new CaptureStart(refusal, capture is null ? null : CopyAsync);

        async Task CopyAsync(Stream destination, CancellationToken token)
        {
            await using (capture) await capture.CopyToAsync(destination, token);
        }
    }

    public ValueTask DisposeAsync() => server.DisposeAsync();

    private static MediaOffer ToOffer(MediaRequest request) => new(
        request.Room, request.Peer.Value, request.Sdp, request.Plan is null ? null : MediaNames.ToMedia(request.Plan),
        [.. request.VideoCodecs.Select(MediaNames.ToMedia)], request.AllowRed)
    {
        FurtherVideoCodecs = [.. request.FurtherVideoCodecs.Select(MediaNames.ToMedia)],
    };

    private static MediaReply ToReply(MediaAnswer answer) => new(answer.Sdp, answer.Error);
}
