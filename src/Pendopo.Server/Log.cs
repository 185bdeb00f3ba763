using Pendopo.Control.Schedule;
using Pendopo.Control.Users;
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

    [LoggerMessage(Level = LogLevel.Debug, Message = "A passkey's answer was refused: {Reason}")]
    public static partial void PasskeyRefused(this ILogger logger, string reason);

    [LoggerMessage(Level = LogLevel.Information, Message = "A link ({Purpose}) was used: account {Account} has a passkey")]
    public static partial void PasskeyRegistered(this ILogger logger, LinkPurpose purpose, AccountId account);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The operator was given a one-time link ({Purpose})")]
    public static partial void RecoveryLinkIssued(this ILogger logger, LinkPurpose purpose);

    [LoggerMessage(Level = LogLevel.Warning, Message = "People sign in at {Fixed}, as at the first registration; the settings name {Configured}, where nobody can. 'pendopo user recover --move-origin' moves it")]
    public static partial void OriginIsElsewhere(this ILogger logger, string @fixed, string configured);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The operator moved the place of signing in from {Old} to {New}: passkeys of another host name are worthless")]
    public static partial void OriginMoved(this ILogger logger, string old, string @new);

    [LoggerMessage(Level = LogLevel.Warning, Message = "A mail could not be sent ({Failure}), attempt {Attempt}")]
    public static partial void MailFailed(this ILogger logger, MailFailure failure, int attempt);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The OpenID provider's configuration could not be fetched: {Reason}")]
    public static partial void ProviderUnreachable(this ILogger logger, string reason);

    [LoggerMessage(Level = LogLevel.Warning, Message = "An answer of the OpenID provider was refused: {Reason}")]
    public static partial void ProviderAnswerRefused(this ILogger logger, string reason);

    [LoggerMessage(Level = LogLevel.Information, Message = "Stopping: {Connections} connections are told")]
    public static partial void Stopping(this ILogger logger, int connections);

    [LoggerMessage(Level = LogLevel.Information, Message = "Local authority made; its root is offered at /ca, SHA-256 {Fingerprint}")]
    public static partial void AuthorityMade(this ILogger logger, string fingerprint);

    [LoggerMessage(Level = LogLevel.Information, Message = "Server certificate made for {Names}, good until {Until}")]
    public static partial void CertificateMade(this ILogger logger, string names, DateTimeOffset until);

    [LoggerMessage(Level = LogLevel.Information, Message = "The web client is not built: only the API is served")]
    public static partial void WebClientMissing(this ILogger logger);

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Count} stored meetings without end-to-end encryption were deleted: there is no such kind any more")]
    public static partial void ClearMeetingsDropped(this ILogger logger, int count);

    [LoggerMessage(Level = LogLevel.Information, Message = "{Count} meetings that nobody came back to were deleted")]
    public static partial void StaleMeetingsDeleted(this ILogger logger, int count);
}
