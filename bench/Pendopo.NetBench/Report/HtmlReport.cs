using System.Globalization;
using System.Text;
using Pendopo.NetBench.Measuring;
using Pendopo.NetBench.Running;
using Pendopo.NetBench.Scenarios;

namespace Pendopo.NetBench.Report;

/// <summary>One HTML file with everything in it: style and charts; it opens without a network and without scripts.</summary>
internal static class HtmlReport
{
    public static string Of(IReadOnlyList<ScenarioResult> results, int seed)
    {
        var text = new StringBuilder();
        text.Append("<!doctype html><html lang=\"en\"><head><meta charset=\"utf-8\"><meta name=\"viewport\" content=\"width=device-width\"><title>Pendopo: real browsers on bad networks</title><style>")
            .Append(Style()).Append("</style></head><body><h1>Real browsers on bad networks</h1>");
        text.Append(CultureInfo.InvariantCulture, $"<p>{DateTime.UtcNow:yyyy-MM-dd HH:mm} UTC, seed {seed}. Each browser's media pass a relay that behaves as the seeded model of the virtual-time tests. Counters are the browsers' own (<code>getStats</code>, every 500 ms).</p>");
        text.Append("<table><thead><tr><th>Scenario</th><th>Receiver</th><th>Verdict</th><th>Bounds kept</th><th>Missed</th><th>Machine busy</th><th>Relay late, p99</th></tr></thead><tbody>");
        foreach (var result in results) AppendRow(text, result);
        text.Append("</tbody></table>");
        foreach (var result in results) AppendScenario(text, result);
        return text.Append("</body></html>").ToString();
    }

    private static void AppendRow(StringBuilder text, ScenarioResult result)
    {
        var missed = result.Bounds.Where(static bound => !bound.Passed).ToList();
        text.Append(CultureInfo.InvariantCulture, $"<tr><td><a href=\"#{Id(result)}\">{result.Scenario.Name}</a></td><td>{result.Receiver}</td><td class=\"{Summary.Word(result.Verdict)}\">{Summary.Word(result.Verdict)}</td>")
            .Append(CultureInfo.InvariantCulture, $"<td>{result.Bounds.Count - missed.Count} of {result.Bounds.Count}</td><td>{Chart.Escape(string.Join("; ", missed.Select(static bound => bound.ToString()).Prepend(result.Doubt ?? "").Where(static part => part.Length > 0)))}</td>")
            .Append(CultureInfo.InvariantCulture, $"<td>{result.MachineLoad:0} %</td><td>{result.RelayP99Milliseconds:0.0} ms</td></tr>");
    }

    private static void AppendScenario(StringBuilder text, ScenarioResult result)
    {
        text.Append(CultureInfo.InvariantCulture, $"<section id=\"{Id(result)}\"><h2>{Chart.Escape(result.Name)} <span class=\"{Summary.Word(result.Verdict)}\">{Summary.Word(result.Verdict)}</span></h2><p>{Chart.Escape(result.Scenario.Summary)}. {result.Scenario.Sender} sends.</p>");
        foreach (var chart in Charts(result)) text.Append("<figure>").Append(chart.ToSvg()).Append("</figure>");
        text.Append("<table><thead><tr><th>Phase</th><th>frames/s</th><th>lines at the end</th><th>kb/s</th><th>freezes</th><th>longest, s</th><th>concealed, %</th><th>sound buffer, ms</th><th>picture buffer, ms</th><th>key frames</th><th>PLI</th><th>lost, %</th><th>queue, ms</th><th>queue drops, %</th></tr></thead><tbody>");
        foreach (var (span, phase) in result.Phases.Zip(result.Metrics))
        {
            text.Append(CultureInfo.InvariantCulture, $"<tr><td>{Chart.Escape(span.Phase.Name)}</td><td>{phase.FramesPerSecond:0.0}</td><td>{phase.LastLines:0}</td><td>{phase.Kilobits:0}</td><td>{phase.Freezes:0}</td><td>{phase.LongestFreeze:0.00}</td><td>{phase.ConcealedPercent:0.00}</td>")
                .Append(CultureInfo.InvariantCulture, $"<td>{phase.AudioBufferMilliseconds:0}</td><td>{phase.VideoBufferMilliseconds:0}</td><td>{phase.KeyFrames:0}</td><td>{phase.PictureLossIndications:0}</td><td>{phase.LostPercent:0.0}</td><td>{phase.QueueMilliseconds:0}</td><td>{phase.QueueDropPercent:0.0}</td></tr>");
        }

        text.Append("</tbody></table><table><thead><tr><th>Bound</th><th>Phase</th><th>Measured</th><th>Limit</th><th></th><th>Reason</th></tr></thead><tbody>");
        foreach (var bound in result.Bounds)
        {
            var word = bound.Passed ? "PASS" : bound.Doubt is null ? "FAIL" : "DOUBTFUL";
            text.Append(CultureInfo.InvariantCulture, $"<tr><td>{Chart.Escape(bound.Name)}</td><td>{Chart.Escape(bound.Phase)}</td><td>{bound.ValueText}</td><td>{(bound.AtMost ? "≤" : "≥")} {bound.Limit:0.##}</td><td class=\"{word}\">{word}</td><td>{Chart.Escape(bound.Reason)}{(bound is { Passed: false, Doubt: { } doubt } ? Chart.Escape($" ({doubt})") : "")}</td></tr>");
        }

        text.Append("</tbody></table></section>");
    }

    private static IEnumerable<Chart> Charts(ScenarioResult result)
    {
        var origin = result.Phases[0].Start;
        var seconds = (result.Phases[^1].End - origin) / 1000;
        var samples = result.Samples.Where(sample => sample.At >= origin && sample.At <= result.Phases[^1].End).ToList();
        var sent = result.SenderSamples.Where(sample => sample.At >= origin && sample.At <= result.Phases[^1].End).ToList();
        double At(double milliseconds) => (milliseconds - origin) / 1000;
        List<Band> phases = [.. result.Phases.Select((span, index) => new Band(At(span.Start), At(span.End), index % 2 == 0 ? "even" : "odd", span.Phase.Name))];
        List<Band> plain = [.. phases.Select(static band => band with { Label = "" })];

        // A freeze is counted when it is over, if at all: it stands before the sample that brought it, and wherever no frame came.
        var freezes = Between(samples, static (earlier, later) => Math.Max(
                later.Video?.FramesDecoded == earlier.Video?.FramesDecoded ? (later.At - earlier.At) / 1000 : 0,
                (later.Video?.TotalFreezesDuration ?? 0) - (earlier.Video?.TotalFreezesDuration ?? 0)))
            .Where(static point => point.Y > 0.01).Select(point => new Band(At(point.X) - point.Y, At(point.X), "freeze"));
        Curve Line(string label, string style, IEnumerable<(double X, double Y)> points, bool stepped = false) =>
            new(label, style, [.. points.Select(point => (At(point.X), point.Y))], stepped);

        var rates = new List<Curve>
        {
            Line("capacity", "capacity", result.Phases.SelectMany(span => new[] { (span.Start, Capacity(result, span)), (span.End, Capacity(result, span)) }), stepped: true),
            Line("received", "first", Rate(samples, static sample => sample.Inbound.Sum(static stream => stream.BytesReceived + stream.HeaderBytesReceived) * 8 / 1000.0)),
        };
        if (result.Scenario.Impaired == Impaired.Sender)
        {
            rates.Add(Line("sent", "second", Rate(sent, static sample => sample.Outbound.Sum(static stream => stream.BytesSent) * 8 / 1000.0)));
            rates.Add(Line("sender's estimate", "third", sent.Select(static sample => (sample.At, sample.AvailableOutgoingBitrate / 1000 ?? double.NaN))));
        }
        else
        {
            rates.Add(Line("into the bottleneck", "second", result.Path.Select(static sample => (sample.At, sample.OfferedKilobits))));
        }

        yield return new("kb/s", seconds, 500, rates, phases, 5000);
        yield return new("decoded frames per second; freezes", seconds, 20, [Line("frames/s", "first", Rate(samples, static sample => sample.Video?.FramesDecoded ?? 0))], [.. plain, .. freezes]);
        yield return new("lines of the picture", seconds, 720, [Line("lines", "first", samples.Select(static sample => (sample.At, (double)(sample.Video?.FrameHeight ?? 0))), stepped: true)], plain);
        yield return new("sound made up by the receiver, %", seconds, 10, [Line("concealed", "third", Between(samples, Concealed))], plain);
        yield return new(
            "delay, ms", seconds, 200,
            [
                Line("queue at the bottleneck", "capacity", result.Path.Select(static sample => (sample.At, sample.MeanWaitMilliseconds))),
                Line("sound buffer", "third", Between(samples, static (earlier, later) => Buffer(earlier.Audio, later.Audio))),
                Line("picture buffer", "first", Between(samples, static (earlier, later) => Buffer(earlier.Video, later.Video))),
            ],
            plain);
    }

    private static double Capacity(ScenarioResult result, PhaseSpan span) =>
        (result.Scenario.Impaired == Impaired.Sender ? span.Phase.Uplink : span.Phase.Downlink).Rate.Kilobits;

    private static double Concealed(Sample earlier, Sample later)
    {
        if (earlier.Audio is not { } first || later.Audio is not { } last || last.TotalSamplesReceived <= first.TotalSamplesReceived) return double.NaN;
        var concealed = last.ConcealedSamples - last.SilentConcealedSamples - first.ConcealedSamples + first.SilentConcealedSamples;
        return 100.0 * concealed / (last.TotalSamplesReceived - first.TotalSamplesReceived);
    }

    private static double Buffer(Inbound? earlier, Inbound? later) =>
        earlier is null || later is null || later.JitterBufferEmittedCount <= earlier.JitterBufferEmittedCount ? double.NaN
            : 1000 * (later.JitterBufferDelay - earlier.JitterBufferDelay) / (later.JitterBufferEmittedCount - earlier.JitterBufferEmittedCount);

    private static IEnumerable<(double X, double Y)> Rate(IReadOnlyList<Sample> samples, Func<Sample, double> counter) =>
        Between(samples, (earlier, later) => (counter(later) - counter(earlier)) / (later.At - earlier.At) * 1000);

    private static IEnumerable<(double X, double Y)> Between(IReadOnlyList<Sample> samples, Func<Sample, Sample, double> value) =>
        samples.Zip(samples.Skip(1)).Select(pair => (pair.Second.At, value(pair.First, pair.Second)));

    private static string Id(ScenarioResult result) => $"{result.Scenario.Name}-{result.Receiver}";

    private static string Style()
    {
        using var stream = typeof(HtmlReport).Assembly.GetManifestResourceStream("report.css") ?? throw new InvalidOperationException("report.css is not embedded.");
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }
}
