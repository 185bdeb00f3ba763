using Microsoft.EntityFrameworkCore;
using Pendopo.Control.Storage;

namespace Pendopo.Control.Users;

/// <summary>Ends sessions of an account, from this or any other browser. Who bears one of them is nobody from then on.</summary>
public sealed class EndSession(ControlDbContext context)
{
    public async Task<ControlError> RunAsync(AccountId account, Guid session, CancellationToken cancellation = default)
    {
        var ended = await context.AccountSessions.Where(row => row.Id == session && row.AccountId == account).ExecuteDeleteAsync(cancellation);
        return ended == 0 ? ControlError.SessionNotFound : ControlError.None;
    }

    /// <summary>Ends all but one; returns those that ended.</summary>
    public async Task<IReadOnlyList<Guid>> AllButAsync(AccountId account, Guid kept, CancellationToken cancellation = default)
    {
        var others = await context.AccountSessions.Where(row => row.AccountId == account && row.Id != kept).Select(row => row.Id).ToListAsync(cancellation);
        await context.AccountSessions.Where(row => row.AccountId == account && others.Contains(row.Id)).ExecuteDeleteAsync(cancellation);
        return others;
    }
}
