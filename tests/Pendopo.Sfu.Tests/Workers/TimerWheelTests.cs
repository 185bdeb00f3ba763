using Pendopo.Rtc;
using Pendopo.Sfu.Workers;
using Xunit;

namespace Pendopo.Sfu.Tests.Workers;

public sealed class TimerWheelTests
{
    private static readonly Instant Start = Instant.FromMilliseconds(123_456.789);

    [Fact]
    public void Nothing_scheduled_is_never_due()
    {
        var wheel = new TimerWheel(Start, 4);
        Assert.Equal(Instant.Never, wheel.NextDeadline);
        wheel.Advance(Start + TimeSpan.FromDays(400));
        Assert.False(wheel.TryTakeDue(out _));
        Assert.Equal(0, wheel.Count);
    }

    [Fact]
    public void A_near_deadline_is_exact()
    {
        var wheel = new TimerWheel(Start, 4);
        var deadline = new Instant(Start.Ticks + 1);
        wheel.Schedule(2, deadline);
        Assert.Equal(deadline, wheel.NextDeadline);
        wheel.Advance(Start);
        Assert.False(wheel.TryTakeDue(out _));
        wheel.Advance(deadline);
        Assert.True(wheel.TryTakeDue(out var id));
        Assert.Equal(2, id);
        Assert.False(wheel.TryTakeDue(out _));
        Assert.Equal(Instant.Never, wheel.NextDeadline);
    }

    [Fact]
    public void The_last_schedule_of_an_id_counts()
    {
        var wheel = new TimerWheel(Start, 4);
        wheel.Schedule(1, Start + TimeSpan.FromMilliseconds(1));
        wheel.Schedule(1, Start + TimeSpan.FromSeconds(5));
        Assert.Equal(1, wheel.Count);
        wheel.Advance(Start + TimeSpan.FromSeconds(4));
        Assert.False(wheel.TryTakeDue(out _));
        wheel.Advance(Start + TimeSpan.FromSeconds(5));
        Assert.True(wheel.TryTakeDue(out _));
    }

    [Fact]
    public void Cancelled_ids_do_not_come()
    {
        var wheel = new TimerWheel(Start, 4);
        wheel.Schedule(0, Start + TimeSpan.FromMilliseconds(3));
        wheel.Schedule(1, Start + TimeSpan.FromMilliseconds(3));
        wheel.Schedule(3, Start + TimeSpan.FromMilliseconds(3));
        Assert.True(wheel.Cancel(1));
        Assert.False(wheel.Cancel(1));
        Assert.False(wheel.Cancel(99));
        wheel.Schedule(3, Instant.Never);
        wheel.Advance(Start + TimeSpan.FromMilliseconds(3));
        Assert.True(wheel.TryTakeDue(out var id));
        Assert.Equal(0, id);
        Assert.False(wheel.TryTakeDue(out _));
    }

    [Fact]
    public void A_due_id_can_still_be_cancelled_or_moved()
    {
        var wheel = new TimerWheel(Start, 4);
        for (var id = 0; id < 3; id++) wheel.Schedule(id, Start);
        wheel.Advance(Start);
        Assert.True(wheel.Cancel(1));
        wheel.Schedule(2, Start + TimeSpan.FromSeconds(1));
        Assert.True(wheel.TryTakeDue(out var first));
        Assert.Equal(0, first);
        Assert.False(wheel.TryTakeDue(out _));
        Assert.Equal(1, wheel.Count);
    }

    [Fact]
    public void Rescheduling_into_the_past_while_taking_ends_and_comes_at_the_next_advance()
    {
        var wheel = new TimerWheel(Start, 4);
        wheel.Schedule(0, Start - TimeSpan.FromSeconds(1));
        var taken = 0;
        wheel.Advance(Start);
        while (wheel.TryTakeDue(out var id))
        {
            wheel.Schedule(id, Start - TimeSpan.FromSeconds(1));
            Assert.True(++taken < 10);
        }

        Assert.Equal(1, taken);
        Assert.True(wheel.NextDeadline <= Start);
        wheel.Advance(Start);
        Assert.True(wheel.TryTakeDue(out _));
    }

    [Fact]
    public void Time_that_goes_back_changes_nothing()
    {
        var wheel = new TimerWheel(Start, 4);
        wheel.Schedule(0, Start + TimeSpan.FromMilliseconds(10));
        wheel.Advance(Start + TimeSpan.FromMilliseconds(5));
        wheel.Advance(Start);
        wheel.Advance(Start + TimeSpan.FromMilliseconds(10));
        Assert.True(wheel.TryTakeDue(out _));
    }

    [Fact]
    public void An_id_beyond_the_capacity_is_taken_in()
    {
        var wheel = new TimerWheel(Start, 0);
        wheel.Schedule(1000, Start + TimeSpan.FromMilliseconds(1));
        wheel.Schedule(3, Start);
        wheel.Advance(Start + TimeSpan.FromMilliseconds(1));
        Assert.True(wheel.TryTakeDue(out var first));
        Assert.True(wheel.TryTakeDue(out var second));
        Assert.Equal((3, 1000), (first, second));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    public void It_agrees_with_a_sorted_list_over_a_long_random_run(int seed)
    {
        var random = new Random(seed);
        const int ids = 200;
        var wheel = new TimerWheel(Start, ids);
        var model = new Dictionary<int, Instant>();
        var now = Start;
        for (var step = 0; step < 20_000; step++)
        {
            for (var i = random.Next(3); i > 0; i--)
            {
                var id = random.Next(ids);
                if (random.Next(8) == 0)
                {
                    Assert.Equal(model.Remove(id), wheel.Cancel(id));
                    continue;
                }

                // From the near past over all levels up to days.
                var span = TimeSpan.FromMilliseconds((Math.Pow(10, random.NextDouble() * 8) / 10) - 1);
                model[id] = now + span;
                wheel.Schedule(id, now + span);
            }

            Assert.Equal(model.Count, wheel.Count);
            var earliest = model.Count == 0 ? Instant.Never : model.Values.Min();
            Assert.True(wheel.NextDeadline <= earliest);

            // Jump to the wheel's own moment, or by chance.
            now = random.Next(3) switch
            {
                0 when wheel.NextDeadline != Instant.Never && wheel.NextDeadline > now => wheel.NextDeadline,
                1 => now + TimeSpan.FromMicroseconds(random.Next(900)),
                _ => now + TimeSpan.FromMilliseconds(Math.Pow(10, random.NextDouble() * 4) - 1),
            };
            wheel.Advance(now);
            var due = new List<int>();
            while (wheel.TryTakeDue(out var id)) due.Add(id);
            Assert.Equal(model.Where(pair => pair.Value <= now).Select(pair => pair.Key).Order(), due.Order());
            foreach (var id in due) model.Remove(id);
        }
    }

    [Fact]
    public void Waking_only_at_the_next_deadline_reaches_a_far_one_in_few_steps()
    {
        var wheel = new TimerWheel(Start, 4);
        var deadline = Start + TimeSpan.FromHours(7);
        wheel.Schedule(0, deadline);
        var steps = 0;
        var now = Start;
        while (wheel.Count > 0)
        {
            Assert.True(wheel.NextDeadline > now || wheel.NextDeadline == deadline);
            now = wheel.NextDeadline;
            wheel.Advance(now);
            if (wheel.TryTakeDue(out _)) Assert.Equal(deadline, now);
            Assert.True(++steps < 10);
        }
    }

    [Fact]
    public void Operations_allocate_nothing()
    {
        var wheel = new TimerWheel(Start, 64);
        var now = Start;
        Run(100);
        var before = GC.GetAllocatedBytesForCurrentThread();
        Run(5000);
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);

        void Run(int steps)
        {
            for (var i = 0; i < steps; i++)
            {
                wheel.Schedule(i % 64, now + TimeSpan.FromMilliseconds(i % 300));
                now = wheel.NextDeadline;
                wheel.Advance(now);
                while (wheel.TryTakeDue(out _)) { }
            }
        }
    }
}
