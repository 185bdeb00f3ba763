using Pendopo.EndToEnd.Harness;

namespace Pendopo.EndToEnd.Scenarios;

/// <summary>What nobody watches is not sent: the server tells a camera which of its encodings somebody shows (docs/protocol.md, <c>layersWanted</c>).</summary>
public sealed class LayerTests(Browsers browsers, ServerFixture fixture) : IClassFixture<ServerFixture>
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(25);

    /// <summary>Longer than a frame of the slowest layer takes, and than the last frames of one that is switched off.</summary>
    private static readonly TimeSpan Look = TimeSpan.FromSeconds(1.5);

    [Fact]
    public async Task A_camera_sends_the_encodings_that_somebody_shows_and_none_when_nobody_does()
    {
        await using var company = new Company(browsers);
        var sari = await company.FoundAsync(fixture.Server, "Sari");
        var budi = await company.JoinAsync(BrowserKind.Chromium, "Budi");
        await company.AssertAllSeeAndHearAllAsync(Limit);
        
        // Two tiles side by side on a laptop have some 340 lines each: no use for 720.
        await WaitUntilSentAsync(sari, "the middle one, and not the largest,", static rids => rids.Contains("h") && !rids.Contains("f"));

        // A tile of a telephone needs the smallest encoding only.
        await budi.Page.ResizeAsync(320, 480);
        await WaitUntilSentAsync(sari, "the smallest alone", static rids => rids is ["q"]);
        await budi.Page.ResizeAsync(1920, 1080);
        await WaitUntilSentAsync(sari, "the largest", static rids => rids.Contains("f"));
        await company.AssertAllSeeAndHearAllAsync(Limit);

        await budi.LeaveAsync();
        await WaitUntilSentAsync(sari, "none", static rids => rids.Count == 0);
    }

    [Fact]
    public async Task Who_saves_data_hears_everybody_is_sent_no_picture_and_sends_the_smallest()
    {
        await using var company = new Company(browsers);
        var sari = await company.FoundAsync(fixture.Server, "Sari");
        // A page without an address has no storage.
        var budi = await company.JoinAsync(BrowserKind.Chromium, "Budi", new PageOptions
        {
            Script = """;try { localStorage.setItem('pendopo.room', '{"dataSaver":"audio"}'); } catch { }""",
        });
        await WaitUntilSentAsync(budi, "the smallest alone", static rids => rids is ["q"]);
        await WaitUntilSentAsync(sari, "none", static rids => rids.Count == 0);

        var before = await ReceivedAsync(budi);
        await Wait.MeasureForAsync(Look);
        var after = await ReceivedAsync(budi);
        Assert.Equal(before.Pictures, after.Pictures);
        Assert.True(after.Energy > before.Energy, $"{before} {after}");
        Assert.Contains(sari.Name.Split(' ')[0], (await budi.Page.EvaluateAsync("() => document.querySelector('[data-testid=room-stage]').textContent")).GetString()!, StringComparison.Ordinal);
    }

    private static async Task<(long Pictures, double Energy)> ReceivedAsync(Participant participant)
    {
        var stats = (await participant.Page.StatsAsync())!;
        return (stats.Video.Sum(stream => stream.FramesDecoded), stats.Audio.Sum(stream => stream.TotalAudioEnergy));
    }

    private static async Task WaitUntilSentAsync(Participant participant, string what, Func<IReadOnlyList<string>, bool> isMet)
    {
        IReadOnlyList<string> sent = [];
        await Wait.UntilAsync(
            $"of {participant.Name}'s encodings {what} is sent", Limit,
            async () =>
            {
                var before = await FramesAsync(participant);
                await Wait.MeasureForAsync(Look);
                var after = await FramesAsync(participant);
                sent = [.. after.Where(frames => frames.Value > before.GetValueOrDefault(frames.Key)).Select(frames => frames.Key)];
                return isMet(sent);
            },
            () => Task.FromResult($"sent: {string.Join(", ", sent)}"));
    }

    private static async Task<Dictionary<string, long>> FramesAsync(Participant participant)
    {
        var stats = await participant.Page.StatsAsync();
        return stats!.Outbound.Where(stream => stream.Kind == "video").ToDictionary(stream => stream.Rid, stream => stream.FramesEncoded);
    }
}
