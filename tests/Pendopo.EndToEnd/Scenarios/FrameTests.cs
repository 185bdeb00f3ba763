using Pendopo.EndToEnd.Harness;
using Pendopo.Testing;

namespace Pendopo.EndToEnd.Scenarios;

/// <summary>A server that serves the proof page instead of the product's client, with the product's policies.</summary>
public sealed class FrameProofFixture(Servers servers) : ServerFixture(servers, $"--Pendopo:WebRoot={WebRoot}")
{
    private static string WebRoot
    {
        get
        {
            var root = Path.Combine(Repository.Root, "web", "dist-proof");
            Assert.True(File.Exists(Path.Combine(root, "frames.html")), $"Build the proof page first (npm run build:proof in web): {root} is missing.");
            return root;
        }
    }
}

/// <summary>Frames encrypted in real browsers, with real encoders, packetizers and decoders on the way; without the rest of the product.</summary>
public sealed class FrameTests(Browsers browsers, FrameProofFixture fixture) : IClassFixture<FrameProofFixture>
{
    private const int SenderLeaf = 300;
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(20);

    [Theory]
    [InlineData(BrowserKind.Chromium, "VP8", null)]
    [InlineData(BrowserKind.Chromium, "VP9", null)]
    [InlineData(BrowserKind.Chromium, "AV1", null)]
    [InlineData(BrowserKind.Chromium, "H264", null)]
    [InlineData(BrowserKind.Chromium, "VP8", "L1T3")]
    [InlineData(BrowserKind.Chromium, "VP9", "L3T3_KEY")]
    [InlineData(BrowserKind.Chromium, "AV1", "L2T2")]
    [InlineData(BrowserKind.Firefox, "VP8", null)]
    [InlineData(BrowserKind.Firefox, "VP9", null)]
    [InlineData(BrowserKind.Firefox, "AV1", null)]
    public async Task Encrypted_frames_are_decoded_and_name_their_sender(BrowserKind kind, string codec, string? scalabilityMode)
    {
        await using var page = await browsers.OpenFrameProofAsync(kind, fixture.Server.Address, "loop");
        await page.StartLoopAsync(new { codec, scalabilityMode });

        await WaitUntilSeenAndHeardAsync(page, frames: 30);
        Assert.Equal([$"video/{codec}"], (await page.StatsAsync())!.Video.Select(stream => stream.Codec));
        await Wait.UntilAsync("the sender's digests prove the frames", Limit, async () => (await page.LoopStateAsync()).Proofs.Count > 0, () => DescribeAsync(page));
        var state = await page.LoopStateAsync();
        Assert.True(state.Slots is { Count: 2 } && state.Slots.Values.All(leaf => leaf == SenderLeaf), state.ToString());
        // Chromium fills its probes with packets it has sent before, and their frames come out of the depacketizer twice.
        Assert.True(state.Sent.Dropped.Count == 0 && state.Received.Dropped.Keys.All(reason => reason == "replayed"), state.ToString());
        Assert.True(state.Proofs.All(proof => proof[1].GetString() == "proved"), state.ToString());
    }

    [Fact]
    public async Task Redundant_sound_is_encrypted_as_a_whole_and_heard()
    {
        await using var page = await browsers.OpenFrameProofAsync(BrowserKind.Chromium, fixture.Server.Address, "red");
        await page.StartLoopAsync(new { codec = "VP8", red = true });
        await WaitUntilSeenAndHeardAsync(page, frames: 10);
        Assert.Equal("audio/red", (await page.EvaluateAsync("() => window.proof.loop.soundCodec")).GetString());
    }

    [Theory]
    [InlineData(BrowserKind.Chromium, "VP8")]
    [InlineData(BrowserKind.Chromium, "VP9")]
    [InlineData(BrowserKind.Chromium, "AV1")]
    [InlineData(BrowserKind.Chromium, "H264")]
    [InlineData(BrowserKind.Firefox, "VP8")]
    [InlineData(BrowserKind.Firefox, "VP9")]
    [InlineData(BrowserKind.Firefox, "AV1")]
    public async Task With_another_key_not_one_frame_is_decoded(BrowserKind kind, string codec)
    {
        await using var page = await browsers.OpenFrameProofAsync(kind, fixture.Server.Address, "wrong key");
        await page.StartLoopAsync(new { codec, wrongKey = true });

        await Wait.UntilAsync(
            "frames are refused", Limit, async () => (await page.LoopStateAsync()).Received.Dropped.GetValueOrDefault("undecryptable") > 100, () => DescribeAsync(page));
        var state = await page.LoopStateAsync();
        Assert.True(state.Received is { Received: 0, Dropped.Count: 1 } && state.Slots.Count == 0, state.ToString());
        Assert.All((await page.StatsAsync())!.Video, stream => Assert.Equal(0, stream.FramesDecoded));
        Assert.All((await page.StatsAsync())!.Audio, stream => Assert.Equal(0, stream.TotalAudioEnergy));
    }

    [Theory]
    [InlineData(BrowserKind.Chromium, "VP8")]
    [InlineData(BrowserKind.Firefox, "VP8")]
    public async Task Without_transforms_not_one_frame_is_decoded(BrowserKind kind, string codec)
    {
        await using var page = await browsers.OpenFrameProofAsync(kind, fixture.Server.Address, "bare");
        await page.StartLoopAsync(new { codec, bare = true });
        await Wait.UntilAsync(
            "packets arrive", Limit, async () => await page.StatsAsync() is { } stats && stats.Video.Any(stream => stream.Packets > 300), () => DescribeAsync(page));

        // The clear first bytes let a VP8 decoder draw something on key frames; a picture it is not, and no frame follows.
        Assert.All((await page.StatsAsync())!.Video, stream => Assert.True(stream.FramesDecoded <= stream.KeyFramesDecoded, $"{stream}"));
    }

    [Theory]
    [InlineData(BrowserKind.Chromium)]
    [InlineData(BrowserKind.Firefox)]
    public async Task A_new_epoch_whose_keys_come_late_costs_no_picture(BrowserKind kind)
    {
        await using var page = await browsers.OpenFrameProofAsync(kind, fixture.Server.Address, "rekey");
        // Pictures only: sound waits for nothing, and its frames of that time are gone.
        await page.StartLoopAsync(new { codec = "VP8", silent = true });
        await WaitUntilSeenAsync(page, frames: 30);
        for (var epoch = 1; epoch <= 3; epoch++)
        {
            var decoded = (await page.StatsAsync())!.Video.Single().FramesDecoded;
            await page.EvaluateAsync("() => window.proof.loop.rekey(100)");
            await WaitUntilSeenAsync(page, frames: decoded + 30);
        }

        var state = await page.LoopStateAsync();
        Assert.True(state.Received.Dropped.Keys.All(reason => reason == "replayed"), state.ToString());
    }

    [Theory]
    [InlineData(BrowserKind.Chromium)]
    [InlineData(BrowserKind.Firefox)]
    public async Task The_cost_of_a_frame_is_told(BrowserKind kind)
    {
        await using var page = await browsers.OpenFrameProofAsync(kind, fixture.Server.Address, "cost");
        foreach (var cost in await page.FrameCostsAsync(rounds: 1000))
        {
            TestContext.Current.TestOutputHelper!.WriteLine(
                $"{kind}: {cost.Codec} of {cost.Bytes} bytes: encrypt {cost.Encrypt:0} µs, decrypt {cost.Decrypt:0} µs, hash {cost.Hash:0} µs");
            Assert.True(cost.Encrypt < 5_000 && cost.Decrypt < 5_000, $"{cost}"); // a tenth of what 20 frames a second of 10 people leave
        }
    }

    private static Task<TimeSpan> WaitUntilSeenAndHeardAsync(IBrowserPage page, long frames) => Wait.UntilAsync(
        $"{frames} frames are decoded and sound is heard", Limit,
        async () => await page.StatsAsync() is { } stats
            && stats.Video.Any(stream => stream.FramesDecoded >= frames) && stats.Audio.Any(stream => stream.TotalAudioEnergy > 0),
        () => DescribeAsync(page));

    private static Task<TimeSpan> WaitUntilSeenAsync(IBrowserPage page, long frames) => Wait.UntilAsync(
        $"{frames} frames are decoded", Limit,
        async () => await page.StatsAsync() is { } stats && stats.Video.Any(stream => stream.FramesDecoded >= frames), () => DescribeAsync(page));

    private static async Task<string> DescribeAsync(IBrowserPage page)
    {
        var stats = await page.StatsAsync();
        return $"{await page.LoopStateAsync()} {stats?.State} {string.Join("; ", stats?.Inbound.Select(stream => stream.ToString()) ?? [])}\n{Log.Take()}";
    }
}
