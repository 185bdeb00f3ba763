using System.Diagnostics;
using Pendopo.EndToEnd.Harness;

namespace Pendopo.EndToEnd.Scenarios;

/// <summary>People meet: real browsers, real encoders and decoders, our media server between them.</summary>
public sealed class MeetingTests(Browsers browsers, ServerFixture fixture) : IClassFixture<ServerFixture>
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(25);

    [Fact]
    public async Task Two_Chromium_and_a_Firefox_see_and_hear_each_other_over_UDP()
    {
        await using var company = new Company(browsers);
        await company.FoundAsync(fixture.Server, "Sari");
        await company.JoinAsync(BrowserKind.Chromium, "Budi");
        await company.JoinAsync(BrowserKind.Firefox, "Wayan");

        await company.AssertAllSeeAndHearAllAsync(Limit);
        await company.WaitUntilAllAreEncryptedAsync(Limit);
        Assert.Equal(["udp"], await company.ProtocolsAsync());
        Assert.Equal(["video/VP8"], await company.VideoCodecsAsync());
    }

    [Theory]
    [InlineData("vp9", "video/VP9", BrowserKind.Firefox)]
    [InlineData("av1", "video/AV1", BrowserKind.Firefox)]
    [InlineData("h264", "video/H264", BrowserKind.Chromium)]
    public async Task A_meeting_runs_in_the_codec_it_was_founded_with(string codec, string mimeType, BrowserKind third)
    {
        await using var company = new Company(browsers);
        await company.FoundAsync(fixture.Server, "Sari", codec);
        await company.JoinAsync(third, "Wayan");

        await company.AssertAllSeeAndHearAllAsync(Limit);
        await company.WaitUntilAllAreEncryptedAsync(Limit);
        Assert.Equal([mimeType], await company.VideoCodecsAsync());
    }

    [Fact]
    public async Task A_Firefox_that_joins_a_meeting_in_H264_and_RED_sees_and_hears_within_2_seconds()
    {
        await using var company = new Company(browsers);
        await company.FoundAsync(fixture.Server, "Sari", "h264", "vp8");
        await company.JoinAsync(BrowserKind.Chromium, "Budi");
        await company.WaitUntilAllSeeAndHearAllAsync(Limit);
        Assert.Equal(["video/H264"], await company.VideoCodecsAsync());
        foreach (var participant in company.People)
        {
            // Without loss nobody is told to send redundantly, though all could.
            Assert.Equal("audio/opus", (await participant.Page.StatsAsync())!.SentAudioCodec);
        }

        var joining = await Participant.OpenAsync(browsers, BrowserKind.Firefox, company.Link, "Wayan");
        await joining.KnockAsync();
        await joining.Page.WaitForAsync("waiting-waiting", Limit);
        var clock = Stopwatch.StartNew();
        await company.EnterKnockingAsync(joining);
        TimeSpan? seen = null, heard = null;
        await Wait.UntilAsync("the Firefox sees and hears both", TimeSpan.FromSeconds(20), async () =>
        {
            if (await joining.Page.StatsAsync() is not { } stats) return false;
            if (stats.Video.Count(stream => stream.FramesDecoded > 0) == 2) seen ??= clock.Elapsed;
            if (stats.Audio.Count(stream => stream.TotalAudioEnergy > 0) == 2) heard ??= clock.Elapsed;
            return seen is not null && heard is not null;
        });
        var taken = clock.Elapsed;
        var phases = string.Join(", ", (await joining.Page.JoinPhasesAsync()).Select(phase => $"{phase.Key} {phase.Value:0}"));
        TestContext.Current.TestOutputHelper!.WriteLine(
            $"Firefox in an H.264 and RED meeting: sees after {seen!.Value.TotalMilliseconds:0} ms, hears after {heard!.Value.TotalMilliseconds:0} ms ({phases})");
        Assert.True(taken < TimeSpan.FromSeconds(2), $"It took {taken.TotalSeconds:0.00} s.\n{Log.Take()}");
        await company.AssertAllSeeAndHearAllAsync(Limit);
    }

    [Fact]
    public async Task Who_leaves_is_gone_for_the_others_and_who_comes_back_is_seen_again()
    {
        await using var company = new Company(browsers);
        var sari = await company.FoundAsync(fixture.Server, "Sari");
        var budi = await company.JoinAsync(BrowserKind.Chromium, "Budi");
        await company.WaitUntilAllSeeAndHearAllAsync(Limit);
        var together = await sari.CountTilesAsync();

        await budi.LeaveAsync();
        await Wait.UntilAsync(
            "Sari's view has one tile less", TimeSpan.FromSeconds(5), async () => await sari.CountTilesAsync() == together - 1);

        // Nobody needs to let him in again: he comes back by the right of his device.
        await budi.Page.ClickAsync("over-rejoin");
        await budi.Page.WaitForAsync("prejoin-join", Limit);
        await budi.KnockAsync();
        await budi.WaitForRoomAsync();
        await Wait.UntilAsync("Sari sees a tile again", TimeSpan.FromSeconds(5), async () => await sari.CountTilesAsync() == together);
        await company.AssertAllSeeAndHearAllAsync(Limit);
    }
}

/// <summary>The same where only TCP gets through.</summary>
public sealed class TcpMeetingTests(Browsers browsers, TcpOnlyServerFixture fixture) : IClassFixture<TcpOnlyServerFixture>
{
    [Fact]
    public async Task Two_Chromium_and_a_Firefox_see_and_hear_each_other_over_TCP()
    {
        await using var company = new Company(browsers);
        await company.FoundAsync(fixture.Server, "Sari");
        await company.JoinAsync(BrowserKind.Chromium, "Budi");
        await company.JoinAsync(BrowserKind.Firefox, "Wayan");

        await company.AssertAllSeeAndHearAllAsync(TimeSpan.FromSeconds(25));
        Assert.Equal(["tcp"], await company.ProtocolsAsync());
    }
}
