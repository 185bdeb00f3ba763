using Microsoft.EntityFrameworkCore;
using Pendopo.Control.Storage;

namespace Pendopo.Control.Users;

/// <summary>Begins a session for whom an OpenID provider vouches for: by the account that is linked to that person, or by a new one where that is allowed.</summary>
public sealed class SignInExternally(ControlDbContext context, TimeProvider time)
{
    /// <param name="mayCreate">Who is not linked gets an account of a member under the name that the provider gives.</param>
    /// <param name="userAgent">For the person to know the session again.</param>
    public Task<(ControlError Error, StartedSession? Session)> RunAsync(
        ExternalPerson person, bool mayCreate, string? userAgent, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(person);
        return context.OnceMoreAfterRaceAsync(() => BeginAsync(person, mayCreate, userAgent, cancellation));
    }

    private async Task<(ControlError Error, StartedSession? Session)> BeginAsync(ExternalPerson person, bool mayCreate, string? userAgent, CancellationToken cancellation)
    {
        if (!person.IsWellFormed) return (ControlError.IdentityUnknown, null);
        var now = time.GetUtcNow();
        await using var transaction = await context.Database.BeginTransactionAsync(cancellation);
        // The origin at which people sign in is fixed by the first administrator's passkey, and nobody comes before that.
        if (!await context.Accounts.AnyAsync(row => row.Role == AccountRole.Administrator, cancellation)) return (ControlError.IdentityUnknown, null);
        var account = await FindAsync(person, cancellation);
        if (account is null)
        {
            if (!mayCreate) return (ControlError.IdentityUnknown, null);
            if (!PersonName.TryNormalize(person.Name, out var name)) return (ControlError.InvalidName, null);
            account = new Account { Id = AccountId.Create(), Name = name, Role = AccountRole.Member, CreatedAt = now.ToUnixTimeMilliseconds() };
            context.Accounts.Add(account);
            context.ExternalIdentities.Add(LinkIdentity.Of(person, account.Id, now));
        }

        var started = StartedSession.Of(account, userAgent, now, []);
        context.AccountSessions.Add(started.Session);
        await context.SaveChangesAsync(cancellation);
        await transaction.CommitAsync(cancellation);
        return (ControlError.None, started);
    }

    private Task<Account?> FindAsync(ExternalPerson person, CancellationToken cancellation) => context.ExternalIdentities
        .Where(row => row.Issuer == person.Issuer && row.Subject == person.Subject)
        .Join(context.Accounts, row => row.AccountId, account => account.Id, (_, account) => account)
        .SingleOrDefaultAsync(cancellation);
}
