using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Pendopo.Control.Users;
using Pendopo.Server.Accounts;
using Pendopo.Server.Hosting;
using Pendopo.Server.Media;
using Pendopo.Server.Sessions;
using Pendopo.Signaling;
using Xunit;

namespace Pendopo.Server.Tests;

/// <summary>The real host on a port of its own, with a fake media plane and a data folder that may outlive it.</summary>
internal sealed class RunningServer : IAsyncDisposable
{
    public static readonly JsonSerializerOptions Json = SignalingContract.CreateJsonOptions();

    private readonly WebApplication _app;
    private readonly bool _ownsFolder;

    private RunningServer(WebApplication app, FakeMediaPlane media, StringWriter terminal, LogLines log, string folder, bool ownsFolder)
    {
        (_app, Media, Terminal, Log, Folder, _ownsFolder) = (app, media, terminal, log, folder, ownsFolder);
    }

    /// <summary>Where people sign in, whatever port the system chose.</summary>
    public const string Origin = "http://localhost:8080";

    public FakeMediaPlane Media { get; }

    /// <summary>What the server said to whoever started it.</summary>
    public StringWriter Terminal { get; }

    /// <summary>What the server's own classes logged.</summary>
    public LogLines Log { get; }

    /// <summary>Secret of the link for the first administrator, as the terminal shows it.</summary>
    public string FirstToken => Terminal.ToString().Split('#')[1][..SecretToken.Length];

    public string Folder { get; }

    public Uri Url => new(_app.Urls.First(url => url.StartsWith("http:", StringComparison.Ordinal)).Replace("[::]", "127.0.0.1", StringComparison.Ordinal));

    public Uri HttpsUrl => new(_app.Urls.First(url => url.StartsWith("https:", StringComparison.Ordinal)).Replace("[::]", "127.0.0.1", StringComparison.Ordinal));

    public static async Task<RunningServer> StartAsync(string? folder = null, params string[] settings)
    {
        var owns = folder is null;
        folder ??= Path.Combine(Path.GetTempPath(), "pendopo-" + Path.GetRandomFileName());
        var media = new FakeMediaPlane();
        string[] args =
        [
            "--Pendopo:Http:Port=0", "--Pendopo:Https:Port=0", $"--Pendopo:DataFolder={folder}", "--Pendopo:Limits:RefusalTime=00:00:00.02",
            $"--Pendopo:Accounts:Origin={Origin}",
            .. settings.Select(setting => "--Pendopo:" + setting),
        ];
        var errors = new StringWriter();
        var terminal = new StringWriter();
        var log = new LogLines();
        var app = await PendopoHost.BuildAsync(args, errors, services =>
            services.AddSingleton<IMediaPlane>(media).AddSingleton<IOfferInspector, FakeInspector>().AddSingleton(new Terminal(terminal)).AddSingleton<ILoggerProvider>(log)
                .AddSingleton<ISessionAccounts, FakeAccounts>());
        Assert.True(app is not null, errors.ToString());
        await app.StartAsync();
        return new RunningServer(app, media, terminal, log, folder, owns);
    }

    /// <summary>A browser: a cookie jar with a session.</summary>
    public async Task<Browser> BrowseAsync()
    {
        var browser = new Browser(Url);
        using var _ = await browser.Http.GetAsync(new Uri("/api/status", UriKind.Relative), TestContext.Current.CancellationToken);
        return browser;
    }

    /// <summary>An open broadcast and the browser of its host.</summary>
    public async Task<(Browser Host, CreateMeetingResponse Meeting)> FoundAsync(params VideoCodec[] codecs)
    {
        var host = await BrowseAsync();
        using var response = await host.Http.PostAsJsonAsync(
            new Uri("/api/meetings", UriKind.Relative), new CreateMeetingRequest(MeetingKind.OpenBroadcast, codecs.Length == 0 ? null : codecs), Json, TestContext.Current.CancellationToken);
        return (host, (await response.Content.ReadFromJsonAsync<CreateMeetingResponse>(Json, TestContext.Current.CancellationToken))!);
    }

    /// <summary>Every address that answers, as methods and pattern.</summary>
    public IReadOnlyList<(string Method, string Pattern)> Routes =>
    [
        .. _app.Services.GetRequiredService<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>().SelectMany(endpoint =>
            (endpoint.Metadata.GetMetadata<HttpMethodMetadata>()?.HttpMethods ?? ["POST"]).Select(method => (method, "/" + (endpoint.RoutePattern.RawText ?? "").TrimStart('/')))),
    ];

    public Task StopAsync() => _app.StopAsync();

    public async ValueTask DisposeAsync()
    {
        await _app.DisposeAsync();
        if (_ownsFolder) Directory.Delete(Folder, recursive: true);
    }
}

/// <summary>Accounts by a header, in place of signing in.</summary>
internal sealed class FakeAccounts : ISessionAccounts
{
    public const string Header = "X-Test-Account";

    public string? AccountOf(HttpContext context) => context.Request.Headers.TryGetValue(Header, out var account) ? account.ToString() : null;
}
