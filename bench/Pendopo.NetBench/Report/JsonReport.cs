using System.Text.Json;
using System.Text.Json.Serialization;
using Pendopo.NetBench.Running;

namespace Pendopo.NetBench.Report;

/// <summary>Everything measured, for other programs: verdicts, bounds, and the browsers' counters as they were.</summary>
internal static class JsonReport
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web)
    {
        WriteIndented = false,
        // "Never" is infinite.
        NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals,
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.CamelCase) },
    };

    public static string Of(IReadOnlyList<ScenarioResult> results, int seed) => JsonSerializer.Serialize(
        new
        {
            seed,
            scenarios = results.Select(static result => new
            {
                result.Scenario.Name,
                result.Scenario.Summary,
                result.Scenario.Sender,
                result.Receiver,
                result.Verdict,
                result.Doubt,
                result.MachineLoad,
                result.RelayP99Milliseconds,
                result.RelayLongestMilliseconds,
                result.Bounds,
                phases = result.Phases.Zip(result.Metrics).Select(static pair => new
                {
                    pair.First.Phase.Name,
                    pair.First.Start,
                    pair.First.End,
                    pair.First.Phase.Uplink,
                    pair.First.Phase.Downlink,
                    pair.First.Phase.Event,
                    pair.Second.FramesPerSecond,
                    pair.Second.LastLines,
                    pair.Second.Kilobits,
                    pair.Second.Freezes,
                    pair.Second.FreezeSeconds,
                    pair.Second.LongestFreeze,
                    pair.Second.ConcealedPercent,
                    pair.Second.AudioBufferMilliseconds,
                    pair.Second.VideoBufferMilliseconds,
                    pair.Second.KeyFrames,
                    pair.Second.PictureLossIndications,
                    pair.Second.QueueMilliseconds,
                    pair.Second.QueueDropPercent,
                    pair.Second.LostPercent,
                }),
                result.Samples,
                result.Path,
                result.SenderSamples,
            }),
        },
        Json);
}
