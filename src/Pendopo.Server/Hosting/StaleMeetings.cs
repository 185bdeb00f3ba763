using Microsoft.EntityFrameworkCore;
using Pendopo.Control.Storage;

namespace Pendopo.Server.Hosting;

/// <summary>Deletes what is left of meetings that nobody came back to: their own deadlines act only when somebody asks.</summary>
internal sealed class StaleMeetings(IDbContextFactory<ControlDbContext> contexts, TimeProvider time, ILogger<StaleMeetings> logger) : BackgroundService
{
    /// <summary>Far beyond every deadline of a meeting, and beyond the longest one that changes nothing.</summary>
    private static readonly TimeSpan Age = TimeSpan.FromDays(30);

    private static readonly TimeSpan Every = TimeSpan.FromDays(1);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Every, time);
        do
        {
            await using var context = await contexts.CreateDbContextAsync(stoppingToken);
            var before = (time.GetUtcNow() - Age).ToUnixTimeMilliseconds();
            var count = await context.GrainStates.Where(row => row.Kind == "meeting" && row.ModifiedAt < before).ExecuteDeleteAsync(stoppingToken);
            // The log goes with its generation; what is as old as this has lost its meeting.
            await context.GroupEntries.Where(row => row.At < before).ExecuteDeleteAsync(stoppingToken);
            await context.GroupFiles.Where(row => row.At < before).ExecuteDeleteAsync(stoppingToken);
            if (count > 0) logger.StaleMeetingsDeleted(count);
        }
        while (await timer.WaitForNextTickAsync(stoppingToken));
    }
}
