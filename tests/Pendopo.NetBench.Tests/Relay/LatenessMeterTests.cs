using Pendopo.NetBench.Relay;
using Xunit;

namespace Pendopo.NetBench.Tests.Relay;

public sealed class LatenessMeterTests
{
    [Fact]
    public void A_quantile_is_the_upper_edge_of_its_bucket_and_the_worst_is_kept_exactly()
    {
        var meter = new LatenessMeter();
        Assert.Equal(0, meter.Quantile(0.99));
        for (var i = 0; i < 98; i++) meter.Add(TimeSpan.FromMilliseconds(0.25));
        meter.Add(TimeSpan.FromMilliseconds(3.05));
        meter.Add(TimeSpan.FromMilliseconds(45.5));
        Assert.Equal(0.3, meter.Quantile(0.5), 6);
        Assert.Equal(3.1, meter.Quantile(0.99), 6);
        Assert.Equal(45.5, meter.Quantile(1), 6);
        meter.Clear();
        Assert.Equal((0, TimeSpan.Zero), (meter.Count, meter.Longest));
    }
}
