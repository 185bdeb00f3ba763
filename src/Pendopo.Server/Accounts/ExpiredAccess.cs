using Microsoft.EntityFrameworkCore;
using Pendopo.Control.Schedule;
using Pendopo.Control.Storage;
using Pendopo.Control.Users;

namespace Pendopo.Server.Accounts;

/// <summary>Makes room of links, sessions, ceremonies and scheduled meetings whose time is over.</summary>
internal sealed class ExpiredAccess(IDbContextFactory<ControlDbContext> contexts, TimeProvider time) : BackgroundService
{
    /// <summary>What the limits let in within an hour is a few megabytes.</summary>
    private static readonly TimeSpan Every = TimeSpan.FromHours(1);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Every, time);
        do
        {
            await using var context = await contexts.CreateDbContextAsync(stoppingToken);
            await new SweepExpired(context, time).RunAsync(stoppingToken);
            await new SweepMeetings(context, time).RunAsync(stoppingToken);
        }
        while (await timer.WaitForNextTickAsync(stoppingToken));
    }
}
