using Pendopo.Meetings.Domain.Groups;
using Pendopo.Signaling;

namespace Pendopo.Meetings.Domain;

/// <summary>What the world outside has to be told or to do after a command.</summary>
public abstract record MeetingEvent
{
    /// <summary>For everybody in the meeting.</summary>
    public sealed record Changed(MeetingChange Change) : MeetingEvent;

    /// <summary>These members are to send the first of these codecs from now on.</summary>
    public sealed record CodecsChanged(IReadOnlyList<ParticipantState> Members, IReadOnlyList<VideoCodec> VideoCodecs) : MeetingEvent;

    /// <summary>Which sources may flow from now on.</summary>
    public sealed record PublishingChanged(ParticipantId Id, MediaState Media) : MeetingEvent;

    /// <summary>A participant is out: its media connection is to be cut.</summary>
    public sealed record Departed(ParticipantState Participant) : MeetingEvent;

    /// <summary>A signaling connection speaks for nobody any more.</summary>
    public sealed record ConnectionClosed(string ConnectionId, EndReason Reason) : MeetingEvent;

    /// <summary>The meeting is over; its media room is to be closed.</summary>
    public sealed record Ended(EndReason Reason) : MeetingEvent;

    /// <summary>Nothing of it is to be remembered.</summary>
    public sealed record Forgotten : MeetingEvent;
}

/// <summary>The outcome of a command.</summary>
/// <param name="Subject">The participant the command was about, as it is now.</param>
/// <param name="Group">What a group command answers.</param>
/// <param name="Message">Why it was refused, for the one who asked.</param>
/// <param name="Cuts">What of a wish for media was not granted.</param>
public sealed record MeetingDecision(
    ErrorCode Error, IReadOnlyList<MeetingEvent> Events, ParticipantState? Subject = null, GroupAnswer? Group = null, string? Message = null,
    IReadOnlyList<MediaCut>? Cuts = null)
{
    public bool Accepted => Error == ErrorCode.None;

    public static MeetingDecision Refused(ErrorCode error, string? message = null) => new(error, [], Message: message);
}

/// <summary>The next moment at which time alone changes the meeting, and why.</summary>
public readonly record struct MeetingDeadline(DateTimeOffset At, MeetingDeadlineReason Reason);

public enum MeetingDeadlineReason
{
    GraceOver,

    /// <summary>A ticket, a Welcome or the patience of somebody who waits is over.</summary>
    GroupTimeOver,
    EmptyTooLong,
    RetentionOver,
}
