using Pendopo.Control.Users;

namespace Pendopo.Control.Schedule;

/// <summary>Why a mail has not been sent.</summary>
public enum MailFailure
{
    /// <summary>The mail server does not answer, or not as one.</summary>
    Unreachable,

    /// <summary>The mail server refuses this recipient.</summary>
    RecipientRefused,

    /// <summary>The mail server refuses us: name, password, sender or message.</summary>
    Refused,
}

/// <summary>One message to one recipient, written in the transaction of the change that it tells of. Its content goes when it is sent.</summary>
public sealed class OutgoingMail
{
    public required Guid Id { get; init; }

    public required Guid MeetingId { get; init; }

    public required AccountId OrganizerId { get; init; }

    public required string Recipient { get; init; }

    public required string Subject { get; set; }

    public required string Text { get; set; }

    /// <summary>The event as iCalendar (RFC 5545).</summary>
    public required string Calendar { get; set; }

    /// <summary>iTIP method of the calendar (RFC 5546): REQUEST or CANCEL.</summary>
    public required string Method { get; init; }

    /// <summary>Of the meeting that it tells of: the highest is the last word to a recipient.</summary>
    public required int Version { get; init; }

    /// <summary>Milliseconds since 1970-01-01 UTC, as the others.</summary>
    public required long CreatedAt { get; init; }

    /// <summary>When it is tried next; null: not again.</summary>
    public long? DueAt { get; set; }

    public long? SentAt { get; set; }

    public int Attempts { get; set; }

    public MailFailure? Failure { get; set; }
}
