using System.Text.Json;

namespace Pendopo.EndToEnd.Harness;

/// <summary>The page on which frames are encrypted with keys by hand, and what its workers report.</summary>
internal static class FrameProof
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web);

    public static async Task<IBrowserPage> OpenFrameProofAsync(this Browsers browsers, BrowserKind kind, string server, string name, PageOptions? options = null)
    {
        var page = await browsers.OpenAsync(kind, name, options).ConfigureAwait(false);
        await page.GoToAsync($"{server}/frames.html").ConfigureAwait(false);
        await Wait.UntilAsync(
            "the page is there", TimeSpan.FromSeconds(10),
            async () => (await page.EvaluateAsync("() => 'proof' in window").ConfigureAwait(false)).GetBoolean()).ConfigureAwait(false);
        return page;
    }

    /// <summary>Two members in the page, connected directly, each with a worker of its own.</summary>
    public static Task StartLoopAsync(this IBrowserPage page, object options) => page.EvaluateAsync("options => window.proof.startLoop(options)", options);

    public static async Task<LoopState> LoopStateAsync(this IBrowserPage page) =>
        await page.ReadAsync<LoopState>("() => window.proof.loop.state()").ConfigureAwait(false);

    /// <summary>A member of a meeting on the server.</summary>
    public static Task StartMeetingAsync(this IBrowserPage page, object options) => page.EvaluateAsync("options => window.proof.startMeeting(options)", options);

    public static async Task<MeetingState> MeetingStateAsync(this IBrowserPage page) =>
        await page.ReadAsync<MeetingState>("() => window.proof.meeting.state()").ConfigureAwait(false);

    public static async Task<IReadOnlyList<FrameCost>> FrameCostsAsync(this IBrowserPage page, int rounds) =>
        await page.ReadAsync<IReadOnlyList<FrameCost>>("rounds => window.proof.costs(rounds)", rounds).ConfigureAwait(false);

    /// <summary>As text: Playwright puts marks of its own into objects that share parts.</summary>
    private static async Task<T> ReadAsync<T>(this IBrowserPage page, string function, params object?[] arguments)
    {
        var text = await page.EvaluateAsync($"async (...list) => JSON.stringify(await ({function})(...list))", arguments).ConfigureAwait(false);
        return JsonSerializer.Deserialize<T>(text.GetString()!, Json)!;
    }
}

/// <summary>What a member's transforms did.</summary>
/// <param name="Dropped">Frames by the reason for which they went no further.</param>
internal sealed record FrameCounts(long Sent, long Received, IReadOnlyDictionary<string, long> Dropped)
{
    public override string ToString() => $"sent {Sent}, received {Received}, dropped {string.Join(' ', Dropped)}";
}

/// <param name="Slots">Leaf by receive slot.</param>
/// <param name="Proofs">Pairs of leaf and state, in order.</param>
internal sealed record LoopState(FrameCounts Sent, FrameCounts Received, IReadOnlyDictionary<string, int> Slots, IReadOnlyList<IReadOnlyList<JsonElement>> Proofs)
{
    public override string ToString() => $"sender: {Sent}; receiver: {Received}; slots {string.Join(' ', Slots)}; proofs {string.Join(' ', Proofs.Select(proof => string.Join('=', proof)))}";
}

internal sealed record MeetingState(string Phase, FrameCounts Counts, IReadOnlyDictionary<string, int> Slots)
{
    public override string ToString() => $"{Phase}; {Counts}; slots {string.Join(' ', Slots)}";
}

/// <summary>Microseconds per frame, one after the other.</summary>
internal sealed record FrameCost(string Codec, int Bytes, double Encrypt, double Decrypt, double Hash);
