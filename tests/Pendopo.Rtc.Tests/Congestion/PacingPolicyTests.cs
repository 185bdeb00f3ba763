using Pendopo.Rtc.Congestion;
using Xunit;

namespace Pendopo.Rtc.Tests.Congestion;

public sealed class PacingPolicyTests
{
    private const int Packet = 1200;

    private static readonly DataRate Estimate = DataRate.FromKilobits(2500);

    private readonly PacingPolicy _policy = new();

    [Theory]
    [InlineData(500)]
    [InlineData(5000)]
    [InlineData(40_000)]
    public void Frames_that_leave_at_once_show_what_the_path_passes(double kilobits)
    {
        Frames(10, kilobits);
        Assert.InRange(_policy.Capacity.At(At(10))!.Value.Kilobits, kilobits * 0.95, kilobits * 1.1);
    }

    [Fact]
    public void Two_frames_show_nothing_yet()
    {
        // A frame is known to be over when the next one begins.
        Frames(3, 1000);
        Assert.Null(_policy.Capacity.At(At(3)));
        Frames(1, 1000, from: 3);
        Assert.NotNull(_policy.Capacity.At(At(4)));
    }

    [Fact]
    public void Packets_that_leave_at_their_own_pace_show_nothing()
    {
        for (var i = 0; i < 1000; i++) _policy.Capacity.Add(i * 2 * TimeSpan.TicksPerMillisecond, i * 2 * TimeSpan.TicksPerMillisecond, Packet);
        Assert.Null(_policy.Capacity.At(Instant.FromMilliseconds(2000)));
    }

    [Fact]
    public void Frames_that_a_busy_receiver_has_held_back_do_not_count_for_much()
    {
        for (var i = 0; i < 30; i++) Frames(1, i % 2 == 0 ? 1000 : 100_000, from: i);
        Assert.InRange(_policy.Capacity.At(At(30))!.Value.Kilobits, 950, 1100);
    }

    [Fact]
    public void What_was_seen_long_ago_says_nothing()
    {
        Frames(10, 1000);
        Assert.NotNull(_policy.Capacity.At(At(9) + TimeSpan.FromSeconds(9)));
        Assert.Null(_policy.Capacity.At(At(9) + TimeSpan.FromSeconds(11)));

        // And one new frame does not make the old ones true again.
        Frames(2, 8000, from: 400);
        Assert.Null(_policy.Capacity.At(At(401)));
    }

    [Fact]
    public void While_nothing_is_known_frames_may_leave_faster_than_the_estimate() => Assert.Equal(Estimate * 2.5, _policy.Rate(At(0), Estimate));

    [Fact]
    public void A_fast_path_is_used_although_nobody_has_wanted_as_much()
    {
        Frames(10, 40_000);
        Assert.InRange(_policy.Rate(At(10), Estimate).Kilobits, 30_000, 40_000);
    }

    [Fact]
    public void The_estimate_may_always_leave_and_on_a_slow_path_nothing_more()
    {
        Frames(10, 1000);
        Assert.Equal(Estimate, _policy.Rate(At(10), Estimate));
        Assert.InRange(_policy.Rate(At(10), DataRate.FromKilobits(300)).Kilobits, 800, 950);
    }

    [Fact]
    public void After_the_estimate_came_down_it_is_the_limit_for_a_while()
    {
        Frames(10, 40_000);
        _policy.OnDecrease(At(5));
        Assert.Equal(Estimate, _policy.Rate(At(10), Estimate));
        Frames(300, 40_000, from: 10);
        Assert.InRange(_policy.Rate(At(310), Estimate).Kilobits, 30_000, 40_000);
    }

    /// <summary>Frames of eight packets each 33 ms, of which each leaves at once and arrives as fast as the path passes it.</summary>
    private void Frames(int count, double kilobits, int from = 0)
    {
        for (var frame = from; frame < from + count; frame++)
        {
            for (var i = 0; i < 8; i++)
            {
                var arrival = At(frame) + TimeSpan.FromMilliseconds(40 + ((i + 1) * Packet * 8 / kilobits));
                _policy.Capacity.Add(At(frame).Ticks + i, arrival.Ticks / 2500 * 2500, Packet);
            }
        }
    }

    private static Instant At(int frame) => Instant.FromMilliseconds(1000 + (frame * 33));
}
