using Pendopo.Rtc.Rtp;
using Xunit;

namespace Pendopo.Rtc.Tests.Rtp;

public sealed class RedPayloadTests
{
    [Fact]
    public void The_primary_is_what_follows_the_redundant_blocks()
    {
        // Two older blocks of PT 111: offset 1920, 3 bytes; offset 960, 2 bytes; then the primary.
        var payload = Convert.FromHexString("EF1E0003" + "EF0F0002" + "6F" + "A1A2A3" + "B1B2" + "C1C2C3C4");

        Assert.True(RedPayload.TryParse(payload, out var red));
        Assert.Equal(111, red.PrimaryPayloadType);
        Assert.Equal(2, red.RedundantBlocks);
        Assert.Equal("C1C2C3C4", Convert.ToHexString(red.Primary));
    }

    [Theory]
    [InlineData("6F", "", 0)]
    [InlineData("6FAABB", "AABB", 0)]
    [InlineData("EF0F00006FAA", "AA", 1)] // an empty older block
    [InlineData("EF0F00016FAA", "", 1)] // an empty primary
    public void Short_forms_are_read(string payload, string primary, int blocks)
    {
        Assert.True(RedPayload.TryParse(Convert.FromHexString(payload), out var red));
        Assert.Equal(primary, Convert.ToHexString(red.Primary));
        Assert.Equal(blocks, red.RedundantBlocks);
    }

    [Theory]
    [InlineData("")]
    [InlineData("EF0F00")] // a header cut
    [InlineData("EF0F0001")] // no primary
    [InlineData("EF0F00026FAA")] // a block longer than the payload
    [InlineData("EF0F03FF6FAA")]
    public void A_malformed_payload_is_refused(string payload) => Assert.False(RedPayload.TryParse(Convert.FromHexString(payload), out _));
}
