using System.Net;
using Pendopo.Server.Options;

namespace Pendopo.Server.Security;

/// <summary>Receives those who knock, by hub or by HTTP, and lets all refusals take the same time.</summary>
internal sealed class Gatekeeper(KnockLimiter limiter, LimitOptions limits, TimeProvider time)
{
    /// <param name="session">Null for endpoints.</param>
    public Attempt Knock(string? session, IPAddress? address) =>
        new(limiter, limits.RefusalTime, time, session, address, limiter.MayEnter(session, address));
}

/// <summary>One attempt to enter.</summary>
internal sealed class Attempt(KnockLimiter limiter, TimeSpan refusalTime, TimeProvider time, string? session, IPAddress? address, bool allowed)
{
    private readonly long _start = time.GetTimestamp();

    public bool Allowed { get; } = allowed;

    /// <summary>Counts the failure and gives the answer at the time at which all such answers are given.</summary>
    public async Task<T> RefuseAsync<T>(T answer)
    {
        limiter.CountFailure(session, address);
        var rest = refusalTime - time.GetElapsedTime(_start);
        if (rest > TimeSpan.Zero) await Task.Delay(rest, time);
        return answer;
    }
}
