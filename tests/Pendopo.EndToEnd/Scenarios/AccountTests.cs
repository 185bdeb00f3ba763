using System.Text.RegularExpressions;
using Pendopo.EndToEnd.Harness;
using Pendopo.Server.Tests.Accounts;

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

    /// <summary>
    /// The provider is another site to the browser, so this also shows that the way there and back, and what follows it, finds the cookies it needs and no others.
    /// </summary>
    [Fact]
    public async Task People_link_and_sign_in_by_the_institutions_provider_and_a_restart_of_the_server_signs_nobody_out()
    {
        await using var provider = await OpenIdProvider.StartAsync(TestContext.Current.CancellationToken);
        await using var server = await ServerProcess.StartAsync(
            $"--Pendopo:Accounts:Provider:Authority={provider.Authority}", $"--Pendopo:Accounts:Provider:ClientSecret={OpenIdProvider.Secret}",
            "--Pendopo:Accounts:Provider:Name=SSO Kementerian", "--Pendopo:Accounts:Provider:CreateAccounts=true");
        provider.Origin = server.Address;

        // With a passkey first, then linked, then by the provider alone in another browser.
        await using var sari = await browsers.OpenAsync(BrowserKind.Chromium, "Sari");
        await sari.AddAuthenticatorAsync();
        await Wait.UntilAsync("the server prints a link", Limit, () => Task.FromResult(PrintedLink().IsMatch(server.Output)));
        await RegisterAsync(sari, PrintedLink().Match(server.Output).Value, "Sari Wulandari");
        await sari.GoToAsync(server.Address + "/account");
        await sari.WaitForAsync("provider-link", Limit);
        (provider.Subject, provider.Name) = ("sari", "S. Wulandari");
        await sari.ClickAsync("provider-link");
        await sari.WaitForAsync("provider-linked", Limit);
        Assert.False((await sari.EvaluateAsync("() => location.hash !== ''")).GetBoolean());
        await using var telephone = await SignInAsync(server, "Sari's telephone");
        Assert.Equal("Sari Wulandari", await NameAsync(telephone));

        // Somebody new, and what the address says when the provider refuses.
        (provider.Subject, provider.Name, provider.Denies) = ("budi", "Budi Santoso", true);
        await using var budi = await SignInAsync(server, "Budi", "provider-denied");
        provider.Denies = false;
        await budi.ClickAsync("sign-in-provider");
        await budi.WaitForAsync("home-account", Limit);
        Assert.Equal("Budi Santoso", await NameAsync(budi));

        await server.RestartAsync();
        foreach (var (page, name) in new[] { (telephone, "Sari Wulandari"), (budi, "Budi Santoso") })
        {
            await page.GoToAsync(server.Address + "/");
            await page.WaitForAsync("home-account", Limit);
            Assert.Equal(name, await NameAsync(page));
        }
    }

    private async Task<IBrowserPage> SignInAsync(ServerProcess server, string name, string awaited = "home-account")
    {
        var page = await browsers.OpenAsync(BrowserKind.Chromium, name);
        await page.GoToAsync(server.Address + "/sign-in");
        await page.WaitForAsync("sign-in-provider", Limit);
        await page.ClickAsync("sign-in-provider");
        await page.WaitForAsync(awaited, Limit);
        return page;
    }

    /// <summary>Of the account that the page's session belongs to, as the server says it.</summary>
    private static async Task<string?> NameAsync(IBrowserPage page) =>
        (await page.EvaluateAsync("async () => (await (await fetch('/api/account')).json()).account?.name ?? null")).GetString();

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
