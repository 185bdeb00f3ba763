using Pendopo.Rtc.Congestion;
using Pendopo.Rtc.Rtcp;
using Pendopo.Testing.Network;

namespace Pendopo.Rtc.Tests.Congestion;

/// <summary>
/// A sender that sends as much as its estimator allows (or as the application has), a bottleneck, and a receiver with TWCC, all on
/// virtual time.
/// </summary>
internal sealed class CongestedPath
{
    private static readonly TimeSpan Tick = TimeSpan.FromMilliseconds(5);

    private readonly SimulatedLink _forth;
    private readonly SimulatedLink _back;
    private readonly TransportFeedbackRecorder _recorder = new();
    private readonly VirtualClock _clock = new(Instant.FromMilliseconds(5000));
    private readonly HashSet<ushort> _received = [];
    private double _budget;
    private int _sent;
    private Probe _probe;
    private double _probeLeft;

    public CongestedPath(LinkOptions forth, int seed = 1, double startKilobits = 300)
    {
        Estimator = new(DataRate.FromKilobits(startKilobits), DataRate.FromKilobits(50), DataRate.FromKilobits(20_000));
        _forth = new(forth, seed);
        _back = new(new() { Delay = forth.Delay }, seed + 1);
        _clock.Every(Tick, () => Send());
    }

    public BandwidthEstimator Estimator { get; }

    public int PacketBytes { get; init; } = 1200;

    /// <summary>How long after a packet each of its copies is sent, byte by byte the same; none unless set. The receiver takes one.</summary>
    public IReadOnlyList<TimeSpan> Copies { get; set; } = [];

    /// <summary>The share of packets that have copies.</summary>
    public double CopiedShare { get; init; } = 1;

    public double Kilobits => Estimator.Estimate.Kilobits;

    /// <summary>What the application has to send; unlimited unless set.</summary>
    public double ApplicationKilobits { get; set; } = double.PositiveInfinity;

    /// <summary>What the application would like to send: above the estimate it is probed for. Nothing is probed unless set.</summary>
    public double WantedKilobits { get; set; }

    /// <summary>Standstills of the receiver; null for none.</summary>
    public ProcessStalls? Stalls { get; set; }

    public Instant Now => _clock.Now;

    public long SentBytes { get; private set; }

    public TimeSpan Queue => Link.Rate.BitsPerSecond == 0 ? TimeSpan.Zero : TimeSpan.FromSeconds(_forth.QueuedBytes(_clock.Now) * 8.0 / Link.Rate.BitsPerSecond);

    public LinkOptions Link
    {
        get => _forth.Options;
        set => _forth.Options = value;
    }

    public void Interrupt(double seconds)
    {
        var until = _clock.Now + TimeSpan.FromSeconds(seconds);
        _forth.Interrupt(until);
        _back.Interrupt(until);
    }

    public void Run(double seconds) => _clock.RunFor(TimeSpan.FromSeconds(seconds));

    /// <summary>Seconds until the condition holds; the limit if it does not.</summary>
    public double RunUntil(Func<bool> condition, double limit)
    {
        var start = _clock.Now;
        _clock.RunUntil(condition, TimeSpan.FromSeconds(limit));
        return (_clock.Now - start).TotalSeconds;
    }

    /// <summary>Runs on and gives the least, the mean and the greatest estimate in kb/s.</summary>
    public (double Least, double Mean, double Most) Watch(double seconds)
    {
        var (least, sum, most, count) = (double.MaxValue, 0.0, 0.0, 0);
        for (double time = 0; time < seconds; time += 0.05, count++)
        {
            Run(0.05);
            least = Math.Min(least, Kilobits);
            most = Math.Max(most, Kilobits);
            sum += Kilobits;
        }

        return (least, sum / count, most);
    }

    private bool Send()
    {
        var rate = Math.Min(Kilobits, ApplicationKilobits);
        _budget += rate * 1000 / 8 * Tick.TotalSeconds;
        while (_budget >= PacketBytes)
        {
            _budget -= PacketBytes;
            SendOne();
        }

        SendProbe();
        if (_recorder.Deadline.At <= _clock.Now && RunsAt(_clock.Now) == _clock.Now) WriteFeedback();
        return true;
    }

    private void SendProbe()
    {
        if (_probeLeft <= 0)
        {
            if (!Estimator.TryBeginProbe(_clock.Now, DataRate.FromKilobits(WantedKilobits), out _probe)) return;
            _probeLeft = _probe.Bytes;
        }

        for (var due = (double)_probe.Rate.BytesIn(Tick); due > 0 && _probeLeft > 0; due -= PacketBytes, _probeLeft -= PacketBytes) SendOne();
        if (_probeLeft <= 0) Estimator.EndProbe(_clock.Now);
    }

    private void SendOne()
    {
        SentBytes += PacketBytes;
        var sequence = Estimator.OnSent(_clock.Now, PacketBytes);
        _received.Remove(sequence);
        if (_forth.Offer(_clock.Now, PacketBytes, out var delivery)) _clock.At(delivery, () => Receive(sequence));
        if ((int)(_sent * CopiedShare) == (int)(++_sent * CopiedShare)) return;
        foreach (var delay in Copies) _clock.At(_clock.Now + delay, () => SendCopy(sequence));
    }

    private void SendCopy(ushort sequence)
    {
        SentBytes += PacketBytes;
        Estimator.OnRepeated(_clock.Now, sequence, PacketBytes);
        if (_forth.Offer(_clock.Now, PacketBytes, out var delivery)) _clock.At(delivery, () => Receive(sequence));
    }

    private Instant RunsAt(Instant now) => Stalls?.RunsAt(now) ?? now;

    private void Receive(ushort sequence)
    {
        // The replay check of SRTP.
        if (!_received.Add(sequence)) return;
        var at = RunsAt(_clock.Now);
        if (at > _clock.Now) _clock.At(at, () => _recorder.Add(_clock.Now, sequence));
        else _recorder.Add(_clock.Now, sequence);
    }

    private void WriteFeedback()
    {
        var buffer = new byte[1200];
        while (_recorder.TryWrite(_clock.Now, 1, 2, buffer, out var length))
        {
            var message = buffer.AsSpan(0, length).ToArray();
            if (_back.Offer(_clock.Now, length, out var delivery)) _clock.At(delivery, () => TakeFeedback(message));
        }
    }

    private void TakeFeedback(byte[] message)
    {
        var reader = new RtcpReader(message);
        while (reader.MoveNext()) Estimator.OnFeedback(_clock.Now, reader.FeedbackControl);
    }
}
