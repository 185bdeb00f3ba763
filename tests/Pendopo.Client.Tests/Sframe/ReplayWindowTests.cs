using CsCheck;
using Pendopo.Client.Sframe;
using Xunit;

namespace Pendopo.Client.Tests.Sframe;

public sealed class ReplayWindowTests
{
    [Fact]
    public void Each_counter_is_fresh_once_and_old_ones_never() =>
        Gen.Select(Gen.Int[0, 3000], Gen.Int[-1500, 40]).Array[1, 400].Sample(steps =>
        {
            var window = new ReplayWindow();
            var seen = new HashSet<ulong>();
            long highest = -1, position = 0;
            foreach (var (jump, back) in steps)
            {
                position = Math.Max(0, jump % 7 == 0 ? position + jump : position + back);
                var counter = (ulong)position;
                var expected = position > highest || (highest - position < ReplayWindow.Size && !seen.Contains(counter));
                if (window.IsFresh(counter) != expected) return false;
                if (!expected) continue;
                window.Record(counter);
                seen.Add(counter);
                highest = Math.Max(highest, position);
                if (window.IsFresh(counter)) return false;
            }

            return true;
        });

    [Fact]
    public void The_window_reaches_back_1023_counters_at_any_height()
    {
        var window = new ReplayWindow();
        Assert.True(window.IsEmpty);
        window.Record(ulong.MaxValue);
        Assert.False(window.IsEmpty);
        Assert.False(window.IsFresh(ulong.MaxValue));
        Assert.True(window.IsFresh(ulong.MaxValue - 1023));
        Assert.False(window.IsFresh(ulong.MaxValue - 1024));
    }
}
