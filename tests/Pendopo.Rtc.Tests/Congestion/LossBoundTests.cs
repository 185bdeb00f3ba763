using Pendopo.Rtc.Congestion;
using Xunit;

namespace Pendopo.Rtc.Tests.Congestion;

public sealed class LossBoundTests
{
    private static readonly DataRate Start = DataRate.FromKilobits(2000);
    private static readonly TimeSpan Step = TimeSpan.FromMilliseconds(500);

    /// <summary>A sender that sends what the bound allows, up to a maximum, on a path that loses as told.</summary>
    private static LossBound Run(double seconds, Func<double, double> lossAt, double mostKilobits = double.PositiveInfinity, bool queueStands = false, int seed = 1)
    {
        var bound = new LossBound(Start, DataRate.FromKilobits(50), DataRate.FromKilobits(20_000));
        var random = new Random(seed);
        var now = Instant.Zero;
        for (var end = now + TimeSpan.FromSeconds(seconds); now < end; now += Step)
        {
            var sent = DataRate.Min(bound.Rate, DataRate.FromKilobits(Math.Min(mostKilobits, 1e6)));
            var loss = lossAt(sent.Kilobits);
            for (var bytes = sent.BytesIn(Step); bytes > 0; bytes -= 1200) bound.Count(random.NextDouble() < loss ? 1 : 0, 1);
            bound.Update(now, bound.Rate, Start, TimeSpan.FromMilliseconds(50), sent, queueStands, sent * (1 - loss));
        }

        return bound;
    }

    [Theory]
    [InlineData(0.12)]
    [InlineData(0.2)]
    [InlineData(0.3)]
    public void Loss_that_a_lower_rate_does_not_cure_is_the_paths_own_and_the_rate_comes_back(double loss)
    {
        // A decrease is in force for at most a trial: 100 packets, half a second at this rate, and one more interval.
        for (var seed = 1; seed <= 5; seed++)
        {
            var bound = Run(60, _ => loss, seed: seed);
            Assert.InRange(bound.Rate.Kilobits, 2000 * 0.7, 2000 * 1.01);
            Assert.InRange(bound.Fraction, loss * 0.5, loss * 1.5);
        }
    }

    [Theory]
    [InlineData(500)]
    [InlineData(1000)]
    [InlineData(1500)]
    public void A_policer_is_followed_to_what_it_lets_through(double kilobits)
    {
        // It holds while less than a tenth is lost, and tries upwards from there only below 2 %.
        for (var seed = 1; seed <= 5; seed++)
        {
            var bound = Run(60, sent => Math.Max(0, 1 - kilobits / sent), seed: seed);
            Assert.InRange(bound.Rate.Kilobits, kilobits * 0.8, kilobits * 1.25);
        }
    }

    [Fact]
    public void With_a_standing_queue_every_loss_counts() => Assert.InRange(Run(20, _ => 0.2, queueStands: true).Rate.Kilobits, 50, 400);

    [Fact]
    public void Loss_while_little_is_sent_does_not_lower_what_nobody_uses() =>
        Assert.InRange(Run(60, _ => 0.25, mostKilobits: 500).Rate.Kilobits, 1000, 2000 * 1.01);

    [Fact]
    public void Loss_beyond_all_use_lowers_whatever_its_cause() => Assert.InRange(Run(60, _ => 0.7).Rate.Kilobits, 50, 200);

    [Fact]
    public void Without_loss_it_rises_up_to_the_limit_only()
    {
        var bound = new LossBound(DataRate.FromKilobits(500), DataRate.FromKilobits(50), DataRate.FromKilobits(20_000));
        for (var i = 0; i < 40; i++) bound.Apply(Instant.FromMilliseconds(i * 500), 0, Step, bound.Rate, Start, TimeSpan.FromMilliseconds(50));
        Assert.Equal(Start, bound.Rate);
    }
}
