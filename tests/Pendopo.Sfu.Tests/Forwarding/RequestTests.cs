using Pendopo.Rtc;
using Pendopo.Sfu.Forwarding;
using Xunit;

namespace Pendopo.Sfu.Tests.Forwarding;

/// <summary>When key frames are asked for, and what a round trip is taken to be.</summary>
public sealed class RequestTests
{
    private static readonly Instant Start = Instant.FromMilliseconds(5_000);

    [Fact]
    public void An_allowance_is_three_at_once_and_one_more_every_two_seconds()
    {
        var allowance = default(KeyFrameAllowance);
        Assert.Equal(3, Take(ref allowance, Start, 10));
        Assert.Equal(0, Take(ref allowance, Start + TimeSpan.FromSeconds(1.9), 10));
        Assert.Equal(1, Take(ref allowance, Start + TimeSpan.FromSeconds(2.1), 10));

        // What was earned in part is not lost.
        Assert.Equal(1, Take(ref allowance, Start + TimeSpan.FromSeconds(4), 10));
        Assert.Equal(3, Take(ref allowance, Start + TimeSpan.FromSeconds(100), 10));
    }

    [Fact]
    public void Behind_a_queue_pictures_take_turns_and_each_has_one_a_second()
    {
        var (first, second, turn) = (default(KeyFrameAllowance), default(KeyFrameAllowance), default(Instant?));
        var queue = TimeSpan.FromMilliseconds(31);
        Assert.True(first.TryTake(Start, queue, ref turn));
        Assert.False(second.TryTake(Start + TimeSpan.FromMilliseconds(149), queue, ref turn));
        Assert.True(second.TryTake(Start + TimeSpan.FromMilliseconds(150), queue, ref turn));
        Assert.False(first.TryTake(Start + TimeSpan.FromMilliseconds(999), queue, ref turn));
        Assert.True(first.TryTake(Start + TimeSpan.FromMilliseconds(1000), queue, ref turn));

        // A second later each time, until the three are spent; without a queue neither turns nor the second count.
        Assert.True(first.TryTake(Start + TimeSpan.FromMilliseconds(1001), TimeSpan.FromMilliseconds(30), ref turn));
        Assert.False(first.TryTake(Start + TimeSpan.FromMilliseconds(1999), TimeSpan.Zero, ref turn));
    }

    [Fact]
    public void What_is_refused_takes_no_turn()
    {
        var (spent, other, turn) = (default(KeyFrameAllowance), default(KeyFrameAllowance), default(Instant?));
        Assert.Equal(3, Take(ref spent, Start, 10));
        var queue = TimeSpan.FromMilliseconds(100);
        Assert.False(spent.TryTake(Start + TimeSpan.FromSeconds(1.5), queue, ref turn));
        Assert.True(other.TryTake(Start + TimeSpan.FromSeconds(1.5), queue, ref turn));
    }

    [Fact]
    public void A_round_trip_is_smoothed_and_forgotten()
    {
        var meter = default(RoundTripMeter);
        var otherwise = TimeSpan.FromMilliseconds(123);
        Assert.Equal(otherwise, meter.Value(Start, otherwise));

        // Sent at 10 s, held for 0.5 s, back at 10.6 s, in units of 1/65536 s.
        Assert.Equal(100, meter.Add(Start, Middle(10.6), Middle(10), Middle(0.5))!.Value.TotalMilliseconds, 0.1);
        Assert.Equal(100, meter.Value(Start, otherwise).TotalMilliseconds, 0.1);
        meter.Add(Start, Middle(11.78), Middle(11), Middle(0.6));
        Assert.Equal(110, meter.Value(Start, otherwise).TotalMilliseconds, 0.1);
        Assert.Equal(otherwise, meter.Value(Start + TimeSpan.FromSeconds(11), otherwise));
    }

    [Fact]
    public void A_block_that_answers_no_report_or_the_future_tells_no_round_trip()
    {
        var meter = default(RoundTripMeter);
        Assert.Null(meter.Add(Start, Middle(10), 0, 0));
        Assert.Null(meter.Add(Start, Middle(10), Middle(9), Middle(1.5)));
        Assert.Null(meter.Add(Start, Middle(10_000), Middle(9), 0));
        Assert.Equal(TimeSpan.Zero, meter.Value(Start, TimeSpan.Zero));
    }

    private static int Take(ref KeyFrameAllowance allowance, Instant at, int attempts)
    {
        var taken = 0;
        Instant? turn = null;
        for (var i = 0; i < attempts; i++)
        {
            if (allowance.TryTake(at, TimeSpan.Zero, ref turn)) taken++;
        }

        return taken;
    }

    private static uint Middle(double seconds) => (uint)(seconds * 65_536);
}
