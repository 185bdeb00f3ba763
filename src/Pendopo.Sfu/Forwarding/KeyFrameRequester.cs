using Pendopo.Rtc;

namespace Pendopo.Sfu.Forwarding;

/// <summary>
/// When to send a Picture Loss Indication for one layer. The first request goes out at once; further ones wait: a key frame
/// takes a round trip to come, and a storm of them ruins everybody's picture (the throttle is per source, whoever asks).
/// </summary>
internal struct KeyFrameRequester
{
    /// <summary>
    /// Least time between two requests. libwebrtc ignores one that comes less than 300 ms after the last (kMinKeyframeSendIntervalMs), and the next try would be
    /// another interval away.
    /// </summary>
    public static readonly TimeSpan MinimumInterval = TimeSpan.FromMilliseconds(310);

    /// <summary>Asked again if no key frame came: the request or the frame was lost.</summary>
    public static readonly TimeSpan RetryInterval = TimeSpan.FromMilliseconds(500);

    private Instant _lastSent;
    private bool _sentOnce;
    private bool _wanted;
    private bool _asked;

    /// <summary>Key frames that have begun.</summary>
    public long Received { get; private set; }

    /// <summary>Requests that were sent.</summary>
    public long Sent { get; private set; }

    /// <summary>One is needed and has not come.</summary>
    public readonly bool IsWanted => _wanted;

    /// <summary>Somebody needs a key frame.</summary>
    public void Want() => _wanted = true;

    /// <summary>The first packet of a key frame arrived; whoever waits is served by it.</summary>
    public void OnKeyFrame()
    {
        Received++;
        _wanted = false;
        _asked = false;
    }

    /// <summary>When a request is to be sent.</summary>
    /// <param name="roundTrip">To the sender of the stream; zero while unknown.</param>
    public readonly Instant Due(TimeSpan roundTrip)
    {
        if (!_wanted) return Instant.Never;
        if (!_sentOnce) return Instant.Zero;
        var interval = _asked ? RetryInterval : MinimumInterval;
        return _lastSent + (interval < roundTrip * 1.5 ? roundTrip * 1.5 : interval);
    }

    /// <summary>True if a request is to be sent now; it then counts as sent.</summary>
    public bool TakeDue(Instant now, TimeSpan roundTrip)
    {
        if (now < Due(roundTrip)) return false;
        _sentOnce = _asked = true;
        _lastSent = now;
        Sent++;
        return true;
    }
}
