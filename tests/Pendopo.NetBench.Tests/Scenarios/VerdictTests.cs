using Pendopo.EndToEnd.Harness;
using Pendopo.NetBench.Measuring;
using Pendopo.NetBench.Report;
using Pendopo.NetBench.Running;
using Pendopo.NetBench.Scenarios;
using Pendopo.NetBench.Tests.Measuring;
using Pendopo.Testing.Network;
using Xunit;

namespace Pendopo.NetBench.Tests.Scenarios;

/// <summary>A verdict passes nothing that was not measured.</summary>
public sealed class VerdictTests
{
    private static readonly Bound NoFreeze = Bounds.LongestFreeze(1, "a reason");

    [Fact]
    public void A_kept_bound_passes_and_a_missed_one_fails()
    {
        var kept = Play(static samples => samples.Repeat(8, frames: 10), NoFreeze, Bounds.FrameRate(90, "a reason"));
        Assert.Equal(Verdict.Passed, kept.Verdict);

        var missed = Play(static samples => samples.Repeat(4, frames: 10).Add(0).Add(0).Add(0).Add(10, freeze: 1.6), NoFreeze);
        Assert.Equal(Verdict.Failed, missed.Verdict);
        Assert.Equal("impaired: longest freeze, s 1.6 (≤ 1)", Assert.Single(missed.Bounds).ToString());
    }

    [Fact]
    public void What_never_comes_back_is_a_missed_bound()
    {
        var result = Play(static samples => samples.Repeat(8, frames: 1), Bounds.FramesBackAfter(10, "a reason"));
        var bound = Assert.Single(result.Bounds);
        Assert.False(bound.Passed);
        Assert.Equal(double.PositiveInfinity, bound.Value);
    }

    [Fact]
    public void Without_samples_no_bound_passes()
    {
        var result = Play(static samples => samples, NoFreeze, Bounds.FrameRate(90, "a reason"), Bounds.Concealed(5, "a reason"), Bounds.FramesBackAfter(10, "a reason"));
        Assert.All(result.Bounds, static bound => Assert.False(bound.Passed, bound.ToString()));
    }

    [Theory]
    [InlineData(10, 5.0, true)]
    [InlineData(2, 0.5, true)]
    [InlineData(10, 0.5, false)]
    public void A_machine_too_slow_for_the_browsers_or_for_the_relay_makes_a_result_doubtful(long framesBefore, double relayLate, bool doubtful)
    {
        var result = Play(static samples => samples.Repeat(8, frames: 10), [NoFreeze], framesBefore, relayLate);
        Assert.Equal(doubtful ? Verdict.Doubtful : Verdict.Passed, result.Verdict);
    }

    [Fact]
    public void Every_scenario_begins_with_a_good_path_and_bounds_every_phase_after_it()
    {
        Assert.All(ScenarioCatalog.All, static scenario =>
        {
            Assert.Empty(scenario.Phases[0].Bounds);
            Assert.Equal(ScenarioCatalog.GoodLink, scenario.Phases[0].Downlink);
            Assert.All(scenario.Phases.Skip(1), static phase => Assert.NotEmpty(phase.Bounds));
        });
        Assert.Equal(ScenarioCatalog.All.Count, ScenarioCatalog.All.DistinctBy(static scenario => scenario.Name).Count());

        // The default set, with twelve seconds for each scenario's joins, keeps to a quarter of an hour.
        Assert.InRange(ScenarioCatalog.All.Sum(static scenario => scenario.Duration.TotalSeconds + 12), 0, 15 * 60);
    }

    [Fact]
    public void The_report_shows_every_result_and_refers_to_nothing_outside_itself()
    {
        var results = new[] { Play(static samples => samples.Repeat(4, frames: 10).Add(0).Add(0).Add(10, freeze: 1.2), NoFreeze, Bounds.FramesBackAfter(1, "<reason>")) };
        var html = HtmlReport.Of(results, seed: 4);
        Assert.Contains("test-Chromium", html, StringComparison.Ordinal);
        Assert.Contains("class=\"freeze\"", html, StringComparison.Ordinal);
        Assert.Contains("&lt;reason&gt;", html, StringComparison.Ordinal);
        Assert.DoesNotContain("<script", html, StringComparison.Ordinal);
        Assert.DoesNotContain("://", html, StringComparison.Ordinal);
        Assert.DoesNotContain("NaN", html[html.IndexOf("<svg", StringComparison.Ordinal)..html.LastIndexOf("</svg>", StringComparison.Ordinal)], StringComparison.Ordinal);
        Assert.Contains("\"verdict\":\"failed\"", JsonReport.Of(results, seed: 4), StringComparison.Ordinal);
        Assert.Contains("FAIL", Summary.LineOf(results[0]), StringComparison.Ordinal);
        Assert.Contains("| test · Chromium | impaired |", Summary.TableOf(results), StringComparison.Ordinal);
    }

    private static ScenarioResult Play(Func<Samples, Samples> impaired, params Bound[] bounds) => Play(impaired, bounds, 10, 0.5);

    private static ScenarioResult Play(Func<Samples, Samples> impaired, Bound[] bounds, long framesBefore, double relayLate)
    {
        var link = new LinkOptions();
        var before = new Phase("before", TimeSpan.FromSeconds(4), link, link);
        var bad = new Phase("impaired", TimeSpan.FromSeconds(4), link, link) { Bounds = bounds };
        var scenario = new Scenario("test", "for the tests", Impaired.Receivers, [before, bad]);
        var samples = new Samples().Add(0);
        var start = samples.Now;
        samples.Repeat(8, framesBefore);
        var middle = samples.Now;
        var end = impaired(samples).Now;
        IReadOnlyList<Sample> all = end > middle ? samples.All : [.. samples.All.Where(sample => sample.At < middle - 500)];
        return new(scenario, BrowserKind.Chromium, [new(before, start, middle), new(bad, middle + (end > middle ? 0 : 1), Math.Max(end, middle + 4000))], all, [], [], 50, relayLate, relayLate);
    }
}
