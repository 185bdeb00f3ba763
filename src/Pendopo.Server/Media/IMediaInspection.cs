using Pendopo.Sfu.Capture;
using Pendopo.Sfu.Statistics;

namespace Pendopo.Server.Media;

/// <summary>What the media plane tells the operator of itself.</summary>
internal interface IMediaInspection
{
    Task<IReadOnlyList<RoomSummary>> GetRoomsAsync(CancellationToken cancellation);

    /// <summary>Null when nobody is connected in that room.</summary>
    Task<RoomStatistics?> GetStatisticsAsync(string room, CancellationToken cancellation);

    Task<CaptureStart> StartCaptureAsync(string room, string peer, CaptureLimits limits, CancellationToken cancellation);
}

/// <summary>A capture that has begun, or why it has not.</summary>
/// <param name="CopyAsync">Writes the file until the capture ends, and ends it in any case; call it once. Null with a refusal.</param>
internal sealed record CaptureStart(CaptureRefusal Refusal, Func<Stream, CancellationToken, Task>? CopyAsync);
