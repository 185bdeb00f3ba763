namespace Pendopo.Rtc.Congestion;

/// <summary>
/// A bound from loss alone (draft-ietf-rmcat-gcc-02 §6): more than 10 % lowers it, less than 2 % raises it, anything between
/// holds, where loss that the path has at every rate is not counted.
/// </summary>
/// <remarks>
/// <para>
/// A link that loses a tenth for good would halve the rate again and again although it carries everything else: a lower rate
/// cures no loss on the air. A policer, which has no queue to see either, is told from it by trying: the rate is lowered, and
/// if that much less was sent and the same share was lost all the same, the loss is the path's own (its inherent loss, as in
/// the loss-based estimator of libwebrtc), and the decrease is taken back. A policer would have lost visibly less. What is
/// lost while far less is sent than the bound allows is inherent too: there is nothing to lower.
/// </para>
/// <para>It fails where loss changes by itself while the trial runs; the next interval then corrects it.</para>
/// </remarks>
internal sealed class LossBound(DataRate start, DataRate minimum, DataRate maximum)
{
    private const double HighLoss = 0.10;
    private const double LowLoss = 0.02;

    private const double GrowthPerSecond = 1.08;
    private const double StartGrowthPerSecond = 2;

    /// <summary>Fewer packets make a fraction too coarse to tell 2 % from 10 %.</summary>
    private const int MinimumPackets = 20;

    /// <summary>Of what arrives: the queue or the policer's bucket recovers below.</summary>
    private const double Carried = 0.85;

    /// <summary>A policer that loses a third would lose less than three fifths of that once a sixth less is sent.</summary>
    private const double TrialDecrease = 0.85;
    private const double SameLoss = 0.8;

    /// <summary>The standard deviation of 20 % in 100 packets is 4 %, a fifth of it.</summary>
    private const int TrialPackets = 100;

    /// <summary>Far below the bound: a lower bound would change nothing that is sent.</summary>
    private const double Slack = 0.5;

    /// <summary>Beyond this no picture and no sound is to be had, whatever the cause; less traffic is the better answer.</summary>
    private const double HighestInherentLoss = 0.4;

    private static readonly TimeSpan MinimumInterval = TimeSpan.FromMilliseconds(300);
    private static readonly TimeSpan MaximumInterval = TimeSpan.FromSeconds(2);

    private int _lost;
    private int _total;
    private Instant? _since;
    private Instant _lastDecrease = new(long.MinValue / 2);
    private bool _isStarting = true;
    private double _inherent;
    private Trial? _trial;

    public DataRate Rate { get; private set; } = start;

    /// <summary>Of the last whole interval, 0–1.</summary>
    public double Fraction { get; private set; }

    /// <summary>The part of <see cref="Fraction"/> that a lower rate may cure, 0–1.</summary>
    public double Excess { get; private set; }

    /// <summary>No bound until loss makes one: used once another estimate leads.</summary>
    public void Lift() => Rate = maximum;

    /// <summary>A probe has shown that the path carries this.</summary>
    public void Raise(DataRate rate) => Rate = DataRate.Max(Rate, DataRate.Min(rate, maximum));

    /// <summary>Forgets counts that belong to an outage, not to congestion.</summary>
    public void Forget()
    {
        (_lost, _total, _since, _trial) = (0, 0, null, null);
        Fraction = Excess = 0;
    }

    public void Count(int lost, int total)
    {
        _lost += lost;
        _total += total;
    }

    /// <summary>Evaluates the interval when it is long enough. True if the bound was lowered.</summary>
    /// <param name="current">The estimate in force: a decrease starts from there.</param>
    /// <param name="sent">What is really sent; zero while unknown.</param>
    /// <param name="acknowledged">What arrives; zero while unknown.</param>
    /// <param name="queueStands">A queue stands on the path: loss is its overflow.</param>
    public bool Update(Instant now, DataRate current, DataRate limit, TimeSpan roundTrip, DataRate sent, bool queueStands, DataRate acknowledged)
    {
        _since ??= now;
        var elapsed = now - _since.Value;
        if (elapsed < MinimumInterval || (_total < MinimumPackets && elapsed < MaximumInterval)) return false;

        // Losses that were taken back may exceed those of this interval.
        var (fraction, packets) = (_total > 0 ? Math.Clamp((double)_lost / _total, 0, 1) : 0, _total);
        if (queueStands) _trial = null;
        else if (_trial is not null) Try(now, sent, roundTrip);
        else if (fraction > _inherent && sent > DataRate.Zero && sent < current * Slack) Learn(_inherent + (fraction - _inherent) * 0.5);
        (_lost, _total, _since) = (0, 0, now);
        return Apply(now, fraction, elapsed, current, limit, roundTrip, sent, packets, acknowledged);
    }

    /// <summary>Takes a fraction that the receiver has counted.</summary>
    public bool Apply(Instant now, double fraction, TimeSpan elapsed, DataRate current, DataRate limit, TimeSpan roundTrip, DataRate sent = default, int packets = 0, DataRate acknowledged = default)
    {
        Fraction = fraction;

        // Down at once by a part, so that a quiet moment does not make the next usual one look like congestion.
        if (fraction < _inherent) Learn(_inherent + (fraction - _inherent) * 0.1);
        Excess = Math.Max(0, (fraction - _inherent) / (1 - _inherent));
        if (Excess > HighLoss)
        {
            _isStarting = false;
            if (now - _lastDecrease < MinimumInterval + roundTrip) return false;
            _lastDecrease = now;
            var before = DataRate.Min(Rate, current);
            if (packets > 0 && sent > DataRate.Zero)
            {
                // An interval that is chosen for its loss shows more than the usual: less a standard deviation.
                _trial ??= new(fraction - Math.Sqrt(fraction * (1 - fraction) / packets), sent, before);
            }


            // What arrives the path does carry: below that there is nothing to win, even if more is sent than is allowed.
            var floor = DataRate.Max(minimum, DataRate.Min(before, acknowledged * Carried));
            Rate = DataRate.Max(floor, before * (1 - 0.5 * Excess));
            return true;
        }

        if (Excess < LowLoss)
        {
            var seconds = Math.Clamp(elapsed.TotalSeconds, 0, 5);
            var raised = Rate * Math.Pow(_isStarting ? StartGrowthPerSecond : GrowthPerSecond, seconds) + new DataRate((long)(1000 * seconds));
            Rate = DataRate.Max(Rate, DataRate.Min(DataRate.Min(raised, limit), maximum));
        }

        return false;
    }

    private void Learn(double inherent) => _inherent = Math.Clamp(inherent, 0, HighestInherentLoss);

    /// <summary>Compares what is lost now with what was lost when more was sent.</summary>
    private void Try(Instant now, DataRate sent, TimeSpan roundTrip)
    {
        var trial = _trial!.Value;
        if (sent > trial.Sent * TrialDecrease || now - _lastDecrease < MinimumInterval + roundTrip) return;
        trial = trial with { Lost = trial.Lost + _lost, Total = trial.Total + _total };
        _trial = trial;
        if (trial.Total < TrialPackets) return;
        _trial = null;
        var fraction = Math.Clamp((double)trial.Lost / trial.Total, 0, 1);
        if (fraction < trial.Fraction * SameLoss) return;
        Learn(Math.Max(_inherent, fraction));
        Rate = DataRate.Max(Rate, trial.Before);
    }

    /// <summary>A decrease on trial: what was lost, sent and allowed before it, and what is lost since.</summary>
    private readonly record struct Trial(double Fraction, DataRate Sent, DataRate Before, int Lost = 0, int Total = 0);
}
