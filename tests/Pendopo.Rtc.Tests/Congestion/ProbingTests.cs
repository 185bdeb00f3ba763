using Pendopo.Testing.Network;
using Xunit;

namespace Pendopo.Rtc.Tests.Congestion;

/// <summary>A sender that has less to send than it would like, probes for more, and meets receivers that are short of CPU.</summary>
public sealed class ProbingTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Probes_find_the_capacity_while_little_is_sent(int seed)
    {
        var path = new CongestedPath(Link(2000), seed) { ApplicationKilobits = 200, WantedKilobits = 4000 };

        // 300 kb/s three times, then twice, and the third cluster finds the limit: each takes the round trip of 50 ms and at
        // most 100 ms until the feedback; two seconds leave room for one cluster that must be repeated.
        var seconds = path.RunUntil(() => path.Kilobits > 1800, 10);
        Assert.True(seconds < 2, $"{seconds:0.00} s");
        var before = path.SentBytes;
        var (least, _, most) = path.Watch(20);
        Assert.InRange(least, 1700, 2100);
        Assert.InRange(most, 1800, 2100);

        // One cluster of 15 kB in three to five seconds beside the 200 kb/s.
        Assert.InRange((path.SentBytes - before) * 8 / 20_000.0, 190, 260);
    }

    [Fact]
    public void Nothing_is_probed_beyond_what_is_wanted()
    {
        var path = new CongestedPath(Link(10_000)) { ApplicationKilobits = 200, WantedKilobits = 1000 };
        path.Run(10);

        // What the clusters themselves bring in is acknowledged too, and lets the slow increase go a little beyond.
        Assert.InRange(path.Kilobits, 950, 1150);
        var before = path.SentBytes;
        path.Run(10);
        Assert.InRange((path.SentBytes - before) * 8 / 10_000.0, 195, 215);
    }

    [Fact]
    public void After_a_short_congestion_the_former_rate_is_found_within_seconds()
    {
        var path = new CongestedPath(Link(4000)) { ApplicationKilobits = 3000, WantedKilobits = 5000 };
        path.RunUntil(() => path.Kilobits > 3500, 10);
        path.Link = Link(500);
        path.Run(2);
        Assert.InRange(path.Kilobits, 200, 650);
        path.Link = Link(4000);
        var seconds = path.RunUntil(() => path.Kilobits > 3600, 30);
        Assert.True(seconds < 6, $"{seconds:0.00} s");
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    [InlineData(5)]
    public void A_receiver_that_stands_still_at_random_keeps_most_of_its_rate(int seed)
    {
        var healthy = Mean(null);
        var starving = Mean(new ProcessStalls(seed, TimeSpan.FromMilliseconds(30), TimeSpan.FromMilliseconds(150), TimeSpan.FromMilliseconds(200)));
        Assert.True(starving > healthy * 0.6, $"{starving:0} of {healthy:0} kb/s");

        double Mean(ProcessStalls? stalls)
        {
            var path = new CongestedPath(Link(4000), seed) { ApplicationKilobits = 1500, WantedKilobits = 3000, Stalls = stalls };
            path.Run(5);
            return path.Watch(30).Mean;
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void A_receiver_that_stands_still_behind_a_narrow_link_does_not_flood_it(int seed)
    {
        var path = new CongestedPath(Link(1000), seed)
        {
            WantedKilobits = 3000,
            Stalls = new ProcessStalls(seed, TimeSpan.FromMilliseconds(30), TimeSpan.FromMilliseconds(150), TimeSpan.FromMilliseconds(200)),
        };
        path.Run(10);
        var (_, mean, most) = path.Watch(30);

        // A cluster that a standstill pushes together may show up to twice the rate, until the queue tells otherwise.
        Assert.True(mean is > 600 and < 1150 && most < 2300, $"{mean:0} {most:0}");
    }

    private static LinkOptions Link(double kilobits) => new()
    {
        Rate = DataRate.FromKilobits(kilobits),
        Delay = TimeSpan.FromMilliseconds(25),
        QueueBytes = (int)(kilobits * 1000 / 8 * 0.3),
    };
}
