using System.Diagnostics;

namespace Pendopo.EndToEnd.Harness;

/// <summary>Waiting for a condition in another process. There is no event to wait on, so it is asked again and again.</summary>
internal static class Wait
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(100);

    /// <summary>Waits until the condition holds; when it does not in time, fails and says what was last seen.</summary>
    /// <returns>How long it took.</returns>
    public static async Task<TimeSpan> UntilAsync(string what, TimeSpan limit, Func<Task<bool>> condition, Func<Task<string>>? describe = null)
    {
        var clock = Stopwatch.StartNew();
        using var timer = new PeriodicTimer(Pause);
        while (true)
        {
            if (await condition().ConfigureAwait(false)) return clock.Elapsed;
            if (clock.Elapsed > limit)
            {
                var seen = describe is null ? "" : $" Last seen: {await describe().ConfigureAwait(false)}";
                throw new TimeoutException($"Not within {limit.TotalSeconds:0.#} s: {what}.{seen}");
            }

            await timer.WaitForNextTickAsync(TestContext.Current.CancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>Lets the given time pass between two readings of a counter whose rate is what the test is about.</summary>
    public static async Task MeasureForAsync(TimeSpan time)
    {
        using var timer = new PeriodicTimer(time);
        await timer.WaitForNextTickAsync(TestContext.Current.CancellationToken).ConfigureAwait(false);
    }
}
