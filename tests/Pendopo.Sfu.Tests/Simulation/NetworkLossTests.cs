using Pendopo.Rtc;
using Pendopo.Testing.Network;
using Xunit;

namespace Pendopo.Sfu.Tests.Simulation;

/// <summary>
/// Lines that lose packets, at random and in bursts, with room for all that is wanted. A repair takes about 80 ms here (a gap is
/// seen 10–20 ms later, the round trip is 60 ms), so a player that waits 250 ms gives a packet two chances.
/// </summary>
public sealed class NetworkLossTests
{
    private const double Playout = 250;

    private static readonly LinkOptions Line = NetworkScenario.Line(4000);

    /// <param name="leastKilobits">
    /// Of the wanted 3.1 Mb/s: all up to a tenth of loss, one large layer and a middle one above that, where trials cost more.
    /// </param>
    /// <param name="longestFreeze">
    /// A picture that is beyond repair waits for a key frame, and a receiver may have one made every two seconds; at 30 % the first
    /// may be lost as well.
    /// </param>
    /// <param name="mostConcealed">
    /// The chance that the packet and two repairs or their requests are lost, with reserve: at 30 % 0.3 · 0.51² = 7.8 %.
    /// </param>
    [Theory]
    [InlineData(61, 0.05, 3000, 0.5, 0.005)]
    [InlineData(62, 0.10, 2500, 1.0, 0.01)]
    [InlineData(63, 0.20, 1200, 2.0, 0.04)]
    [InlineData(64, 0.30, 800, 4.5, 0.11)]
    public void Random_loss_is_repaired_and_not_taken_for_congestion(int seed, double loss, double leastKilobits, double longestFreeze, double mostConcealed)
    {
        using var scenario = new NetworkScenario(seed, Line, senders: 2);
        scenario.Run(5);
        var from = scenario.Change(Line with { Loss = loss });
        scenario.Run(30);
        Judge(scenario, from, leastKilobits, longestFreeze, mostConcealed);
    }

    /// <remarks>
    /// Five packets in a row on average; longer rows take two packets of sound or the repair with them, so a little more is
    /// concealed than at random loss.
    /// </remarks>
    [Theory]
    [InlineData(65, 0.05, 2000, 0.8, 0.01)]
    [InlineData(66, 0.10, 1500, 1.0, 0.02)]
    [InlineData(67, 0.20, 1000, 2.0, 0.08)]
    public void Loss_in_bursts_is_repaired_and_not_taken_for_congestion(int seed, double loss, double leastKilobits, double longestFreeze, double mostConcealed)
    {
        const double Leave = 0.2;
        using var scenario = new NetworkScenario(seed, Line, senders: 2);
        scenario.Run(5);
        var from = scenario.Change(Line with { BurstLoss = new BurstLoss(loss * Leave / (1 - loss), Leave) });
        scenario.Run(30);
        Judge(scenario, from, leastKilobits, longestFreeze, mostConcealed);
    }

    /// <summary>Speech of 20 kb/s is 48 kb/s on the line with all headers, and the repairs of a tenth go with it.</summary>
    [Theory]
    [InlineData(68)]
    [InlineData(69)]
    public void Sound_passes_a_line_of_64_kilobits_that_loses_a_tenth(int seed)
    {
        var line = NetworkScenario.Line(64) with { Loss = 0.10 };
        using var scenario = new NetworkScenario(seed, line, senders: 1, sender: new ClientOptions { Seats = 0, AudioRtx = true, SendsVideo = false, SpeechBytes = 50 });
        scenario.Run(35);
        scenario.Report(scenario.Start, Playout);
        Assert.InRange(scenario.Concealed(scenario.Start, Playout), 0, 0.03);
    }

    [Theory]
    [InlineData(70)]
    public void Sound_of_64_kilobits_passes_a_line_that_loses_a_tenth(int seed)
    {
        using var scenario = new NetworkScenario(seed, Line with { Loss = 0.10 }, senders: 1, sender: new ClientOptions { Seats = 0, AudioRtx = true, SpeechBytes = 160 });
        scenario.Run(30);
        scenario.Report(scenario.Start, Playout);
        Assert.InRange(scenario.Concealed(scenario.Start, Playout), 0, 0.03);
    }

    private static void Judge(NetworkScenario scenario, Instant from, double leastKilobits, double longestFreeze, double mostConcealed)
    {
        scenario.Report(from, Playout);
        Assert.InRange(scenario.MeanKilobits(from), leastKilobits, double.MaxValue);
        Assert.InRange(scenario.LongestFreeze(from).TotalSeconds, 0, longestFreeze);
        Assert.InRange(scenario.Concealed(from, Playout), 0, mostConcealed);
        Assert.InRange(scenario.QueueDelay(from).Mean, 0, 60);
        Assert.Equal(0, scenario.Viewer.Video().Video.CorruptPackets);
    }
}
