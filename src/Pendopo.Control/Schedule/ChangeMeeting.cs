using Microsoft.EntityFrameworkCore;
using Pendopo.Control.Storage;
using Pendopo.Control.Users;

namespace Pendopo.Control.Schedule;

/// <summary>Changes or cancels a scheduled meeting, and tells those invited by mail.</summary>
public sealed class ChangeMeeting(ControlDbContext context, TimeProvider time)
{
    /// <param name="version">The one that the organiser has seen: two windows do not overwrite each other.</param>
    public async Task<(ControlError Error, ScheduledMeeting? Meeting)> RunAsync(
        AccountId organizer, Guid id, int version, MeetingDraft draft, MailFrame frame, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(draft);
        ArgumentNullException.ThrowIfNull(frame);
        var now = time.GetUtcNow();
        await using var transaction = await context.Database.BeginTransactionAsync(cancellation);
        var (error, meeting) = await FindAsync(organizer, id, version, now, cancellation);
        if (error != ControlError.None) return (error, meeting);
        if (CheckedDraft.Check(draft, now, out var sound) is not ControlError.None and var fault) return (fault, null);
        var before = await context.ScheduledPeople.Where(person => person.MeetingId == id).ToListAsync(cancellation);
        var keys = sound!.People.Select(CheckedDraft.KeyOf).ToHashSet(StringComparer.Ordinal);
        var isSame = meeting!.Title == sound.Title && meeting.Agenda == sound.Agenda && meeting.Times == sound.Times && keys.SetEquals(before.Select(person => person.Key));
        if (isSame) return (ControlError.None, meeting);
        if (await new Guests(context).FindAsync(organizer, sound.People, cancellation) is not { } organizerName) return (ControlError.InvalidPeople, null);

        (meeting.Title, meeting.Agenda) = (sound.Title, sound.Agenda);
        meeting.Take(sound.Times);
        meeting.Version++;
        var known = before.ToDictionary(person => person.Key, StringComparer.Ordinal);
        context.ScheduledPeople.RemoveRange(before.Where(person => !keys.Contains(person.Key)));
        context.ScheduledPeople.AddRange(sound.People.Where(person => !known.ContainsKey(CheckedDraft.KeyOf(person))).Select(person => Guests.RowOf(id, person)));
        List<(string Address, MailOccasion Occasion)> mails =
        [
            .. sound.People.Where(person => person.Address is not null)
                .Select(person => (person.Address!, known.ContainsKey(CheckedDraft.KeyOf(person)) ? MailOccasion.Changed : MailOccasion.Invited)),
            .. before.Where(person => person.Address is not null && !keys.Contains(person.Key)).Select(person => (person.Address!, MailOccasion.Cancelled)),
        ];
        return await SaveAsync(meeting, organizerName, mails, frame, now, transaction, cancellation);
    }

    public async Task<(ControlError Error, ScheduledMeeting? Meeting)> CancelAsync(
        AccountId organizer, Guid id, int version, MailFrame frame, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(frame);
        var now = time.GetUtcNow();
        await using var transaction = await context.Database.BeginTransactionAsync(cancellation);
        var (error, meeting) = await FindAsync(organizer, id, version, now, cancellation);
        if (error != ControlError.None) return (error, meeting);
        var people = await context.ScheduledPeople.AsNoTracking().Where(person => person.MeetingId == id && person.Address != null).ToListAsync(cancellation);
        var name = await context.Accounts.Where(account => account.Id == organizer).Select(account => account.Name).SingleAsync(cancellation);
        meeting!.CancelledAt = now.ToUnixTimeMilliseconds();
        meeting.Version++;
        return await SaveAsync(meeting, name, [.. people.Select(person => (person.Address!, MailOccasion.Cancelled))], frame, now, transaction, cancellation);
    }

    private async Task<(ControlError Error, ScheduledMeeting? Meeting)> FindAsync(AccountId organizer, Guid id, int version, DateTimeOffset now, CancellationToken cancellation)
    {
        // Others' meetings and such as there are not answer alike.
        var meeting = await context.ScheduledMeetings.SingleOrDefaultAsync(row => row.Id == id && row.OrganizerId == organizer, cancellation);
        if (meeting is null) return (ControlError.MeetingNotFound, null);
        if (meeting.CancelledAt is not null || meeting.EndsAt <= now.ToUnixTimeMilliseconds()) return (ControlError.MeetingOver, null);
        return meeting.Version == version ? (ControlError.None, meeting) : (ControlError.VersionChanged, null);
    }

    private async Task<(ControlError Error, ScheduledMeeting? Meeting)> SaveAsync(
        ScheduledMeeting meeting, string organizerName, IReadOnlyList<(string Address, MailOccasion Occasion)> mails, MailFrame frame, DateTimeOffset now,
        Microsoft.EntityFrameworkCore.Storage.IDbContextTransaction transaction, CancellationToken cancellation)
    {
        var error = await new Announcement(context, frame, now).SendAsync(meeting, organizerName, mails, cancellation);
        if (error != ControlError.None) return (error, null);
        try
        {
            await context.SaveChangesAsync(cancellation);
        }
        catch (DbUpdateConcurrencyException)
        {
            return (ControlError.VersionChanged, null);
        }

        await transaction.CommitAsync(cancellation);
        return (ControlError.None, meeting);
    }
}
