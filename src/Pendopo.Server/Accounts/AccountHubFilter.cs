using Microsoft.AspNetCore.SignalR;
using Microsoft.EntityFrameworkCore;
using Pendopo.Control.Storage;
using Pendopo.Control.Users;

namespace Pendopo.Server.Accounts;

/// <summary>Enters hub connections of people who are signed in, so that ending a session ends them.</summary>
internal sealed class AccountHubFilter(AccountConnections connections, IDbContextFactory<ControlDbContext> contexts, TimeProvider time) : IHubFilter
{
    public async Task OnConnectedAsync(HubLifetimeContext context, Func<HubLifetimeContext, Task> next)
    {
        var caller = context.Context;
        if (caller.Account() is { } account)
        {
            connections.Add(caller.ConnectionId, account.Session, caller.Abort);

            // The session may have ended between the request and this entry; whoever ended it did not see the connection then.
            await using var database = await contexts.CreateDbContextAsync(caller.ConnectionAborted);
            if (!await new FindSession(database, time).HoldsAsync(account.Session, caller.ConnectionAborted)) connections.Close([account.Session]);
        }

        await next(context);
    }

    public Task OnDisconnectedAsync(HubLifetimeContext context, Exception? exception, Func<HubLifetimeContext, Exception?, Task> next)
    {
        connections.Remove(context.Context.ConnectionId);
        return next(context, exception);
    }
}
