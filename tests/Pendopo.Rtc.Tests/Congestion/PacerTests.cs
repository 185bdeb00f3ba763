using Pendopo.Rtc.Congestion;
using Xunit;

namespace Pendopo.Rtc.Tests.Congestion;

public sealed class PacerTests
{
    private const int Packet = 1200;

    [Fact]
    public void A_usual_frame_leaves_back_to_back_and_a_large_one_in_parts()
    {
        // At 2.5 Mb/s 12,500 bytes in 40 ms are ten packets.
        var pacer = new Pacer(DataRate.FromKilobits(2500));
        Assert.Equal(12_500, pacer.Burst);
        Assert.Equal(10, SendAll(pacer, At(0), 40));
        Assert.False(pacer.MaySend(At(0), Packet));

        // The next one when a packet has drained, less the 500 bytes that were left: 700 bytes at 312.5 bytes per ms.
        var deadline = pacer.DeadlineFor(At(0), Packet);
        Assert.Equal(DeadlineReason.Pacing, deadline.Reason);
        Assert.Equal(2.24, deadline.At.Milliseconds, 0.001);
        Assert.False(pacer.MaySend(deadline.At - TimeSpan.FromMicroseconds(1), Packet));
        Assert.True(pacer.MaySend(deadline.At, Packet));
        Assert.Equal(Deadline.None, pacer.DeadlineFor(deadline.At, Packet));
    }

    [Theory]
    [InlineData(300)]
    [InlineData(2000)]
    [InlineData(15_000)]
    public void In_the_long_run_it_lets_its_rate_through(double kilobits)
    {
        var pacer = new Pacer(DataRate.FromKilobits(kilobits));
        long bytes = 0;
        for (var i = 0; i < 10_000; i++)
        {
            while (pacer.MaySend(At(i), Packet))
            {
                pacer.OnSent(At(i), Packet);
                bytes += Packet;
            }
        }

        Assert.InRange(bytes * 8 / 10_000.0, kilobits * 0.98, kilobits * 1.02 + 63_000 * 8 / 10_000.0);
    }

    [Fact]
    public void What_never_waits_is_counted_and_pictures_make_way_for_it()
    {
        var pacer = new Pacer(DataRate.FromKilobits(2500));
        SendAll(pacer, At(0), 40);
        for (var i = 0; i < 100; i++) pacer.OnSent(At(0), 150);

        // 27,000 bytes are owed: 14,500 over the burst and the packet itself, at 312.5 bytes per ms.
        Assert.Equal((27_000 + Packet - 12_500) / 312.5, pacer.DeadlineFor(At(0), Packet).At.Milliseconds, 0.001);
    }

    [Fact]
    public void A_pause_earns_one_burst_and_no_more()
    {
        var pacer = new Pacer(DataRate.FromKilobits(2500));
        Assert.Equal(10, SendAll(pacer, At(60_000), 40));
        Assert.Equal(0, SendAll(pacer, At(60_000), 40));
        Assert.Equal(10, SendAll(pacer, At(60_100), 40));
    }

    [Fact]
    public void Bursts_have_a_least_and_a_largest_size()
    {
        Assert.Equal(5_000, new Pacer(DataRate.FromKilobits(125)).Burst);
        Assert.Equal(63_000, new Pacer(DataRate.FromKilobits(50_000)).Burst);
        Assert.True(new Pacer(DataRate.FromKilobits(125)).MaySend(At(0), 9_000));
    }

    [Fact]
    public void A_packet_beyond_the_burst_waits_for_an_empty_bucket()
    {
        var pacer = new Pacer(DataRate.FromKilobits(80));
        pacer.OnSent(At(0), 100);
        Assert.False(pacer.MaySend(At(9), 9_000));
        Assert.Equal(10, pacer.DeadlineFor(At(0), 9_000).At.Milliseconds, 0.001);
        Assert.True(pacer.MaySend(At(10), 9_000));
    }

    [Fact]
    public void A_new_rate_holds_from_its_moment_on()
    {
        var pacer = new Pacer(DataRate.FromKilobits(2500));
        SendAll(pacer, At(0), 40);
        pacer.SetRate(At(8), DataRate.FromKilobits(250));
        Assert.Equal(5_000, pacer.Burst);

        // 9,500 bytes are still owed.
        Assert.Equal(8 + (9_500 + Packet - 5_000) / 31.25, pacer.DeadlineFor(At(8), Packet).At.Milliseconds, 0.001);
    }

    [Fact]
    public void Pacing_allocates_nothing()
    {
        var pacer = new Pacer(DataRate.FromKilobits(2500));
        SendAll(pacer, At(0), 40);
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 1000; i++) SendAll(pacer, At(i), 4);
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    private static int SendAll(Pacer pacer, Instant now, int packets)
    {
        for (var i = 0; i < packets; i++)
        {
            if (!pacer.MaySend(now, Packet)) return i;
            pacer.OnSent(now, Packet);
        }

        return packets;
    }

    private static Instant At(double milliseconds) => Instant.FromMilliseconds(milliseconds);
}
