using Pendopo.Sfu.Capture;

namespace Pendopo.Sfu;

/// <summary>Capture of headers, for support.</summary>
public sealed partial class MediaServer
{
    /// <summary>Captures at once, over all peers: a tool for support, not a way to record who talks to whom.</summary>
    private const int MostCaptures = 4;

    private int _captures;

    /// <summary>
    /// Begins to capture the RTP headers and RTCP of one peer, both directions, without any payload, keys or addresses. Null with the reason
    /// when that cannot be. Each capture is logged.
    /// </summary>
    public async ValueTask<(PacketCapture? Capture, CaptureRefusal Refusal)> StartCaptureAsync(
        string room, string peer, CaptureLimits limits, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(limits);
        if (limits.Validate() is not null) return (null, CaptureRefusal.InvalidLimits);
        if (Interlocked.Increment(ref _captures) > MostCaptures)
        {
            Interlocked.Decrement(ref _captures);
            return (null, CaptureRefusal.Busy);
        }

        PacketTap? tap = null;
        try
        {
            var worker = WorkerOf(room, peer);
            (tap, var refusal) = await InvokeAsync(worker, now => worker.StartCapture(now, room, peer, limits), cancellation).ConfigureAwait(false);
            if (tap is null) return (null, refusal);
            SfuLog.CaptureStarted(_logger, peer, limits.Duration.TotalSeconds, limits.Bytes);
            var started = tap;
            return (new PacketCapture(tap, limits, _time, () => StopAsync(started)), CaptureRefusal.None);

            async Task StopAsync(PacketTap stopped)
            {
                await CommandAsync(worker, one => one.StopCapture(room, peer, stopped)).ConfigureAwait(false);
                Interlocked.Decrement(ref _captures);
                SfuLog.CaptureEnded(_logger, peer, stopped.Packets, stopped.Dropped);
            }
        }
        finally
        {
            if (tap is null) Interlocked.Decrement(ref _captures);
        }
    }
}
