using Pendopo.Rtc.Congestion;
using Xunit;

namespace Pendopo.Rtc.Tests.Congestion;

public sealed class SpuriousDecreaseTests
{
    private static readonly DataRate Before = DataRate.FromKilobits(2800);
    private static readonly DataRate Carried = DataRate.FromKilobits(1500);
    private static readonly DataRate Less = DataRate.FromKilobits(1300);

    private readonly SpuriousDecrease _doubt = new();
    private Instant _now = Instant.FromMilliseconds(1000);

    [Fact]
    public void A_delay_that_a_lower_rate_leaves_as_it_was_is_no_queue()
    {
        Decrease(milliseconds: 50);
        Assert.False(Within(500, Less, 52));
        Assert.True(Within(200, Less, 48));
        Assert.Equal(Before, _doubt.Before);
        Assert.False(Within(2000, Less, 50));
    }

    [Theory]
    [InlineData(50, 35)]
    [InlineData(300, 265)]
    [InlineData(20, 0)]
    public void A_delay_that_gets_shorter_was_a_queue(int before, int after)
    {
        Decrease(before);
        Assert.False(Within(100, Less, after));
        Assert.False(Within(2000, Less, before));
    }

    [Fact]
    public void A_delay_that_grows_is_a_queue()
    {
        Decrease(milliseconds: 40);
        Assert.False(Within(300, Less, 70));
        Assert.False(Within(2000, Less, 40));
    }

    [Fact]
    public void While_as_much_arrives_as_before_nothing_is_learnt()
    {
        Decrease(milliseconds: 50);
        Assert.False(Within(3000, Carried, 50));
        Assert.False(Within(500, Less, 50));
        Assert.True(Within(300, Less, 50));
    }

    [Fact]
    public void What_was_not_learnt_in_four_seconds_is_another_matter()
    {
        Decrease(milliseconds: 50);
        Assert.False(Within(4100, Carried, 50));
        Assert.False(Within(2000, Less, 50));
    }

    [Fact]
    public void Of_several_decreases_the_first_is_undone()
    {
        Decrease(milliseconds: 50);
        _doubt.OnDecrease(_now, Less, Less, TimeSpan.FromMilliseconds(50));
        Assert.True(Within(700, Less, 50));
        Assert.Equal(Before, _doubt.Before);
    }

    private void Decrease(int milliseconds) => _doubt.OnDecrease(_now, Before, Carried, TimeSpan.FromMilliseconds(milliseconds));

    /// <summary>Feedback every 50 ms; true if the decrease was undone.</summary>
    private bool Within(int milliseconds, DataRate acknowledged, int queue)
    {
        for (var passed = 0; passed < milliseconds; passed += 50)
        {
            _now += TimeSpan.FromMilliseconds(50);
            if (_doubt.TryUndo(_now, TimeSpan.FromMilliseconds(queue), acknowledged)) return true;
        }

        return false;
    }
}
