using Bunit;
using Microsoft.Extensions.DependencyInjection;
using Pendopo.Console.Overview;
using Xunit;

namespace Pendopo.Console.Tests.Overview;

public sealed class OverviewPageTests
{
    private static readonly DateTimeOffset Now = new(2026, 8, 17, 10, 0, 0, TimeSpan.Zero);

    [Fact]
    public void The_page_shows_version_and_uptime_at_once_and_the_meetings_when_they_are_counted()
    {
        using var context = new BunitContext();
        var status = new Status { Version = "1.2.3", StartedAt = Now - TimeSpan.FromHours(26) };
        context.Services.AddSingleton<IInstallationStatus>(status);
        context.Services.AddSingleton<TimeProvider>(new StillTime());

        var page = context.Render<OverviewPage>();
        Assert.Equal("1.2.3", page.Find("[data-testid=overview-version]").TextContent);
        Assert.Equal("1 hari 2 jam", page.Find("[data-testid=overview-uptime]").TextContent);
        Assert.Equal("…", page.Find("[data-testid=overview-meetings]").TextContent);

        status.Count.SetResult(7);
        page.WaitForAssertion(() => Assert.Equal("7", page.Find("[data-testid=overview-meetings]").TextContent));
    }

    [Theory]
    [InlineData(-5, "kurang dari satu menit")]
    [InlineData(59, "kurang dari satu menit")]
    [InlineData(60, "1 menit")]
    [InlineData(3_599, "59 menit")]
    [InlineData(3_660, "1 jam 1 menit")]
    [InlineData(86_400, "1 hari 0 jam")]
    public void Uptime_is_told_in_its_two_largest_units(int seconds, string words)
    {
        Assert.Equal(words, Uptime.Describe(TimeSpan.FromSeconds(seconds)));
    }

    private sealed class StillTime : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => Now;
    }

    private sealed class Status : IInstallationStatus
    {
        public TaskCompletionSource<int> Count { get; } = new();

        public required string Version { get; init; }

        public required DateTimeOffset StartedAt { get; init; }

        public Task<int> CountRunningMeetingsAsync(CancellationToken cancellation) => Count.Task;
    }
}
