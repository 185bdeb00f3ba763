namespace Pendopo.Rtc.Congestion;

/// <summary>
/// Tells after a decrease whether it had a reason. A queue that we have made gets shorter by what we send less; a way that has become longer
/// (another route, another cell) delays as much as before. The decrease was spurious then, and is to be undone (the idea of RFC 4015 for TCP).
/// </summary>
internal sealed class SpuriousDecrease
{
    /// <summary>Sent less by this, a bottleneck drains a tenth of the time that passes.</summary>
    private const double Reduced = 0.9;

    /// <summary>A bottleneck that gets a tenth less is shorter by 60 ms after that, or empty.</summary>
    private static readonly TimeSpan DrainTime = TimeSpan.FromMilliseconds(600);

    /// <summary>Half of that, since rates are means and delays vary.</summary>
    private static readonly TimeSpan Drained = TimeSpan.FromMilliseconds(30);

    /// <summary>A shorter queue is gone sooner.</summary>
    private const double DrainedShare = 0.2;

    /// <summary>A queue that grows beyond this is one, whatever it was at first; the constant is for the jitter of short ones.</summary>
    private const double Grown = 1.25;
    private static readonly TimeSpan GrownAtLeast = TimeSpan.FromMilliseconds(10);

    /// <summary>By then the sender has followed, or something else happens.</summary>
    private static readonly TimeSpan Lifetime = TimeSpan.FromSeconds(4);

    private Instant? _since;
    private Instant? _reducedSince;
    private TimeSpan _queue;
    private DataRate _carried;

    /// <summary>The rate before the decrease that is in doubt.</summary>
    public DataRate Before { get; private set; }

    /// <summary>The first of several decreases is the one that counts.</summary>
    /// <param name="before">The rate that was in force.</param>
    /// <param name="carried">What arrived.</param>
    public void OnDecrease(Instant now, DataRate before, DataRate carried, TimeSpan queue)
    {
        if (_since is not null) return;
        (_since, _reducedSince, _queue, _carried, Before) = (now, null, queue, carried, before);
    }

    public void Reset() => _since = null;

    /// <summary>True once, when the decrease has proved to be in vain.</summary>
    public bool TryUndo(Instant now, TimeSpan queue, DataRate? acknowledged)
    {
        if (_since is not { } since) return false;
        var drained = TimeSpan.FromTicks(Math.Min(Drained.Ticks, (long)(_queue.Ticks * DrainedShare)));
        if (queue < _queue - drained || queue > (_queue * Grown) + GrownAtLeast || now - since > Lifetime)
        {
            _since = null;
            return false;
        }

        if (acknowledged is not { } rate || rate > _carried * Reduced)
        {
            _reducedSince = null;
            return false;
        }

        _reducedSince ??= now;
        if (now - _reducedSince.Value < DrainTime) return false;
        _since = null;
        return true;
    }
}
