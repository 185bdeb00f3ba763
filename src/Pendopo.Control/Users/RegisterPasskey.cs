using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using Pendopo.Control.Storage;

namespace Pendopo.Control.Users;

/// <summary>
/// Uses a one-time link: makes the account that it promises, or gives the account that it recovers a new passkey in place of all it had (links to providers too), and signs
/// in. All of it or nothing.
/// </summary>
public sealed class RegisterPasskey(ControlDbContext context, TimeProvider time)
{
    /// <param name="token">Of the link.</param>
    /// <param name="id">The id for the account, as the passkey bears it.</param>
    /// <param name="name">The name for the account; counts only where the link has none.</param>
    /// <param name="passkey">What the authenticator gave, verified.</param>
    /// <param name="origin">Where it was made. The first registration fixes it as the one origin for signing in.</param>
    /// <param name="userAgent">For the person to know the session again.</param>
    public async Task<(ControlError Error, StartedSession? Session)> RunAsync(
        string token, AccountId id, string name, UserPasskeyInfo passkey, string origin, string? userAgent, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(passkey);
        var now = time.GetUtcNow();
        await using var transaction = await context.Database.BeginTransactionAsync(cancellation);
        var (error, link) = await new FindLink(context, time).RunAsync(token, cancellation);
        if (error != ControlError.None) return (error, null);
        if (!PersonName.TryNormalize(link!.Name ?? name, out var normalized)) return (ControlError.InvalidName, null);
        if (link.AccountId is { } recovered && recovered != id) return (ControlError.LinkInvalid, null);

        // Whoever deletes the row has used the link: of two at the same time one finds it gone.
        var used = await context.RegistrationLinks.Where(row => row.Id == link.Id && row.TokenHash == link.TokenHash).ExecuteDeleteAsync(cancellation);
        if (used == 0) return (ControlError.LinkInvalid, null);

        var ended = new List<Guid>();
        Account? account;
        if (link.Purpose == LinkPurpose.Recovery)
        {
            account = await context.Accounts.SingleOrDefaultAsync(row => row.Id == id, cancellation);
            if (account is null) return (ControlError.LinkInvalid, null);
            ended = await context.AccountSessions.Where(row => row.AccountId == id).Select(row => row.Id).ToListAsync(cancellation);
            await context.AccountSessions.Where(row => row.AccountId == id).ExecuteDeleteAsync(cancellation);
            await context.Passkeys.Where(row => row.AccountId == id).ExecuteDeleteAsync(cancellation);
            await context.ExternalIdentities.Where(row => row.AccountId == id).ExecuteDeleteAsync(cancellation);
        }
        else
        {
            account = new Account { Id = id, Name = normalized, Role = link.Role, CreatedAt = now.ToUnixTimeMilliseconds() };
            context.Accounts.Add(account);
        }

        context.Passkeys.Add(Passkey.Of(id, passkey, now.ToUnixTimeMilliseconds()));
        var started = StartedSession.Of(account, userAgent, now, ended);
        context.AccountSessions.Add(started.Session);
        if (await new InstallationSettings(context).FindAsync(InstallationSettings.CanonicalOrigin, cancellation) is null)
        {
            context.Settings.Add(new SettingRow { Name = InstallationSettings.CanonicalOrigin, Value = origin });
        }

        await context.SaveChangesAsync(cancellation);
        await transaction.CommitAsync(cancellation);
        return (ControlError.None, started);
    }
}
