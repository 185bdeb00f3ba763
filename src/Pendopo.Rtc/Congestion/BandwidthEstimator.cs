namespace Pendopo.Rtc.Congestion;

/// <summary>
/// How much one receiver can take: delay trend, standing queue, loss and probes from TWCC feedback (after
/// draft-ietf-rmcat-gcc-02 and what libwebrtc made of it), bounded by REMB where a receiver sends that. Sans-IO,
/// deterministic, no allocation per packet.
/// </summary>
/// <remarks>
/// <para>
/// With TWCC the estimate is the least of the delay-driven rate, the loss bound and REMB; without TWCC the loss bound of the
/// receiver reports leads. By itself it does not grow beyond 1.5 times what really arrives (plus a constant), so an application
/// that sends little cannot raise it to a number nobody has tried; what is beyond is found by probes, which the owner sends
/// when <see cref="TryBeginProbe"/> asks for one.
/// </para>
/// <para>
/// When feedback stays away while packets are sent, the rate falls step by step; when it comes back, the rate may double
/// every second, as at the start, since nothing known about the path holds, and a probe tries what was there before.
/// </para>
/// </remarks>
public sealed class BandwidthEstimator
{
    /// <summary>Bytes of the object with the fields that <see cref="OnSent"/> reads, for <see cref="CacheLines"/>.</summary>
    public const int HotBytes = 256;

    private const double Headroom = 1.5;

    /// <summary>Room above a trickle of audio for the lowest layer of one video to start.</summary>
    private static readonly DataRate HeadroomConstant = DataRate.FromKilobits(150);

    /// <summary>A path with a queue or with loss that grows has no room: a probe would only make it worse.</summary>
    private const double ProbeLoss = 0.05;
    private static readonly TimeSpan ProbeQueue = TimeSpan.FromMilliseconds(15);

    /// <summary>Beyond this and two round trips its feedback was lost.</summary>
    private static readonly TimeSpan ProbeLifetime = TimeSpan.FromSeconds(1);

    private const double SilenceDecrease = 0.7;
    private static readonly TimeSpan SilenceStep = TimeSpan.FromMilliseconds(500);

    /// <summary>Older limits are forgotten: receivers repeat REMB every second or so.</summary>
    private static readonly TimeSpan RembLifetime = TimeSpan.FromSeconds(10);

    private readonly SentHistory _history = new();
    private readonly RateMeter _acknowledged = new();
    private readonly RateMeter _sent = new();
    private readonly DelayTrend _trend = new();
    private readonly StandingQueue _queue = new();
    private readonly PacingPolicy _pacing = new();
    private readonly ProbeController _probes = new();
    private readonly ProbeCluster _cluster = new();
    private readonly PathLoss _path = new();
    private readonly DelayRateControl _delay;
    private readonly LossBound _loss;
    private readonly DataRate _minimum;
    private readonly DataRate _maximum;

    private ushort _next;
    private bool _hasFeedback;
    private Instant? _waitingSince;
    private Instant _lastSilenceStep;
    private bool _isSilent;
    private DataRate _beforeSilence;
    private Instant _countLossFrom = new(long.MinValue);
    private ArrivalClock _arrivals;
    private Instant? _lastReport;
    private DataRate? _remb;
    private Instant _rembAt;

    public BandwidthEstimator(DataRate start, DataRate minimum, DataRate maximum)
    {
        if (minimum > maximum) throw new ArgumentException("The minimum is above the maximum.", nameof(minimum));
        (_minimum, _maximum) = (minimum, maximum);
        start = Clamp(start);
        _delay = new(start, minimum, maximum);
        _loss = new(start, minimum, maximum);
        Estimate = start;
    }

    /// <summary>The next transport-wide sequence number; the caller puts it into the packet it sends now.</summary>
    public ushort OnSent(Instant now, int bytes)
    {
        var sequence = _next++;
        if (_cluster.IsSending) _cluster.OnSent(now, sequence, bytes);
        _history.Add(now, new() { Ticks = now.Ticks, Bytes = bytes, Sequence = sequence, State = PacketState.InFlight, IsProbe = _cluster.IsSending });
        _sent.Add(now.Ticks, bytes);
        _waitingSince ??= now;
        if (_hasFeedback) CheckSilence(now);
        return sequence;
    }

    /// <summary>
    /// Asks for the memory that <see cref="OnSent"/> touches (<see cref="CacheLines"/>), a step of pointers at each call; the first bytes
    /// of the object itself should be there already.
    /// </summary>
    /// <param name="step">0 and 1, with some work in between.</param>
    public void Prefetch(int step)
    {
        if (step == 0)
        {
            CacheLines.Fetch(_sent);
            CacheLines.Fetch(_cluster);
            CacheLines.Fetch(_history);
        }
        else
        {
            _sent.Prefetch();
            _history.Prefetch(_next);
        }
    }

    /// <summary>
    /// A packet is sent once more as it is, under the number that it has. Its bytes count as any other's. Nobody can tell which copy arrives,
    /// so that neither makes a trend of delays, nor counts for the loss bound.
    /// </summary>
    public void OnRepeated(Instant now, ushort sequence, int bytes)
    {
        _sent.Add(now.Ticks, bytes);
        ref var packet = ref _history[sequence];
        if (packet.Sequence == sequence && packet.State is PacketState.InFlight or PacketState.Lost) packet.Repeat(now);
    }

    /// <summary>Takes one TWCC feedback message's FCI.</summary>
    public void OnFeedback(Instant now, ReadOnlySpan<byte> feedbackControl)
    {
        var reader = new TransportFeedbackReader(feedbackControl);
        if (reader.IsMalformed) return;
        if (!_hasFeedback) _loss.Lift();
        if (_isSilent) EndSilence(now);
        _hasFeedback = true;
        _waitingSince = null;

        var overused = false;
        var newestSent = long.MinValue;
        while (reader.MoveNext())
        {
            ref var packet = ref _history[reader.Sequence];
            if (packet.Sequence != reader.Sequence || packet.State is PacketState.None or PacketState.Received) continue;
            if (!reader.IsReceived)
            {
                MarkLost(now, ref packet);
                continue;
            }

            var arrival = _arrivals.Unwrap(reader.ArrivalTicks);
            MarkReceived(now, ref packet, packet.IsFirstLost(arrival, _queue.UsualDelay));
            var sent = packet.SentAt(arrival, _queue.LeastDelay);
            newestSent = Math.Max(newestSent, sent);
            _acknowledged.Add(arrival, packet.Bytes * (1 + packet.Copies));
            if (packet.IsProbe && _cluster.IsOpen) _cluster.OnReceived(arrival, packet.Bytes);
            _queue.Add(sent, arrival);

            // Which copy arrived is a guess, good enough for a queue, of which the least delay tells, but not for a slope or a spread.
            if (packet.Copies > 0) continue;
            _pacing.Capacity.Add(packet.Ticks, arrival, packet.Bytes);
            _trend.Add(packet.Ticks, arrival);
            overused |= _trend.Usage == BandwidthUsage.Overuse;
        }

        _queue.Evaluate();
        JudgeProbe(now, reader.Sequence);

        if (newestSent == long.MinValue)
        {
            // Only losses: no time to learn from, but the loss counts.
            UpdateLoss(now);
            return;
        }

        TakeRoundTrip(now - new Instant(newestSent));
        _delay.Update(now, overused ? BandwidthUsage.Overuse : _trend.Usage, _queue, Carried, GrowthLimit, RoundTrip);
        UpdateLoss(now);
    }

    /// <summary>
    /// True when a probe should be sent now: the owner sends <paramref name="probe"/> at its rate, each packet announced by
    /// <see cref="OnSent"/> as any other, and then calls <see cref="EndProbe"/>. Media that is sent meanwhile is a part of it.
    /// </summary>
    /// <param name="wanted">What the application would send if it could; nothing is probed beyond.</param>
    public bool TryBeginProbe(Instant now, DataRate wanted, out Probe probe)
    {
        probe = default;
        if (!_hasFeedback || _isSilent || _cluster.IsSending) return false;
        if (_cluster.IsOpen)
        {
            if (now - _cluster.LastSentAt < ProbeLifetime + RoundTrip * 2) return false;
            FailProbe(now);
        }

        if (_trend.Usage != BandwidthUsage.Normal || _queue.Delay > ProbeQueue || _loss.Excess > ProbeLoss) return false;
        if (_remb is { } remb) wanted = DataRate.Min(wanted, remb);
        if (!_probes.TryPlan(now, Estimate, wanted, _maximum, out probe)) return false;
        _cluster.Begin(now, probe);
        return true;
    }

    /// <summary>The probe was sent, as far as there was something to send.</summary>
    public void EndProbe(Instant now)
    {
        _cluster.EndSending();
        if (_cluster.SentPackets == 0) FailProbe(now);
    }

    /// <summary>Packets take another way from now on: what was learnt about delay and loss does not hold there.</summary>
    public void OnPathChanged(Instant now)
    {
        if (_isSilent) _isSilent = false;
        else _beforeSilence = Estimate;
        Forget(now);
    }

    /// <summary>The receiver's own estimate: a cap while it is younger than 10 s.</summary>
    public void OnRemb(Instant now, DataRate rate)
    {
        (_remb, _rembAt) = (rate, now);
        Combine(now);
    }

    /// <summary>Loss and round trip from receiver reports, for receivers without TWCC.</summary>
    /// <param name="fractionLost">0–1.</param>
    /// <param name="roundTrip">Zero while unknown.</param>
    public void OnReceiverReport(Instant now, double fractionLost, TimeSpan roundTrip)
    {
        // TWCC tells both sooner and per packet; reports lead only where it is missing.
        if (_hasFeedback) return;
        if (roundTrip > TimeSpan.Zero) TakeRoundTrip(roundTrip);
        var elapsed = _lastReport is { } last ? now - last : TimeSpan.FromSeconds(1);
        _lastReport = now;
        _loss.Apply(now, Math.Clamp(fractionLost, 0, 1), elapsed, Estimate, GrowthLimit, RoundTrip);
        Combine(now);
    }

    /// <summary>What to send at most, in all, headers of RTP and RTX included as given to <see cref="OnSent"/>.</summary>
    public DataRate Estimate { get; private set; }

    /// <summary>How often the estimate was put back to what it was before a decrease that had no reason.</summary>
    public int Undone => _delay.Undone;

    /// <summary>What has really arrived over the last half second of feedback; zero while unknown.</summary>
    public DataRate AcknowledgedRate => _acknowledged.Rate;

    /// <summary>Lost packets of all, 0–1, over the last interval.</summary>
    public double LossFraction => _loss.Fraction;

    /// <summary>
    /// What the path has lost of the last three seconds' packets, 0–1, while no queue stood on it. Null while too few were told of. Where
    /// nearly all are repeated, it is how many of their first copies were lost, as their delay tells: on a path whose delay varies it looks like more.
    /// </summary>
    public double? PathLoss(Instant now) => _path.Fraction(now);

    /// <summary>Of the packets that were repeated those of which no copy arrived, 0–1, in the same time.</summary>
    public double? RepeatedLoss(Instant now) => _path.RepeatedFraction(now);

    /// <summary>The part of <see cref="LossFraction"/> that the path does not have at every rate: that of congestion.</summary>
    public double CongestionLoss => _loss.Excess;

    /// <summary>How long every packet of late has waited in a queue on the path.</summary>
    public TimeSpan QueueDelay => _queue.Delay;

    /// <summary>
    /// What repairs are reckoned from: the estimate, and a third of it while a queue stands on the path. Losses are its overflow
    /// then, and all of them repaired at once would keep it full.
    /// </summary>
    public DataRate RepairRate => _queue.Delay > ProbeQueue * 2 ? Estimate * (1.0 / 3) : Estimate;

    /// <summary>How fast what is more than usual may leave, such as a key frame: at least the estimate.</summary>
    public DataRate PacingRate(Instant now) => _pacing.Rate(now, Estimate);

    /// <summary>The receiver gives TWCC feedback, so probes can be measured.</summary>
    public bool HasFeedback => _hasFeedback;

    /// <summary>Smoothed; zero while unknown. By TWCC it includes the time that the receiver gathers feedback.</summary>
    public TimeSpan RoundTrip { get; private set; }

    private DataRate? Acknowledged => _acknowledged.IsReady ? _acknowledged.Rate : null;

    // Behind a queue that stands the newest rate is the bottleneck's; the mean is still that of before.
    private DataRate? Carried => !_acknowledged.IsReady ? null
        : _queue.Delay > ProbeQueue ? DataRate.Max(_acknowledged.Rate, _acknowledged.Recent) : _acknowledged.Rate;

    private DataRate GrowthLimit => (Acknowledged ?? _sent.Rate) * Headroom + HeadroomConstant;

    private DataRate Clamp(DataRate rate) => DataRate.Max(_minimum, DataRate.Min(rate, _maximum));

    private void MarkLost(Instant now, ref SentPacket packet)
    {
        if (packet.State != PacketState.InFlight) return;
        packet.State = PacketState.Lost;

        // A probe may overflow the path: that is its answer, not congestion by media.
        if (packet.IsProbe || packet.Ticks < _countLossFrom.Ticks) return;
        CountLoss(now, ref packet, 1, 1);
    }

    private void MarkReceived(Instant now, ref SentPacket packet, bool isFirstLost)
    {
        var wasLost = packet.State == PacketState.Lost;
        packet.State = PacketState.Received;
        if (packet.IsProbe || packet.Ticks < _countLossFrom.Ticks) return;

        // A packet that was reported as lost is in the total already.
        CountLoss(now, ref packet, wasLost ? -1 : 0, wasLost ? 0 : 1, isFirstLost);
    }

    private void CountLoss(Instant now, ref SentPacket packet, int lost, int total, bool isFirstLost = false)
    {
        if (packet.Copies == 0) _loss.Count(lost, total);
        _path.Count(now, ref packet, lost, total, isFirstLost, isQueueing: _queue.Delay > ProbeQueue * 2);
    }

    private void UpdateLoss(Instant now)
    {
        if (_loss.Update(now, Estimate, GrowthLimit, RoundTrip, _sent.Rate, _queue.Delay > ProbeQueue, Acknowledged ?? DataRate.Zero)) _delay.EndStart();
        Combine(now);
    }

    private void JudgeProbe(Instant now, ushort newest)
    {
        if (!_cluster.IsOpen || _cluster.IsSending || (short)(newest - _cluster.LastSequence) < 0) return;
        if (!_cluster.TryMeasure(out var measured))
        {
            FailProbe(now);
            return;
        }

        _cluster.Close();
        if (_probes.OnMeasured(now, _cluster.Probe, measured, Estimate) is not { } rate) return;
        _delay.Raise(rate);
        _loss.Raise(rate);
    }

    private void FailProbe(Instant now)
    {
        _cluster.Close();
        _probes.OnFailed(now);
    }

    private void TakeRoundTrip(TimeSpan sample)
    {
        if (sample < TimeSpan.Zero) return;
        RoundTrip = RoundTrip == TimeSpan.Zero ? sample : RoundTrip + (sample - RoundTrip) / 8;
    }

    private void CheckSilence(Instant now)
    {
        // The first packet without an answer counts: a sender that paused is not in an outage.
        var since = _waitingSince ?? now;
        if (now - since < SilenceStep + RoundTrip * 2 || now - _lastSilenceStep < SilenceStep) return;
        _lastSilenceStep = now;
        if (!_isSilent) _beforeSilence = Estimate;
        _isSilent = true;
        Estimate = DataRate.Max(_minimum, Estimate * SilenceDecrease);
    }

    private void EndSilence(Instant now)
    {
        _isSilent = false;
        Forget(now);
    }

    private void Forget(Instant now)
    {
        // Packets that fell into the outage are no sign of congestion. Those in flight now may be among them.
        _countLossFrom = now;
        _loss.Forget();
        _loss.Lift();
        _path.Reset();
        _trend.Reset();
        _queue.Reset();
        _pacing.Capacity.Reset();
        _acknowledged.Reset();
        _delay.Restart(Estimate);
        _cluster.Close();
        _probes.Restart(now, _beforeSilence);
    }

    private void Combine(Instant now)
    {
        if (_isSilent) return;
        var rate = _hasFeedback ? DataRate.Min(_delay.Rate, _loss.Rate) : _loss.Rate;
        if (_remb is { } remb)
        {
            if (now - _rembAt > RembLifetime)
                _remb = null;
            else
                rate = DataRate.Min(rate, remb);
        }

        rate = Clamp(rate);
        if (rate < Estimate)
        {
            _pacing.OnDecrease(now);
            _probes.OnDecrease(now, Estimate);
        }

        Estimate = rate;
    }
}
