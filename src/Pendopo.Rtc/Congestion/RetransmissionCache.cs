using System.Numerics;

namespace Pendopo.Rtc.Congestion;

/// <summary>
/// The last packets of a stream by extended sequence number, in one pre-allocated ring: storing copies, finding lends a span.
/// Memory is bounded by <c>slots × slotSize</c>; older packets are overwritten.
/// </summary>
public sealed class RetransmissionCache
{
    private readonly byte[] _bytes;
    private readonly Slot[] _slots;
    private readonly int _slotSize;

    /// <param name="slots">Power of two: packets kept.</param>
    /// <param name="slotSize">Largest packet in bytes.</param>
    public RetransmissionCache(int slots, int slotSize)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(slots);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(slotSize);
        if (!BitOperations.IsPow2(slots)) throw new ArgumentException("The number of slots is a power of two.", nameof(slots));

        // Pinned: the large array never moves, so a sender may hand its address to the kernel.
        _bytes = GC.AllocateUninitializedArray<byte>(checked(slots * slotSize), pinned: true);
        _slots = new Slot[slots];
        _slotSize = slotSize;
        Clear();
    }

    /// <summary>
    /// Keeps a copy. A packet larger than a slot is not kept, nor one so late that its slot already has a newer packet.
    /// </summary>
    public void Store(Instant now, long sequenceNumber, ReadOnlySpan<byte> packet)
    {
        if (packet.Length > _slotSize) return;
        var index = IndexOf(sequenceNumber);
        ref var slot = ref _slots[index];
        if (slot.Length >= 0 && slot.SequenceNumber > sequenceNumber) return;
        slot = new() { SequenceNumber = sequenceNumber, StoredAt = now, Length = packet.Length };
        packet.CopyTo(_bytes.AsSpan(index * _slotSize));
    }

    /// <summary>
    /// False if never stored, overwritten, or older than <paramref name="maximumAge"/>. The span is valid until the next
    /// <see cref="Store"/>.
    /// </summary>
    public bool TryFind(Instant now, long sequenceNumber, TimeSpan maximumAge, out ReadOnlySpan<byte> packet)
    {
        packet = default;
        var index = IndexOf(sequenceNumber);
        ref readonly var slot = ref _slots[index];
        if (slot.Length < 0 || slot.SequenceNumber != sequenceNumber || now - slot.StoredAt > maximumAge) return false;
        packet = _bytes.AsSpan(index * _slotSize, slot.Length);
        return true;
    }

    /// <summary>Forgets everything, as when the source restarts with lower sequence numbers.</summary>
    public void Clear() => Array.Fill(_slots, new() { Length = -1 });

    private int IndexOf(long sequenceNumber) => (int)(sequenceNumber & (_slots.Length - 1));

    private struct Slot
    {
        public long SequenceNumber;
        public Instant StoredAt;
        public int Length;
    }
}
