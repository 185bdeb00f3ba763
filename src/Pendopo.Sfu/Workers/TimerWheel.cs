using System.Numerics;
using Pendopo.Rtc;

namespace Pendopo.Sfu.Workers;

/// <summary>
/// Deadlines of many peers, one per id. A hierarchical wheel: level 0 has a slot per tick, each level above has slots 64 times as wide.
/// An id sits at the level of the highest six-bit group in which its tick differs from the current one, so a slot is always ahead
/// of the current slot of its level, and the first occupied slot of the lowest occupied level is the next to come. When time reaches a
/// slot above level 0, its ids move down. Nine levels (54 bits) cover every
/// tick of an <see cref="Instant"/> (51 bits), so nothing wraps.
/// <para>
/// Nothing fires early: within the current tick an id waits for its exact deadline. Schedule, cancel and take cost O(1) and allocate
/// nothing while ids stay below the capacity; a larger id doubles it. One thread owns it.
/// </para>
/// </summary>
internal sealed class TimerWheel
{
    /// <summary>0.5 ms: half of the finest spacing a pacer asks for. Finer ticks only move more ids between levels.</summary>
    private const long TickTicks = TimeSpan.TicksPerMillisecond / 2;

    private const int SlotBits = 6;
    private const int SlotsPerLevel = 1 << SlotBits;
    private const int Levels = 9;
    private const int DueBucket = Levels * SlotsPerLevel;
    private const int Nowhere = -1;

    private readonly int[] _first = new int[DueBucket + 1];
    private readonly int[] _last = new int[DueBucket + 1];
    private readonly ulong[] _occupied = new ulong[Levels];
    private Entry[] _entries;
    private long _tick;
    private Instant _now;

    /// <param name="capacity">Ids expected, from 0 to <paramref name="capacity"/> - 1.</param>
    public TimerWheel(Instant start, int capacity)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(capacity);
        _entries = NewEntries(capacity);
        _first.AsSpan().Fill(Nowhere);
        _last.AsSpan().Fill(Nowhere);
        _now = start;
        _tick = ToTick(start);
    }

    /// <summary>Ids with a deadline, those that are due and not yet taken included.</summary>
    public int Count { get; private set; }

    /// <summary>
    /// The moment at which <see cref="Advance"/> should be called next: exact for a deadline that is near, at most early (never late)
    /// for one that is far. <see cref="Instant.Never"/> when nothing is scheduled.
    /// </summary>
    public Instant NextDeadline
    {
        get
        {
            if (_first[DueBucket] != Nowhere) return _now;
            for (var level = 0; level < Levels; level++)
            {
                if (_occupied[level] == 0) continue;
                var slot = BitOperations.TrailingZeroCount(_occupied[level]);
                return level == 0 ? EarliestIn(slot) : ToInstant(SlotStart(level, slot));
            }

            return Instant.Never;
        }
    }

    /// <summary>Sets or replaces the deadline of an id. <see cref="Instant.Never"/> cancels it.</summary>
    public void Schedule(int id, Instant deadline)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(id);
        if (id >= _entries.Length) Grow(id);
        Cancel(id);
        if (deadline == Instant.Never) return;
        _entries[id].Deadline = deadline;
        Place(id);
        Count++;
    }

    /// <summary>Returns false when the id had no deadline.</summary>
    public bool Cancel(int id)
    {
        if ((uint)id >= (uint)_entries.Length || _entries[id].Bucket == Nowhere) return false;
        Unlink(id);
        Count--;
        return true;
    }

    /// <summary>
    /// Moves time forward; ids whose deadline has come wait for <see cref="TryTakeDue"/>. What is scheduled while taking, even for the
    /// past, becomes due at the next advance, so that a loop over due ids ends. Time that goes back is ignored.
    /// </summary>
    public void Advance(Instant now)
    {
        if (now < _now) return;
        _now = now;
        var target = ToTick(now);
        while (TryFindSlot(target, out var level, out var slot))
        {
            _tick = Math.Max(_tick, SlotStart(level, slot));
            var bucket = (level * SlotsPerLevel) + slot;
            if (level > 0) MoveDown(bucket);
            else if (_tick < target) MoveAllDue(bucket);
            else break;
        }

        _tick = target;
        MoveDueOfCurrentTick();
    }

    /// <summary>Takes an id whose deadline has come, ordered by tick. It has no deadline from then on.</summary>
    public bool TryTakeDue(out int id)
    {
        id = _first[DueBucket];
        if (id == Nowhere) return false;
        Unlink(id);
        Count--;
        return true;
    }

    private static long ToTick(Instant instant) => Math.Max(0, instant.Ticks) / TickTicks;

    private static Instant ToInstant(long tick) => new(tick * TickTicks);

    private static Entry[] NewEntries(int capacity)
    {
        var entries = new Entry[capacity];
        entries.AsSpan().Fill(new Entry { Bucket = Nowhere });
        return entries;
    }

    private void Grow(int id)
    {
        var larger = NewEntries((int)BitOperations.RoundUpToPowerOf2((uint)id + 1));
        _entries.CopyTo(larger, 0);
        _entries = larger;
    }

    /// <summary>The first tick of a slot, given the current tick's groups above its level.</summary>
    private long SlotStart(int level, int slot)
    {
        var shift = level * SlotBits;
        var above = _tick >> (shift + SlotBits) << (shift + SlotBits);
        return above | ((long)slot << shift);
    }

    private bool TryFindSlot(long target, out int level, out int slot)
    {
        slot = 0;
        for (level = 0; level < Levels; level++)
        {
            if (_occupied[level] == 0) continue;
            slot = BitOperations.TrailingZeroCount(_occupied[level]);
            return SlotStart(level, slot) <= target;
        }

        return false;
    }

    private Instant EarliestIn(int bucket)
    {
        var earliest = Instant.Never;
        for (var id = _first[bucket]; id != Nowhere; id = _entries[id].Next) earliest = Instant.Min(earliest, _entries[id].Deadline);
        return earliest;
    }

    private void Place(int id)
    {
        var tick = Math.Max(_tick, ToTick(_entries[id].Deadline));
        var differs = (ulong)(tick ^ _tick);
        var level = differs == 0 ? 0 : BitOperations.Log2(differs) / SlotBits;
        var slot = (int)(tick >> (level * SlotBits)) & (SlotsPerLevel - 1);
        _occupied[level] |= 1UL << slot;
        Append((level * SlotsPerLevel) + slot, id);
    }

    private void MoveDown(int bucket)
    {
        while (_first[bucket] is var id && id != Nowhere)
        {
            Unlink(id);
            Place(id);
        }
    }

    private void MoveAllDue(int bucket)
    {
        while (_first[bucket] is var id && id != Nowhere)
        {
            Unlink(id);
            Append(DueBucket, id);
        }
    }

    private void MoveDueOfCurrentTick()
    {
        var bucket = (int)_tick & (SlotsPerLevel - 1);
        for (var id = _first[bucket]; id != Nowhere;)
        {
            var next = _entries[id].Next;
            if (_entries[id].Deadline <= _now)
            {
                Unlink(id);
                Append(DueBucket, id);
            }

            id = next;
        }
    }

    private void Append(int bucket, int id)
    {
        ref var entry = ref _entries[id];
        entry.Bucket = bucket;
        entry.Next = Nowhere;
        entry.Previous = _last[bucket];
        if (entry.Previous == Nowhere) _first[bucket] = id;
        else _entries[entry.Previous].Next = id;
        _last[bucket] = id;
    }

    private void Unlink(int id)
    {
        ref var entry = ref _entries[id];
        var bucket = entry.Bucket;
        if (entry.Previous == Nowhere) _first[bucket] = entry.Next;
        else _entries[entry.Previous].Next = entry.Next;
        if (entry.Next == Nowhere) _last[bucket] = entry.Previous;
        else _entries[entry.Next].Previous = entry.Previous;
        if (bucket != DueBucket && _first[bucket] == Nowhere) _occupied[bucket / SlotsPerLevel] &= ~(1UL << (bucket % SlotsPerLevel));
        entry.Bucket = Nowhere;
    }

    private struct Entry
    {
        public Instant Deadline;
        public int Next;
        public int Previous;
        public int Bucket;
    }
}
