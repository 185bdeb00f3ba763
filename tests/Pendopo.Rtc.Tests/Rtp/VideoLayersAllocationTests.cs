using Pendopo.Rtc.Rtp;
using Xunit;

namespace Pendopo.Rtc.Tests.Rtp;

public sealed class VideoLayersAllocationTests
{
    /// <summary>Three streams with one spatial and three temporal layers each: 50, 80, 100, 150, 200, 300, 500, 1500 and 2500 kb/s, sent on the second.</summary>
    private static readonly byte[] Simulcast = [0x61, 0xA8, 50, 80, 100, 0x96, 0x01, 0xC8, 0x01, 0xAC, 0x02, 0xF4, 0x03, 0xDC, 0x0B, 0xC4, 0x13];

    [Fact]
    public void Streams_with_the_same_layers_tell_them_once()
    {
        Assert.True(VideoLayersAllocation.TryParse(Simulcast, out var allocation));
        Assert.Equal((1, 3, false), (allocation.StreamIndex, allocation.StreamCount, allocation.HasSizes));
        long[] expected = [50, 80, 100, 150, 200, 300, 500, 1500, 2500];
        for (var stream = 0; stream < 3; stream++)
        {
            Assert.True(allocation.IsActive(stream, 0));
            Assert.False(allocation.IsActive(stream, 1));
            Assert.Equal(0, allocation.TopSpatialLayer(stream));
            Assert.Equal(3, allocation.TemporalLayers(stream, 0));
            for (var temporal = 0; temporal < 3; temporal++) Assert.Equal(expected[(stream * 3) + temporal], allocation.TargetRate(stream, 0, temporal).Kilobits);
            Assert.Equal(expected[(stream * 3) + 2], allocation.TargetRate(stream, 0, byte.MaxValue).Kilobits);
        }

        Assert.Equal(-1, allocation.TopSpatialLayer(3));
        Assert.Equal(DataRate.Zero, allocation.TargetRate(3, 0, 0));
        Assert.Equal(default, allocation.Size(0, 0));
    }

    [Fact]
    public void Streams_with_different_layers_tell_them_one_by_one()
    {
        // The third of three streams is off; the second has two spatial layers, of one and two temporal ones.
        Assert.True(VideoLayersAllocation.TryParse([0x20, 0x13, 0x00, 0b00_00_01_00, 100, 0xAC, 0x02, 0xF4, 0x03, 0xE8, 0x07], out var allocation));
        Assert.Equal((0, 1, -1), (allocation.TopSpatialLayer(0), allocation.TopSpatialLayer(1), allocation.TopSpatialLayer(2)));
        Assert.Equal([1, 1, 2], new[] { allocation.TemporalLayers(0, 0), allocation.TemporalLayers(1, 0), allocation.TemporalLayers(1, 1) });
        Assert.Equal(300, allocation.TargetRate(1, 0, 0).Kilobits);
        Assert.Equal([500, 1000], new[] { allocation.TargetRate(1, 1, 0).Kilobits, allocation.TargetRate(1, 1, 1).Kilobits });

        // With two streams one byte has both masks.
        Assert.True(VideoLayersAllocation.TryParse([0x10, 0x01, 0x00, 70], out allocation));
        Assert.Equal((-1, 0), (allocation.TopSpatialLayer(0), allocation.TopSpatialLayer(1)));
        Assert.Equal(70, allocation.TargetRate(1, 0, 0).Kilobits);
    }

    [Fact]
    public void Sizes_follow_where_the_length_has_room_for_them()
    {
        Assert.True(VideoLayersAllocation.TryParse([0x03, 0b00_00_0000, 100, 0xAC, 0x02, 0x01, 0x3F, 0x00, 0xB3, 15, 0x02, 0x7F, 0x01, 0x67, 30], out var allocation));
        Assert.True(allocation.HasSizes);
        Assert.Equal((320, 180, 15), allocation.Size(0, 0));
        Assert.Equal((640, 360, 30), allocation.Size(0, 1));
        Assert.Equal(default, allocation.Size(0, 2));
    }

    [Fact]
    public void A_single_zero_means_that_nothing_is_sent()
    {
        Assert.True(VideoLayersAllocation.TryParse([0], out var allocation));
        Assert.Equal(0, allocation.StreamCount);
        for (var stream = 0; stream < 4; stream++) Assert.Equal(-1, allocation.TopSpatialLayer(stream));
    }

    [Fact]
    public void No_shorter_or_longer_value_is_taken_for_one()
    {
        for (var length = 0; length < Simulcast.Length; length++) Assert.False(VideoLayersAllocation.TryParse(Simulcast.AsSpan(0, length), out _));
        for (var more = 1; more <= 16; more++)
        {
            Assert.Equal(more == 15, VideoLayersAllocation.TryParse([.. Simulcast, .. new byte[more]], out _));
        }
    }

    [Theory]
    [InlineData(new byte[] { 0x41, 0x00, 50 })] // the second stream of one
    [InlineData(new byte[] { 0x00, 0x00, 50 })] // nothing active, at length
    [InlineData(new byte[] { 0x00, 0x11, 0x00, 50 })] // one stream, and a mask for two
    [InlineData(new byte[] { 0x01, 0x01, 50 })] // bits set that fill the byte up
    [InlineData(new byte[] { 0x01, 0x00, 0xff, 0xff, 0xff, 0xff, 0xff, 0x01 })] // a rate of more than 32 bits
    [InlineData(new byte[] { 0x01, 0x00, 0xff, 0xff, 0xff, 0xff, 0x0f })] // four terabits a second
    public void What_the_format_does_not_allow_is_refused(byte[] value) => Assert.False(VideoLayersAllocation.TryParse(value, out _));
}
