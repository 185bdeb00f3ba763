using Microsoft.EntityFrameworkCore;
using Pendopo.Control.Storage;
using Pendopo.Control.Users;

namespace Pendopo.Control.Schedule;

/// <summary>Accounts of this installation by a part of their names, for invitations. Nobody is found by a mail domain: accounts have none.</summary>
public sealed class FindPeople(ControlDbContext context)
{
    public const int Most = 10;

    public const int ShortestPart = 2;

    public async Task<IReadOnlyList<Account>> RunAsync(string? part, CancellationToken cancellation = default)
    {
        if (!PersonName.TryNormalize(part, out var wanted) || wanted.Length < ShortestPart) return [];
        // Upper and lower case are equal for ASCII on SQLite, for all letters on PostgreSQL.
#pragma warning disable CA1304, CA1311, CA1862 // Translated to SQL's lower().
        var lower = wanted.ToLowerInvariant();
        return await context.Accounts.AsNoTracking().Where(account => account.Name.ToLower().Contains(lower)).OrderBy(account => account.Name).Take(Most).ToListAsync(cancellation);
#pragma warning restore CA1304, CA1311, CA1862
    }
}
