using System.Buffers.Binary;

namespace Pendopo.Rtc.Congestion;

/// <summary>
/// The receiving side of transport-wide congestion control: remembers when each transport sequence number arrived and writes
/// feedback messages (draft-holmer-rmcat-transport-wide-cc-extensions-01). Every packet of the transport counts, padding and
/// unknown SSRCs included.
/// </summary>
/// <remarks>
/// Each number from the first packet to the newest one is covered by exactly one message. A packet that arrives after it was
/// reported as missing gets a short message of its own, so the sender can take the loss back; others are never repeated.
/// </remarks>
public sealed class TransportFeedbackRecorder
{
    private const int Window = 4096;
    private const int MaximumMessage = 1200;
    private const int HeaderLength = 12 + TransportFeedbackFormat.ControlHeaderLength;

    /// <summary>From so many packets on, the sender's reaction time is worth a message every 50 ms.</summary>
    private const int BusyPackets = 20;

    private static readonly TimeSpan BusyInterval = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan QuietInterval = TimeSpan.FromMilliseconds(100);

    /// <summary>After silence: the first packets of a burst share a message.</summary>
    private static readonly TimeSpan GatherTime = TimeSpan.FromMilliseconds(20);

    // Made with the first packet: who only receives has nothing to be told.
    private Arrival[] _arrivals = [];

    // The message in the making.
    private byte[] _symbols = [];
    private short[] _deltas = [];

    private bool _started;
    private long _highest;
    private long _next;
    private long _lateFrom;
    private int _late;
    private int _pending;
    private Instant _pendingSince;
    private Instant _lastFeedback = new(long.MinValue / 2);
    private byte _feedbackCount;

    public void Add(Instant now, ushort transportSequence)
    {
        var sequence = _started ? _highest + (short)(transportSequence - (ushort)_highest) : 0x1_0000L + transportSequence;
        if (!_started)
        {
            _started = true;
            (_arrivals, _symbols, _deltas) = (new Arrival[Window], new byte[Window], new short[Window]);
            _highest = _next = sequence;
        }

        if (sequence <= _highest - Window) return;
        ref var arrival = ref At(sequence);
        if (arrival.Sequence == sequence) return;
        arrival = new() { Sequence = sequence, Ticks = now.Ticks };

        if (_pending++ == 0) _pendingSince = now;
        if (sequence < _next)
        {
            _lateFrom = _late++ == 0 ? sequence : Math.Min(_lateFrom, sequence);
        }
        else if (sequence > _highest)
        {
            _highest = sequence;

            // What the ring has lost cannot be told; it happens after an outage only.
            _next = Math.Max(_next, sequence - Window + 1);
            if (_late > 0) _lateFrom = Math.Max(_lateFrom, sequence - Window + 1);
        }
    }

    /// <summary>When the next feedback is due: 50–100 ms after the last one, by traffic.</summary>
    public Deadline Deadline
    {
        get
        {
            if (_pending == 0) return Deadline.None;
            var due = _lastFeedback + (_pending >= BusyPackets ? BusyInterval : QuietInterval);
            var gathered = _pendingSince + GatherTime;
            return new(due > gathered ? due : gathered, DeadlineReason.TransportFeedback);
        }
    }

    /// <summary>
    /// Writes one RTCP feedback packet for what arrived since the last; false if there is nothing (more) to say or the buffer
    /// has no room for a message. Call it until it says false.
    /// </summary>
    public bool TryWrite(Instant now, uint senderSsrc, uint mediaSsrc, Span<byte> destination, out int length)
    {
        length = 0;
        if (_pending == 0) return false;
        if (destination.Length > MaximumMessage) destination = destination[..MaximumMessage];

        var isLate = TryFindLate(out var from, out var to);
        if (!isLate) (from, to) = (_next, _highest + 1);
        if (from >= to)
        {
            _pending = 0;
            return false;
        }

        var count = Collect(from, to, out var reference);
        if (!TryWriteMessage(senderSsrc, mediaSsrc, (ushort)from, count, reference, destination, out count, out length)) return false;

        for (var sequence = from; sequence < from + count; sequence++) MarkReported(sequence);
        if (isLate)
            _lateFrom = from + count;
        else
            _next = from + count;

        _lastFeedback = now;
        return true;
    }

    private ref Arrival At(long sequence) => ref _arrivals[sequence & (Window - 1)];

    private bool IsPending(long sequence)
    {
        ref readonly var arrival = ref At(sequence);
        return arrival.Sequence == sequence && !arrival.IsReported;
    }

    private void MarkReported(long sequence)
    {
        if (!IsPending(sequence)) return;
        At(sequence).IsReported = true;
        _pending--;
    }

    // The next run of packets that arrived after they had been reported as missing.
    private bool TryFindLate(out long from, out long to)
    {
        (from, to) = (_lateFrom, _lateFrom);
        if (_late == 0) return false;
        while (from < _next && !IsPending(from)) from++;
        to = from;
        while (to < _next && IsPending(to)) to++;
        if (from < to) return true;
        _late = 0;
        return false;
    }

    // Symbols and deltas for as many packets as one reference time can tell; returns how many.
    private int Collect(long from, long to, out long reference)
    {
        reference = 0;
        var hasReference = false;
        long last = 0;
        for (var sequence = from; sequence < to; sequence++)
        {
            var index = (int)(sequence - from);
            if (!IsPending(sequence))
            {
                _symbols[index] = TransportFeedbackFormat.NotReceived;
                continue;
            }

            var units = FloorDivide(At(sequence).Ticks, TransportFeedbackFormat.DeltaTicks);
            if (!hasReference)
            {
                reference = FloorDivide(units * TransportFeedbackFormat.DeltaTicks, TransportFeedbackFormat.ReferenceTicks);
                last = reference * (TransportFeedbackFormat.ReferenceTicks / TransportFeedbackFormat.DeltaTicks);
                hasReference = true;
            }

            var delta = units - last;
            if (delta is < short.MinValue or > short.MaxValue) return index;
            _deltas[index] = (short)delta;
            _symbols[index] = delta is >= 0 and <= byte.MaxValue ? TransportFeedbackFormat.SmallDelta : TransportFeedbackFormat.LargeDelta;
            last = units;
        }

        return (int)(to - from);
    }

    private bool TryWriteMessage(
        uint senderSsrc, uint mediaSsrc, ushort first, int available, long reference, Span<byte> destination, out int count, out int length)
    {
        (count, length) = (0, HeaderLength);

        // Chunks in place, deltas after the last chunk: measure, then write. Three bytes may be needed to fill the last word.
        var room = (destination.Length & ~3) - HeaderLength;
        var bytes = 0;
        while (count < available)
        {
            NextChunk(count, available, out var covered);
            var more = 2 + DeltaBytes(count, covered);
            if (bytes + more > room)
            {
                // The message ends with the part of this chunk that still fits.
                available = count + Fitting(count, covered, room - bytes - 2);
                continue;
            }

            BinaryPrimitives.WriteUInt16BigEndian(destination[length..], NextChunk(count, available, out _));
            length += 2;
            bytes += more;
            count += covered;
        }

        if (count == 0)
        {
            length = 0;
            return false;
        }

        WriteDeltas(destination, count, ref length);
        var padding = -length & 3;
        if (padding > 0)
        {
            destination.Slice(length, padding).Clear();
            length += padding;
            destination[length - 1] = (byte)padding;
        }

        destination[0] = (byte)(padding > 0 ? 0xaf : 0x8f);
        destination[1] = 205;
        BinaryPrimitives.WriteUInt16BigEndian(destination[2..], (ushort)(length / 4 - 1));
        BinaryPrimitives.WriteUInt32BigEndian(destination[4..], senderSsrc);
        BinaryPrimitives.WriteUInt32BigEndian(destination[8..], mediaSsrc);
        BinaryPrimitives.WriteUInt16BigEndian(destination[12..], first);
        BinaryPrimitives.WriteUInt16BigEndian(destination[14..], (ushort)count);
        BinaryPrimitives.WriteUInt32BigEndian(destination[16..], (uint)reference << 8 | _feedbackCount++);
        return true;
    }

    private void WriteDeltas(Span<byte> destination, int count, ref int length)
    {
        for (var i = 0; i < count; i++)
        {
            if (_symbols[i] == TransportFeedbackFormat.SmallDelta)
            {
                destination[length++] = (byte)_deltas[i];
            }
            else if (_symbols[i] == TransportFeedbackFormat.LargeDelta)
            {
                BinaryPrimitives.WriteInt16BigEndian(destination[length..], _deltas[i]);
                length += 2;
            }
        }
    }

    // The symbol's value is the number of bytes of its delta.
    private int DeltaBytes(int from, int count)
    {
        var bytes = 0;
        for (var i = from; i < from + count; i++) bytes += _symbols[i];
        return bytes;
    }

    private int Fitting(int from, int count, int room)
    {
        var fitting = 0;
        while (fitting < count && (room -= _symbols[from + fitting]) >= 0) fitting++;
        return fitting;
    }

    // The chunk that covers the most symbols from here on; a vector that is not full comes last only.
    private ushort NextChunk(int from, int available, out int covered)
    {
        var rest = _symbols.AsSpan(from, available - from);
        var symbol = rest[0];
        var run = rest.IndexOfAnyExcept(symbol);
        if (run < 0) run = rest.Length;

        var oneBit = Math.Min(rest.Length, TransportFeedbackFormat.OneBitSymbols);
        var fitsOneBit = !rest[..oneBit].Contains(TransportFeedbackFormat.LargeDelta);
        covered = fitsOneBit ? oneBit : Math.Min(rest.Length, TransportFeedbackFormat.TwoBitSymbols);
        if (run >= covered)
        {
            covered = Math.Min(run, TransportFeedbackFormat.MaximumRun);
            return (ushort)(symbol << 13 | covered);
        }

        var bits = fitsOneBit ? 1 : 2;
        var top = fitsOneBit ? TransportFeedbackFormat.OneBitSymbols : TransportFeedbackFormat.TwoBitSymbols;
        var chunk = fitsOneBit ? 0x8000 : 0xc000;
        for (var i = 0; i < covered; i++) chunk |= rest[i] << ((top - 1 - i) * bits);
        return (ushort)chunk;
    }

    private static long FloorDivide(long value, long divisor) => value >= 0 ? value / divisor : -((-value + divisor - 1) / divisor);

    private struct Arrival
    {
        public long Sequence;
        public long Ticks;
        public bool IsReported;
    }
}
