namespace Pendopo.Rtc.Congestion;

/// <summary>
/// How fast the narrowest part of a path passes packets that come back to back: the dispersion of packet trains (Dovrolis et al.,
/// “Packet-dispersion techniques and a capacity-estimation methodology”, 2004). Every frame that leaves as one burst is such a train, so it
/// costs nothing and is known from the first few frames on, long before anybody has tried how much the path carries for good.
/// </summary>
/// <remarks>
/// A train that others' packets got into seems slow, one that a busy receiver or an aggregating radio held back and released seems
/// fast; the lower quartile of the last trains leans to the slow side. What a policer lets through for good has nothing to do with it: it
/// passes bursts at the speed of the line until its bucket is empty.
/// </remarks>
internal sealed class PathCapacity
{
    private const int Trains = 16;

    /// <summary>One train alone may have met anything.</summary>
    private const int LeastTrains = 3;

    private const int LeastPackets = 3;

    /// <summary>After the first packet. At 48 Mb/s they take what transport feedback can tell apart, 250 µs.</summary>
    private const int LeastBytes = 1500;

    /// <summary>Packets of one train leave within this: at less than 30 Mb/s they would arrive as they were sent.</summary>
    private const long LongestSending = TimeSpan.TicksPerMillisecond;

    /// <summary>Older trains may have taken another path.</summary>
    private static readonly TimeSpan Lifetime = TimeSpan.FromSeconds(10);

    private readonly long[] _rates = new long[Trains];
    private int _count;
    private long _newest = long.MinValue / 2;
    private long _lowerQuartile;

    private long _firstSent;
    private long _firstArrival;
    private long _lastArrival;
    private int _packets;
    private int _bytes;

    /// <summary>Null while too little is known.</summary>
    public DataRate? At(Instant now) =>
        _count >= LeastTrains && now.Ticks - _newest < Lifetime.Ticks ? new DataRate(_lowerQuartile) : null;

    /// <summary>Takes a packet that has arrived, in the order of sending.</summary>
    public void Add(long sentTicks, long arrivalTicks, int bytes)
    {
        if (_packets > 0 && sentTicks >= _firstSent && sentTicks - _firstSent <= LongestSending)
        {
            _packets++;
            _bytes += bytes;
            _firstArrival = Math.Min(_firstArrival, arrivalTicks);
            _lastArrival = Math.Max(_lastArrival, arrivalTicks);
            return;
        }

        if (_packets >= LeastPackets && _bytes >= LeastBytes) EndTrain();
        (_firstSent, _firstArrival, _lastArrival, _packets, _bytes) = (sentTicks, arrivalTicks, arrivalTicks, 1, 0);
    }

    public void Reset() => (_count, _packets) = (0, 0);

    private void EndTrain()
    {
        if (_firstSent - _newest >= Lifetime.Ticks) _count = 0;
        _newest = _firstSent;
        var time = Math.Max(TransportFeedbackFormat.DeltaTicks, _lastArrival - _firstArrival);
        _rates[_count++ % Trains] = DataRate.Of(_bytes, new TimeSpan(time)).BitsPerSecond;
        if (_count == Trains * 2) _count = Trains; // full is full

        Span<long> sorted = stackalloc long[Trains];
        sorted = sorted[..Math.Min(_count, Trains)];
        _rates.AsSpan(0, sorted.Length).CopyTo(sorted);
        sorted.Sort();
        _lowerQuartile = sorted[sorted.Length / 4];
    }
}
