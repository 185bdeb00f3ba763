using Pendopo.Meetings.Domain;

namespace Pendopo.Server;

/// <summary>Everything that this project logs. Meetings appear by their key's short form only, addresses and names never.</summary>
internal static partial class Log
{
    [LoggerMessage(Level = LogLevel.Information, Message = "Pendopo is ready: {Url}")]
    public static partial void Ready(this ILogger logger, string url);

    [LoggerMessage(Level = LogLevel.Information, Message = "Media on {EndPoints}")]
    public static partial void MediaListening(this ILogger logger, string endPoints);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Media are on loopback only: Firefox will not connect, and nobody from another machine")]
    public static partial void MediaOnLoopbackOnly(this ILogger logger);

    [LoggerMessage(Level = LogLevel.Warning, Message = "OPEN ROOMS: every name used founds an open broadcast that anybody who reaches this server may enter without token. For benchmarks only")]
    public static partial void OpenRoomsOn(this ILogger logger);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Open room {Meeting} founded by being named")]
    public static partial void OpenRoomFounded(this ILogger logger, MeetingKey meeting);

    [LoggerMessage(Level = LogLevel.Information, Message = "Meeting {Meeting}: media of {Peer} connected (ICE {IceMilliseconds} ms, DTLS {DtlsMilliseconds} ms)")]
    public static partial void MediaConnected(this ILogger logger, MeetingKey meeting, string peer, double iceMilliseconds, double dtlsMilliseconds);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Meeting {Meeting}: media of {Peer} failed: {Reason}")]
    public static partial void MediaFailed(this ILogger logger, MeetingKey meeting, string peer, string reason);

    [LoggerMessage(Level = LogLevel.Error, Message = "{Event} of meeting {Meeting} could not be told")]
    public static partial void MediaEventLost(this ILogger logger, string @event, MeetingKey meeting, Exception error);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Somebody on this machine asked for the operator's pages with a wrong token")]
    public static partial void OperatorRefused(this ILogger logger);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The operator captures headers of {Peer} in meeting {Meeting} for {Seconds} s")]
    public static partial void OperatorCaptures(this ILogger logger, string peer, MeetingKey meeting, double seconds);

    [LoggerMessage(Level = LogLevel.Information, Message = "Stopping: {Connections} connections are told")]
    public static partial void Stopping(this ILogger logger, int connections);

    [LoggerMessage(Level = LogLevel.Information, Message = "Local authority made; its root is offered at /ca, SHA-256 {Fingerprint}")]
    public static partial void AuthorityMade(this ILogger logger, string fingerprint);

    [LoggerMessage(Level = LogLevel.Information, Message = "Server certificate made for {Names}, good until {Until}")]
    public static partial void CertificateMade(this ILogger logger, string names, DateTimeOffset until);

    [LoggerMessage(Level = LogLevel.Information, Message = "The web client is not built: only the API is served")]
    public static partial void WebClientMissing(this ILogger logger);

    [LoggerMessage(Level = LogLevel.Information, Message = "{Count} meetings that nobody came back to were deleted")]
    public static partial void StaleMeetingsDeleted(this ILogger logger, int count);
}
