using Microsoft.EntityFrameworkCore;
using Pendopo.Control.Storage;

namespace Pendopo.Control.Users;

/// <summary>Deletes links, sessions and ceremonies whose time is over. They count for nothing already; this only makes room.</summary>
public sealed class SweepExpired(ControlDbContext context, TimeProvider time)
{
    /// <summary>Returns how many rows went.</summary>
    public async Task<int> RunAsync(CancellationToken cancellation = default)
    {
        var now = time.GetUtcNow().ToUnixTimeMilliseconds();
        return await context.RegistrationLinks.Where(row => row.ExpiresAt <= now).ExecuteDeleteAsync(cancellation)
            + await context.AccountSessions.Where(row => row.ExpiresAt <= now).ExecuteDeleteAsync(cancellation)
            + await context.PasskeyCeremonies.Where(row => row.ExpiresAt <= now).ExecuteDeleteAsync(cancellation);
    }
}
