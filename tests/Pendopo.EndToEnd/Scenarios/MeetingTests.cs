using Pendopo.EndToEnd.Harness;

namespace Pendopo.EndToEnd.Scenarios;

/// <summary>People meet: real browsers, real encoders and decoders, our media server between them.</summary>
public sealed class MeetingTests(Browsers browsers, ServerFixture fixture) : IClassFixture<ServerFixture>
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(25);

    /// <summary>
    /// What a join may take until all are seen and heard, in the best of <see cref="Attempts"/>. The aim is 2 s; three browsers that encode, encrypt and
    /// decode on two cores need longer, and a product that waited for something would need longer still.
    /// </summary>
    private static readonly TimeSpan JoinLimit = TimeSpan.FromSeconds(8);

    private const int Attempts = 3;

    private const string Wayan = "Wayan";

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
    public async Task A_Firefox_that_joins_a_meeting_in_H264_and_RED_sees_and_hears_at_once()
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

        var joining = await Participant.OpenAsync(browsers, BrowserKind.Firefox, company.Link, Wayan);
        company.Add(joining);
        var best = TimeSpan.MaxValue;
        for (var attempt = 1; attempt <= Attempts && best >= JoinLimit; attempt++)
        {
            if (attempt > 1)
            {
                // One hitch of a busy machine is no fault of the product: once more, from the same beginning.
                await joining.LeaveAsync();
                await WaitUntilSentAsync("video/H264", company.People.Take(2), Limit);
                await joining.ReturnAsync();
            }

            // From being let in; who comes back needs nobody for that.
            await joining.KnockAsync();
            if (attempt == 1) await company.Host.AdmitAsync();
            var arrival = await joining.Page.ArrivalAsync(others: 2, Limit);
            var phases = string.Join(", ", (await joining.Page.JoinPhasesAsync()).Select(phase => $"{phase.Key} {phase.Value:0}"));
            TestContext.Current.TestOutputHelper!.WriteLine(
                $"Firefox in an H.264 and RED meeting, join {attempt}: sees after {arrival.Seen:0} ms, hears after {arrival.Heard:0} ms ({phases})");
            if (arrival.Whole < best) best = arrival.Whole;
        }

        Assert.True(best < JoinLimit, $"It took {best.TotalSeconds:0.00} s at best.\n{Log.Take()}");
        await company.AssertAllSeeAndHearAllAsync(Limit);
    }

    [Fact]
    public async Task A_meeting_changes_its_codec_without_an_offer_when_a_Firefox_comes_and_goes()
    {
        await using var company = new Company(browsers);
        await company.FoundAsync(fixture.Server, "Sari", "h264", "vp8");
        await company.JoinAsync(BrowserKind.Chromium, "Budi");
        await company.WaitUntilAllSeeAndHearAllAsync(Limit);
        await AssertOneOfferEachAsync();

        await using var joining = await company.JoinAsync(BrowserKind.Firefox, Wayan);
        await WaitUntilSentAsync("video/VP8", company.People.Take(2), Limit);
        await company.AssertAllSeeAndHearAllAsync(Limit);
        await joining.LeaveAsync();
        company.Remove(joining);
        await WaitUntilSentAsync("video/H264", company.People, Limit);
        await company.AssertAllSeeAndHearAllAsync(Limit);
        await AssertOneOfferEachAsync();

        async Task AssertOneOfferEachAsync()
        {
            foreach (var participant in company.People) Assert.Equal(1, await participant.Page.OffersAsync());
        }
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
        await budi.ReturnAsync();
        await budi.KnockAsync();
        await budi.WaitForRoomAsync();
        await Wait.UntilAsync("Sari sees a tile again", TimeSpan.FromSeconds(5), async () => await sari.CountTilesAsync() == together);
        await company.AssertAllSeeAndHearAllAsync(Limit);
    }

    private static async Task WaitUntilSentAsync(string codec, IEnumerable<Participant> senders, TimeSpan limit)
    {
        foreach (var sender in senders)
        {
            await Wait.UntilAsync(
                $"{sender.Name} sends {codec} alone", limit,
                async () => await sender.Page.StatsAsync() is { } stats && stats.SentVideoCodecs.SequenceEqual([codec]),
                async () => (await sender.Page.StatsAsync())?.ToString() ?? "");
        }
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
