using Microsoft.EntityFrameworkCore;
using Pendopo.Control.Storage;

namespace Pendopo.Control.Users;

/// <summary>Remembers challenges until their answer comes. In the database, so that the answer may reach another process than the question.</summary>
public sealed class PasskeyCeremonies(ControlDbContext context, TimeProvider time)
{
    /// <summary>Returns what the browser is to name the ceremony by.</summary>
    public async Task<string> OpenAsync(CeremonyKind kind, string browser, string state, CancellationToken cancellation = default)
    {
        var id = SecretToken.Create();
        context.PasskeyCeremonies.Add(new PasskeyCeremony
        {
            IdHash = SecretToken.HashOf(id),
            Kind = kind,
            Browser = browser,
            State = state,
            ExpiresAt = (time.GetUtcNow() + PasskeyCeremony.Lifetime).ToUnixTimeMilliseconds(),
        });
        await context.SaveChangesAsync(cancellation);
        return id;
    }

    /// <summary>The state of a ceremony of this browser, which is over with that; null when there is none.</summary>
    public async Task<string?> TakeAsync(string? id, CeremonyKind kind, string browser, CancellationToken cancellation = default)
    {
        if (!SecretToken.IsWellFormed(id)) return null;
        var hash = SecretToken.HashOf(id!);
        var now = time.GetUtcNow().ToUnixTimeMilliseconds();
        var fitting = context.PasskeyCeremonies.Where(row => row.IdHash == hash && row.Kind == kind && row.Browser == browser && row.ExpiresAt > now);
        var state = await fitting.Select(row => row.State).SingleOrDefaultAsync(cancellation);

        // Of two answers at the same time one finds the row gone.
        return state is not null && await fitting.ExecuteDeleteAsync(cancellation) == 1 ? state : null;
    }
}
