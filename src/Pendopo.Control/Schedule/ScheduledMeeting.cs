using Pendopo.Control.Users;

namespace Pendopo.Control.Schedule;

/// <summary>
/// A meeting with a date. Its link is kept as the organiser's browser gave it, so that lists and mails can show it: what the server says of the link
/// is the server's word, and clients hold it to what they know (docs/e2ee.md §3).
/// </summary>
public sealed class ScheduledMeeting
{
    /// <summary>After this long past the end of the last occurrence nothing of it is kept.</summary>
    public static readonly TimeSpan Retention = TimeSpan.FromDays(90);

    /// <summary>The link stays good this long after the last occurrence: meetings run over.</summary>
    public static readonly TimeSpan Grace = TimeSpan.FromHours(12);

    public required Guid Id { get; init; }

    /// <summary>Names the event in calendars for good (RFC 5545 §3.8.4.7).</summary>
    public required string Uid { get; init; }

    /// <summary>SHA-256 of the meeting id in base64url, as rows of meetings bear it.</summary>
    public required string MeetingKey { get; init; }

    public required string MeetingId { get; init; }

    /// <summary>Hash of the founding statement, base64url.</summary>
    public required string Fragment { get; init; }

    /// <summary>Of the label that the founding statement holds; see <see cref="LabelPolicy"/>.</summary>
    public required int LabelRank { get; init; }

    public required bool GuestsAllowed { get; init; }

    public required AccountId OrganizerId { get; init; }

    public required string Title { get; set; }

    public required string Agenda { get; set; }

    public required long Start { get; set; }

    public required int DurationMinutes { get; set; }

    public required IndonesianZone Zone { get; set; }

    public required Repetition Repetition { get; set; }

    public required int Count { get; set; }

    /// <summary>When the last occurrence is over, milliseconds since 1970-01-01 UTC, as the others.</summary>
    public required long EndsAt { get; set; }

    /// <summary>Counts changes: SEQUENCE of calendars (RFC 5545 §3.8.7.4), and what an editor must have seen.</summary>
    public required int Version { get; set; }

    public required long CreatedAt { get; init; }

    public long? CancelledAt { get; set; }

    public MeetingTimes Times => new(Start, DurationMinutes, Zone, Repetition, Count);

    public void Take(MeetingTimes times)
    {
        (Start, DurationMinutes, Zone, Repetition, Count) = times;
        EndsAt = times.End.ToUnixTimeMilliseconds();
    }
}

/// <summary>Somebody invited: an account of this installation, or a mailbox.</summary>
public sealed class ScheduledPerson
{
    public required Guid MeetingId { get; init; }

    /// <summary>Account id, or <see cref="MailAddress.KeyOf"/> the address: nobody is invited twice.</summary>
    public required string Key { get; init; }

    public AccountId? AccountId { get; init; }

    public string? Address { get; init; }
}

/// <summary>What a label's rank means for what leaves the server. Data, so that an institution's own labels can take their place.</summary>
/// <param name="TitleInMail">Mail is read by every host that it passes.</param>
public sealed record LabelPolicy(int Rank, bool TitleInMail)
{
    /// <summary>Biasa, Terbatas, Rahasia, Sangat Rahasia.</summary>
    private static readonly LabelPolicy[] BuiltIn = [new(0, true), new(1, true), new(2, false), new(3, false)];

    /// <summary>An unknown rank is treated as the strictest.</summary>
    public static LabelPolicy Of(int rank) => Array.Find(BuiltIn, policy => policy.Rank == rank) ?? new LabelPolicy(rank, false);
}
