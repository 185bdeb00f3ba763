using Microsoft.EntityFrameworkCore;
using Pendopo.Control.Storage;
using Pendopo.Control.Users;

namespace Pendopo.Control.Schedule;

/// <summary>Those invited to a meeting, in the database.</summary>
internal sealed class Guests(ControlDbContext context)
{
    public static ScheduledPerson RowOf(Guid meeting, Invitee person) =>
        new() { MeetingId = meeting, Key = CheckedDraft.KeyOf(person), AccountId = person.Account, Address = person.Address };

    /// <summary>The organiser's name; null when somebody invited has no account here.</summary>
    public async Task<string?> FindAsync(AccountId organizer, IReadOnlyList<Invitee> people, CancellationToken cancellation)
    {
        var ids = people.Select(person => person.Account).OfType<AccountId>().Append(organizer).Distinct().ToList();
        var found = await context.Accounts.AsNoTracking().Where(account => ids.Contains(account.Id)).ToListAsync(cancellation);
        return found.Count == ids.Count ? found.Single(account => account.Id == organizer).Name : null;
    }
}
