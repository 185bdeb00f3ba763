using Microsoft.Extensions.Time.Testing;
using Pendopo.Server.Security;
using Xunit;

namespace Pendopo.Server.Tests.Security;

public sealed class GroupLimiterTests
{
    [Theory]
    [InlineData(nameof(GroupCall.Knock), 30)]
    [InlineData(nameof(GroupCall.Message), 120)]
    [InlineData(nameof(GroupCall.Signal), 150)]
    [InlineData(nameof(GroupCall.Commit), 60)]
    [InlineData(nameof(GroupCall.Report), 10)]
    [InlineData(nameof(GroupCall.LogPage), 60)]
    [InlineData(nameof(GroupCall.Moderation), 60)]
    [InlineData(nameof(GroupCall.Notice), 10)]
    [InlineData(nameof(GroupCall.Other), 600)]
    public void A_minutes_worth_is_allowed_and_then_as_much_as_time_gives_back(string name, int perMinute)
    {
        var call = Enum.Parse<GroupCall>(name);
        var time = new FakeTimeProvider();
        var limiter = new GroupLimiter(time);
        for (var count = 0; count < perMinute; count++) Assert.True(limiter.Allows(call, "sri"));
        Assert.False(limiter.Allows(call, "sri"));
        // Others, and other calls, have budgets of their own.
        Assert.True(limiter.Allows(call, "budi"));
        Assert.All(Enum.GetValues<GroupCall>().Where(other => other != call), other => Assert.True(limiter.Allows(other, "sri")));

        time.Advance(TimeSpan.FromMinutes(1.01 / perMinute));
        Assert.True(limiter.Allows(call, "sri"));
        Assert.False(limiter.Allows(call, "sri"));
    }
}
