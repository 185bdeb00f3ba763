using Microsoft.EntityFrameworkCore;
using Pendopo.Control.Storage;

namespace Pendopo.Control.Users;

/// <summary>Who a browser is signed in as. Also notes the visit, which keeps the session from ending unused.</summary>
public sealed class FindSession(ControlDbContext context, TimeProvider time)
{
    /// <summary>Null when the token is of no session that holds now.</summary>
    public async Task<(Account Account, Guid Session)?> RunAsync(string? token, CancellationToken cancellation = default)
    {
        if (!SecretToken.IsWellFormed(token)) return null;
        var hash = SecretToken.HashOf(token!);
        var now = time.GetUtcNow().ToUnixTimeMilliseconds();
        var found = await context.AccountSessions.AsNoTracking()
            .Where(session => session.TokenHash == hash && session.ExpiresAt > now)
            .Join(context.Accounts, session => session.AccountId, account => account.Id, (session, account) => new { session, account })
            .SingleOrDefaultAsync(cancellation);
        if (found is null) return null;
        if (now - found.session.SeenAt >= (long)AccountSession.NoteEvery.TotalMilliseconds)
        {
            var expiry = AccountSession.ExpiryOf(found.session.CreatedAt, now);
            await context.AccountSessions.Where(row => row.Id == found.session.Id).ExecuteUpdateAsync(
                set => set.SetProperty(row => row.SeenAt, now).SetProperty(row => row.ExpiresAt, expiry), cancellation);
        }

        return (found.account, found.session.Id);
    }

    /// <summary>True while the session has not been ended and its time is not over.</summary>
    public Task<bool> HoldsAsync(Guid session, CancellationToken cancellation = default)
    {
        var now = time.GetUtcNow().ToUnixTimeMilliseconds();
        return context.AccountSessions.AnyAsync(row => row.Id == session && row.ExpiresAt > now, cancellation);
    }
}
