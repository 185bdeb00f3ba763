using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using Pendopo.Control.Users;

namespace Pendopo.Control.Storage;

/// <summary>
/// Accounts and passkeys as ASP.NET Core Identity wants to see them. Its own store would bring tables with columns for passwords, lockouts and
/// telephone numbers that nothing here may ever use. An account has no user name beside its id.
/// </summary>
public sealed class AccountStore(ControlDbContext context, TimeProvider time) : IUserPasskeyStore<Account>
{
    public async Task<IdentityResult> CreateAsync(Account user, CancellationToken cancellationToken)
    {
        context.Accounts.Add(user);
        await context.SaveChangesAsync(cancellationToken);
        return IdentityResult.Success;
    }

    public async Task<IdentityResult> UpdateAsync(Account user, CancellationToken cancellationToken)
    {
        context.Accounts.Update(user);
        await context.SaveChangesAsync(cancellationToken);
        return IdentityResult.Success;
    }

    public async Task<IdentityResult> DeleteAsync(Account user, CancellationToken cancellationToken)
    {
        context.Accounts.Remove(user);
        await context.SaveChangesAsync(cancellationToken);
        return IdentityResult.Success;
    }

    public Task<Account?> FindByIdAsync(string userId, CancellationToken cancellationToken) => AccountId.TryParse(userId, out var id)
        ? context.Accounts.AsNoTracking().SingleOrDefaultAsync(account => account.Id == id, cancellationToken)
        : Task.FromResult<Account?>(null);

    /// <summary>Nobody is found by a name: two people may bear the same.</summary>
    public Task<Account?> FindByNameAsync(string normalizedUserName, CancellationToken cancellationToken) => Task.FromResult<Account?>(null);

    public Task<string> GetUserIdAsync(Account user, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(user);
        return Task.FromResult(user.Id.ToString());
    }

    public async Task<string?> GetUserNameAsync(Account user, CancellationToken cancellationToken) => await GetUserIdAsync(user, cancellationToken);

    public async Task<string?> GetNormalizedUserNameAsync(Account user, CancellationToken cancellationToken) => await GetUserIdAsync(user, cancellationToken);

    /// <exception cref="NotSupportedException">Always: the user name is the id.</exception>
    public Task SetUserNameAsync(Account user, string? userName, CancellationToken cancellationToken) =>
        throw new NotSupportedException("The user name of an account is its id.");

    /// <summary>Changes nothing: the id has one form.</summary>
    public Task SetNormalizedUserNameAsync(Account user, string? normalizedName, CancellationToken cancellationToken) => Task.CompletedTask;

    public async Task AddOrUpdatePasskeyAsync(Account user, UserPasskeyInfo passkey, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(user);
        ArgumentNullException.ThrowIfNull(passkey);
        var now = time.GetUtcNow().ToUnixTimeMilliseconds();
        var credential = passkey.CredentialId;
        var known = await context.Passkeys.SingleOrDefaultAsync(row => row.CredentialId == credential, cancellationToken);
        if (known is null)
        {
            context.Passkeys.Add(Passkey.Of(user.Id, passkey, now));
        }
        else if (known.AccountId == user.Id)
        {
            (known.SignCount, known.IsBackedUp, known.UsedAt) = (passkey.SignCount, passkey.IsBackedUp, now);
        }
        else
        {
            throw new InvalidOperationException("The passkey belongs to another account.");
        }

        await context.SaveChangesAsync(cancellationToken);
    }

    public async Task<IList<UserPasskeyInfo>> GetPasskeysAsync(Account user, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(user);
        var rows = await context.Passkeys.AsNoTracking().Where(row => row.AccountId == user.Id).ToListAsync(cancellationToken);
        return [.. rows.Select(row => row.ToInfo())];
    }

    public async Task<Account?> FindByPasskeyIdAsync(byte[] credentialId, CancellationToken cancellationToken)
    {
        var row = await context.Passkeys.AsNoTracking().SingleOrDefaultAsync(passkey => passkey.CredentialId == credentialId, cancellationToken);
        return row is null ? null : await context.Accounts.AsNoTracking().SingleAsync(account => account.Id == row.AccountId, cancellationToken);
    }

    public async Task<UserPasskeyInfo?> FindPasskeyAsync(Account user, byte[] credentialId, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(user);
        var row = await context.Passkeys.AsNoTracking()
            .SingleOrDefaultAsync(passkey => passkey.CredentialId == credentialId && passkey.AccountId == user.Id, cancellationToken);
        return row?.ToInfo();
    }

    public async Task RemovePasskeyAsync(Account user, byte[] credentialId, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(user);
        await context.Passkeys.Where(row => row.CredentialId == credentialId && row.AccountId == user.Id).ExecuteDeleteAsync(cancellationToken);
    }

    /// <summary>The context belongs to whoever made it.</summary>
    public void Dispose()
    {
    }
}
