using System.Text;
using Pendopo.NetBench.Running;

namespace Pendopo.NetBench.Report;

/// <summary>The results as lines for the terminal and as a table for the documentation.</summary>
internal static class Summary
{
    public static string LineOf(ScenarioResult result)
    {
        var text = new StringBuilder($"{Word(result.Verdict),-8} {result.Name}: ");
        if (result.Doubt is { } doubt) text.Append(doubt).Append("; ");
        var missed = result.Bounds.Where(static bound => !bound.Passed).ToList();
        text.Append(missed.Count == 0 ? $"{result.Bounds.Count} bounds kept" : $"missed {missed.Count} of {result.Bounds.Count}: {string.Join("; ", missed)}");
        return text.Append($" (machine {result.MachineLoad:0} % busy, relay p99 {result.RelayP99Milliseconds:0.0} ms late)").ToString();
    }

    /// <summary>A row for each phase of each receiver.</summary>
    public static string TableOf(IReadOnlyList<ScenarioResult> results)
    {
        var text = new StringBuilder();
        text.AppendLine("| Scenario · receiver | Phase | frames/s | lines at the end | kb/s | longest freeze, s | concealed, % | sound buffer, ms | queue, ms | bounds |");
        text.AppendLine("|---|---|--:|--:|--:|--:|--:|--:|--:|---|");
        foreach (var result in results)
        {
            foreach (var (span, metrics) in result.Phases.Zip(result.Metrics))
            {
                var bounds = result.Bounds.Where(bound => bound.Phase == span.Phase.Name).ToList();
                var verdict = bounds.Count == 0 ? "" : bounds.All(static bound => bound.Passed) ? "kept" : "missed: " + string.Join("; ", bounds.Where(static bound => !bound.Passed).Select(static bound => $"{bound.Name} {bound.ValueText}{(bound.Doubt is null ? "" : " (in doubt)")}"));
                text.AppendLine(
                    $"| {result.Name} | {span.Phase.Name} | {metrics.FramesPerSecond:0.0} | {metrics.LastLines:0} | {metrics.Kilobits:0} | {metrics.LongestFreeze:0.0} | {metrics.ConcealedPercent:0.0} | {metrics.AudioBufferMilliseconds:0} | {metrics.QueueMilliseconds:0} | {verdict} |");
            }
        }

        return text.ToString();
    }

    public static string Word(Verdict verdict) => verdict switch
    {
        Verdict.Passed => "PASS",
        Verdict.Failed => "FAIL",
        _ => "DOUBTFUL",
    };
}
