using Pendopo.EndToEnd.Harness;

namespace Pendopo.EndToEnd.Scenarios;

/// <summary>The client as an application of the device.</summary>
public sealed class InstallationTests(Browsers browsers, ServerFixture fixture) : IClassFixture<ServerFixture>
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(25);

    [Fact]
    public async Task The_browser_finds_nothing_that_keeps_it_from_installing_the_client_and_the_settings_pass_on_its_offer()
    {
        await using var page = await browsers.OpenAsync(BrowserKind.Chromium, "Sari");
        await page.GoToAsync(fixture.Server.Address);
        await page.WaitForAsync("home-start", Limit);

        // The pages of tests are private windows, where no browser installs anything.
        Assert.Equal(["in-incognito"], await page.InstallabilityErrorsAsync());

        await page.ClickAsync("settings");
        await page.WaitForAsync("settings-close", Limit);
        Assert.False(await page.ExistsAsync("settings-install"));
        // The offer is made by hand for the same reason.
        await page.EvaluateAsync("() => { const offer = new Event('beforeinstallprompt', { cancelable: true }); offer.prompt = async () => { window.__asked = true; }; window.dispatchEvent(offer); window.__held = offer.defaultPrevented; }");
        await page.WaitForAsync("settings-install", Limit);
        await page.ClickAsync("settings-install");
        await Wait.UntilAsync("the person is asked", Limit, async () => (await page.EvaluateAsync("() => window.__asked === true && window.__held")).GetBoolean());
        Assert.False(await page.ExistsAsync("settings-install"));
    }
}
