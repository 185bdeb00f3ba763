using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using Pendopo.Control.Storage;

namespace Pendopo.Control.Users;

/// <summary>Begins a session for whoever has shown a passkey. Its secret is always new, and the session that the browser had before ends.</summary>
public sealed class SignIn(ControlDbContext context, TimeProvider time)
{
    /// <param name="passkey">As it is after a verified assertion: with the authenticator's new counter.</param>
    /// <param name="replaced">Token of the session that the browser has now, if any.</param>
    /// <param name="userAgent">For the person to know the session again.</param>
    public async Task<(ControlError Error, StartedSession? Session)> RunAsync(
        AccountId id, UserPasskeyInfo passkey, string? replaced, string? userAgent, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(passkey);
        var now = time.GetUtcNow();
        await using var transaction = await context.Database.BeginTransactionAsync(cancellation);
        var account = await context.Accounts.AsNoTracking().SingleOrDefaultAsync(row => row.Id == id, cancellation);
        if (account is null) return (ControlError.AccountNotFound, null);

        // A recovery may have removed the passkey since it was verified.
        var (credential, count, isBackedUp, moment) = (passkey.CredentialId, (long)passkey.SignCount, passkey.IsBackedUp, now.ToUnixTimeMilliseconds());
        var noted = await context.Passkeys.Where(row => row.CredentialId == credential && row.AccountId == id).ExecuteUpdateAsync(
            set => set.SetProperty(row => row.SignCount, count).SetProperty(row => row.IsBackedUp, isBackedUp).SetProperty(row => row.UsedAt, moment), cancellation);
        if (noted == 0) return (ControlError.AccountNotFound, null);

        var ended = new List<Guid>();
        if (SecretToken.IsWellFormed(replaced))
        {
            var hash = SecretToken.HashOf(replaced!);
            ended = await context.AccountSessions.Where(row => row.TokenHash == hash).Select(row => row.Id).ToListAsync(cancellation);
            await context.AccountSessions.Where(row => row.TokenHash == hash).ExecuteDeleteAsync(cancellation);
        }

        var started = StartedSession.Of(account, userAgent, now, ended);
        context.AccountSessions.Add(started.Session);
        await context.SaveChangesAsync(cancellation);
        await transaction.CommitAsync(cancellation);
        return (ControlError.None, started);
    }
}
