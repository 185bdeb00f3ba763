using Microsoft.EntityFrameworkCore;
using Pendopo.Control.Storage;
using Pendopo.Control.Users;

namespace Pendopo.Control.Schedule;

/// <summary>The meetings that an account organises or is invited to, next ones first, and what has become of their mails.</summary>
public sealed class ListMeetings(ControlDbContext context)
{
    /// <summary>More than anybody looks through.</summary>
    public const int Most = 500;

    public async Task<IReadOnlyList<ListedMeeting>> RunAsync(AccountId account, CancellationToken cancellation = default)
    {
        var key = account.ToString();
        var meetings = await context.ScheduledMeetings.AsNoTracking()
            .Where(row => row.OrganizerId == account || context.ScheduledPeople.Any(person => person.MeetingId == row.Id && person.Key == key))
            .OrderByDescending(row => row.EndsAt).Take(Most).ToListAsync(cancellation);
        return await DescribeAsync(meetings, account, cancellation);
    }

    /// <summary>Null: there is no such meeting, or it is no business of this account.</summary>
    public async Task<ListedMeeting?> FindAsync(AccountId account, Guid id, CancellationToken cancellation = default)
    {
        var key = account.ToString();
        var meeting = await context.ScheduledMeetings.AsNoTracking().SingleOrDefaultAsync(
            row => row.Id == id && (row.OrganizerId == account || context.ScheduledPeople.Any(person => person.MeetingId == row.Id && person.Key == key)), cancellation);
        return meeting is null ? null : (await DescribeAsync([meeting], account, cancellation))[0];
    }

    private async Task<IReadOnlyList<ListedMeeting>> DescribeAsync(IReadOnlyList<ScheduledMeeting> meetings, AccountId account, CancellationToken cancellation)
    {
        var ids = meetings.Select(meeting => meeting.Id).ToList();
        var people = await context.ScheduledPeople.AsNoTracking().Where(person => ids.Contains(person.MeetingId)).ToListAsync(cancellation);
        var accountIds = people.Select(person => person.AccountId).OfType<AccountId>().Concat(meetings.Select(meeting => meeting.OrganizerId)).Distinct().ToList();
        var names = await context.Accounts.AsNoTracking().Where(row => accountIds.Contains(row.Id)).ToDictionaryAsync(row => row.Id, row => row.Name, cancellation);
        var own = meetings.Where(meeting => meeting.OrganizerId == account).Select(meeting => meeting.Id).ToList();
        var mails = await context.OutgoingMails.AsNoTracking().Where(mail => own.Contains(mail.MeetingId))
            .Select(mail => new { mail.MeetingId, mail.Recipient, mail.Version, Status = new MailStatus(mail.SentAt != null, mail.DueAt != null, mail.Failure) }).ToListAsync(cancellation);
        var status = mails.GroupBy(mail => (mail.MeetingId, MailAddress.KeyOf(mail.Recipient))).ToDictionary(group => group.Key, group => group.MaxBy(mail => mail.Version)!.Status);
        var byMeeting = people.ToLookup(person => person.MeetingId);
        return [.. meetings.Select(meeting => new ListedMeeting(meeting, names.GetValueOrDefault(meeting.OrganizerId, ""), meeting.OrganizerId == account, PeopleOf(meeting)))];

        // Addresses are the organiser's to know.
        IReadOnlyList<ListedPerson> PeopleOf(ScheduledMeeting meeting) =>
        [
            .. byMeeting[meeting.Id].Where(person => person.AccountId is not null || meeting.OrganizerId == account)
                .Select(person => new ListedPerson(
                    person.AccountId, person.AccountId is { } id ? names.GetValueOrDefault(id) : null, person.Address, status.GetValueOrDefault((meeting.Id, person.Key))))
                .OrderBy(person => person.Name ?? person.Address, StringComparer.OrdinalIgnoreCase),
        ];
    }
}

/// <param name="IsOwn">The one who asks organises it.</param>
public sealed record ListedMeeting(ScheduledMeeting Meeting, string OrganizerName, bool IsOwn, IReadOnlyList<ListedPerson> People);

/// <param name="Mail">Of the last mail; null: there is none.</param>
public sealed record ListedPerson(AccountId? Account, string? Name, string? Address, MailStatus? Mail);

/// <param name="WillRetry">Not sent yet, and to be tried again.</param>
public sealed record MailStatus(bool IsSent, bool WillRetry, MailFailure? Failure);
