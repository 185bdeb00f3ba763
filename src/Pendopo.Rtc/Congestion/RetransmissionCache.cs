using System.Numerics;

namespace Pendopo.Rtc.Congestion;

/// <summary>
/// The last packets of a stream by extended sequence number: storing copies and lends the copy, finding lends it again.
/// Memory is bounded by <c>maximumSlots × slotSize</c> and follows the stream's rate: the ring begins small and doubles while
/// packets would be overwritten before they are <c>retention</c> old.
/// </summary>
/// <remarks>
/// A stream of 20 packets a second needs a tenth of the memory of one with 250, and a room has many of the first kind. Growing
/// never moves a packet, so a lent span keeps its bytes until its slot is overwritten. The owner grows the ring off the packet
/// path (<see cref="WantsGrowth"/>); only where a packet would be overwritten that may still wait to be sent does
/// <see cref="Store"/> grow it at once.
/// </remarks>
public sealed class RetransmissionCache
{
    /// <summary>Readable bytes after each packet, so that vector code may read past its end: the widest register.</summary>
    public const int Slack = 64;

    /// <summary>Bytes to which each packet's start is aligned: a cache line, and the widest register.</summary>
    public const int Alignment = 64;

    private readonly int _maximumSlots;
    private readonly int _slotSize;
    private readonly int _stride;
    private readonly TimeSpan _retention;
    private Slot[] _slots = [];

    /// <summary>A ring of fixed size.</summary>
    /// <param name="slots">Power of two: packets kept.</param>
    /// <param name="slotSize">Largest packet in bytes.</param>
    public RetransmissionCache(int slots, int slotSize)
        : this(slots, slots, slotSize, TimeSpan.Zero)
    {
    }

    /// <summary>A ring that grows with the stream's rate.</summary>
    /// <param name="slots">Power of two: packets kept at first.</param>
    /// <param name="maximumSlots">Power of two: packets kept at most.</param>
    /// <param name="slotSize">Largest packet in bytes.</param>
    /// <param name="retention">How long a packet is of use to anybody; overwriting younger ones makes the ring grow.</param>
    public RetransmissionCache(int slots, int maximumSlots, int slotSize, TimeSpan retention)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(slots);
        ArgumentOutOfRangeException.ThrowIfLessThan(maximumSlots, slots);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(slotSize);
        if (!BitOperations.IsPow2(slots)) throw new ArgumentException("The number of slots is a power of two.", nameof(slots));
        if (!BitOperations.IsPow2(maximumSlots)) throw new ArgumentException("The number of slots is a power of two.", nameof(maximumSlots));
        _maximumSlots = maximumSlots;
        _slotSize = slotSize;
        _stride = checked(slotSize + Slack + Alignment - 1) & ~(Alignment - 1);
        _retention = retention;
        Resize(slots);
    }

    /// <summary>Packets that have room at present.</summary>
    public int Slots => _slots.Length;

    /// <summary>
    /// A packet younger than this is not overwritten while the ring can grow, since somebody may still wait to send it. By default as
    /// long as a sender may gather a burst: 5 ms, and some more on a busy machine.
    /// </summary>
    public TimeSpan HoldTime { get; set; } = TimeSpan.FromMilliseconds(50);

    /// <summary>Packets were overwritten while still of use: <see cref="Grow"/> is to be called when there is time for it.</summary>
    public bool WantsGrowth { get; private set; }

    /// <summary>
    /// Keeps a copy and lends it, until its slot is overwritten: <see cref="Slots"/> packets later, or earlier by a packet that
    /// jumps ahead. Its start is aligned to <see cref="Alignment"/> and <see cref="Slack"/> bytes after its end are readable.
    /// Empty for a packet larger than a slot, and for one so late that its slot already has a newer packet: they are not kept.
    /// </summary>
    public ReadOnlySpan<byte> Store(Instant now, long sequenceNumber, ReadOnlySpan<byte> packet)
    {
        if (packet.Length > _slotSize) return default;
        ref var slot = ref At(sequenceNumber);
        if (slot.Length >= 0 && slot.SequenceNumber != sequenceNumber)
        {
            if (slot.SequenceNumber > sequenceNumber) return default;
            if (now - slot.StoredAt < _retention || now - slot.StoredAt < HoldTime) slot = ref MakeRoom(now, sequenceNumber, ref slot);
        }

        slot.SequenceNumber = sequenceNumber;
        slot.StoredAt = now;
        slot.Length = packet.Length;
        var copy = slot.Bytes.AsSpan(slot.Offset, packet.Length);
        packet.CopyTo(copy);
        return copy;
    }

    /// <summary>
    /// False if never stored, overwritten, or older than <paramref name="maximumAge"/>. The span is lent as by
    /// <see cref="Store"/>.
    /// </summary>
    public bool TryFind(Instant now, long sequenceNumber, TimeSpan maximumAge, out ReadOnlySpan<byte> packet)
    {
        packet = default;
        ref readonly var slot = ref At(sequenceNumber);
        if (slot.Length < 0 || slot.SequenceNumber != sequenceNumber || now - slot.StoredAt > maximumAge) return false;
        packet = slot.Bytes.AsSpan(slot.Offset, slot.Length);
        return true;
    }

    /// <summary>Doubles the ring unless it has its full size. Allocates; packets stay where they are.</summary>
    public void Grow()
    {
        WantsGrowth = false;
        if (_slots.Length < _maximumSlots) Resize(_slots.Length * 2);
    }

    /// <summary>Forgets everything, as when the source restarts with lower sequence numbers. Keeps the memory.</summary>
    public void Clear()
    {
        foreach (ref var slot in _slots.AsSpan()) slot.Length = -1;
    }

    private ref Slot At(long sequenceNumber) => ref _slots[(int)(sequenceNumber & (_slots.Length - 1))];

    private ref Slot MakeRoom(Instant now, long sequenceNumber, ref Slot slot)
    {
        if (_slots.Length == _maximumSlots) return ref slot;
        WantsGrowth = true;
        while (slot.Length >= 0 && now - slot.StoredAt < HoldTime && _slots.Length < _maximumSlots)
        {
            Grow();
            slot = ref At(sequenceNumber);
        }

        return ref slot;
    }

    private void Resize(int count)
    {
        var old = _slots;
        var added = count - old.Length;

        // Pinned: the large array never moves, so a sender may hand its address to the kernel.
        var bytes = GC.AllocateUninitializedArray<byte>(checked((added * _stride) + Alignment), pinned: true);
        var offset = AlignmentOffset(bytes);
        _slots = new Slot[count];
        foreach (ref readonly var slot in old.AsSpan())
        {
            // An empty slot's place does not matter; with a place of its own it gives its memory on.
            if (slot.Length >= 0) At(slot.SequenceNumber) = slot;
        }

        var free = 0;
        foreach (ref var slot in _slots.AsSpan())
        {
            if (slot.Bytes is not null) continue;
            while (free < old.Length && old[free].Length >= 0) free++;
            if (free < old.Length)
            {
                slot = old[free++];
                continue;
            }

            slot = new() { Bytes = bytes, Offset = offset, Length = -1 };
            offset += _stride;
        }
    }

    private static unsafe int AlignmentOffset(byte[] pinned)
    {
        fixed (byte* start = pinned) return (int)(-(nint)start & (Alignment - 1));
    }

    private struct Slot
    {
        public byte[] Bytes;
        public int Offset;
        public int Length;
        public long SequenceNumber;
        public Instant StoredAt;
    }
}
