using Microsoft.Extensions.Logging;

namespace Pendopo.Sfu;

/// <summary>Every log line of the media server. Debug: one peer's course; information: the server's; error: our bugs.</summary>
internal static partial class SfuLog
{
    [LoggerMessage(1, LogLevel.Information, "Media server listens on {Ports} ({Transports}) and offers {Addresses}")]
    public static partial void Started(ILogger logger, string ports, string transports, string addresses);

    [LoggerMessage(2, LogLevel.Error, "The media worker met a fault and went on")]
    public static partial void WorkerFault(ILogger logger, Exception exception);

    [LoggerMessage(4, LogLevel.Warning, "Capture of headers of peer {Peer} started, for at most {Seconds} s and {Bytes} bytes")]
    public static partial void CaptureStarted(ILogger logger, string peer, double seconds, int bytes);

    [LoggerMessage(5, LogLevel.Warning, "Capture of headers of peer {Peer} ended after {Packets} packets ({Dropped} more came too fast)")]
    public static partial void CaptureEnded(ILogger logger, string peer, long packets, long dropped);

    [LoggerMessage(6, LogLevel.Error, "Media worker {Worker} did not end within {Seconds} s; its sockets and memory are left to it")]
    public static partial void WorkerStuck(ILogger logger, int worker, double seconds);

    [LoggerMessage(3, LogLevel.Debug, "Offer of peer {Peer} refused: {Reason}")]
    public static partial void OfferRefused(ILogger logger, string peer, string reason);
}
