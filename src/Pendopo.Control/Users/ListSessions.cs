using Microsoft.EntityFrameworkCore;
using Pendopo.Control.Storage;

namespace Pendopo.Control.Users;

/// <summary>Where an account is signed in, last seen first.</summary>
public sealed class ListSessions(ControlDbContext context, TimeProvider time)
{
    /// <summary>Nobody has more browsers; older sessions end by themselves.</summary>
    private const int Most = 100;

    public async Task<IReadOnlyList<AccountSession>> RunAsync(AccountId account, CancellationToken cancellation = default)
    {
        var now = time.GetUtcNow().ToUnixTimeMilliseconds();
        return await context.AccountSessions.AsNoTracking()
            .Where(session => session.AccountId == account && session.ExpiresAt > now)
            .OrderByDescending(session => session.SeenAt)
            .Take(Most)
            .ToListAsync(cancellation);
    }
}
