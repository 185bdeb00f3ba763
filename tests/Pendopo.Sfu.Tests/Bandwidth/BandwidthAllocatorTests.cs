using Pendopo.Rtc;
using Pendopo.Sfu.Bandwidth;
using Xunit;

namespace Pendopo.Sfu.Tests.Bandwidth;

public sealed class BandwidthAllocatorTests
{
    private static VideoDemand Demand(int wanted = 2, int current = -1, VideoPriority priority = VideoPriority.Other, int useful = 0, bool mustStay = false, int count = 3)
    {
        var rates = default(LayerRates);
        (rates[0], rates[1], rates[2]) = (150_000, 500_000, 1_500_000);
        return new(rates, count, wanted, current) { Priority = priority, Useful = useful, MustStay = mustStay };
    }

    private static int[] Allocate(int kilobits, params VideoDemand[] demands)
    {
        var chosen = new int[demands.Length];
        BandwidthAllocator.Allocate(DataRate.FromKilobits(kilobits), demands, chosen);
        return chosen;
    }

    [Fact]
    public void Everybody_gets_the_smallest_layer_before_anybody_a_larger_one() =>
        Assert.Equal([0, 0, 0], Allocate(700, Demand(), Demand(), Demand()));

    [Fact]
    public void The_most_important_goes_up_first() => Assert.Equal([1, 0], Allocate(820, Demand(), Demand()));

    [Fact]
    public void Nobody_gets_more_than_wanted() => Assert.Equal([0, 1, 2], Allocate(10_000, Demand(0), Demand(1), Demand(2)));

    [Fact]
    public void The_most_important_is_never_paused_and_others_are() => Assert.Equal([0, -1], Allocate(0, Demand(), Demand()));

    [Fact]
    public void A_pinned_one_is_the_most_important_wherever_it_stands() =>
        Assert.Equal([-1, 0, -1], Allocate(0, Demand(), Demand(priority: VideoPriority.Pinned), Demand(priority: VideoPriority.Speaker)));

    [Fact]
    public void Going_up_needs_a_margin_and_staying_none()
    {
        Assert.Equal([0], Allocate(624, Demand()));
        Assert.Equal([1], Allocate(625, Demand()));
        Assert.Equal([1], Allocate(500, Demand(current: 1)));
        Assert.Equal([0], Allocate(499, Demand(current: 1)));
    }

    [Fact]
    public void The_margin_is_of_the_whole_and_not_of_the_step()
    {
        // The last of ten small pictures costs a tenth of the budget; a budget that wavers by a tenth must not toggle it.
        var seated = Enumerable.Repeat(Demand(0, current: 0), 9).Append(Demand(0, current: -1)).ToArray();
        Assert.Equal(-1, Allocate(1_874, seated)[9]);
        Assert.Equal(0, Allocate(1_875, seated)[9]);
        var all = Enumerable.Repeat(Demand(0, current: 0), 10).ToArray();
        Assert.Equal(0, Allocate(1_500, all)[9]);
        Assert.Equal(-1, Allocate(1_499, all)[9]);
    }

    [Fact]
    public void A_silent_source_takes_nothing() => Assert.Equal([-1, 2], Allocate(2000, Demand(count: 0), Demand()));

    [Fact]
    public void A_screen_is_readable_before_others_are_seen_and_sharp_before_they_are_large()
    {
        var demands = new[] { Demand(current: 0), Demand(priority: VideoPriority.Screen, useful: 1, current: 1), Demand(current: 0) };
        Assert.Equal([-1, 1, -1], Allocate(600, demands));
        Assert.Equal([0, 1, 0], Allocate(800, demands));
        Assert.Equal([0, 2, 0], Allocate(2_300, demands));
        Assert.Equal([1, 2, 0], Allocate(2_700, demands));
    }

    [Fact]
    public void After_the_screen_comes_the_pinned_one_then_who_speaks_then_the_rest()
    {
        VideoDemand[] demands =
        [
            Demand(), Demand(priority: VideoPriority.Speaker), Demand(priority: VideoPriority.Pinned), Demand(priority: VideoPriority.Screen),
        ];
        Assert.Equal([-1, -1, -1, 0], Allocate(0, demands));
        Assert.Equal([-1, -1, 0, 0], Allocate(400, demands));
        Assert.Equal([-1, 0, 0, 0], Allocate(600, demands));
        Assert.Equal([0, 0, 0, 2], Allocate(2_500, demands));
        Assert.Equal([0, 0, 2, 2], Allocate(4_200, demands));
        Assert.Equal([0, 2, 2, 2], Allocate(6_000, demands));
    }

    [Fact]
    public void Who_went_down_a_moment_ago_stays()
    {
        Assert.Equal([0], Allocate(10_000, Demand(current: 0, mustStay: true)));
        Assert.Equal([-1, 2], Allocate(10_000, Demand(current: -1, mustStay: true), Demand(priority: VideoPriority.Pinned)));
    }

    [Fact]
    public void The_wait_after_a_fall_doubles_while_rising_does_not_last()
    {
        var now = Instant.FromMilliseconds(10_000);
        var hold = default(StepHold);
        Assert.False(hold.IsHolding(now));
        foreach (var seconds in new[] { 3, 6, 12, 24, 24 })
        {
            hold.OnFall(now);
            Assert.True(hold.IsHolding(now + TimeSpan.FromSeconds(seconds - 0.1)));
            Assert.False(hold.IsHolding(now += TimeSpan.FromSeconds(seconds)));
            hold.OnRise(now);
            now += TimeSpan.FromSeconds(1);
        }

        // It held long enough: what comes now is new.
        hold.OnFall(now += TimeSpan.FromSeconds(20));
        Assert.False(hold.IsHolding(now + TimeSpan.FromSeconds(3)));
    }
}
