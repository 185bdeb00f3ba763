using System.Net;
using System.Threading.Channels;
using Pendopo.Meetings.Grains;
using Pendopo.Sfu;

namespace Pendopo.Server.Media;

/// <summary>The media plane as the server sees it: the meetings' port, and what happens there.</summary>
internal interface IMediaPlane : IMediaNode, IMediaInspection, IAsyncDisposable
{
    /// <summary>Everything that happens, in order; one reader.</summary>
    ChannelReader<MediaEvent> Events { get; }

    IReadOnlyList<IPEndPoint> EndPoints { get; }

    Task<bool> IsResponsiveAsync(CancellationToken cancellation);
}
