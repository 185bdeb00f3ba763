using Pendopo.Rtc;

namespace Pendopo.Sfu.Forwarding;

/// <summary>
/// How often one receiver may have key frames made for it on one slot. Each one costs everybody who watches the same layer a burst of ten
/// times a frame, so a receiver whose line loses too much waits for its turn instead of setting the others' pace. Three at once cover what
/// a join and a repaired loss need; then one every two seconds (JVB grants three in ten). What the server itself asks for does not count.
/// </summary>
internal struct KeyFrameAllowance
{
    private const int Burst = 3;

    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(2);

    private int _used;
    private Instant _from;

    /// <summary>True if a request may count; it then does.</summary>
    public bool TryTake(Instant now)
    {
        var earned = (int)Math.Min(_used, (now - _from) / Interval);
        _used -= earned;
        _from = _used == 0 ? now : _from + (Interval * earned);
        if (_used >= Burst) return false;
        _used++;
        return true;
    }
}
