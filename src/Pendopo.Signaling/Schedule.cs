namespace Pendopo.Signaling;

/// <summary>Indonesia's zones: UTC+7, +8 and +9 all the year.</summary>
public enum ScheduleZone
{
    Wib,
    Wita,
    Wit,
}

public enum ScheduleRepeat
{
    Once,
    Daily,

    /// <summary>Monday to Friday.</summary>
    Weekdays,
    Weekly,

    /// <summary>On the same day of the month; months without it are left out.</summary>
    Monthly,
}

/// <summary>Why a request about scheduled meetings was refused: <c>error</c> of the problem document.</summary>
public enum ScheduleError
{
    /// <summary>A field is missing or malformed, or the request names no version.</summary>
    InvalidRequest,
    InvalidTitle,
    InvalidAgenda,
    InvalidTime,

    /// <summary>Somebody invited has neither an account here nor a sound address, or there are too many.</summary>
    InvalidPeople,

    /// <summary>There is no such encrypted meeting of this account's founding, or the fragment is another's.</summary>
    NotFounder,

    /// <summary>There is no such scheduled meeting, or not for this account.</summary>
    NotFound,

    /// <summary>It was changed since.</summary>
    VersionChanged,

    /// <summary>It is cancelled or over, or the meeting has ended.</summary>
    Over,

    /// <summary>The meeting has a date already.</summary>
    AlreadyScheduled,

    /// <summary>Too many meetings ahead, or too many mails today.</summary>
    TooMany,
    TooManyRequests,
}

/// <summary>Whether the last mail to somebody has left.</summary>
public enum InvitationMail
{
    Sent,

    /// <summary>To be sent, or to be tried again.</summary>
    Waiting,

    /// <summary>Not sent, and not tried again.</summary>
    Failed,
}

public enum InvitationFailure
{
    /// <summary>The mail server does not answer.</summary>
    Unreachable,

    /// <summary>The mail server refuses the recipient.</summary>
    RecipientRefused,

    /// <summary>The mail server refuses ours.</summary>
    Refused,
}

/// <param name="Start">Of the first occurrence: milliseconds since 1970-01-01 UTC, a whole minute.</param>
/// <param name="DurationMinutes">1 to 1440.</param>
/// <param name="Count">Occurrences in all: 1 for once, else 2 to 100.</param>
public sealed record ScheduleTimes(long Start, int DurationMinutes, ScheduleZone Zone, ScheduleRepeat Repeat, int Count);

/// <summary>Exactly one of the two is given.</summary>
public sealed record InviteeRequest(string? AccountId = null, string? Address = null);

/// <summary>Body of <c>POST /api/schedule</c>: gives a date to a meeting that this account has founded.</summary>
/// <param name="Fragment">Of its link, without the sign: SHA-256 of the founding statement, base64url.</param>
/// <param name="Title">1 to 120 visible characters.</param>
/// <param name="Agenda">Up to 4000 characters; may be empty.</param>
/// <param name="People">Up to 100.</param>
public sealed record PlanMeetingRequest(string MeetingId, string Fragment, string Title, string Agenda, ScheduleTimes Times, IReadOnlyList<InviteeRequest> People);

/// <summary>Body of <c>PUT /api/schedule/{id}</c>; If-Match names the version that was seen.</summary>
public sealed record ChangeMeetingRequest(string Title, string Agenda, ScheduleTimes Times, IReadOnlyList<InviteeRequest> People);

/// <param name="Address">Of those without account; the organiser alone sees it.</param>
/// <param name="Mail">Null: no mail was written to them.</param>
public sealed record InvitedPerson(string? AccountId, string? Name, string? Address, InvitationMail? Mail, InvitationFailure? Failure);

/// <summary>A meeting with a date. Of the link this is the server's word: clients hold it to what they know.</summary>
/// <param name="Version">Counts changes; the entity tag in quotation marks.</param>
/// <param name="Uid">Names the event in calendars.</param>
/// <param name="LabelRank">Of the label in the founding statement; 0 for the least.</param>
/// <param name="Next">Beginning of the occurrence that runs, or else of the next; null: all are over.</param>
/// <param name="End">When the last occurrence is over.</param>
/// <param name="Own">The one who asks organises it.</param>
public sealed record ScheduledMeetingInfo(
    string Id, int Version, string Uid, string MeetingId, string Fragment, string Title, string Agenda, int LabelRank, bool GuestsAllowed, ScheduleTimes Times, long? Next, long End,
    bool Cancelled, string OrganizerName, bool Own, IReadOnlyList<InvitedPerson> People);

/// <summary>Answer of <c>GET /api/schedule</c>.</summary>
public sealed record ScheduleResponse(IReadOnlyList<ScheduledMeetingInfo> Meetings);

/// <summary>Answer of <c>GET /api/schedule/people</c>: up to 10 accounts.</summary>
public sealed record PeopleResponse(IReadOnlyList<AccountInfo> People);
