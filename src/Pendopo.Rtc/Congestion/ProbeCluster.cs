namespace Pendopo.Rtc.Congestion;

/// <summary>A short run of packets to send at a rate that the path may not carry, to see how fast it arrives.</summary>
/// <param name="Rate">How fast to send it.</param>
/// <param name="Bytes">How much to send.</param>
public readonly record struct Probe(DataRate Rate, int Bytes);

/// <summary>
/// Measures one probe: the bytes that arrived over the time in which they arrived. A cluster of which less than four fifths
/// arrived, or that arrived much faster than it was sent (lumped together on the way), measures nothing.
/// </summary>
internal sealed class ProbeCluster
{
    /// <summary>Packets of one moment say nothing about a rate.</summary>
    private const int MinimumPackets = 4;

    private const double MinimumShare = 0.8;

    /// <summary>Faster than this against the sending was held back and released, on the air or by a busy receiver.</summary>
    private const double MaximumSpeedup = 2;

    private Instant _firstSent;
    private Instant _lastSent;
    private int _sentBytes;
    private int _sentPackets;
    private int _lastSentBytes;
    private long _firstArrival;
    private long _lastArrival;
    private int _receivedBytes;
    private int _receivedPackets;
    private int _firstReceivedBytes;

    /// <summary>Packets sent now belong to it.</summary>
    public bool IsSending { get; private set; }

    /// <summary>It was sent, or is being sent, and not judged yet.</summary>
    public bool IsOpen { get; private set; }

    public Probe Probe { get; private set; }

    public ushort LastSequence { get; private set; }

    public Instant LastSentAt => _lastSent;

    public int SentPackets => _sentPackets;

    public void Begin(Instant now, Probe probe)
    {
        Probe = probe;
        IsSending = IsOpen = true;
        _firstSent = _lastSent = now;
        _sentBytes = _sentPackets = _receivedBytes = _receivedPackets = 0;
    }

    public void EndSending() => IsSending = false;

    public void Close() => IsSending = IsOpen = false;

    public void OnSent(Instant now, ushort sequence, int bytes)
    {
        if (_sentPackets++ == 0) _firstSent = now;
        (_lastSent, _lastSentBytes, LastSequence) = (now, bytes, sequence);
        _sentBytes += bytes;
    }

    public void OnReceived(long arrivalTicks, int bytes)
    {
        if (_receivedPackets++ == 0 || arrivalTicks < _firstArrival) (_firstArrival, _firstReceivedBytes) = (arrivalTicks, bytes);
        if (_receivedPackets == 1 || arrivalTicks > _lastArrival) _lastArrival = arrivalTicks;
        _receivedBytes += bytes;
    }

    /// <summary>The rate that the path has shown; false if it has shown none.</summary>
    public bool TryMeasure(out DataRate rate)
    {
        rate = DataRate.Zero;
        if (_receivedPackets < MinimumPackets || _receivedBytes < _sentBytes * MinimumShare) return false;

        // The first packet's own transmission lies before the interval (as the last one's lies behind that of sending).
        var received = DataRate.Of(_receivedBytes - _firstReceivedBytes, new(_lastArrival - _firstArrival));
        if (received == DataRate.Zero) return false;
        var sent = DataRate.Of(_sentBytes - _lastSentBytes, _lastSent - _firstSent);
        if (sent > DataRate.Zero && received > sent * MaximumSpeedup) return false;
        rate = DataRate.Min(received, Probe.Rate);
        return true;
    }
}
