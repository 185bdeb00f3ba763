namespace Pendopo.Rtc.Congestion;

/// <summary>
/// A bound from loss alone (draft-ietf-rmcat-gcc-02 §6): more than 10 % lowers it, less than 2 % raises it, anything between is
/// what radio links lose anyway.
/// </summary>
/// <remarks>
/// A link that loses a little over 10 % for good would halve the rate again and again although it carries everything else: a
/// lower rate cures no loss on the air. So while no queue grows and at most a fifth is lost, a decrease stops at what is
/// put on the path, lost packets included. Above a fifth a policer, which has no queue to see, is the likelier cause.
/// </remarks>
internal sealed class LossBound(DataRate start, DataRate minimum, DataRate maximum)
{
    private const double HighLoss = 0.10;
    private const double LowLoss = 0.02;
    private const double HighestRandomLoss = 0.20;

    /// <summary>Half a second of video varies by this; without it each quiet moment would lower the bound for good.</summary>
    private const double Variation = 1.2;
    private const double GrowthPerSecond = 1.08;
    private const double StartGrowthPerSecond = 2;

    /// <summary>Fewer packets make a fraction too coarse to tell 2 % from 10 %.</summary>
    private const int MinimumPackets = 20;

    private static readonly TimeSpan MinimumInterval = TimeSpan.FromMilliseconds(300);
    private static readonly TimeSpan MaximumInterval = TimeSpan.FromSeconds(2);

    private int _lost;
    private int _total;
    private Instant? _since;
    private Instant _lastDecrease = new(long.MinValue / 2);
    private bool _isStarting = true;

    public DataRate Rate { get; private set; } = start;

    /// <summary>Of the last whole interval, 0–1.</summary>
    public double Fraction { get; private set; }

    /// <summary>No bound until loss makes one: used once another estimate leads.</summary>
    public void Lift() => Rate = maximum;

    /// <summary>Forgets counts that belong to an outage, not to congestion.</summary>
    public void Forget()
    {
        (_lost, _total, _since) = (0, 0, null);
        Fraction = 0;
    }

    public void Count(int lost, int total)
    {
        _lost += lost;
        _total += total;
    }

    /// <summary>Evaluates the interval when it is long enough. True if the bound was lowered.</summary>
    /// <param name="current">The estimate in force: a decrease starts from there.</param>
    /// <param name="arriving">What arrives, when no queue grows; null when one does or nothing is known.</param>
    public bool Update(Instant now, DataRate current, DataRate limit, TimeSpan roundTrip, DataRate? arriving = null)
    {
        _since ??= now;
        var elapsed = now - _since.Value;
        if (elapsed < MinimumInterval || (_total < MinimumPackets && elapsed < MaximumInterval)) return false;

        // Losses that were taken back may exceed those of this interval.
        var fraction = _total > 0 ? Math.Clamp((double)_lost / _total, 0, 1) : 0;
        (_lost, _total, _since) = (0, 0, now);
        return Apply(now, fraction, elapsed, current, limit, roundTrip, arriving);
    }

    /// <summary>Takes a fraction that the receiver has counted.</summary>
    public bool Apply(
        Instant now, double fraction, TimeSpan elapsed, DataRate current, DataRate limit, TimeSpan roundTrip, DataRate? arriving = null)
    {
        Fraction = fraction;
        if (fraction > HighLoss)
        {
            _isStarting = false;
            if (now - _lastDecrease < MinimumInterval + roundTrip) return false;
            _lastDecrease = now;
            var before = DataRate.Min(Rate, current);
            var floor = arriving is { } rate && fraction <= HighestRandomLoss ? DataRate.Min(before, rate * (Variation / (1 - fraction))) : minimum;
            Rate = DataRate.Max(DataRate.Max(minimum, floor), before * (1 - 0.5 * fraction));
            return true;
        }

        if (fraction < LowLoss)
        {
            var seconds = Math.Clamp(elapsed.TotalSeconds, 0, 5);
            var raised = Rate * Math.Pow(_isStarting ? StartGrowthPerSecond : GrowthPerSecond, seconds) + new DataRate((long)(1000 * seconds));
            Rate = DataRate.Max(Rate, DataRate.Min(DataRate.Min(raised, limit), maximum));
        }

        return false;
    }
}
