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

    public string Name => $"{Scenario.Name} · {Receiver}";

    public IReadOnlyList<PhaseMetrics> Metrics { get; } = [.. Phases.Select(span => PhaseMetrics.Of(span.Start, span.End, Samples, Path))];

    public IReadOnlyList<BoundResult> Bounds =>
        [.. Phases.Zip(Metrics).SelectMany(pair => pair.First.Phase.Bounds.Select(bound => bound.Judge(pair.First.Phase.Name, pair.Second, Metrics[0])))];

    /// <summary>Why the result says nothing; null if it does.</summary>
    public string? Doubt =>
        !(Metrics[0].FramesPerSecond >= LeastFramesPerSecond) ? FormattableString.Invariant($"only {Metrics[0].FramesPerSecond:0.#} frames per second on the good path")
        : RelayP99Milliseconds > RelayLimitMilliseconds ? FormattableString.Invariant($"the relay was {RelayP99Milliseconds:0.0} ms late (p99)")
        : null;

    public Verdict Verdict =>
        Doubt is not null ? Verdict.Doubtful : Bounds.All(static bound => bound.Passed) ? Verdict.Passed : Verdict.Failed;
}
