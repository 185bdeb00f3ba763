using Pendopo.Rtc;

namespace Pendopo.Sfu.Statistics;

/// <summary>
/// The rate at which a counter grows, from looking at it about once a second: what counts pays an addition, and only who looks pays the
/// arithmetic.
/// </summary>
internal struct CounterRate
{
    private long _count;
    private Instant _at;
    private bool _started;

    /// <summary>Units a second between the last two looks; zero before the second.</summary>
    public double PerSecond { get; private set; }

    public void Update(Instant now, long count)
    {
        if (_started && now > _at) PerSecond = Math.Max(0, count - _count) / (now - _at).TotalSeconds;
        (_started, _count, _at) = (true, count, now);
    }
}
