using Pendopo.Rtc;
using Pendopo.Sfu.Forwarding;
using Xunit;

namespace Pendopo.Sfu.Tests.Forwarding;

public sealed class StatisticsTests
{
    private static readonly Instant Start = Instant.FromMilliseconds(1000);

    private static Instant After(double milliseconds) => Start + TimeSpan.FromMilliseconds(milliseconds);

    [Fact]
    public void Reports_tell_loss_since_the_last_one_and_in_all()
    {
        var statistics = default(ReceptionStatistics);
        for (var i = 0; i < 100; i++)
        {
            if (i % 4 != 3) statistics.OnPacket(After(i * 20), 0x10000 + i, (uint)i * 960, 48_000);
        }

        // The last one received is 98: 99 expected, 75 received.
        var report = statistics.TakeReport(After(2000), 7);
        Assert.Equal(7u, report.Ssrc);
        Assert.Equal(24, report.CumulativeLost);
        Assert.Equal((24 << 8) / 99, report.FractionLost);
        Assert.Equal(98u, report.HighestSequence);
        Assert.False(statistics.HasNews);

        for (var i = 99; i < 150; i++) statistics.OnPacket(After(i * 20), 0x10000 + i, (uint)i * 960, 48_000);
        report = statistics.TakeReport(After(3000), 7);
        Assert.Equal(0, report.FractionLost);
        Assert.Equal(24, report.CumulativeLost);
    }

    [Fact]
    public void The_highest_number_counts_wraps_and_duplicates_lower_the_loss()
    {
        var statistics = default(ReceptionStatistics);
        statistics.OnPacket(Start, 0x10000 + 65_535, 0, 48_000);
        statistics.OnPacket(Start, 0x20000, 960, 48_000);
        statistics.OnPacket(Start, 0x20000, 960, 48_000);
        var report = statistics.TakeReport(Start, 1);
        Assert.Equal(0x10000u, report.HighestSequence);
        Assert.Equal(-1, report.CumulativeLost);
        Assert.Equal(0, report.FractionLost);
    }

    [Fact]
    public void Jitter_is_a_sixteenth_of_each_change_in_transit()
    {
        var statistics = default(ReceptionStatistics);
        statistics.OnPacket(After(0), 1, 0, 48_000);
        statistics.OnPacket(After(30), 2, 960, 48_000);
        Assert.InRange(statistics.TakeReport(After(30), 1).Jitter, 29u, 30u);

        var even = default(ReceptionStatistics);
        for (var i = 0; i < 100; i++) even.OnPacket(After(i * 20), i + 1, uint.MaxValue - 48_000 + ((uint)i * 960), 48_000);
        Assert.InRange(even.TakeReport(After(2000), 1).Jitter, 0u, 1u);
    }

    [Fact]
    public void The_last_sender_report_and_its_age_are_echoed()
    {
        var statistics = default(ReceptionStatistics);
        statistics.OnPacket(Start, 1, 0, 48_000);
        Assert.Equal(0u, statistics.TakeReport(Start, 1).LastSenderReport);
        statistics.OnSenderReport(Start, 0x1111_2222_3333_4444);
        var report = statistics.TakeReport(After(500), 1);
        Assert.Equal(0x2222_3333u, report.LastSenderReport);
        Assert.Equal(0x8000u, report.DelaySinceLastSenderReport);
    }

    [Fact]
    public void A_key_frame_is_requested_at_once_then_throttled_then_retried()
    {
        var requester = default(KeyFrameRequester);
        Assert.False(requester.TakeDue(Start, TimeSpan.Zero));
        requester.Want();
        Assert.True(requester.TakeDue(Start, TimeSpan.Zero));
        Assert.False(requester.TakeDue(After(499), TimeSpan.Zero));
        Assert.True(requester.TakeDue(After(500), TimeSpan.Zero));

        requester.OnKeyFrame();
        Assert.False(requester.TakeDue(After(5000), TimeSpan.Zero));
        requester.Want();
        Assert.True(requester.TakeDue(After(5000), TimeSpan.Zero));
        requester.OnKeyFrame();
        requester.Want();
        Assert.False(requester.TakeDue(After(5309), TimeSpan.Zero));
        Assert.False(requester.TakeDue(After(5449), TimeSpan.FromMilliseconds(300)));
        Assert.True(requester.TakeDue(After(5450), TimeSpan.FromMilliseconds(300)));
    }

    [Fact]
    public void A_rate_covers_the_last_second_and_what_was_measured_before()
    {
        var meter = default(RateMeter);
        Assert.Equal(DataRate.Zero, meter.Rate(Start));
        for (var i = 0; i < 50; i++) meter.Add(After(i * 10), 125);
        Assert.Equal(100_000, meter.Rate(After(499)).BitsPerSecond);
        for (var i = 50; i < 300; i++) meter.Add(After(i * 10), 125);
        Assert.Equal(100_000, meter.Rate(After(2999)).BitsPerSecond);
        Assert.Equal(DataRate.Zero, meter.Rate(After(4100)));
    }
}
