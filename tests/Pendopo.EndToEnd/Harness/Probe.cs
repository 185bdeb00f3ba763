using System.Text.Json;

namespace Pendopo.EndToEnd.Harness;

/// <summary>The script that reads a browser's own counters, and what it reports.</summary>
internal static class Probe
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web);
    private static readonly string Source = ReadSource();

    /// <summary>The script with a page's options filled in.</summary>
    public static string Script(PageOptions options) =>
        Source.Replace("/*options*/{}", JsonSerializer.Serialize(new { options.VideoCodecs }, Json), StringComparison.Ordinal) + options.Script;

    /// <summary>Counters of the page's newest peer connection; null before there is one.</summary>
    public static async Task<PeerStats?> StatsAsync(this IBrowserPage page) =>
        (await page.EvaluateAsync("() => window.__probe.stats()").ConfigureAwait(false)).Deserialize<PeerStats?>(Json);

    /// <summary>Milliseconds from the click on "join" to each phase that the page has marked.</summary>
    public static async Task<IReadOnlyDictionary<string, double>> JoinPhasesAsync(this IBrowserPage page) =>
        (await page.EvaluateAsync("() => window.__probe.phases()").ConfigureAwait(false)).Deserialize<Dictionary<string, double>>(Json)!;

    public static async Task<bool> ExistsAsync(this IBrowserPage page, string testId) =>
        (await page.EvaluateAsync("id => document.querySelector(`[data-testid=\"${id}\"]`) !== null", testId).ConfigureAwait(false)).GetBoolean();

    public static Task<TimeSpan> WaitForAsync(this IBrowserPage page, string testId, TimeSpan limit) =>
        Wait.UntilAsync(
            $"{page.Name} shows {testId}", limit, () => page.ExistsAsync(testId),
            async () => (await page.EvaluateAsync("() => `${location.href} ${document.body?.innerText.slice(0, 400)}`").ConfigureAwait(false)).ToString());

    private static string ReadSource()
    {
        using var stream = typeof(Probe).Assembly.GetManifestResourceStream("Pendopo.EndToEnd.Harness.probe.js")
            ?? throw new InvalidOperationException("probe.js is not embedded.");
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }
}

internal sealed record PeerStats(string State, string? Protocol, IReadOnlyList<InboundStats> Inbound, IReadOnlyList<OutboundStats> Outbound, string? SentAudioCodec = null)
{
    /// <summary>Streams that carry something: seats nobody sits in have a counter too.</summary>
    public IEnumerable<InboundStats> Video => Inbound.Where(stream => stream is { Kind: "video", Packets: > 0 });

    public IEnumerable<InboundStats> Audio => Inbound.Where(stream => stream is { Kind: "audio", Packets: > 0 });
}

internal sealed record InboundStats(
    string Mid, string Kind, string? Codec, long Packets, long FramesDecoded, long KeyFramesDecoded, int FrameHeight, int Freezes, double TotalAudioEnergy);

internal sealed record OutboundStats(string Kind, string? Codec, string Rid, long Packets, long FramesEncoded);
