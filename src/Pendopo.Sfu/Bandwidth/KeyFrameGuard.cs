using Pendopo.Rtc;

namespace Pendopo.Sfu.Bandwidth;

/// <summary>
/// Keeps the key frames that a receiver asks for from feeding the congestion that made it ask: behind a full queue every loss
/// brings a request, every key frame is five times a usual one, and all others who see the source get them too. While a queue
/// stands before a receiver, each of its pictures gets one a second, and they take turns.
/// </summary>
internal struct KeyFrameGuard
{
    /// <summary>A key frame of the smallest layer every second is a tenth of its rate; every 200 ms it doubles the rate.</summary>
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);

    /// <summary>Shorter queues are those of single frames.</summary>
    private static readonly TimeSpan Queue = TimeSpan.FromMilliseconds(30);

    /// <summary>Between key frames of different pictures: they take turns, and each one's burst has drained before the next.</summary>
    private static readonly TimeSpan Turn = TimeSpan.FromMilliseconds(150);

    private Instant? _last;

    /// <summary>True if the request may be passed on.</summary>
    /// <param name="queueDelay">How long every packet to the receiver waits on its path.</param>
    /// <param name="picture">When a request for the same picture was passed on last; kept by the caller.</param>
    public bool TryTake(Instant now, TimeSpan queueDelay, ref Instant? picture)
    {
        if (queueDelay > Queue && (now - _last < Turn || now - picture < Interval)) return false;
        _last = picture = now;
        return true;
    }
}
