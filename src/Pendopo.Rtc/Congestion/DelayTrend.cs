namespace Pendopo.Rtc.Congestion;

internal enum BandwidthUsage : byte
{
    Normal,
    Overuse,
    Underuse,
}

/// <summary>
/// Tells from arrival times whether a queue on the path is growing (draft-ietf-rmcat-gcc-02 §5, with the trendline filter that
/// replaced its Kalman filter in practice).
/// </summary>
/// <remarks>
/// Packets sent within 5 ms form a group. From group to group, how much longer the way took is summed and smoothed; the slope
/// of the last 20 sums over arrival time is the trend. The trend is compared with a threshold that adapts: against a TCP flow
/// that keeps the queue busy a fixed one would starve us, and after quiet times a high one would be deaf.
/// It fails where the sender itself makes delay grow (a clock that jumps) or where the path batches arrivals over more than
/// 100 ms; both look like congestion.
/// </remarks>
internal sealed class DelayTrend
{
    private const int WindowSize = 20;
    private const double Smoothing = 0.9;
    private const double Gain = 4;
    private const int MaximumDeltas = 60;
    private const double OveruseMilliseconds = 10;
    private const double InitialThreshold = 12.5;
    private const double ThresholdUp = 0.0087;
    private const double ThresholdDown = 0.039;

    private const long BurstTicks = 5 * TimeSpan.TicksPerMillisecond;
    private const long MaximumBurstTicks = 100 * TimeSpan.TicksPerMillisecond;

    /// <summary>After such a pause old deltas say nothing about the queue of now.</summary>
    private const long StaleTicks = 2 * TimeSpan.TicksPerSecond;

    private readonly double[] _times = new double[WindowSize];
    private readonly double[] _delays = new double[WindowSize];
    private Group _current;
    private Group _previous;
    private int _deltas;
    private long _origin;
    private double _accumulated;
    private double _smoothed;
    private double _previousTrend;
    private double _threshold = InitialThreshold;
    private double _lastUpdate;
    private double _overusing;
    private int _overuses;

    public BandwidthUsage Usage { get; private set; }

    public void Reset()
    {
        _current = _previous = default;
        _deltas = _overuses = 0;
        _accumulated = _smoothed = _previousTrend = _overusing = _lastUpdate = 0;
        _threshold = InitialThreshold;
        Usage = BandwidthUsage.Normal;
    }

    /// <summary>Takes received packets in the order of sending. Times of the two clocks are never compared with each other.</summary>
    public void Add(long sentTicks, long arrivalTicks)
    {
        if (_current.Exists && Math.Abs(arrivalTicks - _current.LastArrival) > StaleTicks) Reset();
        if (!_current.Exists)
        {
            _current = new(sentTicks, arrivalTicks);
            return;
        }

        if (sentTicks < _current.FirstSent) return;
        if (BelongsToCurrent(sentTicks, arrivalTicks))
        {
            _current.LastSent = Math.Max(_current.LastSent, sentTicks);
            _current.LastArrival = Math.Max(_current.LastArrival, arrivalTicks);
            return;
        }

        if (_previous.Exists)
        {
            var sent = _current.LastSent - _previous.LastSent;
            var arrived = _current.LastArrival - _previous.LastArrival;

            // Groups that overtook each other carry no queueing information.
            if (arrived >= 0) Update(Milliseconds(arrived - sent), Milliseconds(sent), _current.LastArrival);
        }

        _previous = _current;
        _current = new(sentTicks, arrivalTicks);
    }

    private bool BelongsToCurrent(long sentTicks, long arrivalTicks)
    {
        if (sentTicks - _current.FirstSent <= BurstTicks) return true;

        // Held back together on the way (a Wi-Fi aggregate): packets that came closer together than they were sent.
        var arrived = arrivalTicks - _current.LastArrival;
        return arrived - (sentTicks - _current.LastSent) < 0 && arrived <= BurstTicks
            && arrivalTicks - _current.FirstArrival < MaximumBurstTicks;
    }

    private void Update(double delta, double sendDelta, long arrivalTicks)
    {
        if (_deltas == 0) _origin = arrivalTicks;
        var time = Milliseconds(arrivalTicks - _origin);
        _accumulated += delta;
        _smoothed = Smoothing * _smoothed + (1 - Smoothing) * _accumulated;
        _times[_deltas % WindowSize] = time;
        _delays[_deltas % WindowSize] = _smoothed;
        _deltas++;
        var trend = _deltas >= WindowSize ? Slope() : _previousTrend;
        Detect(trend, sendDelta, time);
    }

    // Least squares over the window; the order of the points does not matter.
    private double Slope()
    {
        double time = 0, delay = 0;
        for (var i = 0; i < WindowSize; i++)
        {
            time += _times[i];
            delay += _delays[i];
        }

        time /= WindowSize;
        delay /= WindowSize;
        double numerator = 0, denominator = 0;
        for (var i = 0; i < WindowSize; i++)
        {
            numerator += (_times[i] - time) * (_delays[i] - delay);
            denominator += (_times[i] - time) * (_times[i] - time);
        }

        return denominator == 0 ? _previousTrend : numerator / denominator;
    }

    private void Detect(double trend, double sendDelta, double now)
    {
        var modified = Math.Min(_deltas, MaximumDeltas) * trend * Gain;
        if (modified > _threshold)
        {
            _overusing += _overuses == 0 ? sendDelta / 2 : sendDelta;
            _overuses++;
            if (_overusing > OveruseMilliseconds && _overuses > 1 && trend >= _previousTrend)
            {
                _overusing = 0;
                _overuses = 0;
                Usage = BandwidthUsage.Overuse;
            }
        }
        else
        {
            _overusing = 0;
            _overuses = 0;
            Usage = modified < -_threshold ? BandwidthUsage.Underuse : BandwidthUsage.Normal;
        }

        _previousTrend = trend;
        AdaptThreshold(Math.Abs(modified), now);
    }

    private void AdaptThreshold(double modified, double now)
    {
        // A spike (a route change, a sleeping radio) is no reason to become deaf.
        if (modified <= _threshold + 15)
        {
            var rate = modified < _threshold ? ThresholdDown : ThresholdUp;
            _threshold += rate * (modified - _threshold) * Math.Clamp(now - _lastUpdate, 0, 100);
            _threshold = Math.Clamp(_threshold, 6, 600);
        }

        _lastUpdate = now;
    }

    private static double Milliseconds(long ticks) => (double)ticks / TimeSpan.TicksPerMillisecond;

    private struct Group(long sent, long arrival)
    {
        public readonly bool Exists = true;
        public readonly long FirstSent = sent;
        public readonly long FirstArrival = arrival;
        public long LastSent = sent;
        public long LastArrival = arrival;
    }
}
