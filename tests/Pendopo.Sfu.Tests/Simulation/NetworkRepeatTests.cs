using System.Buffers.Binary;
using Pendopo.Rtc;
using Pendopo.Rtc.Transport;
using Pendopo.Testing.Network;
using Xunit;

namespace Pendopo.Sfu.Tests.Simulation;

/// <summary>
/// Receivers without RTX and RED on lines that lose packets: those that ask for lost sound, and those that cannot. A copy of a packet comes
/// 20 to 30 ms after it, a second one after 60 to 70, the sound itself takes 30 ms, and large frames before it up to 100 more at the
/// bottleneck: a player that waits 200 ms has them all.
/// </summary>
public sealed class NetworkRepeatTests
{
    private const double Playout = 200;

    private static readonly LinkOptions Line = NetworkScenario.Line(4000);
    private static readonly ClientOptions Mute = new();
    private static readonly ClientOptions Asking = new() { AudioNack = true };
    private static readonly ClientOptions SoundOnly = new() { Seats = 0, SendsVideo = false };

    /// <param name="leastKilobits">As for receivers with RTX: repeats lower no estimate.</param>
    /// <param name="mostConcealed">
    /// The square of the loss up to 20 %, its cube from there on, and what the first one to two of the thirty seconds cost until it is
    /// noticed; with reserve.
    /// </param>
    [Theory]
    [InlineData(161, 0.05, 3000, 0.012)]
    [InlineData(162, 0.05, 3000, 0.012)]
    [InlineData(163, 0.10, 2500, 0.02)]
    [InlineData(164, 0.10, 2500, 0.02)]
    [InlineData(165, 0.10, 2500, 0.02)]
    [InlineData(166, 0.20, 1200, 0.03)]
    [InlineData(167, 0.20, 1200, 0.03)]
    [InlineData(168, 0.30, 800, 0.06)]
    [InlineData(169, 0.30, 800, 0.06)]
    public void Sound_survives_random_loss_without_being_asked_for(int seed, double loss, double leastKilobits, double mostConcealed)
    {
        using var scenario = new NetworkScenario(seed, Line, senders: 2, viewer: Mute);
        scenario.Run(5);
        Assert.Equal(0, scenario.Peer.Repeater.Copies);
        var from = scenario.Change(Line with { Loss = loss });
        scenario.Run(30);
        Judge(scenario, from, leastKilobits, mostConcealed);
    }

    /// <remarks>
    /// Five packets in a row on average. With all layers those are 15 ms, and a copy is past the burst; where the picture has become small
    /// they are 50 ms, and two copies fall into the longer ones.
    /// </remarks>
    [Theory]
    [InlineData(171, 0.05, 2000, 0.02)]
    [InlineData(172, 0.10, 1500, 0.03)]
    [InlineData(173, 0.10, 1500, 0.03)]
    [InlineData(174, 0.20, 1000, 0.06)]
    [InlineData(175, 0.30, 500, 0.10)]
    public void Sound_survives_loss_in_bursts_without_being_asked_for(int seed, double loss, double leastKilobits, double mostConcealed)
    {
        const double Leave = 0.2;
        using var scenario = new NetworkScenario(seed, Line, senders: 2, viewer: Mute);
        scenario.Run(5);
        var from = scenario.Change(Line with { BurstLoss = new BurstLoss(loss * Leave / (1 - loss), Leave) });
        scenario.Run(30);
        Judge(scenario, from, leastKilobits, mostConcealed);
    }

    /// <remarks>Nothing else passes there: what is lost shows by the copies' own lateness, and room by trying.</remarks>
    [Theory]
    [InlineData(181, 0.10, 0.03)]
    [InlineData(182, 0.10, 0.03)]
    [InlineData(183, 0.20, 0.05)]
    public void Sound_alone_survives_random_loss(int seed, double loss, double mostConcealed)
    {
        using var scenario = new NetworkScenario(seed, Line, senders: 1, sender: SoundOnly, viewer: Mute);
        scenario.Run(5);
        var from = scenario.Change(Line with { Loss = loss });
        scenario.Run(30);
        scenario.Report(from, Playout);
        Assert.InRange(scenario.Concealed(from, Playout), 0, mostConcealed);
        Assert.InRange(scenario.Estimator.PathLoss(scenario.Now) ?? 0, loss * 0.4, loss * 1.7);
    }

    /// <remarks>
    /// Speech of 20 kb/s takes 48 of the 64 there, so copies do not fit. One in four packets is tried; a queue of a tenth of a second is
    /// the most that it costs, and nothing is lost to it.
    /// </remarks>
    [Theory]
    [InlineData(184)]
    [InlineData(185)]
    public void A_line_of_64_kilobits_is_not_starved_by_copies(int seed)
    {
        var line = NetworkScenario.Line(64) with { Loss = 0.10 };
        using var scenario = new NetworkScenario(seed, line, senders: 1, sender: SoundOnly with { SpeechBytes = 50 }, viewer: Mute);
        scenario.Run(60);
        scenario.Report(scenario.Start, 250);
        Assert.InRange(scenario.Concealed(scenario.Start, 250), 0, 0.125);
        Assert.InRange(scenario.QueueDelay(scenario.Start).High, 0, 130);
    }

    /// <summary>A receiver that asks gets the same packets again, and as long as that is enough on a line of which little is known nothing else.</summary>
    [Theory]
    [InlineData(186, 0.05, 0.01)]
    [InlineData(187, 0.08, 0.02)]
    public void A_receiver_that_asks_for_lost_sound_gets_what_it_asks_for(int seed, double loss, double mostConcealed)
    {
        using var scenario = new NetworkScenario(seed, Line, senders: 1, sender: SoundOnly, viewer: Asking);
        scenario.Run(5);
        var from = scenario.Change(Line with { Loss = loss });
        for (var i = 0; i < 30; i++)
        {
            scenario.Run(1);
            Assert.Equal(0, scenario.Peer.Repeater.Copies);
        }

        scenario.Report(from, 250);
        Assert.InRange(scenario.Concealed(from, 250), 0, mostConcealed);
    }

    /// <summary>Where the answer to a request takes 300 ms, packets come again without one.</summary>
    [Fact]
    public void A_receiver_far_away_need_not_ask()
    {
        var far = NetworkScenario.Line(4000, 150);
        using var scenario = new NetworkScenario(188, far, senders: 2, viewer: Asking);
        scenario.Run(5);
        var from = scenario.Change(far with { Loss = 0.10 });
        scenario.Run(30);
        scenario.Report(from, 400);
        Assert.InRange(scenario.Peer.Repeater.Copies, 1, 2);
        Assert.InRange(scenario.Concealed(from, 400), 0, 0.03);
    }

    [Fact]
    public void Copies_begin_with_loss_and_end_when_it_has_been_gone_for_long()
    {
        using var scenario = new NetworkScenario(189, Line, senders: 2, viewer: Mute);
        scenario.Run(5);
        scenario.Change(Line with { Loss = 0.10 });
        Assert.True(scenario.Meeting.RunUntil(() => scenario.Peer.Repeater.Copies > 0, 3), "No copies.");
        scenario.Run(5);
        scenario.Change(Line);
        scenario.Run(13);
        Assert.NotEqual(0, scenario.Peer.Repeater.Copies);
        Assert.True(scenario.Meeting.RunUntil(() => scenario.Peer.Repeater.Copies == 0, 8), "They never end.");
        Assert.True(scenario.Meeting.RunUntil(() => scenario.Peer.Slots.All(static slot => slot.Kept is null), 32), "Packets are kept for ever.");
    }

    /// <summary>Less than 3 % is left to the decoder, and on a line without loss nothing is even kept.</summary>
    [Theory]
    [InlineData(190, 0.01)]
    [InlineData(191, 0)]
    public void Little_loss_makes_no_copies(int seed, double loss)
    {
        using var scenario = new NetworkScenario(seed, Line with { Loss = loss }, senders: 2, viewer: Mute);
        for (var i = 0; i < 40; i++)
        {
            scenario.Run(0.5);
            Assert.Equal(0, scenario.Peer.Repeater.Copies);
        }

        if (loss == 0) Assert.All(scenario.Peer.Slots, static slot => Assert.Null(slot.Kept));
    }

    /// <summary>A second packet under one (SSRC, index) that differs in a bit gives the keystream away, and under GCM the key of the tags.</summary>
    [Theory]
    [InlineData(192, false)]
    [InlineData(193, true)]
    public void What_is_sent_twice_under_one_number_is_the_same_to_the_bit(int seed, bool asks)
    {
        using var scenario = new NetworkScenario(seed, Line, senders: 2, viewer: asks ? Asking : Mute);
        var first = new Dictionary<(TransportAddress To, uint Ssrc, ushort Sequence), byte[]>();
        var (doubled, different) = (0, 0);
        scenario.Meeting.Observer = (to, datagram) =>
        {
            // SRTP: version 2, and no payload type that RTCP would have (RFC 5761 §4).
            if (datagram.Length < 12 || datagram[0] >> 6 != 2 || (datagram[1] & 0x7f) is >= 64 and <= 95) return;
            var key = (to, BinaryPrimitives.ReadUInt32BigEndian(datagram[8..]), BinaryPrimitives.ReadUInt16BigEndian(datagram[2..]));
            if (first.TryAdd(key, datagram.ToArray())) return;
            doubled++;
            if (!datagram.SequenceEqual(first[key])) different++;
        };
        scenario.Run(3);
        scenario.Change(Line with { Loss = 0.05, Jitter = TimeSpan.FromMilliseconds(8), Reordering = 0.02 });
        scenario.Run(10);
        scenario.Change(Line with { Loss = 0.25 });
        scenario.Run(15);
        scenario.Meeting.Observer = null;
        Assert.InRange(doubled, asks ? 300 : 900, int.MaxValue);
        Assert.Equal(0, different);

        // The receiver takes each packet once, whatever comes.
        Assert.Equal(0, scenario.Viewer.Audio().Audio.Duplicates);
    }

    private static void Judge(NetworkScenario scenario, Instant from, double leastKilobits, double mostConcealed)
    {
        scenario.Report(from, Playout);
        Assert.InRange(scenario.Concealed(from, Playout), 0, mostConcealed);
        Assert.InRange(scenario.MeanKilobits(from), leastKilobits, double.MaxValue);
        Assert.InRange(scenario.QueueDelay(from).Mean, 0, 60);
        Assert.Equal(0, scenario.Viewer.Video().Video.CorruptPackets);
    }
}
