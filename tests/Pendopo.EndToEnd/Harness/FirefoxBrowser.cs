using System.Collections.Concurrent;
using System.Diagnostics;
using System.Text.Json;
using System.Text.Json.Nodes;
using Pendopo.Testing;

namespace Pendopo.EndToEnd.Harness;

/// <summary>Debian's Firefox ESR over WebDriver BiDi, by a small Node.js process: Playwright drives only a Firefox of its own.</summary>
internal sealed class FirefoxBrowser : IBrowser
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);
    private readonly Process _runner;
    private readonly ConcurrentDictionary<int, TaskCompletionSource<JsonElement>> _waiting = new();
    private readonly Lock _writing = new();
    private int _lastId;

    private FirefoxBrowser(Process runner)
    {
        _runner = runner;
        _runner.OutputDataReceived += (_, line) => Receive(line.Data);
        _runner.ErrorDataReceived += (_, line) => Log.Write("firefox runner", line.Data);
        _runner.Exited += (_, _) => FailAll("the Firefox runner ended");
        _runner.EnableRaisingEvents = true;
        _runner.BeginOutputReadLine();
        _runner.BeginErrorReadLine();
    }

    public static async Task<FirefoxBrowser> LaunchAsync()
    {
        var folder = Path.Combine(Repository.Root, "tests", "Pendopo.EndToEnd", "firefox");
        var start = new ProcessStartInfo(Node())
        {
            WorkingDirectory = folder,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.ArgumentList.Add(Path.Combine(folder, "runner.mjs"));
        var browser = new FirefoxBrowser(Process.Start(start)!);
        await browser.CallAsync("launch", new JsonObject
        {
            ["executable"] = Environment.GetEnvironmentVariable("PENDOPO_FIREFOX") ?? "/usr/bin/firefox-esr",
        }).ConfigureAwait(false);
        return browser;
    }

    public async Task<IBrowserPage> OpenAsync(string name, PageOptions options)
    {
        var id = $"page{Interlocked.Increment(ref _lastId)}";
        await CallAsync("open", new JsonObject { ["page"] = id, ["script"] = Probe.Script(options) }).ConfigureAwait(false);
        var page = new FirefoxPage(this, id, name);
        await page.ResizeAsync(options.Width, options.Height).ConfigureAwait(false);
        return page;
    }

    public async ValueTask DisposeAsync()
    {
        if (!_runner.HasExited)
        {
            try
            {
                await CallAsync("quit", []).ConfigureAwait(false);
                await _runner.WaitForExitAsync(CancellationToken.None).WaitAsync(Patience).ConfigureAwait(false);
            }
            catch (Exception error) when (error is TimeoutException or InvalidOperationException)
            {
                _runner.Kill(entireProcessTree: true);
            }
        }

        _runner.Dispose();
    }

    // puppeteer-core wants a newer Node.js than Debian's; the one inside Playwright's driver is new enough.
    private static string Node()
    {
        var bundled = Path.Combine(AppContext.BaseDirectory, ".playwright", "node", "linux-x64", "node");
        return File.Exists(bundled) ? bundled : "node";
    }

    private async Task<JsonElement> CallAsync(string command, JsonObject request)
    {
        var id = Interlocked.Increment(ref _lastId);
        request["id"] = id;
        request["command"] = command;
        request["timeout"] = (int)(Patience.TotalMilliseconds / 2);
        var answer = new TaskCompletionSource<JsonElement>(TaskCreationOptions.RunContinuationsAsynchronously);
        _waiting[id] = answer;
        lock (_writing)
        {
            _runner.StandardInput.WriteLine(request.ToJsonString());
            _runner.StandardInput.Flush();
        }

        return await answer.Task.WaitAsync(Patience).ConfigureAwait(false);
    }

    private void Receive(string? line)
    {
        if (line is null) return;
        var message = JsonDocument.Parse(line).RootElement;
        if (!_waiting.TryRemove(message.GetProperty("id").GetInt32(), out var waiting)) return;
        if (message.TryGetProperty("error", out var error)) waiting.SetException(new InvalidOperationException(error.GetString()));
        else waiting.SetResult(message.GetProperty("result"));
    }

    private void FailAll(string reason)
    {
        foreach (var waiting in _waiting.Values) waiting.TrySetException(new InvalidOperationException(reason));
    }

    private sealed class FirefoxPage(FirefoxBrowser browser, string id, string name) : IBrowserPage
    {
        public string Name { get; } = $"{name} (Firefox)";

        public Task GoToAsync(string url) => CallAsync("goto", new() { ["url"] = url });

        public Task<JsonElement> EvaluateAsync(string function, params object?[] arguments) =>
            CallAsync("evaluate", new()
            {
                ["function"] = function,
                ["arguments"] = JsonSerializer.SerializeToNode(arguments),
            });

        public Task ClickAsync(string testId) => CallAsync("click", new() { ["testId"] = testId });

        public Task FillAsync(string testId, string text) => CallAsync("fill", new() { ["testId"] = testId, ["text"] = text });

        public Task ResizeAsync(int width, int height) => CallAsync("resize", new() { ["width"] = width, ["height"] = height });

        public Task ScreenshotAsync(string path) => CallAsync("screenshot", new() { ["path"] = path });

        public async Task<IReadOnlyCollection<string>> HostsAsync() =>
            [.. (await CallAsync("hosts", []).ConfigureAwait(false)).EnumerateArray().Select(host => host.GetString()!)];

        public async ValueTask DisposeAsync() => await CallAsync("close", []).ConfigureAwait(false);

        private Task<JsonElement> CallAsync(string command, JsonObject request)
        {
            request["page"] = id;
            return browser.CallAsync(command, request);
        }
    }
}
