using Pendopo.Rtc;
using Pendopo.Sfu.Bandwidth;
using Xunit;

namespace Pendopo.Sfu.Tests.Bandwidth;

/// <summary>The allocator and the wait after a fall together, over time.</summary>
public sealed class HysteresisTests
{
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(200);

    [Fact]
    public void An_estimate_that_wavers_by_a_tenth_switches_a_picture_once_in_ten_seconds_at_most()
    {
        foreach (var pictures in new[] { 1, 4, 12 })
        {
            for (var mean = 150; mean <= 6_000; mean += 50)
            {
                var random = new Random(mean);
                var switches = Run(pictures, 60, _ => mean * (0.9 + (0.2 * random.NextDouble())));
                foreach (var times in switches)
                {
                    for (var i = 2; i < times.Count; i++)
                    {
                        Assert.True(times[i] - times[i - 2] >= TimeSpan.FromSeconds(10), $"{pictures} pictures, {mean} kb/s: three switches from {times[i - 2]} to {times[i]}.");
                    }
                }
            }
        }
    }

    [Fact]
    public void A_drop_is_followed_at_once_and_a_rise_soon()
    {
        var switches = Run(1, 30, at => at is >= 10 and < 15 ? 300 : 3_000)[0];
        Assert.Contains(switches, at => at == Instant.FromMilliseconds(11_000)); // second 10 of a clock that starts at 1
        Assert.Contains(switches, at => at >= Instant.FromMilliseconds(16_000) && at < Instant.FromMilliseconds(20_000));
    }

    /// <summary>When each picture switched, its way up at the start left out.</summary>
    private static List<Instant>[] Run(int pictures, int seconds, Func<double, double> kilobits)
    {
        var current = Enumerable.Repeat(-1, pictures).ToArray();
        var holds = new StepHold[pictures];
        var switches = Enumerable.Range(0, pictures).Select(static _ => new List<Instant>()).ToArray();
        var rates = default(LayerRates);
        (rates[0], rates[1], rates[2], rates[3]) = (90_000, 150_000, 500_000, 1_500_000);
        var start = Instant.FromMilliseconds(1000);
        for (var now = start; now < start + TimeSpan.FromSeconds(seconds); now += Interval)
        {
            var demands = new VideoDemand[pictures];
            for (var i = 0; i < pictures; i++) demands[i] = new(rates, 4, 3, current[i]) { MustStay = holds[i].IsHolding(now) };
            var chosen = new int[pictures];
            BandwidthAllocator.Allocate(DataRate.FromKilobits((int)kilobits((now - start).TotalSeconds)), demands, chosen);
            for (var i = 0; i < pictures; i++)
            {
                if (chosen[i] == current[i]) continue;
                if (chosen[i] > current[i]) holds[i].OnRise(now);
                else holds[i].OnFall(now);
                current[i] = chosen[i];
                if (now - start > TimeSpan.FromSeconds(3)) switches[i].Add(now);
            }
        }

        return switches;
    }
}
