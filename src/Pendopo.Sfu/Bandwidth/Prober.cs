using Pendopo.Rtc;
using Pendopo.Rtc.Congestion;
using Pendopo.Sfu.Forwarding;

namespace Pendopo.Sfu.Bandwidth;

/// <summary>
/// Sends what the estimator asks for to find out whether a receiver can take more, while it gets less than it wants: short
/// clusters where transport feedback measures them, and else a steady filling of the estimate. What is sent are recent packets
/// once more by RTX (if something was lost, they repair it), or those that wait to be paced. Owned by the worker.
/// </summary>
internal sealed class Prober(MediaPeer receiver)
{
    /// <summary>No filling above this loss: the path has no room, or is not what limits.</summary>
    private const double MaximumLoss = 0.05;

    /// <summary>Packets in one tick at most: 48 kB in 10 ms are 38 Mb/s, more than any estimate's double.</summary>
    private const int MaximumBurst = 40;

    /// <summary>A cluster that is not out by then is sent too slowly to measure what it should.</summary>
    private static readonly TimeSpan ClusterTime = TimeSpan.FromMilliseconds(500);

    /// <summary>What waits for longer than this does so because the line is thought too narrow, which a cluster can find out.</summary>
    private static readonly TimeSpan LargeFrameTime = TimeSpan.FromSeconds(1.5);

    private long _sentBytes;
    private double _credit;
    private Instant _last;
    private int _turn;
    private Probe _probe;
    private Instant _probeStarted;
    private long _probeSent;
    private bool _isProbing;

    /// <summary>What all wanted layers and sounds need together; zero when everything wanted is sent.</summary>
    public DataRate Wanted { get; set; }

    /// <summary>A cluster is on its way.</summary>
    public bool IsProbing => _isProbing;

    /// <summary>There is something to find out, so each tick of the worker counts.</summary>
    public bool IsActive => _isProbing || Wanted > receiver.Estimator.Estimate;

    public void OnSent(int bytes) => _sentBytes += bytes;

    public void Advance(Instant now)
    {
        var elapsed = now - _last;
        _last = now;
        if (!receiver.Estimator.HasFeedback)
        {
            Fill(now, elapsed);
            return;
        }

        if (_isProbing) _probeSent += _sentBytes;
        _sentBytes = 0;
        if (!_isProbing && !TryBegin(now)) return;
        Continue(now);
    }

    private bool TryBegin(Instant now)
    {
        // What leaves of a large frame tries the line already, and a cluster on top of it would cost the frame packets. Asked before the
        // estimator counts on it: without a picture there is nothing to send.
        if (receiver.Pacing.ExcessBytes > 0 && now - receiver.Pacing.BusySince < LargeFrameTime) return false;
        if (Wanted <= receiver.Estimator.Estimate || !HasPicture || !receiver.Estimator.TryBeginProbe(now, Wanted, out _probe)) return false;
        _isProbing = true;
        _probeStarted = now;
        _probeSent = 0;
        return true;
    }

    /// <summary>Sends what is due of the cluster at its rate, the first packets at once.</summary>
    private void Continue(Instant now)
    {
        var due = Math.Min(_probe.Bytes, _probe.Rate.BytesIn(now - _probeStarted + Workers.MediaWorker.TickInterval));
        var isOut = false;
        for (var i = 0; i < MaximumBurst && _probeSent < due && !isOut; i++)
        {
            isOut = !SendOne(now);
            _probeSent += _sentBytes;
            _sentBytes = 0;
        }

        if (!isOut && _probeSent < _probe.Bytes && now - _probeStarted < ClusterTime) return;
        _isProbing = false;
        receiver.Estimator.EndProbe(now);
    }

    private void Fill(Instant now, TimeSpan elapsed)
    {
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

    private bool HasPicture
    {
        get
        {
            foreach (var seat in receiver.Seats)
            {
                if (seat.Video is { Current: not null }) return true;
            }

            return false;
        }
    }

    private bool SendOne(Instant now)
    {
        // What waits for the line shows as much as a repetition, and is wanted.
        if (receiver.Pacing.TryReleaseOne(now)) return true;
        for (var i = 0; i < receiver.Seats.Count; i++)
        {
            _turn = (_turn + 1) % receiver.Seats.Count;
            if (receiver.Seats[_turn].Video is { Current: not null } slot && slot.Repeat(now)) return true;
        }

        return false;
    }
}
