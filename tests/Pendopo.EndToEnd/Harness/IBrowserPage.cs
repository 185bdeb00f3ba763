using System.Text.Json;

namespace Pendopo.EndToEnd.Harness;

/// <summary>One page in a browser profile of its own; the same verbs for every browser.</summary>
internal interface IBrowserPage : IAsyncDisposable
{
    /// <summary>For messages: which browser, whose page.</summary>
    string Name { get; }

    Task GoToAsync(string url);

    /// <summary>Calls a JavaScript function in the page and waits for its promise.</summary>
    Task<JsonElement> EvaluateAsync(string function, params object?[] arguments);

    /// <summary>The same inside the page's worker, where a browser's driver can do that.</summary>
    Task<JsonElement> EvaluateInWorkerAsync(string function) => throw new NotSupportedException($"{Name}: no way into workers");

    /// <summary>All that the page sent to the server so far: addresses and bodies of requests, messages of sockets; where a browser's driver tells.</summary>
    Task<IReadOnlyCollection<string>> SentAsync() => throw new NotSupportedException($"{Name}: what is sent is not told");

    /// <summary>Gives the page a virtual authenticator that says yes to everything (WebAuthn §11), where a browser's driver can do that.</summary>
    Task AddAuthenticatorAsync() => throw new NotSupportedException($"{Name}: no virtual authenticator");

    /// <summary>What keeps the browser from installing the page as an application, by its names for it; where a browser's driver tells.</summary>
    Task<IReadOnlyCollection<string>> InstallabilityErrorsAsync() => throw new NotSupportedException($"{Name}: whether it installs is not told");

    /// <summary>Clicks as a person does: the element must be there, visible and enabled.</summary>
    Task ClickAsync(string testId);

    /// <summary>Replaces the text of an input.</summary>
    Task FillAsync(string testId, string text);

    /// <summary>Presses a key, or several together as in <c>Control+Shift+H</c>, where the focus is; where a browser's driver can do that.</summary>
    Task PressAsync(string keys) => throw new NotSupportedException($"{Name}: no keyboard");

    /// <summary>Holds a key down, until it is let go.</summary>
    Task HoldAsync(string key) => throw new NotSupportedException($"{Name}: no keyboard");

    Task LetGoAsync(string key) => throw new NotSupportedException($"{Name}: no keyboard");

    /// <summary>Types where the focus is.</summary>
    Task TypeAsync(string text) => throw new NotSupportedException($"{Name}: no keyboard");

    Task ResizeAsync(int width, int height);

    Task ScreenshotAsync(string path);

    /// <summary>Every host and port that the page asked anything of by HTTP or WebSocket.</summary>
    Task<IReadOnlyCollection<string>> HostsAsync();
}

/// <summary>A running browser that opens pages.</summary>
internal interface IBrowser : IAsyncDisposable
{
    Task<IBrowserPage> OpenAsync(string name, PageOptions options);
}

/// <summary>What a page is given before it loads anything.</summary>
internal sealed record PageOptions
{
    /// <summary>Video codecs the browser is to know, by their SDP names; null: all it has.</summary>
    public IReadOnlyList<string>? VideoCodecs { get; init; }

    /// <summary>JavaScript that runs after the probe and before the page's own scripts.</summary>
    public string Script { get; init; } = "";

    public bool Dark { get; init; }

    /// <summary>No transitions: a picture must not catch tiles on their way.</summary>
    public bool ReducedMotion { get; init; }

    public int Width { get; init; } = 1280;

    public int Height { get; init; } = 720;
}
