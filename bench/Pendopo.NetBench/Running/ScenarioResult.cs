using Pendopo.EndToEnd.Harness;
using Pendopo.NetBench.Measuring;
using Pendopo.NetBench.Scenarios;

namespace Pendopo.NetBench.Running;

/// <summary>When a phase ran, in milliseconds since 1970.</summary>
internal sealed record PhaseSpan(Phase Phase, double Start, double End);

internal enum Verdict
{
    Passed,
    Failed,

    /// <summary>The machine was too busy, or nothing could be measured: says nothing about the product.</summary>
    Doubtful,
}

/// <summary>What one receiver of a scenario had.</summary>
/// <param name="Path">The impaired direction: of this receiver, or of the sender.</param>
/// <param name="RelayP99Milliseconds">The relay's own error.</param>
internal sealed record ScenarioResult(
    Scenario Scenario, BrowserKind Receiver, IReadOnlyList<PhaseSpan> Phases, IReadOnlyList<Sample> Samples, IReadOnlyList<PathSample> Path,
    IReadOnlyList<Sample> SenderSamples, double MachineLoad, double RelayP99Milliseconds, double RelayLongestMilliseconds)
{
    /// <summary>Timing that is worse than this is no emulation of a network any more.</summary>
    public const double RelayLimitMilliseconds = 2;

    /// <summary>With fewer frames per second on a good path the browsers have no time, and every later value is that of the machine.</summary>
    private const double LeastFramesPerSecond = 10;

    /// <summary>A freeze of that many seconds on a good path comes from the machine.</summary>
    private const double LongestFreezeBefore = 0.5;

    public string Name => $"{Scenario.Name} · {Receiver}";

    public IReadOnlyList<PhaseMetrics> Metrics { get; } = [.. Phases.Select(span => PhaseMetrics.Of(span.Start, span.End, Samples, Path))];

    public IReadOnlyList<BoundResult> Bounds =>
        [.. Phases.Zip(Metrics).SelectMany(pair => pair.First.Phase.Bounds.Select(bound => bound.Judge(pair.First.Phase.Name, pair.Second, Metrics[0]) with { Doubt = DoubtIn(pair.First) }))];

    /// <summary>Why no value of the result says anything about the product; null if they do.</summary>
    public string? Doubt { get; } = FindDoubt(Phases[0], Samples, RelayP99Milliseconds);

    /// <summary>A bound that was kept on a machine that was too busy is kept all the same; one that was missed there is in doubt.</summary>
    public Verdict Verdict =>
        Doubt is not null ? Verdict.Doubtful
        : Bounds.Any(static bound => bound is { Passed: false, Doubt: null }) ? Verdict.Failed
        : Bounds.Any(static bound => !bound.Passed) ? Verdict.Doubtful
        : Verdict.Passed;

    private static string? FindDoubt(PhaseSpan first, IReadOnlyList<Sample> samples, double relayP99)
    {
        var before = PhaseMetrics.Of(first.Start, first.End, samples, []);
        if (!(before.FramesPerSecond >= LeastFramesPerSecond)) return FormattableString.Invariant($"only {before.FramesPerSecond:0.#} frames per second on the good path");
        if (!(before.LongestFreeze <= LongestFreezeBefore)) return FormattableString.Invariant($"a freeze of {before.LongestFreeze:0.#} s on the good path");
        return relayP99 > RelayLimitMilliseconds ? FormattableString.Invariant($"the relay was {relayP99:0.0} ms late (p99)") : null;
    }

    private string? DoubtIn(PhaseSpan span)
    {
        var silence = SourceHealth.LongestSilence(Samples, span.Start, span.End);
        if (silence > SourceHealth.SilenceLimit) return FormattableString.Invariant($"the receiver's page did not come to run for {silence:0.0} s");

        // A sender behind a bad uplink may well send fewer frames; behind a good one only the machine slows it.
        if (Scenario.Impaired == Impaired.Sender) return null;
        var share = SourceHealth.SlowestSecond(SenderSamples, span.Start, span.End);
        return share < SourceHealth.LeastShare ? FormattableString.Invariant($"the sender itself came down to {100 * share:0} % of its frame rate") : null;
    }
}
