using System.Diagnostics;
using Pendopo.EndToEnd.Harness;

namespace Pendopo.EndToEnd.Scenarios;

/// <summary>
/// Encrypted frames through the real media server, by the product's session and peer connection, with keys by hand: it must find key
/// frames, switch layers and bind seats without reading what is encrypted.
/// </summary>
public sealed class FrameMeetingTests(Browsers browsers, FrameProofFixture fixture) : IClassFixture<FrameProofFixture>
{
    private const int Secret = 42;
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);

    [Theory]
    [InlineData("vp8", "video/VP8", BrowserKind.Firefox)]
    [InlineData("vp9", "video/VP9", BrowserKind.Firefox)]
    [InlineData("av1", "video/AV1", BrowserKind.Firefox)]
    [InlineData("h264", "video/H264", BrowserKind.Chromium)]
    public async Task An_encrypted_meeting_is_seen_and_heard_in_every_layer_by_members_only(string codec, string mimeType, BrowserKind third)
    {
        var meetingId = (await fixture.Server.CreateBroadcastAsync(codec)).MeetingId;
        await using var sari = await EnterAsync(BrowserKind.Chromium, "Sari", meetingId, leaf: 1, Secret);
        await using var wayan = await EnterAsync(third, "Wayan", meetingId, leaf: 2, Secret);
        await WaitUntilSeenAndHeardAsync([sari, wayan], others: 1);

        // Who comes later gets a key frame without anybody having read one.
        var clock = Stopwatch.StartNew();
        await using var budi = await EnterAsync(BrowserKind.Chromium, "Budi", meetingId, leaf: 3, Secret);
        await WaitUntilSeenAndHeardAsync([budi], others: 2);
        TestContext.Current.TestOutputHelper!.WriteLine($"{codec}: a third sees and hears both {clock.ElapsedMilliseconds} ms after opening the page");
        await WaitUntilSeenAndHeardAsync([sari, wayan], others: 2);
        Assert.Equal([mimeType], (await budi.StatsAsync())!.Video.Select(stream => stream.Codec).Distinct());

        // The tiles are labelled by the keys of their frames.
        var state = await budi.MeetingStateAsync();
        Assert.Equal([1, 2], state.Slots.Where(slot => slot.Key.EndsWith("video", StringComparison.Ordinal)).Select(slot => slot.Value).Order());

        // Up to another simulcast layer and down again; larger ones come only from a browser with time for them.
        await SwitchAsync(sari, height: 720, streams => streams.Any(stream => stream.FrameHeight > 180));
        await SwitchAsync(sari, height: 90, streams => streams.All(stream => stream.FrameHeight <= 180));

        // A stranger gets the packets and nothing else.
        await using var stranger = await EnterAsync(BrowserKind.Chromium, "Stranger", meetingId, leaf: 4, Secret + 1);
        await Wait.UntilAsync(
            "the stranger refuses frames", Limit, async () => (await stranger.MeetingStateAsync()).Counts.Dropped.GetValueOrDefault("undecryptable") > 100,
            () => DescribeAsync(stranger));
        Assert.Equal(0, (await stranger.MeetingStateAsync()).Counts.Received);
        Assert.All((await stranger.StatsAsync())!.Video, stream => Assert.Equal(0, stream.FramesDecoded));
        Assert.All((await stranger.StatsAsync())!.Audio, stream => Assert.Equal(0, stream.TotalAudioEnergy));
    }

    [Fact]
    public async Task An_encrypted_meeting_goes_on_when_its_codec_changes_without_an_offer()
    {
        var meetingId = (await fixture.Server.CreateBroadcastAsync("h264", "vp8")).MeetingId;
        await using var sari = await EnterAsync(BrowserKind.Chromium, "Sari", meetingId, leaf: 1, Secret);
        await using var budi = await EnterAsync(BrowserKind.Chromium, "Budi", meetingId, leaf: 2, Secret);
        await WaitUntilSeenAndHeardAsync([sari, budi], others: 1);
        Assert.Equal(["video/H264"], (await sari.StatsAsync())!.SentVideoCodecs);
        var offers = await sari.OffersAsync();

        await using var wayan = await EnterAsync(BrowserKind.Firefox, "Wayan", meetingId, leaf: 3, Secret);
        await WaitUntilSeenAndHeardAsync([wayan, sari, budi], others: 2);
        Assert.Equal(["video/VP8"], (await wayan.StatsAsync())!.Video.Select(stream => stream.Codec).Distinct());
        Assert.Equal(["video/VP8"], (await sari.StatsAsync())!.SentVideoCodecs);
        Assert.Equal(offers, await sari.OffersAsync());

        // The one who was there before goes on seeing the other, in the new codec.
        var before = (await sari.StatsAsync())!.Video.ToDictionary(stream => stream.Mid, stream => stream.FramesDecoded);
        await Wait.UntilAsync(
            "Sari goes on seeing both", Limit, async () => (await sari.StatsAsync())!.Video.All(stream => stream.FramesDecoded > before[stream.Mid] + 20), () => DescribeAsync(sari));
    }

    private async Task<IBrowserPage> EnterAsync(BrowserKind kind, string name, string meetingId, int leaf, int secret)
    {
        var page = await browsers.OpenFrameProofAsync(kind, fixture.Server.Address, name);
        await page.StartMeetingAsync(new { meetingId, leaf, secret });
        return page;
    }

    private static async Task WaitUntilSeenAndHeardAsync(IBrowserPage[] pages, int others)
    {
        foreach (var page in pages)
        {
            await Wait.UntilAsync(
                $"{page.Name} sees and hears {others}", Limit,
                async () => await page.StatsAsync() is { } stats
                    && stats.Video.Count(stream => stream.FramesDecoded >= 20) >= others && stats.Audio.Count(stream => stream.TotalAudioEnergy > 0) >= others,
                () => DescribeAsync(page));
        }
    }

    /// <summary>Asks for pictures of a height and waits for them on every seat, with frames that go on.</summary>
    private static async Task SwitchAsync(IBrowserPage page, int height, Func<IEnumerable<InboundStats>, bool> isSwitched)
    {
        await page.EvaluateAsync("height => window.proof.meeting.setHeight(height)", height);
        await Wait.UntilAsync(
            $"{page.Name} sees pictures for {height} lines", Limit, async () => isSwitched((await page.StatsAsync())!.Video), () => DescribeAsync(page));
        var before = (await page.StatsAsync())!.Video.ToDictionary(stream => stream.Mid, stream => stream.FramesDecoded);
        await Wait.UntilAsync(
            $"{page.Name} goes on seeing them", Limit, async () => (await page.StatsAsync())!.Video.All(stream => stream.FramesDecoded > before[stream.Mid] + 20),
            () => DescribeAsync(page));
    }

    private static async Task<string> DescribeAsync(IBrowserPage page)
    {
        var stats = await page.StatsAsync();
        return $"{await page.MeetingStateAsync()} {stats?.State} {string.Join("; ", stats?.Inbound.Where(stream => stream.Packets > 0).Select(stream => stream.ToString()) ?? [])} "
            + $"out: {string.Join("; ", stats?.Outbound.Select(stream => stream.ToString()) ?? [])}\n{Log.Take()}";
    }
}
