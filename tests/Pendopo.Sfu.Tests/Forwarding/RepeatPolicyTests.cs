using Pendopo.Rtc;
using Pendopo.Sfu.Forwarding;
using Xunit;

namespace Pendopo.Sfu.Tests.Forwarding;

/// <summary>When sound is repeated without being asked for, how often, and when that ends.</summary>
public sealed class RepeatPolicyTests
{
    private static readonly RepeatConditions Good = new(
        Loss: 0, RepeatedLoss: null, IsRepaired: false, DataRate.FromKilobits(56), Estimate: DataRate.FromKilobits(2000), Carried: DataRate.FromKilobits(1000), TimeSpan.Zero);

    private RepeatPolicy _policy;
    private Instant _now = Instant.FromMilliseconds(100_000);

    [Fact]
    public void Copies_begin_at_three_percent_and_end_fifteen_seconds_after_the_last_percent()
    {
        Assert.Equal(0, Run(30, Good with { Loss = 0.029 }));
        Assert.Equal(1, Run(0.2, Good with { Loss = 0.03 }));
        Assert.Equal(1, Run(14, Good));
        Assert.Equal(1, Run(0.2, Good with { Loss = 0.02 }));
        Assert.Equal(1, Run(15, Good with { Loss = 0.01 }));
        Assert.Equal(0, Run(0.4, Good));
        Assert.Equal(0, Run(10, Good with { Loss = null }));
    }

    [Fact]
    public void A_receiver_that_gets_what_it_asks_for_needs_none_until_requests_are_lost_too()
    {
        var asking = Good with { IsRepaired = true, Carried = DataRate.FromKilobits(440) };
        Assert.Equal(0, Run(30, asking with { Loss = 0.14 }));
        Assert.Equal(1, Run(0.2, asking with { Loss = 0.15 }));
    }

    [Fact]
    public void On_a_line_that_has_carried_much_more_nobody_needs_to_ask() =>
        Assert.Equal(1, Run(0.2, Good with { IsRepaired = true, Loss = 0.03, Carried = DataRate.FromKilobits(450) }));

    [Fact]
    public void A_second_copy_follows_high_loss_and_bursts_that_outlast_the_first()
    {
        Assert.Equal(1, Run(0.2, Good with { Loss = 0.2 }));
        Assert.Equal(2, Run(0.2, Good with { Loss = 0.2 }));
        Assert.Equal(2, Run(30, Good with { Loss = 0.12 }));
        Assert.Equal(2, Run(9, Good with { Loss = 0.11 }));
        Assert.Equal(1, Run(1.2, Good with { Loss = 0.11 }));
        Assert.Equal(1, Run(5, Good with { Loss = 0.08, RepeatedLoss = 0.019 }));
        Assert.Equal(2, Run(0.2, Good with { Loss = 0.08, RepeatedLoss = 0.02 }));
    }

    [Fact]
    public void Copies_must_fit_into_the_estimate_beside_the_rest()
    {
        var lossy = Good with { Loss = 0.25 };
        Assert.Equal(0, Run(5, lossy with { Estimate = DataRate.FromKilobits(170) }));
        Assert.Equal(1, Run(5, lossy with { Estimate = DataRate.FromKilobits(175) }));
        Assert.Equal(2, Run(5, lossy with { Estimate = DataRate.FromKilobits(260) }));
        Assert.Equal(1, Run(0.2, lossy with { Estimate = DataRate.FromKilobits(250) }));
        Assert.Equal(0, Run(0.2, lossy with { Estimate = DataRate.FromKilobits(100) }));
    }

    [Fact]
    public void A_line_that_has_carried_little_is_tried_by_quarters()
    {
        var unknown = Good with { Loss = 0.1, Carried = DataRate.FromKilobits(56) };
        List<int> every = [];
        for (var i = 0; i < 20; i++)
        {
            Run(0.2, unknown);
            if (every.Count == 0 || every[^1] != _policy.Every) every.Add(_policy.Every);
        }

        Assert.Equal([4, 2, 1], every);

        _policy = default;
        Run(0.2, Good with { Loss = 0.1, Carried = DataRate.FromKilobits(112) });
        Assert.Equal((1, 1), (_policy.Copies, _policy.Every));
    }

    [Fact]
    public void A_queue_ends_copies_that_are_much_of_a_line_and_each_trial_comes_later_than_the_last()
    {
        var narrow = Good with { Loss = 0.1, Estimate = DataRate.FromKilobits(300), Carried = DataRate.FromKilobits(56) };
        List<double> begins = [];
        var start = _now;
        while (_now < start + TimeSpan.FromMinutes(60))
        {
            var before = _policy.Copies;
            Run(0.2, narrow with { Queue = TimeSpan.FromMilliseconds(before > 0 ? 60 : 0) });
            if (before == 0 && _policy.Copies > 0) begins.Add((_now - start).TotalSeconds);
        }

        double[] pauses = [.. begins.Skip(1).Zip(begins, static (later, earlier) => Math.Round(later - earlier))];
        Assert.Equal([30, 60, 120, 240, 480, 480, 480, 480, 480, 480], pauses.Take(10));
    }

    [Fact]
    public void A_queue_on_a_wide_line_is_not_that_of_sound()
    {
        Run(1, Good with { Loss = 0.1 });
        Assert.Equal(1, Run(5, Good with { Loss = 0.1, Queue = TimeSpan.FromMilliseconds(90) }));
    }

    [Fact]
    public void Behind_a_queue_loss_is_no_reason_to_begin() =>
        Assert.Equal(0, Run(5, Good with { Loss = 0.1, Queue = TimeSpan.FromMilliseconds(90) }));

    [Fact]
    public void The_second_copy_ends_before_the_first()
    {
        Run(5, Good with { Loss = 0.25 });
        var full = Good with { Loss = 0.25, Estimate = DataRate.FromKilobits(400), Queue = TimeSpan.FromMilliseconds(60) };
        Assert.Equal(1, Run(0.2, full));
        Assert.Equal(1, Run(0.6, full));
        Assert.Equal(1, Run(25, full with { Queue = TimeSpan.Zero }));
        Assert.Equal(2, Run(6, full with { Queue = TimeSpan.Zero }));
    }

    [Fact]
    public void Where_only_what_is_left_is_known_a_spotless_minute_ends_copies()
    {
        Run(0.2, Good with { Loss = 0.1 });
        var blind = Good with { Loss = null, RepeatedLoss = 0 };
        Assert.Equal(1, Run(50, blind));
        Assert.Equal(1, Run(0.2, blind with { RepeatedLoss = 0.004 }));
        Assert.Equal(1, Run(59, blind));
        Assert.Equal(0, Run(2, blind));
    }

    private int Run(double seconds, in RepeatConditions conditions)
    {
        for (var end = _now + TimeSpan.FromSeconds(seconds); _now < end; _now += TimeSpan.FromMilliseconds(200)) _policy.Update(_now, conditions);
        return _policy.Copies;
    }
}
