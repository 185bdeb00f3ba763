namespace Pendopo.Rtc.Congestion;

/// <summary>
/// Decides when and how high to probe (after the probe controller of libwebrtc). An estimate cannot grow beyond what was
/// tried, and layers cost three times each other: without probes a picture once lowered would stay low, and filling the
/// path for good with what nobody needs takes it from others.
/// </summary>
/// <remarks>
/// While more is wanted than the estimate: a cluster at three times the start, then twice the estimate again and again as long as
/// most of it arrives; after a failure later and later. After a drop, one at most of what was there before: outages and
/// short congestion are over soon, and an estimate that climbs by 8 % per second needs half a minute for what one cluster
/// shows. A raise that is followed by a drop was none: media needs more room than a cluster shows, and the next one waits
/// longer and takes a little less.
/// </remarks>
internal sealed class ProbeController
{
    private const double StartFactor = 3;
    private const double Factor = 2;
    private const double RecoveryFactor = 0.85;

    /// <summary>A measured rate below this share of the target has found the limit: another cluster now would find the same.</summary>
    private const double SuccessShare = 0.7;

    /// <summary>Found by the limit, not by the probe: what the path carries less this share.</summary>
    private const double LimitShare = 0.95;
    private const double LeastLimitShare = 0.85;

    /// <summary>From this share of the target on the path carried it all: receivers round arrivals.</summary>
    private const double Whole = 0.98;

    /// <summary>A smaller gain is left to the slow increase.</summary>
    private const double WorthWhile = 1.1;

    /// <summary>
    /// Long enough for three turns of a sender that works every 10 ms, short enough that the queue it makes on a path that
    /// carries half of it is gone in as long again.
    /// </summary>
    private static readonly TimeSpan ClusterTime = TimeSpan.FromMilliseconds(30);

    /// <summary>Five packets: fewer measure their own sizes.</summary>
    private const int MinimumBytes = 5000;

    private static readonly TimeSpan ShortestWait = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(5);

    /// <summary>A raise that has held for so long is proved: layers were switched up and key frames sent by then.</summary>
    private static readonly TimeSpan Proof = TimeSpan.FromSeconds(5);

    /// <summary>The queue of the overuse drains first.</summary>
    private static readonly TimeSpan RecoveryWait = TimeSpan.FromMilliseconds(600);

    /// <summary>A rate from longer ago says nothing about the path of now.</summary>
    private static readonly TimeSpan RecoveryLifetime = TimeSpan.FromSeconds(10);

    private bool _isStarting = true;
    private Instant _next = new(long.MinValue);
    private TimeSpan _wait = ShortestWait;
    private DataRate _former;
    private Instant _droppedAt;
    private Instant? _raisedAt;
    private double _share = LimitShare;

    /// <summary>What to probe now; false for nothing.</summary>
    public bool TryPlan(Instant now, DataRate estimate, DataRate wanted, DataRate maximum, out Probe probe)
    {
        probe = default;
        var target = DataRate.Min(wanted, maximum);
        if (now < _next || target <= estimate) return false;
        if (_raisedAt is { } raised && now - raised > Proof)
        {
            _raisedAt = null;
            _wait = ShortestWait;
            _share = LimitShare;
        }

        var reach = estimate * (_isStarting ? StartFactor : Factor);
        if (_former > DataRate.Zero)
        {
            if (now - _droppedAt < RecoveryLifetime) reach = DataRate.Max(reach, _former * RecoveryFactor);
            _former = DataRate.Zero;
        }

        target = DataRate.Min(target, reach);
        _isStarting = false;
        _next = Instant.Never; // until the result
        probe = new(target, (int)Math.Max(MinimumBytes, target.BytesIn(ClusterTime)));
        return true;
    }

    /// <summary>A cluster was measured. Returns the new estimate, or null when it brought nothing.</summary>
    public DataRate? OnMeasured(Instant now, Probe probe, DataRate measured, DataRate estimate)
    {
        var carried = measured < probe.Rate * Whole ? measured * _share : measured;
        var succeeded = measured >= probe.Rate * SuccessShare;
        if (carried < estimate * WorthWhile && carried < probe.Rate * LimitShare)
        {
            Later(now);
            return carried > estimate ? carried : null;
        }

        // More than was ever tried went through: what was learnt about a limit was about another one.
        if (measured >= probe.Rate * Whole) _share = LimitShare;
        _raisedAt = now;
        _next = succeeded ? now : now + _wait;
        return carried > estimate ? carried : null;
    }

    /// <summary>A cluster was lost, lumped, or could not be sent.</summary>
    public void OnFailed(Instant now) => Later(now);

    /// <summary>The estimate was lowered.</summary>
    public void OnDecrease(Instant now, DataRate former)
    {
        if (_raisedAt is { } raised && now - raised < Proof)
        {
            _raisedAt = null;
            _share = Math.Max(LeastLimitShare, _share - 0.05);
            if (_next == Instant.Never) _wait = Longer(_wait);
            else Later(now);
            return;
        }

        if (_former == DataRate.Zero || now - _droppedAt > RecoveryLifetime) _former = former;
        _droppedAt = now;
        if (_next != Instant.Never && _next < now + RecoveryWait) _next = now + RecoveryWait;
    }

    /// <summary>The path is back, or is another one: probe at once.</summary>
    public void Restart(Instant now, DataRate former)
    {
        _former = DataRate.Max(_former, former);
        _droppedAt = now;
        _next = now;
        _wait = ShortestWait;
        _raisedAt = null;
        _share = LimitShare;
    }

    private void Later(Instant now)
    {
        _next = now + _wait;
        _wait = Longer(_wait);
    }

    private static TimeSpan Longer(TimeSpan wait) => TimeSpan.FromTicks(Math.Min(wait.Ticks * 2, LongestWait.Ticks));
}
