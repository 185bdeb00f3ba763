using Pendopo.Rtc;

namespace Pendopo.Testing.Network;

/// <summary>
/// Virtual time with an event queue: time jumps from event to event, events of one moment run in the order in which they were
/// planned. One thread.
/// </summary>
public sealed class VirtualClock
{
    // Large enough not to grow while somebody measures what a simulated server allocates.
    private readonly PriorityQueue<Action, (long Ticks, long Order)> _events = new(1 << 14);
    private long _order;

    public VirtualClock(Instant start = default) => Now = start;

    public Instant Now { get; private set; }

    public int PendingEvents => _events.Count;

    /// <summary>Plans an event; one in the past runs at once when the clock next moves.</summary>
    public void At(Instant moment, Action action)
    {
        ArgumentNullException.ThrowIfNull(action);
        _events.Enqueue(action, (moment.Ticks, _order++));
    }

    public void After(TimeSpan delay, Action action) => At(Now + delay, action);

    /// <summary>Repeats an event until it says false.</summary>
    public void Every(TimeSpan interval, Func<bool> action)
    {
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(interval, TimeSpan.Zero);
        ArgumentNullException.ThrowIfNull(action);
        After(interval, Repeat);

        void Repeat()
        {
            if (action()) After(interval, Repeat);
        }
    }

    /// <summary>Runs everything planned up to and including that moment.</summary>
    public void RunUntil(Instant end)
    {
        while (_events.TryPeek(out _, out var next) && next.Ticks <= end.Ticks) Step();
        if (end > Now) Now = end;
    }

    public void RunFor(TimeSpan time) => RunUntil(Now + time);

    /// <summary>Runs until the condition holds, and says whether it did before the limit; the phase to wait for in a test.</summary>
    public bool RunUntil(Func<bool> condition, TimeSpan limit)
    {
        ArgumentNullException.ThrowIfNull(condition);
        var end = Now + limit;
        while (!condition())
        {
            if (!_events.TryPeek(out _, out var next) || next.Ticks > end.Ticks)
            {
                Now = end;
                return condition();
            }

            Step();
        }

        return true;
    }

    private void Step()
    {
        if (!_events.TryDequeue(out var action, out var moment)) return;
        if (moment.Ticks > Now.Ticks) Now = new(moment.Ticks);
        action();
    }
}
