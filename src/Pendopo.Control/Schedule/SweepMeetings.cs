using Microsoft.EntityFrameworkCore;
using Pendopo.Control.Storage;

namespace Pendopo.Control.Schedule;

/// <summary>Deletes scheduled meetings that are long over, with those invited and their mails.</summary>
public sealed class SweepMeetings(ControlDbContext context, TimeProvider time)
{
    public Task<int> RunAsync(CancellationToken cancellation = default)
    {
        var before = (time.GetUtcNow() - ScheduledMeeting.Retention).ToUnixTimeMilliseconds();
        return context.ScheduledMeetings.Where(meeting => meeting.EndsAt < before).ExecuteDeleteAsync(cancellation);
    }
}
