using Microsoft.Extensions.Logging;
using Pendopo.Meetings.Domain;
using Pendopo.Signaling;

namespace Pendopo.Meetings;

/// <summary>Everything that this project logs. Rooms are loggable keys; names and ids of links never appear.</summary>
internal static partial class Log
{
    [LoggerMessage(Level = LogLevel.Information, Message = "Meeting {Meeting} founded ({Kind})")]
    public static partial void MeetingFounded(this ILogger logger, MeetingKey meeting, MeetingKind kind);

    [LoggerMessage(Level = LogLevel.Error, Message = "Meeting {Meeting}: the stored state contradicts its kind; the meeting is not served")]
    public static partial void StateUnsound(this ILogger logger, MeetingKey meeting);

    [LoggerMessage(Level = LogLevel.Information, Message = "Meeting {Meeting} ended ({Reason})")]
    public static partial void MeetingEnded(this ILogger logger, MeetingKey meeting, EndReason reason);

    [LoggerMessage(Level = LogLevel.Information, Message = "Meeting {Meeting}: {Participant} departed")]
    public static partial void ParticipantDeparted(this ILogger logger, MeetingKey meeting, ParticipantId participant);

    [LoggerMessage(Level = LogLevel.Information, Message = "Meeting {Meeting}: generation {Generation} of the group founded")]
    public static partial void GroupFounded(this ILogger logger, MeetingKey meeting, int generation);

    [LoggerMessage(Level = LogLevel.Information, Message = "Meeting {Meeting}: the group's generation is over")]
    public static partial void GroupClosed(this ILogger logger, MeetingKey meeting);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Meeting {Meeting}: commit of {Participant} refused: {Fault}")]
    public static partial void CommitRefused(this ILogger logger, MeetingKey meeting, ParticipantId participant, GroupFault fault);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Meeting {Meeting}: members voided entry {Entry}")]
    public static partial void EntryVoided(this ILogger logger, MeetingKey meeting, long entry);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Meeting {Meeting}: offer of {Participant} refused: {Reason}")]
    public static partial void OfferRefused(this ILogger logger, MeetingKey meeting, ParticipantId participant, string reason);
}
