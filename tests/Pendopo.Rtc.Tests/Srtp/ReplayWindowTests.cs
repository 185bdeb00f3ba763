using CsCheck;
using Pendopo.Rtc.Srtp;
using Xunit;

namespace Pendopo.Rtc.Tests.Srtp;

public sealed class ReplayWindowTests
{
    [Theory]
    [InlineData(64)]
    [InlineData(128)]
    [InlineData(1024)]
    public void It_answers_as_a_set_of_everything_seen_would(int size)
    {
        // Steps near zero, around the window's size and far beyond it, forwards and backwards.
        var step = Gen.OneOf(Gen.Int[-3, 5], Gen.Int[-size - 2, size + 2], Gen.Int[-70_000, 70_000]);
        step.Array[1, 400].Sample(steps =>
        {
            var window = new ReplayWindow(size);
            var seen = new HashSet<long>();
            long index = 1000, highest = -1;
            foreach (var move in steps)
            {
                index = Math.Max(0, index + move);
                var fresh = !seen.Contains(index) && index > highest - size;
                Assert.Equal(fresh, window.IsFresh(index));
                if (!fresh) continue;
                window.Record(index);
                seen.Add(index);
                highest = Math.Max(highest, index);
                Assert.Equal(highest, window.Highest);
                Assert.False(window.IsFresh(index));
            }
        }, iter: 300);
    }

    [Fact]
    public void Numbers_below_zero_are_never_fresh()
    {
        var window = new ReplayWindow(64);
        window.Record(3);
        Assert.False(window.IsFresh(-1));
        Assert.True(window.IsFresh(0));
    }
}
