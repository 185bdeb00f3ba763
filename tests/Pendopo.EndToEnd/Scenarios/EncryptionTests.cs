using Pendopo.EndToEnd.Harness;

namespace Pendopo.EndToEnd.Scenarios;

/// <summary>What people see and do of the encryption, in the product: links, the door, codes, removal, return.</summary>
public sealed class EncryptionTests(Browsers browsers, ServerFixture fixture) : IClassFixture<ServerFixture>
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(25);

    [Fact]
    public async Task A_cut_a_changed_and_a_downgraded_link_join_nothing_and_say_why()
    {
        await using var company = new Company(browsers);
        await company.FoundAsync(fixture.Server, "Sari");
        var (link, fragment) = (company.Link.Split('#')[0], company.Link.Split('#')[1]);
        var other = (fragment[0] == 'A' ? 'B' : 'A') + fragment[1..];
        var broadcast = (await fixture.Server.CreateBroadcastAsync()).Path;

        await using var page = await browsers.OpenAsync(BrowserKind.Chromium, "Budi");
        await page.GoToAsync(link);
        await page.WaitForAsync("fault-fragmentMissing", Limit);
        await page.GoToAsync($"{link}#{fragment[..20]}");
        await page.WaitForAsync("fault-fragmentMalformed", Limit);
        await page.GoToAsync($"{fixture.Server.Address}{broadcast}#{fragment}");
        await page.WaitForAsync("fault-fragmentUnexpected", Limit);
        // No socket was opened for any of them: nobody knocked anywhere.
        Assert.DoesNotContain(await page.SentAsync(), sent => sent.Contains("knock", StringComparison.Ordinal) || sent.Contains("join", StringComparison.Ordinal));

        await page.GoToAsync($"{link}#{other}");
        await page.WaitForAsync("prejoin-name", Limit);
        await page.FillAsync("prejoin-name", "Budi");
        await page.ClickAsync("prejoin-join");
        await page.WaitForAsync("fault-statementMismatch", Limit);
        Assert.DoesNotContain(await page.SentAsync(), sent => sent.Contains("\"knock\"", StringComparison.Ordinal) || sent.Contains("\"join\"", StringComparison.Ordinal));
        Assert.False(await company.Host.Page.ExistsAsync("knock-toast"));
    }

    [Fact]
    public async Task Who_waits_has_no_key_no_media_and_no_roster_and_who_is_refused_is_told()
    {
        await using var company = new Company(browsers);
        await company.FoundAsync(fixture.Server, "Sari");
        await using var budi = await Participant.OpenAsync(browsers, BrowserKind.Chromium, company.Link, "Budi");
        await budi.KnockAsync();
        await budi.Page.WaitForAsync("waiting-waiting", Limit);
        await company.Host.Page.WaitForAsync("knock-toast-deny", Limit);

        var known = await budi.Page.EvaluateAsync("async () => { const { encryption, state, inbound } = await window.__pendopo.stats(); return { keys: encryption.counter.keys, badge: encryption.badge, received: encryption.frames.received, state }; }");
        Assert.Equal(0, known.GetProperty("keys").GetInt32());
        Assert.Equal(0, known.GetProperty("received").GetInt32());
        Assert.Equal("none", known.GetProperty("badge").GetString());
        Assert.NotEqual("connected", known.GetProperty("state").GetString());
        Assert.DoesNotContain("Sari", (await budi.Page.EvaluateAsync("() => document.body.innerText")).GetString(), StringComparison.Ordinal);

        await company.Host.Page.ClickAsync("knock-toast-deny");
        await budi.Page.WaitForAsync("fault-denied", Limit);
        await company.WaitUntilAllAreEncryptedAsync(Limit);
    }

    [Fact]
    public async Task Everybody_reads_the_same_code_and_it_changes_with_the_people()
    {
        await using var company = new Company(browsers);
        var sari = await company.FoundAsync(fixture.Server, "Sari");
        var budi = await company.JoinAsync(BrowserKind.Firefox, "Budi");
        await company.WaitUntilAllAreEncryptedAsync(Limit);
        var code = await SameCodeAsync(sari, budi);
        Assert.Matches("^[0-9]{30}$", code);

        await sari.Page.ClickAsync("code-same");
        await sari.Page.WaitForAsync("code-confirmed", Limit);
        Assert.Equal("verified", await sari.BadgeAsync());

        await sari.Page.ClickAsync("security-close");
        var citra = await company.JoinAsync(BrowserKind.Chromium, "Citra");
        // Who came since was not compared.
        await Wait.UntilAsync("Sari's badge no longer says verified", Limit, async () => await sari.BadgeAsync() == "encrypted");
        await company.WaitUntilAllAreEncryptedAsync(Limit);
        Assert.NotEqual(code, await SameCodeAsync(citra, sari));
    }

    [Fact]
    public async Task Who_is_removed_is_out_at_once_reads_nothing_more_and_must_be_let_in_again()
    {
        await using var company = new Company(browsers);
        var sari = await company.FoundAsync(fixture.Server, "Sari");
        var budi = await company.JoinAsync(BrowserKind.Chromium, "Budi");
        var wayan = await company.JoinAsync(BrowserKind.Firefox, "Wayan");
        await company.WaitUntilAllSeeAndHearAllAsync(Limit);
        var epoch = await EpochAsync(sari);

        await sari.Page.ClickAsync("room-participants");
        await sari.Page.ClickAsync("member-acts-1");
        await sari.Page.ClickAsync("member-remove");
        await sari.Page.ClickAsync("confirm-do");
        await budi.Page.WaitForAsync("over-removed", Limit);
        company.Remove(budi);
        await Wait.UntilAsync("the keys are others", Limit, async () => await EpochAsync(sari) > epoch && await EpochAsync(wayan) > epoch);
        await company.WaitUntilAllAreEncryptedAsync(Limit);
        await company.AssertAllSeeAndHearAllAsync(Limit);

        await budi.Page.GoToAsync("about:blank");
        await budi.Page.GoToAsync(company.Link);
        await budi.Page.WaitForAsync("prejoin-join", Limit);
        await budi.KnockAsync();
        await budi.Page.WaitForAsync("waiting-waiting", Limit);
        Assert.Equal(2, await sari.CountTilesAsync());
        await budi.DisposeAsync();
    }

    [Fact]
    public async Task A_sole_host_who_reloads_the_page_is_host_again_under_new_keys()
    {
        await using var company = new Company(browsers);
        var sari = await company.FoundAsync(fixture.Server, "Sari");
        await sari.Page.GoToAsync("about:blank");
        await sari.Page.GoToAsync(company.Link);
        await sari.Page.WaitForAsync("prejoin-join", Limit);
        await sari.KnockAsync();
        await sari.WaitForRoomAsync();
        await company.WaitUntilAllAreEncryptedAsync(Limit);
        var generation = await sari.Page.EvaluateAsync("async () => (await window.__pendopo.stats()).encryption.generation");
        Assert.Equal(2, generation.GetInt32());

        // The link is as good as before.
        await company.JoinAsync(BrowserKind.Chromium, "Budi");
        await company.AssertAllSeeAndHearAllAsync(Limit);
        await company.WaitUntilAllAreEncryptedAsync(Limit);
    }

    private static async Task<long> EpochAsync(Participant participant) =>
        (await participant.Page.EvaluateAsync("async () => (await window.__pendopo.stats()).encryption.epoch")).GetInt64();

    /// <summary>
    /// Both open the sheet behind the badge and read out the code of the epoch. A sheet holds the code that it was opened with, and keys are renewed
    /// some seconds after each join: where that came between, both look once more, as people would.
    /// </summary>
    private static async Task<string> SameCodeAsync(Participant first, Participant second)
    {
        var code = "";
        await Wait.UntilAsync(
            $"{first.Name} and {second.Name} read the same code", Limit,
            async () =>
            {
                code = await CodeAsync(first);
                return code == await CodeAsync(second);
            });
        return code;
    }

    private static async Task<string> CodeAsync(Participant participant)
    {
        var page = participant.Page;
        if (await page.ExistsAsync("security-close"))
        {
            await page.ClickAsync("security-close");
            await Wait.UntilAsync($"{page.Name} closed the sheet", Limit, async () => !await page.ExistsAsync("code"));
        }

        await page.ClickAsync("badge");
        await page.WaitForAsync("code", Limit);
        return (await page.EvaluateAsync("() => [...document.querySelectorAll('[data-testid=code] [aria-hidden=true]')].map(part => part.textContent).join('')")).GetString()!;
    }
}
