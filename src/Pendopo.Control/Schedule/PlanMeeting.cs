using Microsoft.EntityFrameworkCore;
using Pendopo.Control.Storage;
using Pendopo.Control.Users;

namespace Pendopo.Control.Schedule;

/// <summary>Gives a founded meeting a date, and invites people to it. Callers have shown that the meeting is the organiser's.</summary>
public sealed class PlanMeeting(ControlDbContext context, TimeProvider time)
{
    /// <summary>Meetings of one organiser that are not over.</summary>
    public const int MostMeetings = 500;

    /// <param name="key">SHA-256 of the meeting id, base64url.</param>
    public Task<bool> IsPlannedAsync(string key, CancellationToken cancellation = default) => context.ScheduledMeetings.AnyAsync(row => row.MeetingKey == key, cancellation);

    public async Task<(ControlError Error, ScheduledMeeting? Meeting)> RunAsync(
        AccountId organizer, FoundedMeeting founded, MeetingDraft draft, MailFrame frame, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(founded);
        ArgumentNullException.ThrowIfNull(draft);
        ArgumentNullException.ThrowIfNull(frame);
        var now = time.GetUtcNow();
        if (CheckedDraft.Check(draft, now, out var sound) is not ControlError.None and var fault) return (fault, null);

        await using var transaction = await context.Database.BeginTransactionAsync(cancellation);
        if (await context.ScheduledMeetings.AnyAsync(row => row.MeetingKey == founded.Key, cancellation)) return (ControlError.MeetingScheduled, null);
        var moment = now.ToUnixTimeMilliseconds();
        if (await context.ScheduledMeetings.CountAsync(row => row.OrganizerId == organizer && row.EndsAt > moment, cancellation) >= MostMeetings) return (ControlError.TooManyMeetings, null);
        if (await new Guests(context).FindAsync(organizer, sound!.People, cancellation) is not { } organizerName) return (ControlError.InvalidPeople, null);

        var id = Guid.NewGuid();
        var meeting = new ScheduledMeeting
        {
            Id = id,
            Uid = $"{id}@{new Uri(frame.Origin).IdnHost}",
            MeetingKey = founded.Key,
            MeetingId = founded.MeetingId,
            Fragment = founded.Fragment,
            LabelRank = founded.LabelRank,
            GuestsAllowed = founded.GuestsAllowed,
            OrganizerId = organizer,
            Title = sound.Title,
            Agenda = sound.Agenda,
            Start = sound.Times.Start,
            DurationMinutes = sound.Times.DurationMinutes,
            Zone = sound.Times.Zone,
            Repetition = sound.Times.Repetition,
            Count = sound.Times.Count,
            EndsAt = sound.Times.End.ToUnixTimeMilliseconds(),
            Version = 0,
            CreatedAt = moment,
        };
        context.ScheduledMeetings.Add(meeting);
        context.ScheduledPeople.AddRange(sound.People.Select(person => Guests.RowOf(meeting.Id, person)));
        var mails = sound.People.Where(person => person.Address is not null).Select(person => (person.Address!, MailOccasion.Invited)).ToList();
        var error = await new Announcement(context, frame, now).SendAsync(meeting, organizerName, mails, cancellation);
        if (error != ControlError.None) return (error, null);
        await context.SaveChangesAsync(cancellation);
        await transaction.CommitAsync(cancellation);
        return (ControlError.None, meeting);
    }
}

/// <summary>What the founding statement of a meeting says.</summary>
/// <param name="Key">SHA-256 of the id, base64url.</param>
/// <param name="Fragment">SHA-256 of the statement, base64url.</param>
public sealed record FoundedMeeting(string Key, string MeetingId, string Fragment, int LabelRank, bool GuestsAllowed);
