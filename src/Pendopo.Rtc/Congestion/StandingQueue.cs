namespace Pendopo.Rtc.Congestion;

/// <summary>
/// Tells a queue that stands on the path from delay that only passes through it: the least delay of the last fifth of a second,
/// above the least of the last ten to twenty seconds (the idea of CoDel, RFC 8289 §3.2, seen from the sender).
/// </summary>
/// <remarks>
/// A trend alone cannot tell them apart. A receiver that gets no CPU for 100 ms reads everything late and at once: a steep
/// trend, though the path is empty; but the last packets of that lump were hardly delayed, so the least delay stays where it
/// was. Behind a full bottleneck every packet waits. And a large frame makes a queue at once that then only gets shorter: the
/// least delay of the newer half of the time tells it from one that grows. It is blind for the first fifth of a second of
/// congestion, and to a queue that stood from the beginning.
/// </remarks>
internal sealed class StandingQueue
{
    private const int Buckets = 6;
    private const long BucketTicks = 33 * TimeSpan.TicksPerMillisecond;

    /// <summary>The base is forgotten after one to two of these: routes change, and clocks drift by up to 1 ms in 10 s.</summary>
    private const long BaseTicks = 10 * TimeSpan.TicksPerSecond;

    private readonly long[] _least = new long[Buckets];
    private long _bucket = long.MinValue;
    private long _baseFrom;
    private long _base = long.MaxValue;
    private long _formerBase = long.MaxValue;

    /// <summary>What every packet of late has waited; zero while nothing is known.</summary>
    public TimeSpan Delay { get; private set; }

    /// <summary>Of any packet of the last ten to twenty seconds, in ticks between two clocks; the largest number while unknown.</summary>
    public long LeastDelay => Math.Min(_base, _formerBase);

    /// <summary>The least delay with what now stands on the path; the largest number while unknown.</summary>
    public long UsualDelay => LeastDelay == long.MaxValue ? long.MaxValue : LeastDelay + Delay.Ticks;

    /// <summary>It does not get shorter.</summary>
    public bool IsGrowing { get; private set; }

    public void Reset()
    {
        _bucket = long.MinValue;
        _base = _formerBase = long.MaxValue;
        Delay = TimeSpan.Zero;
        IsGrowing = false;
    }

    /// <summary>What stands there now is the way itself, not a queue: delays are told from it on.</summary>
    public void Rebase()
    {
        _formerBase = long.MaxValue;
        _base = _least.Min();
        Evaluate();
    }

    /// <summary>Takes one packet; the clocks of the two moments need not agree.</summary>
    public void Add(long sentTicks, long arrivalTicks)
    {
        var delay = arrivalTicks - sentTicks;
        var bucket = arrivalTicks / BucketTicks;
        if (_bucket == long.MinValue)
        {
            Array.Fill(_least, long.MaxValue);
            _bucket = bucket;
            _baseFrom = arrivalTicks;
        }

        Roll(bucket);
        if (bucket > _bucket - Buckets) _least[Index(bucket)] = Math.Min(_least[Index(bucket)], delay);
        if (arrivalTicks - _baseFrom > BaseTicks) (_formerBase, _base, _baseFrom) = (_base, delay, arrivalTicks);
        _base = Math.Min(_base, delay);
    }

    /// <summary>Looks at what was added; called once for a whole message, since within a lump the first packets tell nothing.</summary>
    public void Evaluate()
    {
        if (_bucket == long.MinValue) return;
        var (older, newer) = (long.MaxValue, long.MaxValue);
        for (var i = 0; i < Buckets / 2; i++)
        {
            older = Math.Min(older, _least[Index(_bucket - Buckets + 1 + i)]);
            newer = Math.Min(newer, _least[Index(_bucket - i)]);
        }

        Delay = new(Math.Max(0, Math.Min(older, newer) - LeastDelay));
        IsGrowing = newer >= older || older == long.MaxValue;
    }

    private static int Index(long bucket) => (int)(((bucket % Buckets) + Buckets) % Buckets);

    private void Roll(long bucket)
    {
        if (bucket - _bucket >= Buckets)
        {
            Array.Fill(_least, long.MaxValue);
            _bucket = bucket;
            return;
        }

        while (_bucket < bucket) _least[Index(++_bucket)] = long.MaxValue;
    }
}
