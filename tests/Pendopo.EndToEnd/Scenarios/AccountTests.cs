using System.Text.RegularExpressions;
using Pendopo.EndToEnd.Harness;

namespace Pendopo.EndToEnd.Scenarios;

/// <summary>People with accounts in encrypted meetings: passkeys of a virtual authenticator (WebAuthn §11), certificates for devices, restricted meetings.</summary>
public sealed partial class AccountTests(Browsers browsers)
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(25);

    [Fact]
    public async Task A_restricted_meeting_takes_accounts_only_and_knows_them_by_their_certificates()
    {
        await using var server = await ServerProcess.StartAsync();
        await using var company = new Company(browsers);

        // The first administrator comes by the link that the server prints at its first start.
        var sari = await browsers.OpenAsync(BrowserKind.Chromium, "Sari");
        await sari.AddAuthenticatorAsync();
        await Wait.UntilAsync("the server prints a link", Limit, () => Task.FromResult(PrintedLink().IsMatch(server.Output)));
        await RegisterAsync(sari, PrintedLink().Match(server.Output).Value, "Sari Wulandari");
        var invitation = await InviteAsync(sari, "Budi Santoso");

        await sari.ClickAsync("label-terbatas");
        await sari.ClickAsync("home-start");
        await sari.WaitForAsync("prejoin-account", Limit);
        await company.BeginAsync(Participant.At(sari));
        await sari.WaitForAsync("room-label", Limit);
        Assert.Equal("terbatas", await LabelAsync(sari));

        // A guest is told at the door, and has not even knocked.
        await using var guest = await Participant.OpenAsync(browsers, BrowserKind.Firefox, company.Link, "Wayan");
        await guest.KnockAsync();
        await guest.Page.WaitForAsync("fault-accountsOnly", Limit);
        Assert.False(await sari.ExistsAsync("knock-toast-admit"));

        // Somebody with an account who is not signed in signs in from there, and is back at the meeting's door with the whole link.
        var budi = await browsers.OpenAsync(BrowserKind.Chromium, "Budi");
        await budi.AddAuthenticatorAsync();
        await RegisterAsync(budi, invitation, name: null);
        await budi.ClickAsync("account-menu");
        await budi.ClickAsync("account-sign-out");
        await budi.WaitForAsync("corner-sign-in", Limit);
        await budi.GoToAsync(company.Link);
        await budi.WaitForAsync("prejoin-name", Limit);
        await budi.FillAsync("prejoin-name", "Budi");
        await budi.ClickAsync("prejoin-join");
        await budi.WaitForAsync("fault-sign-in", Limit);
        await budi.ClickAsync("fault-sign-in");
        await budi.ClickAsync("sign-in-start");
        await budi.WaitForAsync("prejoin-account", Limit);
        await company.EnterAsync(Participant.At(budi));
        await company.AssertAllSeeAndHearAllAsync(Limit);
        await company.WaitUntilAllAreEncryptedAsync(Limit);
        Assert.Equal("terbatas", await LabelAsync(budi));

        await sari.ClickAsync("room-participants");
        var member = (await sari.EvaluateAsync("() => document.querySelector('[data-testid=member-1]').innerText")).GetString()!;
        Assert.Contains("Budi Santoso", member, StringComparison.Ordinal);
        Assert.DoesNotContain("tamu", member, StringComparison.OrdinalIgnoreCase);
    }

    [GeneratedRegex("http://localhost:[0-9]+/register#[A-Za-z0-9_-]+")]
    private static partial Regex PrintedLink();

    /// <param name="name">What to be called; null where the invitation says it.</param>
    private static async Task RegisterAsync(IBrowserPage page, string link, string? name)
    {
        await page.GoToAsync(link);
        await page.WaitForAsync("register-start", Limit);
        if (name is not null) await page.FillAsync("register-name", name);
        await page.ClickAsync("register-start");
        await page.WaitForAsync("home-account", Limit);
    }

    /// <summary>From the start page to the account's and back; the link is shown there once.</summary>
    private static async Task<string> InviteAsync(IBrowserPage page, string name)
    {
        await page.ClickAsync("account-menu");
        await page.ClickAsync("account-open");
        await page.WaitForAsync("people-accounts", Limit);
        await page.FillAsync("people-name", name);
        await page.ClickAsync("people-invite");
        await page.WaitForAsync("people-issued", Limit);
        await page.WaitForAsync("people-links", Limit);
        var link = (await page.EvaluateAsync("() => document.querySelector('[data-testid=share-link]').textContent")).GetString()!;
        await page.EvaluateAsync("() => history.back()");
        await page.WaitForAsync("home-account", Limit);
        return link;
    }

    private static async Task<string?> LabelAsync(IBrowserPage page) =>
        (await page.EvaluateAsync("() => document.querySelector('[data-testid=room-label]')?.dataset.label ?? null")).GetString();
}
