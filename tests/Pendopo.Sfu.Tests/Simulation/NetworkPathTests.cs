using Pendopo.Rtc;
using Pendopo.Testing.Network;
using Xunit;

namespace Pendopo.Sfu.Tests.Simulation;

/// <summary>Lines that are long, uneven, interrupted or exchanged.</summary>
public sealed class NetworkPathTests
{
    /// <remarks>Feedback is a round trip old when it comes: at a second of it, each step of the start takes more than one.</remarks>
    [Theory]
    [InlineData(71, 50, 10, 5)]
    [InlineData(72, 150, 30, 6)]
    [InlineData(73, 500, 50, 12)]
    public void Delay_and_jitter_are_not_taken_for_congestion(int seed, double delay, double jitter, double seconds)
    {
        var line = NetworkScenario.Line(2000, delay) with { Jitter = TimeSpan.FromMilliseconds(jitter) };
        using var scenario = new NetworkScenario(seed, line, senders: 2, startKilobits: 600);
        scenario.Run(30);
        var settled = scenario.Start + TimeSpan.FromSeconds(seconds);
        scenario.Report(settled, delay + 400);
        Assert.InRange(scenario.SecondsToReach(1600, scenario.Start), 0, seconds);
        Assert.InRange(scenario.MeanKilobits(settled), 1200, 2200);
        Assert.True(scenario.LongestFreeze(settled) < TimeSpan.FromSeconds(1.5));
        Assert.InRange(scenario.Concealed(settled, delay + 400), 0, 0.02);
    }

    /// <remarks>As when a train leaves the station: the line is long and uneven, and as wide as before.</remarks>
    [Theory]
    [InlineData(80)]
    [InlineData(81)]
    [InlineData(82)]
    public void A_line_that_grows_long_and_uneven_costs_no_layer(int seed)
    {
        var line = new LinkOptions { Rate = DataRate.FromKilobits(20_000), QueueBytes = 500_000, Delay = TimeSpan.FromMilliseconds(20) };
        using var scenario = new NetworkScenario(seed, line, senders: 1, uplink: line);
        scenario.Run(8);
        foreach (var (delay, jitter) in new[] { (25, 10), (75, 30), (250, 50) })
        {
            var changed = line with { Delay = TimeSpan.FromMilliseconds(delay), Jitter = TimeSpan.FromMilliseconds(jitter) };
            scenario.Meeting.Endpoint(scenario.Viewer).Uplink.Options = changed;
            scenario.Change(changed);

            // A fifth of a second and the round trip until it is noticed, as long until less arrives, 0.6 s to see that it helps nothing, a key frame.
            scenario.Run(5);
            for (var i = 0; i < 10; i++)
            {
                Assert.Equal(2, Continuity.LayerAt(scenario.Viewer.Video()));
                Assert.InRange(scenario.Estimator.Estimate.Kilobits, 2000, double.MaxValue);
                scenario.Run(1);
            }
        }
    }

    [Fact]
    public void Reordering_is_not_taken_for_congestion_or_loss()
    {
        using var scenario = new NetworkScenario(74, NetworkScenario.Line(4000) with { Reordering = 0.05, ReorderingDelay = TimeSpan.FromMilliseconds(15) }, senders: 2);
        scenario.Run(20);
        scenario.Report(scenario.Start);
        var settled = scenario.Start + TimeSpan.FromSeconds(5);
        Assert.InRange(scenario.MeanKilobits(settled), 3200, double.MaxValue);
        Assert.Equal(0, scenario.Freezes(settled));
        Assert.Equal(0, scenario.Concealed(settled, 250));
        Assert.Equal(2, Continuity.LayerAt(scenario.Viewer.Video()));
    }

    [Fact]
    public void After_an_outage_of_two_seconds_the_picture_is_back_in_one_and_the_rate_in_five()
    {
        using var scenario = new NetworkScenario(75, NetworkScenario.Line(4000), senders: 2);
        scenario.Run(10);
        var from = scenario.Now;
        scenario.Meeting.Endpoint(scenario.Viewer).Interrupt(TimeSpan.FromSeconds(2));
        scenario.Run(2);
        var back = scenario.Now;
        scenario.Run(10);
        scenario.Report(back);
        Assert.True(scenario.LongestFreeze(from) < TimeSpan.FromSeconds(3));
        Assert.InRange(scenario.SecondsToReach(3200, back), 0, 5);

        // What was captured in the outage is gone; a second later everything is heard again.
        var settled = back + TimeSpan.FromSeconds(1);
        Assert.InRange(scenario.Concealed(settled, 400), 0, 0.01);
        Assert.True(scenario.LongestFreeze(settled) < TimeSpan.FromMilliseconds(500));
    }

    [Fact]
    public void From_wifi_to_mobile_the_new_lines_rate_is_found_in_seconds()
    {
        using var scenario = new NetworkScenario(77, NetworkScenario.Line(8000, 10), senders: 2);
        scenario.Run(10);
        var mobile = NetworkScenario.Line(1500, 60) with { Jitter = TimeSpan.FromMilliseconds(15) };
        var from = scenario.Change(mobile);
        var endpoint = scenario.Meeting.Endpoint(scenario.Viewer);
        endpoint.Uplink.Options = new() { Delay = mobile.Delay };
        endpoint.Rebind(scenario.Meeting.NextAddress());
        scenario.Meeting.RestartIce(scenario.Viewer);
        scenario.Run(20);
        scenario.Report(from, 500);

        // From five times the rate: half a second to check the path, and the time to see the queue and to change layers.
        Assert.InRange(scenario.SecondsToFallBelow(1500, from), 0, 2.5);
        Assert.True(scenario.LongestFreeze(from) < TimeSpan.FromSeconds(2));
        var settled = from + TimeSpan.FromSeconds(5);
        Assert.InRange(scenario.MeanKilobits(settled), 900, 1600);
        Assert.InRange(scenario.QueueDelay(settled).Mean, 0, 60);
        Assert.InRange(scenario.Concealed(settled, 500), 0, 0.01);
    }
}
