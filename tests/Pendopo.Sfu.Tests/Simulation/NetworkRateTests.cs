using Pendopo.Testing.Network;
using Xunit;

namespace Pendopo.Sfu.Tests.Simulation;

/// <summary>Lines whose rate is found, falls, rises and is shared.</summary>
public sealed class NetworkRateTests
{
    /// <summary>A full queue of 300 ms, and what a player adapts to on top of the way.</summary>
    private const double PatientPlayout = 400;

    [Theory]
    [InlineData(51, 300)]
    [InlineData(52, 300)]
    [InlineData(53, 2500)]
    public void Nine_tenths_of_two_megabits_are_found_within_five_seconds(int seed, double startKilobits)
    {
        using var scenario = new NetworkScenario(seed, NetworkScenario.Line(2000), startKilobits: startKilobits);
        scenario.Run(15);
        scenario.Report(scenario.Start, PatientPlayout);
        Assert.InRange(scenario.SecondsToReach(1800, scenario.Start), 0, 5);

        // Found, and kept: layers come in steps of a third, so up to a quarter of the estimate may lie idle.
        var settled = scenario.Start + TimeSpan.FromSeconds(5);
        Assert.InRange(scenario.MeanKilobits(settled), 1300, 2100);
        Assert.InRange(scenario.SentKilobits(settled), 1000, 2000);
        Assert.InRange(scenario.Overuse(settled), 0, 0.15);
        Assert.True(scenario.LongestFreeze(settled) < TimeSpan.FromMilliseconds(500));
        Assert.InRange(scenario.Concealed(settled, PatientPlayout), 0, 0.01);
    }

    [Theory]
    [InlineData(54)]
    [InlineData(55)]
    [InlineData(56)]
    public void A_drop_to_half_is_answered_within_a_second(int seed)
    {
        using var scenario = new NetworkScenario(seed, NetworkScenario.Line(2000));
        scenario.Run(10);
        var from = scenario.Change(NetworkScenario.Line(1000));
        scenario.Run(10);
        scenario.Report(from, PatientPlayout);
        Assert.InRange(scenario.SecondsToFallBelow(1000, from), 0, 1);

        // The full queue of 300 ms drains by the seventh that is sent less: two seconds, and one for the layers to follow. Later
        // a layer is tried that just does not fit, key frames of half a second's worth come with it, and it goes again.
        var drained = from + TimeSpan.FromSeconds(3);
        Assert.InRange(scenario.QueueDelay(drained).Mean, 0, 90);
        Assert.InRange(scenario.Overuse(drained), 0, 0.3);
        Assert.True(scenario.LongestFreeze(from) < TimeSpan.FromSeconds(1));
        Assert.InRange(scenario.Concealed(from, PatientPlayout), 0, 0.08);
        Assert.InRange(scenario.MeanKilobits(drained), 650, 1100);
    }

    [Fact]
    public void Steps_from_four_megabits_to_one_to_a_third_and_back_are_followed()
    {
        using var scenario = new NetworkScenario(57, NetworkScenario.Line(4000));
        scenario.Run(15);
        scenario.Report(scenario.Start, PatientPlayout);
        Assert.InRange(scenario.SecondsToReach(3600, scenario.Start), 0, 5);

        foreach (var kilobits in new double[] { 1000, 300 })
        {
            var from = scenario.Change(NetworkScenario.Line(kilobits));
            scenario.Run(15);
            scenario.Report(from, PatientPlayout);
            Assert.InRange(scenario.SecondsToFallBelow(kilobits, from), 0, 1.5);
            var settled = from + TimeSpan.FromSeconds(4);

            // While the next layer does not fit, a part of the line lies idle, and what leaves paced does not show where it ends.
            Assert.InRange(scenario.MeanKilobits(settled), kilobits * 0.6, kilobits * 1.3);
            Assert.InRange(scenario.SentKilobits(settled), kilobits * 0.5, kilobits);
            Assert.InRange(scenario.QueueDelay(settled).Mean, 0, 90);

            // Three pictures lose the way down at once. The queue swallows their first key frames, and while it stands each gets
            // another only after a second: more would keep the queue full.
            Assert.InRange(scenario.LongestFreeze(from).TotalSeconds, 0, 2.5);
            Assert.InRange(scenario.Concealed(settled, PatientPlayout), 0, 0.03);
        }

        // A probe every five seconds at the latest, and four clusters that double it, each with its feedback. Headers of IP and UDP
        // and SRTP's tag leave 3.8 Mb/s to what the estimate counts.
        var back = scenario.Change(NetworkScenario.Line(4000));
        scenario.Run(15);
        scenario.Report(back, PatientPlayout);
        Assert.InRange(scenario.SecondsToReach(0.9 * 3800, back), 0, 8);
        Assert.True(scenario.LongestFreeze(back) < TimeSpan.FromMilliseconds(500));
    }

    [Fact]
    public void A_download_beside_the_meeting_leaves_sound_and_a_picture()
    {
        using var scenario = new NetworkScenario(76, NetworkScenario.Line(3000), senders: 2);
        scenario.Run(10);
        var from = scenario.Now;
        var flow = new CompetingFlow(scenario.Meeting.Clock, scenario.Downlink, TimeSpan.FromMilliseconds(20), TimeSpan.FromSeconds(30));
        scenario.Run(30);
        scenario.Report(from, PatientPlayout);
        TestContext.Current.TestOutputHelper?.WriteLine($"The download got {flow.DeliveredBytes * 8 / 30_000} kb/s.");

        // It fills the queue for good; what gives way to delay gets the lesser share, but more than the smallest layer needs.
        Assert.InRange(scenario.MeanKilobits(from + TimeSpan.FromSeconds(5)), 180, 2000);
        Assert.True(scenario.LongestFreeze(from) < TimeSpan.FromMilliseconds(600));
        Assert.InRange(scenario.Concealed(from, PatientPlayout), 0, 0.02);

        var after = scenario.Now;
        scenario.Run(12);
        Assert.InRange(scenario.SecondsToReach(2000, after), 0, 10);
    }
}
