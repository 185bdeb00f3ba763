namespace Pendopo.Client.Sframe;

/// <summary>
/// Which of a key id's newest counters were seen, as in RFC 3711 §3.3.2. Judging and recording are two steps, so that only authenticated
/// frames leave a trace.
/// </summary>
public sealed class ReplayWindow
{
    /// <summary>Counters remembered: at 200 frames a second of one sender a retransmission may come 5 s late.</summary>
    public const int Size = 1024;

    private readonly ulong[] _seen = new ulong[Size / 64];
    private ulong _highest;

    /// <summary>No counter was recorded yet.</summary>
    public bool IsEmpty { get; private set; } = true;

    /// <summary>True for a counter that is new and not older than the window.</summary>
    public bool IsFresh(ulong counter)
    {
        if (IsEmpty || counter > _highest) return true;
        return _highest - counter < Size && (_seen[Word(counter)] & Bit(counter)) == 0;
    }

    /// <summary>Records a fresh counter.</summary>
    public void Record(ulong counter)
    {
        if (IsEmpty || counter > _highest)
        {
            if (IsEmpty || counter - _highest >= Size) Array.Clear(_seen);
            else for (var skipped = _highest + 1; skipped < counter; skipped++) _seen[Word(skipped)] &= ~Bit(skipped);
            (_highest, IsEmpty) = (counter, false);
        }

        _seen[Word(counter)] |= Bit(counter);
    }

    private static int Word(ulong counter) => (int)(counter % Size) / 64;

    private static ulong Bit(ulong counter) => 1UL << (int)(counter & 63);
}
