using System.Collections.Concurrent;
using System.Text;
using System.Text.Json;
using Microsoft.Playwright;

namespace Pendopo.EndToEnd.Harness;

/// <summary>Debian's Chromium, driven by Playwright, with a fake camera and microphone.</summary>
internal sealed class ChromiumBrowser : IBrowser
{
    /// <summary>A page that never answers must fail its own test, and not hold up all that follow.</summary>
    private static readonly TimeSpan AnswerLimit = TimeSpan.FromSeconds(60);

    private readonly IPlaywright _playwright;
    private readonly Microsoft.Playwright.IBrowser _browser;

    private ChromiumBrowser(IPlaywright playwright, Microsoft.Playwright.IBrowser browser)
    {
        _playwright = playwright;
        _browser = browser;
    }

    public static async Task<ChromiumBrowser> LaunchAsync(IReadOnlyList<string> arguments, bool answersQuestions)
    {
        var playwright = await Playwright.CreateAsync().ConfigureAwait(false);
        var browser = await playwright.Chromium.LaunchAsync(new()
        {
            ExecutablePath = Environment.GetEnvironmentVariable("PENDOPO_CHROMIUM") ?? "/usr/bin/chromium",
            Args =
            [
                "--no-sandbox",
                // Two cores encode, encrypt and decode for all: three at 15 frames a second are enough to tell a picture that moves from one that does
                // not. Nine for a picture of the room are too much even so; theirs need no more than five.
                Environment.GetEnvironmentVariable("PENDOPO_SCREENSHOTS") is { Length: > 0 }
                    ? "--use-fake-device-for-media-stream=fps=5" : "--use-fake-device-for-media-stream=fps=15",
                .. answersQuestions ? (string[])["--use-fake-ui-for-media-stream"] : [],
                // A tone without pause: the fake microphone of its own beeps once a second, and who joins hears nothing until then.
                $"--use-file-for-fake-audio-capture={Tone.File}",
                "--allow-loopback-in-peer-connection",
                "--autoplay-policy=no-user-gesture-required",
                // Chromium looks up its maker's hosts on its own; what the page asks for stands in the request log all the same.
                "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE localhost, EXCLUDE 127.0.0.1, EXCLUDE 10.77.0.1",
                "--disable-background-networking",
                "--disable-component-update",
                "--disable-default-apps",
                "--disable-domain-reliability",
                "--disable-features=MediaRouter,OptimizationHints,WebRtcHideLocalIpsWithMdns",
                "--disable-quic",
                "--disable-sync",
                "--no-first-run",
                .. arguments,
            ],
        }).ConfigureAwait(false);
        return new ChromiumBrowser(playwright, browser);
    }

    public async Task<IBrowserPage> OpenAsync(string name, PageOptions options)
    {
        var context = await _browser.NewContextAsync(new()
        {
            ViewportSize = new() { Width = options.Width, Height = options.Height },
            ColorScheme = options.Dark ? ColorScheme.Dark : ColorScheme.Light,
            ReducedMotion = options.ReducedMotion ? ReducedMotion.Reduce : ReducedMotion.NoPreference,
            Permissions = ["camera", "microphone"],
        }).WaitAsync(AnswerLimit).ConfigureAwait(false);
        await context.AddInitScriptAsync(Probe.Script(options)).ConfigureAwait(false);
        var page = await context.NewPageAsync().WaitAsync(AnswerLimit).ConfigureAwait(false);
        return new ChromiumPage(name, context, page);
    }

    public async ValueTask DisposeAsync()
    {
        await _browser.DisposeAsync().ConfigureAwait(false);
        _playwright.Dispose();
    }

    private sealed class ChromiumPage : IBrowserPage
    {
        private const int Patience = 15_000;

        private readonly IBrowserContext _context;
        private readonly IPage _page;
        private readonly ConcurrentDictionary<string, byte> _hosts = new();
        private readonly ConcurrentQueue<string> _sent = new();

        public ChromiumPage(string name, IBrowserContext context, IPage page)
        {
            Name = $"{name} (Chromium)";
            _context = context;
            _page = page;
            _context.Request += (_, request) =>
            {
                Note(request.Url);
                _sent.Enqueue($"{request.Method} {request.Url} {(request.PostDataBuffer is { } body ? Encoding.Latin1.GetString(body) : "")}");
            };
            _page.WebSocket += (_, socket) =>
            {
                Note(socket.Url);
                socket.FrameSent += (_, frame) => _sent.Enqueue(frame.Text ?? Encoding.Latin1.GetString(frame.Binary ?? []));
            };
            _page.Console += (_, message) => Log.Write(Name, $"{message.Type}: {message.Text}");
            _page.PageError += (_, error) => Log.Write(Name, $"uncaught: {error}");
        }

        public string Name { get; }

        public async Task GoToAsync(string url) => await _page.GotoAsync(url).ConfigureAwait(false);

        public async Task<JsonElement> EvaluateAsync(string function, params object?[] arguments)
        {
            // Playwright passes one argument; the function is spread over it.
            var result = await _page.EvaluateAsync<JsonElement?>($"list => ({function})(...list)", arguments).WaitAsync(AnswerLimit).ConfigureAwait(false);
            return result ?? JsonDocument.Parse("null").RootElement;
        }

        public async Task<JsonElement> EvaluateInWorkerAsync(string function) =>
            await _page.Workers.Single().EvaluateAsync<JsonElement?>(function).WaitAsync(AnswerLimit).ConfigureAwait(false) ?? JsonDocument.Parse("null").RootElement;

        public Task<IReadOnlyCollection<string>> SentAsync() => Task.FromResult<IReadOnlyCollection<string>>([.. _sent]);

        public async Task AddAuthenticatorAsync()
        {
            var session = await _context.NewCDPSessionAsync(_page).ConfigureAwait(false);
            await session.SendAsync("WebAuthn.enable").ConfigureAwait(false);
            await session.SendAsync("WebAuthn.addVirtualAuthenticator", new Dictionary<string, object>
            {
                ["options"] = new
                {
                    protocol = "ctap2",
                    transport = "internal",
                    hasResidentKey = true,
                    hasUserVerification = true,
                    isUserVerified = true,
                    automaticPresenceSimulation = true,
                },
            }).ConfigureAwait(false);
        }

        public async Task<IReadOnlyCollection<string>> InstallabilityErrorsAsync()
        {
            var session = await _context.NewCDPSessionAsync(_page).ConfigureAwait(false);
            var manifest = (await session.SendAsync("Page.getAppManifest").ConfigureAwait(false))!.Value;
            var errors = manifest.GetProperty("errors").EnumerateArray().Select(error => error.GetProperty("message").GetString()!);
            if (manifest.GetProperty("url").GetString() is not { Length: > 0 }) errors = errors.Append("no manifest");
            var found = (await session.SendAsync("Page.getInstallabilityErrors").ConfigureAwait(false))!.Value;
            return [.. errors, .. found.GetProperty("installabilityErrors").EnumerateArray().Select(error => error.GetProperty("errorId").GetString()!)];
        }

        public Task ClickAsync(string testId) => _page.GetByTestId(testId).ClickAsync(new() { Timeout = Patience });

        public Task FillAsync(string testId, string text) => _page.GetByTestId(testId).FillAsync(text, new() { Timeout = Patience });

        public Task PressAsync(string keys) => _page.Keyboard.PressAsync(keys);

        public Task HoldAsync(string key) => _page.Keyboard.DownAsync(key);

        public Task LetGoAsync(string key) => _page.Keyboard.UpAsync(key);

        public Task TypeAsync(string text) => _page.Keyboard.TypeAsync(text);

        public Task ResizeAsync(int width, int height) => _page.SetViewportSizeAsync(width, height);

        public Task ScreenshotAsync(string path) => _page.ScreenshotAsync(new() { Path = path });

        public Task<IReadOnlyCollection<string>> HostsAsync() => Task.FromResult<IReadOnlyCollection<string>>([.. _hosts.Keys]);

        public async ValueTask DisposeAsync() => await _context.CloseAsync().WaitAsync(AnswerLimit).ConfigureAwait(false);

        private void Note(string url)
        {
            if (Uri.TryCreate(url, UriKind.Absolute, out var address) && address.Scheme is "http" or "https" or "ws" or "wss")
            {
                _hosts.TryAdd(address.Authority, 0);
            }
        }
    }
}
