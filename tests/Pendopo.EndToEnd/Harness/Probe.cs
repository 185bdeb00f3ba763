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

    /// <summary>Waits, in the page, until so many others are seen and heard.</summary>
    public static async Task<Arrival> ArrivalAsync(this IBrowserPage page, int others, TimeSpan limit) =>
        (await page.EvaluateAsync("(others, limit) => window.__probe.arrival(others, limit)", others, limit.TotalMilliseconds).ConfigureAwait(false)).Deserialize<Arrival>(Json)!;

    /// <summary>Offers that the page has made so far.</summary>
    public static async Task<int> OffersAsync(this IBrowserPage page) => (await page.EvaluateAsync("() => window.__probe.offers()").ConfigureAwait(false)).GetInt32();

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

    /// <summary>In which codecs pictures are sent.</summary>
    public IReadOnlyCollection<string?> SentVideoCodecs => [.. Outbound.Where(stream => stream is { Kind: "video", Codec: not null }).Select(stream => stream.Codec).Distinct()];

    public IEnumerable<InboundStats> Audio => Inbound.Where(stream => stream is { Kind: "audio", Packets: > 0 });
}

/// <summary>Milliseconds from being let in, or from the click on "join" where nobody had to do that, until all others are seen, and heard.</summary>
internal sealed record Arrival(double Seen, double Heard)
{
    public TimeSpan Whole => TimeSpan.FromMilliseconds(Math.Max(Seen, Heard));
}

internal sealed record InboundStats(
    string Mid, string Kind, string? Codec, long Packets, long FramesDecoded, long KeyFramesDecoded, int FrameHeight, int Freezes, double TotalAudioEnergy);

internal sealed record OutboundStats(string Kind, string? Codec, string Rid, long Packets, long FramesEncoded);
