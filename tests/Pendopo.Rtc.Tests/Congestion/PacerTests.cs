using Pendopo.Rtc.Congestion;
using Xunit;

namespace Pendopo.Rtc.Tests.Congestion;

public sealed class PacerTests
{
    private const int Packet = 1200;

    [Fact]
    public void A_usual_frame_leaves_back_to_back_and_a_large_one_in_parts()
    {
        // 1 Mb/s is paced at 2.5 Mb/s: 12,500 bytes in 40 ms are ten packets.
        var pacer = new Pacer(DataRate.FromKilobits(1000));
        Assert.Equal(12_500, pacer.Burst);
        Assert.Equal(10, SendAll(pacer, At(0), 40));
        Assert.False(pacer.MaySend(At(0), Packet, PacingPriority.Video));

        // The next one when a packet has drained, less the 500 bytes that were left: 700 bytes at 312.5 bytes per ms.
        var deadline = pacer.DeadlineFor(At(0), Packet, PacingPriority.Video);
        Assert.Equal(DeadlineReason.Pacing, deadline.Reason);
        Assert.Equal(2.24, deadline.At.Milliseconds, 0.001);
        Assert.False(pacer.MaySend(deadline.At - TimeSpan.FromMicroseconds(1), Packet, PacingPriority.Video));
        Assert.True(pacer.MaySend(deadline.At, Packet, PacingPriority.Video));
        Assert.Equal(Deadline.None, pacer.DeadlineFor(deadline.At, Packet, PacingPriority.Video));
    }

    [Theory]
    [InlineData(300)]
    [InlineData(2000)]
    [InlineData(15_000)]
    public void In_the_long_run_it_lets_through_two_and_a_half_times_the_estimate(double kilobits)
    {
        var pacer = new Pacer(DataRate.FromKilobits(kilobits));
        long bytes = 0;
        for (var i = 0; i < 10_000; i++)
        {
            while (pacer.MaySend(At(i), Packet, PacingPriority.Video))
            {
                pacer.OnSent(At(i), Packet);
                bytes += Packet;
            }
        }

        Assert.InRange(bytes * 8 / 10_000.0, kilobits * 2.5 * 0.98, kilobits * 2.5 * 1.02 + 63_000 * 8 / 10_000.0);
    }

    [Fact]
    public void Sound_never_waits_and_video_makes_way_for_it()
    {
        var pacer = new Pacer(DataRate.FromKilobits(1000));
        SendAll(pacer, At(0), 40);
        for (var i = 0; i < 100; i++)
        {
            Assert.True(pacer.MaySend(At(0), 150, PacingPriority.Audio));
            pacer.OnSent(At(0), 150);
        }

        // 27,000 bytes are owed: 14,500 over the burst and the packet itself, at 312.5 bytes per ms.
        Assert.Equal(27_000, pacer.Debt);
        Assert.Equal((27_000 + Packet - 12_500) / 312.5, pacer.DeadlineFor(At(0), Packet, PacingPriority.Video).At.Milliseconds, 0.001);
    }

    [Fact]
    public void A_probe_waits_until_nothing_is_owed()
    {
        var pacer = new Pacer(DataRate.FromKilobits(1000));
        Assert.True(pacer.MaySend(At(0), Packet, PacingPriority.Probe));
        pacer.OnSent(At(0), Packet);
        Assert.True(pacer.MaySend(At(0), Packet, PacingPriority.Retransmission));
        Assert.False(pacer.MaySend(At(0), Packet, PacingPriority.Probe));
        Assert.Equal(Packet / 312.5, pacer.DeadlineFor(At(0), Packet, PacingPriority.Probe).At.Milliseconds, 0.001);
    }

    [Fact]
    public void Bursts_have_a_least_and_a_largest_size()
    {
        Assert.Equal(5_000, new Pacer(DataRate.FromKilobits(50)).Burst);
        Assert.Equal(63_000, new Pacer(DataRate.FromKilobits(20_000)).Burst);
        Assert.True(new Pacer(DataRate.FromKilobits(50)).MaySend(At(0), 9_000, PacingPriority.Video));
    }

    [Fact]
    public void A_new_estimate_holds_from_its_moment_on()
    {
        var pacer = new Pacer(DataRate.FromKilobits(1000));
        SendAll(pacer, At(0), 40);
        pacer.SetEstimate(At(8), DataRate.FromKilobits(100));
        Assert.Equal(12_000 - 2_500, pacer.Debt);
        Assert.Equal(5_000, pacer.Burst);
        Assert.Equal(8 + (9_500 + Packet - 5_000) / 31.25, pacer.DeadlineFor(At(8), Packet, PacingPriority.Video).At.Milliseconds, 0.001);
    }

    [Fact]
    public void Pacing_allocates_nothing()
    {
        var pacer = new Pacer(DataRate.FromKilobits(1000));
        SendAll(pacer, At(0), 40);
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 1000; i++) SendAll(pacer, At(i), 4);
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    private static int SendAll(Pacer pacer, Instant now, int packets)
    {
        for (var i = 0; i < packets; i++)
        {
            if (!pacer.MaySend(now, Packet, PacingPriority.Video)) return i;
            pacer.OnSent(now, Packet);
        }

        return packets;
    }

    private static Instant At(double milliseconds) => Instant.FromMilliseconds(milliseconds);
}
