namespace Pendopo.Rtc.Congestion;

/// <summary>
/// Knows which packets of one received stream are missing and when to ask for them again: first after a short reordering
/// allowance, then once per round trip, at most ten times, never for packets older than the window. Bounded memory.
/// </summary>
/// <remarks>
/// A packet counts as lost 10 ms after its gap was seen, or as soon as 8 later packets are there. Reordering on Wi-Fi and
/// mobile links stays mostly inside a few packets and milliseconds, and a needless request costs one packet; a longer wait
/// costs every real loss that time out of the jitter buffer. The count matters for bursts: a sender's pacer lets a frame
/// leave at once, and 8 packets later in one frame mean loss. RFC 9002 §6.1.1 takes 3, but there a mistake costs nothing
/// but a probe while here it costs bandwidth where it is short.
/// </remarks>
public sealed class NackTracker
{
    private const int ReorderingPackets = 8;
    private const int MaximumRequests = 10;

    private static readonly TimeSpan ReorderingTime = TimeSpan.FromMilliseconds(10);
    private static readonly TimeSpan MinimumInterval = TimeSpan.FromMilliseconds(20);

    /// <summary>While no round trip is known: slow enough not to ask twice across a continent.</summary>
    private static readonly TimeSpan UnknownRoundTrip = TimeSpan.FromMilliseconds(100);

    /// <summary>Later than this no jitter buffer waits for a packet any more.</summary>
    private static readonly TimeSpan MaximumAge = TimeSpan.FromSeconds(1);

    private readonly Entry[] _entries;

    /// <summary>
    /// A larger gap is an outage or a restart: repairing half a window would put megabits on a link that just failed, and
    /// a key frame is the cheaper way back.
    /// </summary>
    private readonly int _maximumGap;
    private bool _started;
    private long _highest;

    // No packet below this one is missing.
    private long _lowestMissing;
    private Instant _nextDue = Instant.Never;
    private ushort? _restartAt;

    /// <param name="window">Power of two: packets that are remembered. 1024 are a second of a large picture.</param>
    public NackTracker(int window = 1024)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(window, 2 * ReorderingPackets);
        if (!System.Numerics.BitOperations.IsPow2(window)) throw new ArgumentException("The window is a power of two.", nameof(window));
        _entries = new Entry[window];
        _maximumGap = window / 2;
    }

    /// <summary>
    /// A packet arrived (in its own stream or recovered by RTX). Returns false for a duplicate, and for a packet so old that
    /// nobody can tell.
    /// </summary>
    public bool Add(Instant now, ushort sequenceNumber)
    {
        WasRequested = false;
        if (!_started) return Restart(sequenceNumber);

        var difference = (short)(sequenceNumber - (ushort)_highest);
        if (difference > _maximumGap) return Restart(sequenceNumber);
        if (difference > 0)
        {
            _restartAt = null;
            Advance(now, _highest + difference);
            return true;
        }

        return difference > -_entries.Length ? AddLate(_highest + difference) : AddAncient(sequenceNumber);
    }

    /// <summary>Forgets what is missing, as after a key frame that makes it needless.</summary>
    public void Reset()
    {
        if (MissingCount > 0)
        {
            for (var sequence = _lowestMissing; sequence < _highest; sequence++) GiveUp(ref At(sequence));
        }

        _lowestMissing = _highest;
        _nextDue = Instant.Never;
    }

    /// <summary>
    /// Numbers to ask for now, ascending; each counts as asked. Returns how many were written; what does not fit stays due.
    /// </summary>
    /// <param name="roundTrip">To the sender of the stream; zero while unknown.</param>
    public int TakeDue(Instant now, TimeSpan roundTrip, Span<ushort> sequenceNumbers)
    {
        if (MissingCount == 0 || _nextDue > now) return 0;
        var interval = roundTrip <= TimeSpan.Zero ? UnknownRoundTrip : roundTrip < MinimumInterval ? MinimumInterval : roundTrip;
        var count = 0;
        var lowest = _highest;
        var next = Instant.Never;
        for (var sequence = _lowestMissing; sequence < _highest; sequence++)
        {
            ref var entry = ref At(sequence);
            if (entry.State != State.Missing) continue;
            if (now - entry.Since > MaximumAge || entry.Requests >= MaximumRequests && entry.Due <= now)
            {
                GiveUp(ref entry);
                continue;
            }

            if (entry.Due <= now && count < sequenceNumbers.Length)
            {
                sequenceNumbers[count++] = (ushort)sequence;
                entry.Requests++;
                entry.Due = now + interval;
            }

            lowest = Math.Min(lowest, sequence);
            next = Instant.Min(next, entry.Due);
        }

        _lowestMissing = lowest;
        _nextDue = next;
        return count;
    }

    /// <summary>May be early, when the packet that was due has arrived meanwhile; never late.</summary>
    public Deadline Deadline => MissingCount == 0 ? Deadline.None : new(_nextDue, DeadlineReason.Nack);

    /// <summary>The packet that was added last had been asked for: most likely it is the answer, and the first one was lost.</summary>
    public bool WasRequested { get; private set; }

    /// <summary>Packets that are still hoped for.</summary>
    public int MissingCount { get; private set; }

    private ref Entry At(long sequence) => ref _entries[sequence & (_entries.Length - 1)];

    private void Advance(Instant now, long sequence)
    {
        if (MissingCount == 0) _lowestMissing = _highest + 1;
        for (var missing = _highest + 1; missing < sequence; missing++)
        {
            ref var entry = ref At(missing);
            GiveUp(ref entry);
            entry = new() { Sequence = missing, State = State.Missing, Since = now, Due = now + ReorderingTime };
            MissingCount++;
        }

        ref var arrived = ref At(sequence);
        GiveUp(ref arrived);
        arrived = new() { Sequence = sequence, State = State.Received };

        if (MissingCount > 0)
        {
            _nextDue = Instant.Min(_nextDue, now + ReorderingTime);
            _lowestMissing = Math.Max(_lowestMissing, sequence - _entries.Length + 1);
            HurryOvertaken(now, _highest - ReorderingPackets + 1, sequence - ReorderingPackets);
        }

        _highest = sequence;
    }

    // Those that have just got enough later packets behind them need not wait for the clock.
    private void HurryOvertaken(Instant now, long from, long to)
    {
        for (var sequence = Math.Max(from, _lowestMissing); sequence <= to; sequence++)
        {
            ref var entry = ref At(sequence);
            if (entry.State != State.Missing || entry.Requests > 0) continue;
            entry.Due = Instant.Min(entry.Due, now);
            _nextDue = Instant.Min(_nextDue, now);
        }
    }

    private bool AddLate(long sequence)
    {
        ref var entry = ref At(sequence);
        if (entry.Sequence == sequence && entry.State == State.Received) return false;
        if (entry.State == State.Missing) MissingCount--;
        WasRequested = entry.Sequence == sequence && entry.Requests > 0;
        entry = new() { Sequence = sequence, State = State.Received };
        if (MissingCount == 0) _nextDue = Instant.Never;
        return true;
    }

    // A source that starts anew sends consecutive numbers (RFC 3550 appendix A.1); a stray old packet does not.
    private bool AddAncient(ushort sequenceNumber)
    {
        if (_restartAt == sequenceNumber) return Restart(sequenceNumber);
        _restartAt = (ushort)(sequenceNumber + 1);
        return false;
    }

    private bool Restart(ushort sequenceNumber)
    {
        Array.Clear(_entries);
        MissingCount = 0;
        _nextDue = Instant.Never;
        _restartAt = null;
        _started = true;

        // One turn up, so that packets before the first one have positive numbers too.
        _highest = sequenceNumber + 0x1_0000L;
        _lowestMissing = _highest;
        At(_highest) = new() { Sequence = _highest, State = State.Received };
        return true;
    }

    private void GiveUp(ref Entry entry)
    {
        if (entry.State != State.Missing) return;
        entry.State = State.GivenUp;
        MissingCount--;
    }

    private enum State : byte
    {
        None,
        Received,
        Missing,
        GivenUp,
    }

    private struct Entry
    {
        public long Sequence;
        public Instant Since;
        public Instant Due;
        public byte Requests;
        public State State;
    }
}
