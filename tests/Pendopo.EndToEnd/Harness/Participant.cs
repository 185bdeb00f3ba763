using System.Text.Json;

namespace Pendopo.EndToEnd.Harness;

/// <summary>Somebody in an encrypted meeting, who does as a person does: starts it or comes by its link, gives a name, knocks, and looks at the others.</summary>
internal sealed class Participant : IAsyncDisposable
{
    public static readonly TimeSpan PageLimit = TimeSpan.FromSeconds(20);

    /// <summary>Narrows the codecs of the meeting that a page founds, which people do not choose.</summary>
    private const string FoundIn = """
        ;{
          const ask = window.fetch.bind(window);
          window.fetch = (url, init) => {
            if (String(url) === '/api/meetings' && init?.method === 'POST') init = { ...init, body: JSON.stringify({ ...JSON.parse(init.body), videoCodecs: CODECS }) };
            return ask(url, init);
          };
        }
        """;

    private Participant(IBrowserPage page) => Page = page;

    public IBrowserPage Page { get; }

    public string Name => Page.Name;

    /// <summary>Starts a meeting from the home page and gives a name, but does not enter yet: the host.</summary>
    /// <param name="videoCodecs">Those that the meeting may use, most preferred first; none: the server's own order.</param>
    public static async Task<Participant> FoundAsync(Browsers browsers, ServerProcess server, string name, string[] videoCodecs, PageOptions? options = null)
    {
        options ??= new PageOptions();
        if (videoCodecs.Length > 0) options = options with { Script = options.Script + FoundIn.Replace("CODECS", JsonSerializer.Serialize(videoCodecs), StringComparison.Ordinal) };
        var page = await browsers.OpenAsync(BrowserKind.Chromium, name, options).ConfigureAwait(false);
        await page.GoToAsync(server.Address).ConfigureAwait(false);
        await page.WaitForAsync("home-start", PageLimit).ConfigureAwait(false);
        await page.ClickAsync("home-start").ConfigureAwait(false);
        return await IntroduceAsync(page, name).ConfigureAwait(false);
    }

    /// <summary>Opens the link and gives a name, but does not knock yet.</summary>
    public static async Task<Participant> OpenAsync(Browsers browsers, BrowserKind kind, string link, string name, PageOptions? options = null)
    {
        var page = await browsers.OpenAsync(kind, name, options).ConfigureAwait(false);
        await page.GoToAsync(link).ConfigureAwait(false);
        return await IntroduceAsync(page, name).ConfigureAwait(false);
    }

    /// <summary>Who stands at the door already.</summary>
    public static Participant At(IBrowserPage page) => new(page);

    /// <summary>The whole link of the meeting, fragment included.</summary>
    public async Task<string> LinkAsync() => (await Page.EvaluateAsync("() => location.href").ConfigureAwait(false)).GetString()!;

    /// <summary>From the page that a leave leads to, back to the door; the name is known there.</summary>
    public async Task ReturnAsync()
    {
        await Page.ClickAsync("over-rejoin").ConfigureAwait(false);
        await Page.WaitForAsync("prejoin-join", PageLimit).ConfigureAwait(false);
    }

    /// <summary>Presses the button, and does not wait for what follows.</summary>
    public Task KnockAsync() => Page.ClickAsync("prejoin-join");

    /// <summary>Lets the one in who knocks.</summary>
    public async Task AdmitAsync()
    {
        await Page.WaitForAsync("knock-toast-admit", PageLimit).ConfigureAwait(false);
        await Page.ClickAsync("knock-toast-admit").ConfigureAwait(false);
    }

    public Task WaitForRoomAsync() => Page.WaitForAsync("room-leave", PageLimit);

    /// <summary>What the badge says, as its attribute has it.</summary>
    public async Task<string?> BadgeAsync() =>
        (await Page.EvaluateAsync("() => document.querySelector('[data-testid=badge]')?.dataset.badge ?? null").ConfigureAwait(false)).GetString();

    /// <summary>Leaves; a host who is asked what becomes of the meeting just goes.</summary>
    public async Task LeaveAsync()
    {
        await Page.ClickAsync("room-leave").ConfigureAwait(false);
        await Wait.UntilAsync($"{Name} is out, or is asked", PageLimit, async () => await Page.ExistsAsync("leaving-only").ConfigureAwait(false) || !await Page.ExistsAsync("room").ConfigureAwait(false)).ConfigureAwait(false);
        if (await Page.ExistsAsync("leaving-only").ConfigureAwait(false)) await Page.ClickAsync("leaving-only").ConfigureAwait(false);
    }

    public async Task<int> CountTilesAsync() =>
        (await Page.EvaluateAsync("() => document.querySelectorAll('[data-testid^=\"tile-\"]').length").ConfigureAwait(false)).GetInt32();

    public ValueTask DisposeAsync() => Page.DisposeAsync();

    private static async Task<Participant> IntroduceAsync(IBrowserPage page, string name)
    {
        await page.WaitForAsync("prejoin-name", PageLimit).ConfigureAwait(false);
        await page.FillAsync("prejoin-name", name).ConfigureAwait(false);
        return new Participant(page);
    }
}
