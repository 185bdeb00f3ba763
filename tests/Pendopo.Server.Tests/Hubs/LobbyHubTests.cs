using Microsoft.AspNetCore.SignalR.Client;
using Pendopo.Signaling;
using Pendopo.Testing.Groups;
using Xunit;

namespace Pendopo.Server.Tests.Hubs;

/// <summary>What those who wait and moderators tell each other over the wire.</summary>
public sealed class LobbyHubTests
{
    [Fact]
    public async Task Those_who_wait_are_told_and_who_comes_back_to_the_place_reads_it_again()
    {
        await using var crowd = await Crowd.GatherAsync();
        var (host, budi) = (crowd.Host, await crowd.ComeAsync("budi"));
        var knocked = await budi.KnockAsync();
        Assert.Null(knocked.Notice);
        Assert.Equal(ErrorCode.None, (await TellAsync(host, "  Mulai pukul 10.\nSilakan tunggu. ")).Error);
        foreach (var reader in new[] { budi, host }) Assert.Equal("Mulai pukul 10.\nSilakan tunggu.", (await reader.Guest.NextAsync<NoticeChanged>()).Notice);
        Assert.Equal("Mulai pukul 10.\nSilakan tunggu.", (await host.AskAsync<KnockPage>("listKnocks", null)).Notice);

        // The page is loaded anew: another connection of the same browser.
        await using var again = await budi.Browser.ConnectAsync();
        var request = new KnockRequest(crowd.Statement.MeetingIdText, "budi", budi.Device.KeyPackage(crowd.Statement.Hash, 901).Text, null, "  Bappenas ");
        var returned = await again.Hub.InvokeAsync<KnockResult>("knock", request, TestContext.Current.CancellationToken);
        Assert.Equal((KnockState.Waiting, knocked.Since, "Mulai pukul 10.\nSilakan tunggu."), (returned.State, returned.Since, returned.Notice));
        Assert.Equal("Bappenas", (await host.Guest.NextAsync<Knock>(knock => knock.ParticipantId == returned.Self)).Institution);

        // What is said to people is in no log.
        Assert.DoesNotContain(crowd.Server.Log.All, line => line.Text.Contains("Silakan", StringComparison.Ordinal));
        Assert.Equal(ErrorCode.None, (await TellAsync(host, null)).Error);
        Assert.Null((await again.NextAsync<NoticeChanged>()).Notice);
    }

    [Fact]
    public async Task Texts_out_of_bounds_are_refused_and_so_is_a_flood()
    {
        await using var crowd = await Crowd.GatherAsync();
        var (host, budi) = (crowd.Host, await crowd.ComeAsync("budi"));
        await budi.KnockAsync();
        foreach (var text in new[] { "", " ", new string('a', 501), "\u202eaneh", "a\u0007" }) Assert.Equal(ErrorCode.InvalidRequest, (await TellAsync(host, text)).Error);
        foreach (var institution in new[] { "", " ", new string('a', 81), "dua\nbaris", "\u202eaneh" })
        {
            var request = new KnockRequest(crowd.Statement.MeetingIdText, "citra", TestDevice.Of("citra").KeyPackage(crowd.Statement.Hash, 902).Text, null, institution);
            Assert.Equal(ErrorCode.InvalidRequest, (await (await crowd.ComeAsync("citra")).AskAsync<KnockResult>("knock", request)).Error);
        }

        // Malformed ones cost nothing; ten a minute are told.
        for (var count = 0; count < 10; count++) Assert.Equal(ErrorCode.None, (await TellAsync(host, $"{count}")).Error);
        Assert.Equal(ErrorCode.TooManyRequests, (await TellAsync(host, "11")).Error);
    }

    private static Task<Outcome> TellAsync(GroupGuest by, string? notice) => by.AskAsync<Outcome>("tellWaiting", notice);
}
