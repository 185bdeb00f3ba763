using Pendopo.Rtc.Rtp;
using Xunit;

namespace Pendopo.Rtc.Tests.Rtp;

public sealed class ExtensionValueTests
{
    [Theory]
    [InlineData(0x00, 0, false)]
    [InlineData(0xFF, 127, true)]
    [InlineData(0x9E, 30, true)]
    [InlineData(0x7F, 127, false)]
    public void An_audio_level_is_attenuation_and_voice(byte value, byte attenuation, bool voice)
    {
        Assert.True(AudioLevel.TryRead([value], out var level));
        Assert.Equal(new AudioLevel(attenuation, voice), level);
        Assert.Equal(value, level.ToByte());
    }

    [Fact]
    public void An_empty_audio_level_is_refused() => Assert.False(AudioLevel.TryRead([], out _));

    [Theory]
    [InlineData(0, "000000")]
    [InlineData(1_000, "040000")]
    [InlineData(500, "020000")]
    [InlineData(63_999.999, "FFFFFF")]
    [InlineData(64_000, "000000")]
    [InlineData(65_000, "040000")]
    [InlineData(1_000_000_001_000.0, "040000")] // thirty years of uptime
    [InlineData(-500, "FE0000")]
    public void The_send_time_is_6_18_fixed_point_seconds(double milliseconds, string expected)
    {
        var value = new byte[AbsoluteSendTime.Length];
        AbsoluteSendTime.Write(value, Instant.FromMilliseconds(milliseconds));
        Assert.Equal(expected, Convert.ToHexString(value));
    }

    [Fact]
    public void The_send_time_is_read_within_its_resolution()
    {
        var value = new byte[AbsoluteSendTime.Length];
        AbsoluteSendTime.Write(value, Instant.FromMilliseconds(12_345.678));

        Assert.True(AbsoluteSendTime.TryRead(value, out var time));
        Assert.InRange(time.TotalMilliseconds, 12_345.670, 12_345.678);
        Assert.False(AbsoluteSendTime.TryRead(value.AsSpan(1), out _));
        Assert.False(AbsoluteSendTime.TryRead(new byte[4], out _));
    }

    [Fact]
    public void The_transport_sequence_number_is_big_endian()
    {
        var value = new byte[TransportSequence.Length];
        TransportSequence.Write(value, 0x1234);

        Assert.Equal("1234", Convert.ToHexString(value));
        Assert.True(TransportSequence.TryRead([0x12, 0x34, 0x80, 0x01], out var number));
        Assert.Equal(0x1234, number);
        Assert.False(TransportSequence.TryRead([0x12], out _));
    }
}
