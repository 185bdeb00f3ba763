using Pendopo.Rtc;
using Pendopo.Testing.Network;
using Xunit;

namespace Pendopo.Sfu.Tests.Simulation;

/// <summary>What others do to a receiver: senders on bad lines, crowds that arrive at once; and receivers without CPU.</summary>
public sealed class NetworkCrowdTests
{
    [Theory]
    [InlineData(81, 4500)]
    [InlineData(82, 4500)]
    [InlineData(83, 3800)]
    public void One_senders_bad_uplink_changes_no_other_receivers_estimate(int seed, double kilobits)
    {
        var clean = Mean(new LinkOptions { Delay = TimeSpan.FromMilliseconds(10) });
        var bad = Mean(new LinkOptions
        {
            Delay = TimeSpan.FromMilliseconds(40), Jitter = TimeSpan.FromMilliseconds(40), Loss = 0.15, Rate = DataRate.FromKilobits(2500), QueueBytes = 60_000,
        });
        Assert.InRange(bad, clean * 0.95, clean * 1.05);

        double Mean(LinkOptions uplink)
        {
            // With room for all that is wanted: on a full line other packets make other layers, whatever the estimator does.
            using var scenario = new NetworkScenario(seed, NetworkScenario.Line(kilobits), senders: 2);
            scenario.Run(8);
            scenario.Meeting.Endpoint(scenario.Senders[1]).Uplink.Options = uplink;
            var from = scenario.Now;
            scenario.Run(15);
            scenario.Report(from);
            return scenario.MeanKilobits(from);
        }
    }

    /// <summary>Browsers on a machine without CPU read late and in lumps, and their feedback comes late: no sign of a narrow line.</summary>
    [Theory]
    [InlineData(84, 6000)]
    [InlineData(85, 6000)]
    [InlineData(86, 3000)]
    public void A_receiver_that_stands_still_at_random_keeps_most_of_its_rate(int seed, double kilobits)
    {
        var healthy = Mean(null);
        var starving = Mean(new ProcessStalls(seed, TimeSpan.FromMilliseconds(30), TimeSpan.FromMilliseconds(150), TimeSpan.FromMilliseconds(200)));
        TestContext.Current.TestOutputHelper?.WriteLine($"{starving:0} of {healthy:0} kb/s");
        Assert.True(starving >= healthy * 0.6, $"{starving:0} of {healthy:0} kb/s");

        double Mean(ProcessStalls? stalls)
        {
            using var scenario = new NetworkScenario(seed, NetworkScenario.Line(kilobits), senders: 2);
            if (stalls is not null) scenario.Meeting.Stall(scenario.Viewer, stalls);
            scenario.Run(3);
            var from = scenario.Now;
            scenario.Run(20);
            scenario.Report(from, 400);
            return scenario.MeanKilobits(from);
        }
    }

    [Fact]
    public void A_hundred_who_join_in_a_second_all_see_the_speaker_and_disturb_nobody()
    {
        using var scenario = new NetworkScenario(87, NetworkScenario.Line(4000), senders: 1);
        scenario.Run(5);
        var from = scenario.Now;
        var requests = scenario.Senders[0].PictureLosses.Count;
        var crowd = new List<(MediaClient Client, Instant Joined)>();
        for (var i = 0; i < 100; i++)
        {
            var client = scenario.Meeting.Join(
                $"late{i}", new ClientOptions { SendsAudio = false, SendsVideo = false, Seats = 1 }, new LinkOptions { Delay = TimeSpan.FromMilliseconds(20) }, NetworkScenario.Line(2000));
            crowd.Add((client, scenario.Now));
            scenario.Meeting.RunFor(0.01);
        }

        Assert.True((scenario.Now - from).TotalSeconds <= 1.01);
        scenario.Run(3);
        scenario.Report(from, 400);

        // A key frame is asked of the speaker at most every 200 ms for each of the layers, whoever wants one.
        Assert.InRange(scenario.Senders[0].PictureLosses.Count - requests, 1, 3 * 5 * 4);
        foreach (var (client, joined) in crowd)
        {
            // A throttled key frame, its way, and the feedback: a second; as much again where a key frame came too late.
            var frames = client.Video().Video.Decoded;
            Assert.True(frames.Count > 0, $"{client.Name} sees nothing.");
            Assert.InRange((frames[0].At - joined).TotalSeconds, 0, 1.5);
            Assert.True(client.Audio().Sounds.Count > 100, $"{client.Name} hears {client.Audio().Sounds.Count} packets.");
        }

        Assert.True(scenario.LongestFreeze(from) < TimeSpan.FromMilliseconds(300));
        Assert.InRange(scenario.Concealed(from, 250), 0, 0.01);
    }
}
