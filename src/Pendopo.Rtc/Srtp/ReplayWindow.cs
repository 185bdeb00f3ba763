namespace Pendopo.Rtc.Srtp;

/// <summary>
/// Which of the newest indices were seen (RFC 3711 §3.3.2): a ring of bits that ends at the highest index. Judging and
/// recording are two steps, so that only authenticated packets leave a trace.
/// </summary>
internal sealed class ReplayWindow
{
    private readonly ulong[] _bits;
    private readonly int _size;

    /// <param name="size">How many indices are remembered; a power of two, at least 64.</param>
    public ReplayWindow(int size)
    {
        _size = size;
        _bits = new ulong[size / 64];
    }

    /// <summary>The highest recorded index; -1 before the first.</summary>
    public long Highest { get; private set; } = -1;

    public int Size => _size;

    /// <summary>True if the index is new and not older than the window.</summary>
    public bool IsFresh(long index)
    {
        if (index > Highest) return true;
        if (index < 0 || Highest - index >= _size) return false;
        return (_bits[Word(index)] & Bit(index)) == 0;
    }

    /// <summary>Asks for where the next index is recorded.</summary>
    public void Prefetch() => CacheLines.Fetch(_bits, Word(Highest + 1));

    /// <summary>Records a fresh index.</summary>
    public void Record(long index)
    {
        if (index > Highest)
        {
            // The usual case, the next number, skips none: its bit is the oldest one's place, and is set below.
            if (index != Highest + 1) Skip(index);
            Highest = index;
        }

        _bits[Word(index)] |= Bit(index);
    }

    /// <summary>Forgets what stood in the places of the numbers between the highest and the new one.</summary>
    private void Skip(long index)
    {
        if (index - Highest >= _size)
        {
            Array.Clear(_bits);
            return;
        }

        for (var skipped = Highest + 1; skipped < index; skipped++) _bits[Word(skipped)] &= ~Bit(skipped);
    }

    private int Word(long index) => (int)(index & (_size - 1)) >> 6;

    private static ulong Bit(long index) => 1UL << (int)(index & 63);
}
