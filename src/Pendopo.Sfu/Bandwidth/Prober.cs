using Pendopo.Rtc;
using Pendopo.Sfu.Forwarding;

namespace Pendopo.Sfu.Bandwidth;

/// <summary>
/// Fills what a receiver is estimated to carry while it gets less than it wants: an estimate cannot grow beyond what was
/// tried, and layers cost three times each other, so without this a picture once lowered would stay low. What is sent are
/// recent packets once more by RTX: if something was lost, they repair it. Owned by the worker.
/// </summary>
internal sealed class Prober(MediaPeer receiver)
{
    /// <summary>No probing above this loss: the path has no room, or is not what limits.</summary>
    private const double MaximumLoss = 0.05;

    /// <summary>Packets in one tick at most: 12 kB in 10 ms are 10 Mb/s.</summary>
    private const int MaximumBurst = 10;

    private long _sentBytes;
    private double _credit;
    private Instant _last;
    private int _turn;

    /// <summary>What all wanted layers and sounds need together; zero when everything wanted is sent.</summary>
    public DataRate Wanted { get; set; }

    public void OnSent(int bytes) => _sentBytes += bytes;

    public void Advance(Instant now)
    {
        var elapsed = now - _last;
        _last = now;
        var sent = _sentBytes;
        _sentBytes = 0;
        if (Wanted <= receiver.Estimator.Estimate || receiver.Estimator.LossFraction > MaximumLoss || elapsed > TimeSpan.FromSeconds(1))
        {
            _credit = 0;
            return;
        }

        // A tenth of a second of arrears at most: probing must not answer a pause with a burst.
        var rate = receiver.Estimator.Estimate;
        _credit = Math.Clamp(_credit + rate.BytesIn(elapsed) - sent, -rate.BytesIn(TimeSpan.FromMilliseconds(100)), rate.BytesIn(TimeSpan.FromMilliseconds(50)));
        for (var i = 0; i < MaximumBurst && _credit > 0; i++)
        {
            if (!SendOne(now)) break;
            _credit -= _sentBytes;
            _sentBytes = 0;
        }
    }

    private bool SendOne(Instant now)
    {
        for (var i = 0; i < receiver.Seats.Count; i++)
        {
            _turn = (_turn + 1) % receiver.Seats.Count;
            if (receiver.Seats[_turn].Video is { Current: not null } slot && slot.Repeat(now)) return true;
        }

        return false;
    }
}
