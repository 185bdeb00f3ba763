using Pendopo.Rtc.Congestion;
using Xunit;

namespace Pendopo.Rtc.Tests.Congestion;

public sealed class LossBoundTests
{
    private static readonly DataRate Start = DataRate.FromKilobits(2000);
    private static readonly DataRate Arriving = DataRate.FromKilobits(900);

    private static LossBound AfterTenSeconds(double fraction, DataRate? arriving)
    {
        var bound = new LossBound(Start, DataRate.FromKilobits(50), DataRate.FromKilobits(20_000));
        var now = Instant.Zero;
        for (var i = 0; i < 20; i++)
        {
            now += TimeSpan.FromMilliseconds(500);
            bound.Apply(now, fraction, TimeSpan.FromMilliseconds(500), bound.Rate, Start, TimeSpan.FromMilliseconds(50), arriving);
        }

        return bound;
    }

    [Fact]
    public void Lasting_loss_on_the_air_lowers_the_bound_to_what_the_path_takes_and_no_further() =>
        Assert.InRange(AfterTenSeconds(0.12, Arriving).Rate.Kilobits, 900 / 0.88, 1.2 * 900 / 0.88 + 1);

    [Fact]
    public void With_a_growing_queue_or_a_policer_it_goes_on_falling()
    {
        Assert.True(AfterTenSeconds(0.12, null).Rate.Kilobits < 900);
        Assert.True(AfterTenSeconds(0.3, Arriving).Rate.Kilobits < 900);
    }

    [Fact]
    public void The_floor_never_raises_the_bound() => Assert.True(AfterTenSeconds(0.12, DataRate.FromKilobits(9000)).Rate <= Start);
}
