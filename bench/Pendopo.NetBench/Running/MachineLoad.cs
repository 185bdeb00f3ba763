using System.Globalization;

namespace Pendopo.NetBench.Running;

/// <summary>The busy share of all processors since the last reading, by /proc/stat: whoever reads results must know it.</summary>
internal sealed class MachineLoad
{
    private long _busy;
    private long _total;

    public MachineLoad() => Read();

    /// <summary>In per cent of all processors.</summary>
    public double Read()
    {
        var line = File.ReadLines("/proc/stat").First();
        long[] ticks = [.. line.Split(' ', StringSplitOptions.RemoveEmptyEntries).Skip(1).Select(text => long.Parse(text, CultureInfo.InvariantCulture))];

        // user nice system idle iowait irq softirq steal; guest time stands in user already.
        var total = ticks.Take(8).Sum();
        var busy = total - ticks[3] - ticks[4];
        var share = total > _total ? 100.0 * (busy - _busy) / (total - _total) : 0;
        (_busy, _total) = (busy, total);
        return share;
    }
}
