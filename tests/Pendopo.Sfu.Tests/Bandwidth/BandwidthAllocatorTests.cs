using Pendopo.Rtc;
using Pendopo.Sfu.Bandwidth;
using Xunit;

namespace Pendopo.Sfu.Tests.Bandwidth;

public sealed class BandwidthAllocatorTests
{
    private static VideoDemand Demand(int wanted = 2, int current = -1)
    {
        var rates = default(LayerRates);
        (rates[0], rates[1], rates[2]) = (150_000, 500_000, 1_500_000);
        return new(rates, wanted, current);
    }

    private static int[] Allocate(int kilobits, params VideoDemand[] demands)
    {
        var chosen = new int[demands.Length];
        BandwidthAllocator.Allocate(DataRate.FromKilobits(kilobits), demands, Enumerable.Repeat(3, demands.Length).ToArray(), chosen);
        return chosen;
    }

    [Fact]
    public void Everybody_gets_the_smallest_layer_before_anybody_a_larger_one() =>
        Assert.Equal([0, 0, 0], Allocate(600, Demand(), Demand(), Demand()));

    [Fact]
    public void The_most_important_goes_up_first() => Assert.Equal([1, 0], Allocate(750, Demand(), Demand()));

    [Fact]
    public void Nobody_gets_more_than_wanted() => Assert.Equal([0, 1, 2], Allocate(10_000, Demand(0), Demand(1), Demand(2)));

    [Fact]
    public void The_most_important_is_never_paused_and_others_are() => Assert.Equal([0, -1], Allocate(0, Demand(), Demand()));

    [Fact]
    public void Going_up_needs_a_margin_and_staying_none()
    {
        Assert.Equal([0], Allocate(560, Demand()));
        Assert.Equal([1], Allocate(560, Demand(current: 1)));
        Assert.Equal([1], Allocate(571, Demand()));
        Assert.Equal([0], Allocate(499, Demand(current: 1)));
    }

    [Fact]
    public void A_silent_source_takes_nothing()
    {
        var chosen = new int[2];
        BandwidthAllocator.Allocate(DataRate.FromKilobits(2000), [Demand(), Demand()], [0, 3], chosen);
        Assert.Equal([-1, 2], chosen);
    }
}
