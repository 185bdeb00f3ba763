using Pendopo.Rtc;
using Pendopo.Sfu.Forwarding;
using Xunit;

namespace Pendopo.Sfu.Tests.Forwarding;

public sealed class ClockTests
{
    private const ulong Second = 1UL << 32;

    private static ulong Milliseconds(double value) => (ulong)(value * Second / 1000);

    [Fact]
    public void Ntp_time_counts_from_1900_in_32_32_fixed_point()
    {
        var clock = new NtpClock(new DateTimeOffset(1900, 1, 1, 0, 1, 0, TimeSpan.Zero), Instant.FromMilliseconds(500));
        Assert.Equal(60 * Second, clock.At(Instant.FromMilliseconds(500)));
        Assert.Equal((60 * Second) + (Second / 2), clock.At(Instant.FromMilliseconds(1000)));
        Assert.Equal((60 * Second) - (Second / 4), clock.At(Instant.FromMilliseconds(250)));
        Assert.Equal(2_208_988_800UL, new NtpClock(DateTimeOffset.UnixEpoch, Instant.Zero).At(Instant.Zero) >> 32);
    }

    [Fact]
    public void Timestamps_and_ntp_time_lead_to_each_other_around_a_report_and_over_the_wrap()
    {
        var clock = default(SenderClock);
        Assert.False(clock.IsKnown);
        clock.Update(1000 * Second, 0xffff_ff00);
        Assert.True(clock.IsKnown);
        Assert.Equal(1001 * Second, clock.NtpOf(unchecked(0xffff_ff00 + 90_000), 90_000));
        Assert.Equal(999 * Second, clock.NtpOf(unchecked(0xffff_ff00 - 90_000), 90_000));
        Assert.Equal(unchecked(0xffff_ff00 + 45_000), clock.RtpAt((1000 * Second) + (Second / 2), 90_000));
        Assert.Equal(unchecked(0xffff_ff00 - 24_000), clock.RtpAt((1000 * Second) - (Second / 2), 48_000));
    }

    [Fact]
    public void The_offset_follows_the_smallest_delay_and_forgets_slowly()
    {
        var offset = default(ClockOffset);
        offset.Update((100 * Second) + Milliseconds(50), 40 * Second);
        Assert.Equal(40 * Second, offset.ToSender((100 * Second) + Milliseconds(50)));
        offset.Update((101 * Second) + Milliseconds(10), 41 * Second);
        Assert.Equal((60 * Second) + Milliseconds(10), offset.ToLocal(0));

        // A single late report moves it by a 256th of its delay.
        offset.Update((102 * Second) + Milliseconds(266), 42 * Second);
        var moved = (offset.ToLocal(0) - (60 * Second) - Milliseconds(10)) * 1000.0 / Second;
        Assert.InRange(moved, 0.9, 1.1);
    }
}
