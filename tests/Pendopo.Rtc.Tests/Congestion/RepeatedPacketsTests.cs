using Pendopo.Rtc.Congestion;
using Pendopo.Testing.Network;
using Xunit;

namespace Pendopo.Rtc.Tests.Congestion;

/// <summary>Packets that are sent again byte by byte, under the number they have: feedback does not tell which copy arrived.</summary>
public class RepeatedPacketsTests
{
    private static readonly TimeSpan[] One = [TimeSpan.FromMilliseconds(20)];
    private static readonly TimeSpan[] Two = [TimeSpan.FromMilliseconds(20), TimeSpan.FromMilliseconds(60)];

    private static readonly LinkOptions Wide = new() { Rate = DataRate.FromKilobits(5000), Delay = TimeSpan.FromMilliseconds(25), QueueBytes = 190_000 };

    /// <remarks>One voice of 50 packets a second and nothing else, or with as much again that is not repeated.</remarks>
    [Theory]
    [InlineData(1, 0.10, 1, 0.04, 0.18)]
    [InlineData(2, 0.10, 0.5, 0.04, 0.18)]
    [InlineData(3, 0.25, 1, 0.15, 0.36)]
    [InlineData(4, 0, 1, 0, 0)]
    [InlineData(5, 0, 0.5, 0, 0)]
    public void The_loss_of_the_path_is_that_of_first_copies(int seed, double loss, double share, double least, double most)
    {
        var path = Voice(seed, One, share, packets: share < 1 ? 2 : 1);
        path.Link = Wide with { Loss = loss };
        path.Run(5);
        for (var i = 0; i < 10; i++)
        {
            path.Run(3);
            Assert.InRange(path.Estimator.PathLoss(path.Now) ?? -1, least, most);

            // The square, of 150 packets.
            Assert.InRange(path.Estimator.RepeatedLoss(path.Now) ?? -1, 0, (loss * loss) + (4 * Math.Sqrt(loss * loss / 150)));
        }
    }

    [Fact]
    public void Where_two_copies_follow_the_second_one_is_not_taken_for_the_first()
    {
        var path = Voice(6, Two);
        path.Link = Wide with { Loss = 0.3 };
        path.Run(8);
        Assert.InRange(path.Estimator.PathLoss(path.Now) ?? -1, 0.18, 0.42);
        Assert.InRange(path.Estimator.RepeatedLoss(path.Now) ?? -1, 0, 0.08);
        Assert.InRange(path.Estimator.QueueDelay.TotalMilliseconds, 0, 15);
    }

    /// <remarks>
    /// Copies of lost packets arrive 20 ms late: a queue, if they were taken for first ones. The trials that random loss makes come by
    /// luck, so it is the mean of some.
    /// </remarks>
    [Theory]
    [InlineData(0)]
    [InlineData(0.10)]
    [InlineData(0.20)]
    public void Copies_lower_no_estimate(double loss)
    {
        double[] means = [.. new TimeSpan[][] { [], One, Two }.Select(copies => Enumerable.Range(11, 8).Average(seed =>
        {
            var path = new CongestedPath(Wide, seed, startKilobits: 1500) { ApplicationKilobits = 2500, Copies = copies, CopiedShare = 0.1, PacketBytes = 600 };
            path.Run(5);
            path.Link = Wide with { Loss = loss };
            path.Run(3);
            return path.Watch(20).Mean;
        }))];
        TestContext.Current.TestOutputHelper?.WriteLine(string.Join(", ", means.Select(static mean => $"{mean:0}")));
        Assert.True(means[1] > means[0] * 0.85 && means[2] > means[0] * 0.85, string.Join(", ", means));
    }

    [Fact]
    public void A_queue_that_copies_fill_is_seen_although_all_packets_have_one()
    {
        var path = Voice(21, []);
        path.Link = Wide with { Rate = DataRate.FromKilobits(80), QueueBytes = 4000 };
        path.Run(5);
        Assert.InRange(path.Estimator.QueueDelay.TotalMilliseconds, 0, 15);
        path.Copies = One;
        Assert.InRange(path.RunUntil(() => path.Estimator.QueueDelay > TimeSpan.FromMilliseconds(40), 3), 0, 0.8);

        // What stands in the queue is no loss of the path.
        path.Run(5);
        Assert.InRange(path.Estimator.PathLoss(path.Now) ?? 0, 0, 0.03);
    }

    [Fact]
    public void What_arrives_is_reckoned_with_its_copies()
    {
        var path = Voice(22, One);
        path.Run(5);
        Assert.InRange(path.Estimator.AcknowledgedRate.Kilobits, 2 * 55, 2 * 65);
    }

    [Fact]
    public void A_packet_that_came_late_without_a_copy_is_not_lost()
    {
        var path = Voice(23, []);
        path.Link = Wide with { Reordering = 0.1, ReorderingDelay = TimeSpan.FromMilliseconds(150) };
        path.Run(10);
        Assert.InRange(path.Estimator.PathLoss(path.Now) ?? -1, 0, 0.03);
    }

    [Fact]
    public void Loss_is_unknown_without_enough_packets_and_forgotten_after_three_seconds()
    {
        var share = new LossShare();
        var now = Instant.FromMilliseconds(10_000);
        share.Count(now, 2, 49);
        Assert.Null(share.Fraction(now));
        share.Count(now, 0, 1);
        Assert.Equal(0.04, share.Fraction(now));
        share.Count(now + TimeSpan.FromSeconds(1.5), 0, 50);
        Assert.Equal(0.02, share.Fraction(now + TimeSpan.FromSeconds(2.4)));
        Assert.Equal(0, share.Fraction(now + TimeSpan.FromSeconds(3.6)));
        Assert.Null(share.Fraction(now + TimeSpan.FromSeconds(60)));
    }

    /// <summary>Packets of 150 bytes, 50 a second or twice as many, of which the first half of each pair has copies.</summary>
    private static CongestedPath Voice(int seed, IReadOnlyList<TimeSpan> copies, double share = 1, int packets = 1) =>
        new(Wide, seed, startKilobits: 2000) { PacketBytes = 150, ApplicationKilobits = 60 * packets, Copies = copies, CopiedShare = share };
}
