using Pendopo.EndToEnd.Harness;
using Pendopo.NetBench.Scenarios;
using Xunit;

namespace Pendopo.NetBench.Tests.Scenarios;

public sealed class NetBenchArgumentsTests
{
    [Fact]
    public void Without_arguments_everything_runs_for_both_browsers()
    {
        Assert.True(NetBenchArguments.TryParse([], out var parsed, out _));
        Assert.Equal(ScenarioCatalog.All, parsed.Scenarios);
        Assert.Equal([BrowserKind.Chromium, BrowserKind.Firefox], parsed.Receivers);
    }

    [Fact]
    public void Scenarios_are_picked_by_parts_of_their_names()
    {
        Assert.True(NetBenchArguments.TryParse(["--scenario", "uplink,Steps", "--browser", "firefox", "--seed", "9"], out var parsed, out _));
        Assert.Equal(["steps", "uplink-chromium", "uplink-firefox"], parsed.Scenarios.Select(static scenario => scenario.Name));
        Assert.Equal([BrowserKind.Firefox], parsed.Receivers);
        Assert.Equal(9, parsed.Seed);
    }

    [Theory]
    [InlineData("--scenario", "steps,nothing")]
    [InlineData("--scenario", "")]
    [InlineData("--browser", "safari")]
    [InlineData("--browser", "7")]
    [InlineData("--seed", "-1")]
    [InlineData("--attempts", "0")]
    [InlineData("--colour", "red")]
    public void What_is_not_understood_is_said(string name, string value)
    {
        Assert.False(NetBenchArguments.TryParse([name, value], out _, out var problem));
        Assert.NotEmpty(problem);
        Assert.False(NetBenchArguments.TryParse([name], out _, out problem));
        Assert.Contains(name, problem, StringComparison.Ordinal);
    }
}
