namespace Pendopo.EndToEnd.Harness;

/// <summary>Somebody who comes by the link, as a person does: name, join, and a look at the others.</summary>
internal sealed class Participant : IAsyncDisposable
{
    private static readonly TimeSpan PageLimit = TimeSpan.FromSeconds(20);

    private Participant(IBrowserPage page) => Page = page;

    public IBrowserPage Page { get; }

    public string Name => Page.Name;

    public static async Task<Participant> JoinAsync(Browsers browsers, BrowserKind kind, string link, string name, PageOptions? options = null)
    {
        var participant = await OpenAsync(browsers, kind, link, name, options).ConfigureAwait(false);
        await participant.EnterAsync().ConfigureAwait(false);
        return participant;
    }

    /// <summary>Opens the link and gives a name, but does not join yet.</summary>
    public static async Task<Participant> OpenAsync(Browsers browsers, BrowserKind kind, string link, string name, PageOptions? options = null)
    {
        var page = await browsers.OpenAsync(kind, name, options).ConfigureAwait(false);
        await page.GoToAsync(link).ConfigureAwait(false);
        await page.WaitForAsync("prejoin-name", PageLimit).ConfigureAwait(false);
        await page.FillAsync("prejoin-name", name).ConfigureAwait(false);
        return new Participant(page);
    }

    public async Task EnterAsync()
    {
        await Page.ClickAsync("prejoin-join").ConfigureAwait(false);
        await Page.WaitForAsync("room-leave", PageLimit).ConfigureAwait(false);
    }

    public Task LeaveAsync() => Page.ClickAsync("room-leave");

    public async Task<int> CountTilesAsync() =>
        (await Page.EvaluateAsync("() => document.querySelectorAll('[data-testid^=\"tile-\"]').length").ConfigureAwait(false)).GetInt32();

    public ValueTask DisposeAsync() => Page.DisposeAsync();
}
