namespace Pendopo.Rtc.Congestion;

/// <summary>
/// Additive increase, multiplicative decrease driven by the delay trend (draft-ietf-rmcat-gcc-02 §5.5), with a doubling start:
/// until the first overuse, and after an outage, the rate may double every second, for paths on which nothing can be probed.
/// </summary>
/// <remarks>
/// An overuse lowers the rate only while a queue stands and grows on the path (<see cref="StandingQueue"/>): a receiver that is short of
/// CPU makes trends without queues, again and again, and with each decrease less would be sent and acknowledged, down to the
/// floor, although everything arrives. On the other hand a queue that is full to the brim has no trend: one that stands high
/// and does not shrink counts as an overuse too, as long as a decrease shortens it. If it does not, somebody else fills it (TCP does), and
/// only the trend counts until it has been empty once, or nobody would ever get a share beside a download. A decrease that leaves the delay
/// as it was is undone (<see cref="SpuriousDecrease"/>): the way has become longer.
/// </remarks>
internal sealed class DelayRateControl
{
    /// <summary>Empties the queue that the overuse has built, without giving up more than a sixth.</summary>
    private const double Decrease = 0.85;

    private const double GrowthPerSecond = 1.08;
    private const double StartGrowthPerSecond = 2;

    /// <summary>Additive steps are one packet of this size per response time.</summary>
    private const double StepBits = 1200 * 8;

    private readonly DataRate _minimum;
    private readonly DataRate _maximum;
    private bool _isHolding;
    private bool _isStarting = true;
    private Instant? _lastUpdate;
    private Instant _lastDecrease = new(long.MinValue / 2);

    // What the path carried when it overflowed, in kb/s, with its normalised variance; zero while unknown.
    private double _capacity;
    private double _variance = 0.4;

    public DelayRateControl(DataRate start, DataRate minimum, DataRate maximum)
    {
        Rate = start;
        _minimum = minimum;
        _maximum = maximum;
    }

    /// <summary>
    /// A standing queue as long as this is one. 15 ms more delay are not heard, and a bottleneck that is too narrow by a tenth
    /// exceeds them within two tenths of a second.
    /// </summary>
    private static readonly TimeSpan LeastQueue = TimeSpan.FromMilliseconds(15);

    /// <summary>A queue so high hurts sound: players wait for about as much.</summary>
    private static readonly TimeSpan HighQueue = TimeSpan.FromMilliseconds(80);

    /// <summary>A seventh less than the path carries takes most of a second to drain a queue of a tenth.</summary>
    private static readonly TimeSpan DrainTime = TimeSpan.FromMilliseconds(600);

    /// <summary>After this a queue is another one.</summary>
    private static readonly TimeSpan QueueLifetime = TimeSpan.FromSeconds(5);

    private const double Shortened = 0.8;

    /// <summary>So many without effect, down to six tenths of the rate, and the queue is not ours.</summary>
    private const int VainDecreases = 3;

    private readonly SpuriousDecrease _doubt = new();
    private TimeSpan _loweredQueue = TimeSpan.MaxValue;
    private bool _isForeign;
    private int _vain;

    public DataRate Rate { get; private set; }

    /// <summary>Decreases that were undone, as there was no queue.</summary>
    public int Undone { get; private set; }

    /// <summary>Ends the doubling start: loss too shows that the path is full.</summary>
    public void EndStart() => _isStarting = false;

    /// <summary>The path was lost: nothing known about it holds any more.</summary>
    public void Restart(DataRate rate)
    {
        Rate = rate;
        _isStarting = true;
        _isHolding = false;
        _capacity = 0;
        _lastUpdate = null;
        _doubt.Reset();
    }

    /// <summary>A probe has shown that the path carries this.</summary>
    public void Raise(DataRate rate)
    {
        Rate = DataRate.Max(Rate, DataRate.Min(rate, _maximum));
        if (_capacity > 0 && rate.Kilobits > _capacity + Spread) _capacity = 0;
    }

    /// <param name="queue">What every packet of late has waited for on the path.</param>
    /// <param name="limit">What an increase may reach at most, from what is really sent; never lowers the rate.</param>
    public void Update(Instant now, BandwidthUsage usage, StandingQueue queue, DataRate? acknowledged, DataRate limit, TimeSpan roundTrip)
    {
        var elapsed = _lastUpdate is { } last ? Math.Clamp((now - last).TotalSeconds, 0, 1) : 0;
        _lastUpdate = now;
        if (_doubt.TryUndo(now, queue.Delay, acknowledged))
        {
            queue.Rebase();
            Rate = DataRate.Max(Rate, _doubt.Before);
            _capacity = 0;
            Undone++;
            return;
        }

        if (queue.Delay < LeastQueue) _isForeign = false;
        if (usage == BandwidthUsage.Normal && queue.Delay > HighQueue && queue.IsGrowing && !_isForeign)
        {
            _isHolding = true;

            // From the rate in force, since a decrease before this one was not enough: headers, reports and repairs come on top.
            if (CanDrain(now, queue.Delay)) Lower(now, DataRate.Min(Rate, acknowledged ?? Rate), queue.Delay);
            return;
        }

        switch (usage)
        {
            case BandwidthUsage.Overuse when queue.Delay < LeastQueue || !queue.IsGrowing:
                _isHolding = true;
                break;
            case BandwidthUsage.Overuse:
                _isStarting = false;
                _isHolding = true;
                if (!CanDecrease(now, acknowledged, roundTrip)) break;
                (_loweredQueue, _vain) = (TimeSpan.MaxValue, 0);
                Lower(now, acknowledged, queue.Delay);
                break;
            case BandwidthUsage.Underuse:
                // The queue drains; growing now would fill it again before it is empty.
                _isHolding = true;
                break;
            default:
                if (!_isHolding && (_isForeign || queue.Delay < LeastQueue * 2)) Raise(elapsed, acknowledged, limit, roundTrip);
                _isHolding = false;
                break;
        }
    }

    private bool CanDecrease(Instant now, DataRate? acknowledged, TimeSpan roundTrip)
    {
        // The effect of a decrease is seen a round trip later, unless the path plainly carries less than half.
        var wait = TimeSpan.FromMilliseconds(Math.Clamp(roundTrip.TotalMilliseconds, 10, 200));
        return now - _lastDecrease >= wait || (acknowledged is { } rate && rate < Rate * 0.5);
    }

    private bool CanDrain(Instant now, TimeSpan queue)
    {
        var since = now - _lastDecrease;
        if (since < DrainTime) return false;
        if (since > QueueLifetime) (_loweredQueue, _vain) = (TimeSpan.MaxValue, 0);
        _vain = _loweredQueue != TimeSpan.MaxValue && queue > _loweredQueue * Shortened ? _vain + 1 : 0;
        _loweredQueue = queue;
        _isForeign = _vain == VainDecreases;
        return !_isForeign;
    }

    private void Lower(Instant now, DataRate? acknowledged, TimeSpan queue)
    {
        _lastDecrease = now;
        var carried = acknowledged ?? Rate;
        _doubt.OnDecrease(now, Rate, carried, queue);
        Rate = DataRate.Max(_minimum, DataRate.Min(Rate, carried * Decrease));

        var sample = carried.Kilobits;
        if (_capacity > 0 && Math.Abs(sample - _capacity) > Spread) _capacity = 0;
        if (_capacity == 0)
        {
            (_capacity, _variance) = (sample, 0.4);
            return;
        }

        var error = sample - _capacity;
        _capacity += 0.05 * error;
        _variance = Math.Clamp(0.95 * _variance + 0.05 * error * error / Math.Max(1, _capacity), 0.4, 2.5);
    }

    private void Raise(double elapsed, DataRate? acknowledged, DataRate limit, TimeSpan roundTrip)
    {
        if (acknowledged is { } rate && _capacity > 0 && rate.Kilobits > _capacity + Spread) _capacity = 0;
        var raised = _capacity > 0 && !_isStarting
            ? Rate + new DataRate((long)(elapsed * StepBits / (roundTrip.TotalSeconds + 0.1)))
            : Rate * Math.Pow(_isStarting ? StartGrowthPerSecond : GrowthPerSecond, elapsed) + new DataRate((long)(1000 * elapsed));
        raised = DataRate.Min(DataRate.Min(raised, limit), _maximum);
        Rate = DataRate.Max(Rate, raised);
    }

    // Three standard deviations.
    private double Spread => 3 * Math.Sqrt(_variance * _capacity);
}
