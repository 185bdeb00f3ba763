using Pendopo.EndToEnd.Harness;

namespace Pendopo.EndToEnd.Scenarios;

/// <summary>The waiting room, from both sides of the door, and who is host when the host goes.</summary>
public sealed class LobbyTests(Browsers browsers, ServerFixture fixture) : IClassFixture<ServerFixture>
{
    private const string Notice = "Rapat mulai pukul 10. Silakan tunggu.";

    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(25);
    private static readonly TimeSpan Span = TimeSpan.FromSeconds(2);

    [Fact]
    public async Task Three_wait_are_told_something_and_are_let_in_together_alone_or_not()
    {
        await using var company = new Company(browsers);
        var sari = await company.FoundAsync(fixture.Server, "Sari");
        await sari.Page.ClickAsync("room-participants");
        var dewi = await KnockAsync(company, "Dewi", "Kemenkeu");
        var citra = await KnockAsync(company, "Citra", "Kemenkeu", new PageOptions { Width = 390, Height = 844 });
        var budi = await KnockAsync(company, "Budi", "Bappenas");
        company.Add(dewi);
        company.Add(citra);
        await ListedAsync(sari, "Dewi", "Citra", "Budi");
        Assert.Contains("Kemenkeu", await TextAsync(sari, "knock-group-0"), StringComparison.Ordinal);
        Assert.Contains("menurut yang bersangkutan", await TextAsync(sari, "knock-group-0"), StringComparison.Ordinal);

        // What is said to those who hold no keys is readable by the server, and the field says so.
        Assert.Contains("Terbaca oleh server", await TextAsync(sari, "lobby-notice-hint"), StringComparison.Ordinal);
        await sari.Page.FillAsync("lobby-notice-input", Notice);
        await sari.Page.ClickAsync("lobby-notice-send");
        foreach (var waiting in new[] { dewi, citra, budi }) await ShowsAsync(waiting, "waiting-notice", Notice);
        await ShowsAsync(sari, "lobby-notice-now", Notice);

        // A page that is loaded anew asks nobody anything, stands where it stood, and reads it again.
        await ReloadAsync(company, dewi);
        await dewi.Page.WaitForAsync("waiting-waiting", Limit);
        await ShowsAsync(dewi, "waiting-notice", Notice);
        await ListedAsync(sari, "Dewi", "Citra", "Budi");

        await sari.Page.ClickAsync("knock-group-admit-0");
        await sari.Page.ClickAsync("confirm-do");
        foreach (var admitted in new[] { dewi, citra }) await admitted.WaitForRoomAsync();
        await ListedAsync(sari, "Budi");
        Assert.True(await budi.Page.ExistsAsync("waiting-waiting"));

        await ClickInAsync(sari, "knock-deny-");
        await budi.Page.WaitForAsync("fault-denied", Limit);
        await budi.Page.ClickAsync("fault-again");
        await budi.Page.WaitForAsync("prejoin-join", Participant.PageLimit);
        await budi.KnockAsync();
        await ListedAsync(sari, "Budi");
        // The list was empty meanwhile: what was said is over.
        await budi.Page.WaitForAsync("waiting-waiting", Limit);
        Assert.Equal("", await TextAsync(budi, "waiting-notice"));
        await ClickInAsync(sari, "knock-admit-");
        await budi.WaitForRoomAsync();

        await ClickInAsync(sari, "member-acts-", "Budi");
        await sari.Page.WaitForAsync("member-remove", Limit);
        await sari.Page.ClickAsync("member-remove");
        await sari.Page.ClickAsync("confirm-do");
        await Wait.UntilAsync("Budi is told", Limit, async () => await budi.Page.ExistsAsync("fault-removed") || await budi.Page.ExistsAsync("over-removed"));
        await ReloadAsync(company, budi);
        await budi.Page.WaitForAsync("prejoin-join", Participant.PageLimit);
        await budi.KnockAsync();
        await budi.Page.WaitForAsync("waiting-waiting", Limit);
        await Wait.MeasureForAsync(Span);
        Assert.True(await budi.Page.ExistsAsync("waiting-waiting"));
        await company.WaitUntilAllAreEncryptedAsync(Limit);
        await budi.DisposeAsync();
    }

    [Fact]
    public async Task A_host_who_leaves_hands_over_comes_back_as_co_host_and_the_next_one_as_host()
    {
        await using var company = new Company(browsers);
        var sari = await company.FoundAsync(fixture.Server, "Sari");
        var budi = await company.JoinAsync(BrowserKind.Chromium, "Budi");
        var citra = await company.JoinAsync(BrowserKind.Chromium, "Citra");
        await company.WaitUntilAllAreEncryptedAsync(Limit);
        Assert.False(await budi.Page.ExistsAsync("room-leave-menu"));

        await sari.Page.ClickAsync("room-leave");
        await sari.Page.WaitForAsync("leaving-hand-over", Limit);
        Assert.Contains("Budi", await TextAsync(sari, "leaving-to"), StringComparison.Ordinal);
        await sari.Page.ClickAsync("leaving-hand-over");
        await sari.Page.WaitForAsync("over-left", Limit);
        await budi.Page.WaitForAsync("room-leave-menu", Limit);
        await citra.Page.ClickAsync("room-participants");
        await RoleAsync(citra, "Budi", "Tuan rumah");

        // Nobody is asked, and she is host no more.
        await sari.ReturnAsync();
        await sari.KnockAsync();
        await sari.WaitForRoomAsync();
        await RoleAsync(citra, "Sari", "Rekan tuan rumah");
        Assert.False(await sari.Page.ExistsAsync("room-leave-menu"));

        // The next host drops, and is host again when he is back.
        await budi.Page.GoToAsync("about:blank");
        await Wait.UntilAsync("Budi is gone", Limit, async () => !(await TextAsync(citra, "participants-panel")).Contains("Budi", StringComparison.Ordinal));
        await budi.Page.GoToAsync(company.Link);
        await budi.Page.WaitForAsync("prejoin-join", Participant.PageLimit);
        await budi.KnockAsync();
        await budi.Page.WaitForAsync("room-leave-menu", Limit);
        await RoleAsync(citra, "Budi", "Tuan rumah");
        await budi.Page.ClickAsync("room-leave");
        await budi.Page.WaitForAsync("leaving-end", Limit);
        await budi.Page.ClickAsync("leaving-end");
        foreach (var other in new[] { sari, citra }) await other.Page.WaitForAsync("over-endedByHost", Limit);
    }

    private async Task<Participant> KnockAsync(Company company, string name, string institution, PageOptions? options = null)
    {
        var guest = await Participant.OpenAsync(browsers, BrowserKind.Chromium, company.Link, name, options);
        await guest.Page.FillAsync("prejoin-institution", institution);
        await guest.KnockAsync();
        await guest.Page.WaitForAsync("waiting-waiting", Limit);
        return guest;
    }

    /// <summary>The list has these and nobody else, in this order.</summary>
    private static Task<TimeSpan> ListedAsync(Participant moderator, params string[] names) => Wait.UntilAsync(
        $"{string.Join(", ", names)} wait", Limit,
        async () => (await moderator.Page.EvaluateAsync(
            "() => [...document.querySelectorAll('[data-testid=knocks] li [title]')].map(({ title }) => title).join()")).GetString() == string.Join(',', names),
        async () => await TextAsync(moderator, "participants-panel"));

    /// <summary>The same tab loads the page anew.</summary>
    private static async Task ReloadAsync(Company company, Participant participant)
    {
        await participant.Page.GoToAsync("about:blank");
        await participant.Page.GoToAsync(company.Link);
    }

    private static Task<TimeSpan> ShowsAsync(Participant participant, string testId, string text) => Wait.UntilAsync(
        $"{participant.Name} shows {text}", Limit, async () => (await TextAsync(participant, testId)).Contains(text, StringComparison.Ordinal));

    private static Task<TimeSpan> RoleAsync(Participant viewer, string name, string role) => Wait.UntilAsync(
        $"{name} is {role}", Limit,
        async () => (await viewer.Page.EvaluateAsync(
            "(name, role) => [...document.querySelectorAll('[data-testid^=member-]')].some(row => row.innerText.includes(name) && [...row.querySelectorAll('span')].some(part => part.textContent === role))",
            name, role)).GetBoolean(),
        async () => await TextAsync(viewer, "participants-panel"));

    private static async Task<string> TextAsync(Participant participant, string testId) =>
        (await participant.Page.EvaluateAsync("testId => document.querySelector(`[data-testid=\"${testId}\"]`)?.innerText ?? ''", testId)).GetString()!;

    /// <summary>Clicks the one button whose test id begins so, in the row of a person where one is named.</summary>
    private static async Task ClickInAsync(Participant participant, string prefix, string? name = null)
    {
        var testId = "";
        await Wait.UntilAsync($"a button {prefix}", Limit, async () =>
        {
            testId = (await participant.Page.EvaluateAsync(
                "(prefix, name) => [...document.querySelectorAll(`button[data-testid^=\"${prefix}\"]`)].find(button => !/-(all|search)$/.test(button.dataset.testid) && (name === null || button.closest('li').innerText.includes(name)))?.dataset.testid ?? ''",
                prefix, name)).GetString()!;
            return testId != "";
        });
        await participant.Page.ClickAsync(testId);
    }
}
