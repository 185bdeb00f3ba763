using Pendopo.Rtc.Srtp;
using Xunit;

namespace Pendopo.Rtc.Tests.Srtp;

public sealed class SrtpTiersTests
{
    [Fact]
    public void The_slow_tier_is_everywhere_and_the_fastest_is_chosen()
    {
        Assert.Equal(SrtpTier.Platform, SrtpTiers.Supported[0]);
        Assert.Equal(SrtpTiers.Supported.Max(), SrtpTiers.Choose(null));
        Assert.Equal(SrtpTiers.Supported.Max(), SrtpTiers.Choose(""));
        Assert.All(SrtpTiers.Supported, tier => Assert.True(SrtpTiers.IsSupported(tier)));
    }

    [Fact]
    public void A_ceiling_is_kept_and_one_above_the_machine_is_none()
    {
        Assert.Equal(SrtpTier.Platform, SrtpTiers.Choose("platform"));
        Assert.Equal(SrtpTiers.Supported.Max(), SrtpTiers.Choose("vector512"));
        foreach (var tier in SrtpTiers.Supported) Assert.Equal(tier, SrtpTiers.Choose(tier.ToString()));
    }

    [Theory]
    [InlineData("fast")]
    [InlineData("7")]
    [InlineData("-1")]
    public void A_name_that_is_none_is_told_and_not_guessed(string ceiling) =>
        Assert.Contains(SrtpTiers.EnvironmentName, Assert.Throws<InvalidOperationException>(() => SrtpTiers.Choose(ceiling)).Message, StringComparison.Ordinal);
}
