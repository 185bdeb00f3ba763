namespace Pendopo.EndToEnd.Harness;

/// <summary>Starts each browser when the first test asks for it, and keeps it for all tests: a start costs seconds.</summary>
public sealed class Browsers : IAsyncLifetime
{
    private readonly SemaphoreSlim _starting = new(1, 1);
    private ChromiumBrowser? _chromium;
    private FirefoxBrowser? _firefox;

    /// <summary>Further switches for Chromium.</summary>
    internal IReadOnlyList<string> ChromiumArguments { get; init; } = [];

    /// <summary>Chromium says yes by itself where it would ask for a screen, and paints one; pages have cameras and microphones in any case.</summary>
    internal bool ChromiumAnswersQuestions { get; init; } = true;

    public ValueTask InitializeAsync()
    {
        EndToEndNetwork.Require();
        return ValueTask.CompletedTask;
    }

    public async ValueTask DisposeAsync()
    {
        if (_chromium is not null) await _chromium.DisposeAsync().ConfigureAwait(false);
        if (_firefox is not null) await _firefox.DisposeAsync().ConfigureAwait(false);
        _starting.Dispose();
    }

    internal async Task<IBrowser> GetAsync(BrowserKind kind)
    {
        await _starting.WaitAsync(TestContext.Current.CancellationToken).ConfigureAwait(false);
        try
        {
            return kind == BrowserKind.Chromium
                ? _chromium ??= await ChromiumBrowser.LaunchAsync(ChromiumArguments, ChromiumAnswersQuestions).ConfigureAwait(false)
                : _firefox ??= await FirefoxBrowser.LaunchAsync().ConfigureAwait(false);
        }
        finally
        {
            _starting.Release();
        }
    }

    internal async Task<IBrowserPage> OpenAsync(BrowserKind kind, string name, PageOptions? options = null) =>
        await (await GetAsync(kind).ConfigureAwait(false)).OpenAsync(name, options ?? new PageOptions()).ConfigureAwait(false);
}

public enum BrowserKind
{
    Chromium,
    Firefox,
}
