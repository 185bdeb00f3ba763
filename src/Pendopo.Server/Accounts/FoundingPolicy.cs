using Microsoft.EntityFrameworkCore;
using Pendopo.Control.Storage;
using Pendopo.Control.Users;
using Pendopo.Server.Options;

namespace Pendopo.Server.Accounts;

/// <summary>Who may found meetings: whoever is signed in; guests while there is no administrator yet, and where the settings let them.</summary>
internal sealed class FoundingPolicy(IDbContextFactory<ControlDbContext> contexts, PendopoOptions options)
{
    /// <summary>The last administrator cannot be removed, so this is never taken back.</summary>
    private volatile bool _hasAdministrator;

    public async Task<bool> MayFoundAsync(bool isSignedIn, CancellationToken cancellation) =>
        isSignedIn || options.Meetings.GuestsMayFound || !await HasAdministratorAsync(cancellation);

    public async Task<bool> HasAdministratorAsync(CancellationToken cancellation)
    {
        if (_hasAdministrator) return true;
        await using var context = await contexts.CreateDbContextAsync(cancellation);
        _hasAdministrator = await context.Accounts.AnyAsync(account => account.Role == AccountRole.Administrator, cancellation);
        return _hasAdministrator;
    }
}
