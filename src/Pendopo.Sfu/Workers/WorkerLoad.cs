using System.Diagnostics;
using Pendopo.Rtc;

namespace Pendopo.Sfu.Workers;

/// <summary>
/// How busy a worker is, and how long it therefore lets video wait for the rest of a frame. A free worker sends at once; a busy one
/// trades a few milliseconds for longer runs, which cost the system less per packet.
/// </summary>
internal struct WorkerLoad
{
    /// <summary>Below this share of a core nothing is gained that anybody needs.</summary>
    private const double Free = 0.4;

    /// <summary>From here on packets may soon be lost, so the whole hold is used.</summary>
    private const double Full = 0.85;

    /// <summary>A third of a frame at 60 a second, and far below what is seen or heard.</summary>
    public static readonly TimeSpan MaximumHold = TimeSpan.FromMilliseconds(5);

    /// <summary>Long enough to smooth over frames, short enough to answer a storm of joins.</summary>
    private static readonly TimeSpan Window = TimeSpan.FromMilliseconds(100);

    private Instant _since;
    private long _waitedSince;

    /// <summary>Part of the time spent working, 0–1, smoothed.</summary>
    public double Busy { get; private set; }

    /// <param name="now">The moment.</param>
    /// <param name="waitedTicks">Time spent waiting so far, in <see cref="Stopwatch"/> ticks.</param>
    public TimeSpan Hold(Instant now, long waitedTicks)
    {
        var elapsed = now - _since;
        if (elapsed >= Window)
        {
            var waited = Stopwatch.GetElapsedTime(_waitedSince, waitedTicks);
            var busy = Math.Clamp(1 - (waited / elapsed), 0, 1);
            Busy += (busy - Busy) * 0.3;
            (_since, _waitedSince) = (now, waitedTicks);
        }

        return MaximumHold * Math.Clamp((Busy - Free) / (Full - Free), 0, 1);
    }
}
