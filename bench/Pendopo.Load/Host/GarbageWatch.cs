namespace Pendopo.Load.Host;

/// <summary>
/// Reads the garbage collector's own account. The worst pause is looked up four times a second, so of several collections
/// within one quarter only the last is seen; the sum of pauses misses none.
/// </summary>
internal sealed class GarbageWatch : IDisposable
{
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(250);

    private readonly Lock _gate = new();
    private readonly Timer _timer;
    private int _seen;
    private double _worst;

    public GarbageWatch() => _timer = new Timer(_ => Look(), null, Interval, Interval);

    public HostStatistics Read()
    {
        lock (_gate)
        {
            var worst = _worst;
            _worst = 0;
            var memory = GC.GetGCMemoryInfo(GCKind.Any);
            return new(GC.GetTotalAllocatedBytes(precise: true), memory.HeapSizeBytes, Collections, GC.GetTotalPauseDuration().TotalMilliseconds, worst, 0, 0);
        }
    }

    public void Dispose() => _timer.Dispose();

    private static int Collections => GC.CollectionCount(0);

    private void Look()
    {
        lock (_gate)
        {
            if (Collections == _seen) return;
            _seen = Collections;
            foreach (var pause in GC.GetGCMemoryInfo(GCKind.Any).PauseDurations) _worst = Math.Max(_worst, pause.TotalMilliseconds);
        }
    }
}
