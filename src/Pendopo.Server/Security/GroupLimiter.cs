namespace Pendopo.Server.Security;

/// <summary>What one participant of an encrypted meeting may do a minute, with a burst of a minute's worth (docs/e2ee.md §21).</summary>
internal sealed class GroupLimiter(TimeProvider time)
{
    private readonly Dictionary<GroupCall, TokenBuckets> _buckets = new()
    {
        [GroupCall.Knock] = new TokenBuckets(30, time),
        [GroupCall.Message] = new TokenBuckets(120, time),
        [GroupCall.Signal] = new TokenBuckets(150, time),
        [GroupCall.Commit] = new TokenBuckets(60, time),
        [GroupCall.Report] = new TokenBuckets(10, time),
        [GroupCall.LogPage] = new TokenBuckets(60, time),
        // A busy moderator taps once a second.
        [GroupCall.Moderation] = new TokenBuckets(60, time),
        // What is said to those who wait is read out to them: more would be noise.
        [GroupCall.Notice] = new TokenBuckets(10, time),
        // A moderator may have an auditorium to admit.
        [GroupCall.Other] = new TokenBuckets(600, time),
    };

    /// <param name="participant">Names the participant's session, so that a new place is no new budget.</param>
    public bool Allows(GroupCall call, string participant) => _buckets[call].TryTake(participant);
}

internal enum GroupCall
{
    Knock,
    Message,
    Signal,
    Commit,
    Report,
    LogPage,
    Moderation,
    Notice,
    Other,
}
