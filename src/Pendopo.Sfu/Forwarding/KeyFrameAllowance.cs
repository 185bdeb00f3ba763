using Pendopo.Rtc;

namespace Pendopo.Sfu.Forwarding;

/// <summary>
/// How often one receiver may have key frames made for it on one slot. Each one costs everybody who watches the same layer a burst of ten
/// times a frame, so a receiver whose line loses too much waits for its turn instead of setting the others' pace. Three at once cover what
/// a join and a repaired loss need; then one every two seconds (JVB grants three in ten). What the server itself asks for does not count.
/// </summary>
/// <remarks>
/// Behind a full queue every loss brings a request, and every key frame more loss. While a queue stands before the receiver, each of its
/// pictures gets one a second at most, and they take turns.
/// </remarks>
internal struct KeyFrameAllowance
{
    private const int Burst = 3;

    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(2);

    /// <summary>Shorter queues are those of single frames.</summary>
    private static readonly TimeSpan Queue = TimeSpan.FromMilliseconds(30);

    /// <summary>A key frame of the smallest layer every second is a tenth of its rate; every 200 ms it doubles the rate.</summary>
    private static readonly TimeSpan QueueInterval = TimeSpan.FromSeconds(1);

    /// <summary>Between key frames of different pictures: they take turns, and each one's burst has drained before the next.</summary>
    private static readonly TimeSpan Turn = TimeSpan.FromMilliseconds(150);

    private int _used;
    private Instant _from;
    private Instant? _last;

    /// <summary>True if a request may count; it then does.</summary>
    /// <param name="now">The present moment.</param>
    /// <param name="queueDelay">How long every packet to the receiver waits on its path.</param>
    /// <param name="turn">When a request for any picture of the receiver counted last; kept by the caller.</param>
    public bool TryTake(Instant now, TimeSpan queueDelay, ref Instant? turn)
    {
        if (queueDelay > Queue && (now - turn < Turn || now - _last < QueueInterval)) return false;
        var earned = (int)Math.Min(_used, (now - _from) / Interval);
        _used -= earned;
        _from = _used == 0 ? now : _from + (Interval * earned);
        if (_used >= Burst) return false;
        _used++;
        turn = _last = now;
        return true;
    }
}
