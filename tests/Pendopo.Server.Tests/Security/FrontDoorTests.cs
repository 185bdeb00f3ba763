using System.Net;
using System.Net.Http.Json;
using System.Net.WebSockets;
using System.Text;
using Microsoft.Extensions.Time.Testing;
using Pendopo.Server.Options;
using Pendopo.Server.Security;
using Pendopo.Signaling;
using Xunit;

namespace Pendopo.Server.Tests.Security;

public sealed class FrontDoorTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Every_answer_bears_the_policy_and_a_first_get_gives_a_session()
    {
        await using var server = await RunningServer.StartAsync();
        using var http = new HttpClient { BaseAddress = server.Url };

        using var status = await http.GetAsync(new Uri("/api/status", UriKind.Relative), Cancellation);

        var policy = Assert.Single(status.Headers.GetValues("Content-Security-Policy"));
        Assert.StartsWith("default-src 'none'; script-src 'self' 'wasm-unsafe-eval';", policy, StringComparison.Ordinal);
        Assert.Contains("frame-ancestors 'none'", policy, StringComparison.Ordinal);
        Assert.Contains("camera=(self)", Assert.Single(status.Headers.GetValues("Permissions-Policy")), StringComparison.Ordinal);
        var cookie = Assert.Single(status.Headers.GetValues("Set-Cookie"));
        Assert.Contains("httponly", cookie, StringComparison.OrdinalIgnoreCase);
        // A link in a mail leads here from another site and must find the session that there is; what changes anything asks for the origin beside it.
        Assert.Contains("samesite=lax", cookie, StringComparison.OrdinalIgnoreCase);
        Assert.True((await status.Content.ReadFromJsonAsync<StatusResponse>(RunningServer.Json, Cancellation))!.MediaOnLoopbackOnly);
        using var missing = await http.GetAsync(new Uri("/nothing", UriKind.Relative), Cancellation);
        Assert.Equal(HttpStatusCode.NotFound, missing.StatusCode);
        Assert.True(missing.Headers.Contains("Content-Security-Policy"));
        using var ready = await http.GetAsync(new Uri("/health/ready", UriKind.Relative), Cancellation);
        using var live = await http.GetAsync(new Uri("/health/live", UriKind.Relative), Cancellation);
        Assert.Equal((HttpStatusCode.OK, HttpStatusCode.OK), (ready.StatusCode, live.StatusCode));
    }

    [Fact]
    public async Task Foreign_names_and_foreign_origins_stay_outside()
    {
        await using var server = await RunningServer.StartAsync();
        using var http = new HttpClient { BaseAddress = server.Url };
        using var rebound = new HttpRequestMessage(HttpMethod.Get, new Uri("/api/status", UriKind.Relative));
        rebound.Headers.Host = "evil.example";
        using var misdirected = await http.SendAsync(rebound, Cancellation);
        Assert.Equal(HttpStatusCode.MisdirectedRequest, misdirected.StatusCode);

        using var forged = new HttpRequestMessage(HttpMethod.Post, new Uri("/api/meetings", UriKind.Relative)) { Content = JsonContent.Create(new { kind = "openBroadcast" }) };
        forged.Headers.Add("Origin", "https://evil.example");
        using var refused = await http.SendAsync(forged, Cancellation);
        Assert.Equal(HttpStatusCode.Forbidden, refused.StatusCode);

        using var socket = new ClientWebSocket();
        socket.Options.SetRequestHeader("Origin", "https://evil.example");
        await Assert.ThrowsAsync<WebSocketException>(() => socket.ConnectAsync(new UriBuilder(server.Url) { Scheme = "ws", Path = SignalingContract.HubPath }.Uri, Cancellation));
    }

    [Fact]
    public async Task Founding_needs_a_session_a_sound_body_and_patience()
    {
        await using var server = await RunningServer.StartAsync(null, "Limits:CreatesPerSession=2");
        var path = new Uri("/api/meetings", UriKind.Relative);
        using var bare = new HttpClient { BaseAddress = server.Url };
        using var nobody = await bare.PostAsJsonAsync(path, new { kind = "openBroadcast" }, Cancellation);
        Assert.Equal(HttpStatusCode.Unauthorized, nobody.StatusCode);

        var browser = await server.BrowseAsync();
        using var empty = await browser.Http.PostAsJsonAsync(path, new { kind = "openBroadcast", videoCodecs = Array.Empty<string>() }, Cancellation);
        Assert.Equal(HttpStatusCode.BadRequest, empty.StatusCode);
        foreach (var body in new[] { "{}", "{\"kind\":null}", "{\"kind\":\"meeting\"}", "{\"kind\":\"webinar\"}", "{\"kind\":0}", "{\"Kind\":\"openBroadcast\"}", "{\"videoCodecs\":[\"vp8\"]}", "null", "[]", "no json" })
        {
            using var content = new StringContent(body, Encoding.UTF8, "application/json");
            using var refused = await browser.Http.PostAsync(path, content, Cancellation);
            Assert.Equal(HttpStatusCode.BadRequest, refused.StatusCode);
            Assert.Contains("kind is encrypted or openBroadcast and has no default", await refused.Content.ReadAsStringAsync(Cancellation), StringComparison.Ordinal);
        }

        using var text = new StringContent("{\"kind\":\"openBroadcast\"}");
        using var notJson = await browser.Http.PostAsync(path, text, Cancellation);
        Assert.Equal(HttpStatusCode.UnsupportedMediaType, notJson.StatusCode);
        var answers = new List<HttpStatusCode>();
        for (var count = 0; count < 3; count++)
        {
            using var created = await browser.Http.PostAsJsonAsync(path, new { kind = "openBroadcast" }, Cancellation);
            answers.Add(created.StatusCode);
        }

        Assert.Equal([HttpStatusCode.Created, HttpStatusCode.Created, HttpStatusCode.TooManyRequests], answers);
    }

    [Fact]
    public void Budgets_refill_with_time_and_one_address_does_not_use_up_anothers()
    {
        var time = new FakeTimeProvider();
        var limiter = new KnockLimiter(new LimitOptions { FailuresPerAddress = 2, EntriesPerAddress = 3 }, time);
        var guesser = IPAddress.Parse("2001:db8::1");
        limiter.CountFailure(null, guesser);
        limiter.CountFailure(null, IPAddress.Parse("2001:db8::ffff"));

        Assert.False(limiter.MayEnter(null, guesser));
        Assert.True(limiter.MayEnter(null, IPAddress.Parse("192.0.2.1")));
        time.Advance(TimeSpan.FromSeconds(30));
        Assert.True(limiter.MayEnter(null, guesser));

        var busy = IPAddress.Parse("192.0.2.2");
        Assert.Equal([true, true, true, false], Enumerable.Range(0, 4).Select(_ => limiter.MayEnter(null, busy)));
    }
}
