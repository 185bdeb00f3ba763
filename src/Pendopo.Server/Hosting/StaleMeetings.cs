using Microsoft.EntityFrameworkCore;
using Pendopo.Control.Schedule;
using Pendopo.Control.Storage;

namespace Pendopo.Server.Hosting;

/// <summary>Deletes what is left of meetings that nobody came back to: their own deadlines act only when somebody asks.</summary>
internal sealed class StaleMeetings(IDbContextFactory<ControlDbContext> contexts, TimeProvider time, ILogger<StaleMeetings> logger) : BackgroundService
{
    /// <summary>Far beyond every deadline of a meeting, and beyond the longest one that changes nothing.</summary>
    private static readonly TimeSpan Age = TimeSpan.FromDays(30);

    /// <summary>Grains' names begin with their type.</summary>
    internal const string GrainPrefix = "meeting/";

    private static readonly TimeSpan Every = TimeSpan.FromDays(1);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Every, time);
        do
        {
            var count = await SweepAsync(stoppingToken);
            if (count > 0) logger.StaleMeetingsDeleted(count);
        }
        while (await timer.WaitForNextTickAsync(stoppingToken));
    }

    /// <summary>Returns how many meetings were deleted.</summary>
    public async Task<int> SweepAsync(CancellationToken cancellation)
    {
        await using var context = await contexts.CreateDbContextAsync(cancellation);
        var before = (time.GetUtcNow() - Age).ToUnixTimeMilliseconds();
        // A schedule may have promised the link for longer.
        var needed = (time.GetUtcNow() - ScheduledMeeting.Grace).ToUnixTimeMilliseconds();
        var count = await context.GrainStates
            .Where(row => row.Kind == "meeting" && row.ModifiedAt < before
                && !context.ScheduledMeetings.Any(meeting => GrainPrefix + meeting.MeetingKey == row.Id && meeting.CancelledAt == null && meeting.EndsAt > needed))
            .ExecuteDeleteAsync(cancellation);
        // The log goes with its generation; what is as old as this has lost its meeting.
        await context.GroupEntries.Where(row => row.At < before).ExecuteDeleteAsync(cancellation);
        await context.GroupFiles.Where(row => row.At < before).ExecuteDeleteAsync(cancellation);
        return count;
    }
}
