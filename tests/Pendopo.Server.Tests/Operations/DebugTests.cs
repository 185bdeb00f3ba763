using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging.Abstractions;
using Pendopo.Meetings.Domain;
using Pendopo.Server.Operations;
using Pendopo.Sfu.Capture;
using Xunit;

namespace Pendopo.Server.Tests.Operations;

public sealed class DebugTests
{
    private static readonly MeetingId Meeting = MeetingId.CreateBroadcast();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Only_the_operators_token_opens_the_pages()
    {
        await using var server = await RunningServer.StartAsync(null, "Telemetry:Prometheus=true");
        server.Media.Fill(Meeting.Key.Value);
        foreach (var path in new[] { "/debug/meetings", $"/debug/meetings/{Meeting.Value}", "/debug/style.css", "/debug/nothing", "/metrics" })
        {
            using var nobody = await SendAsync(server, HttpMethod.Get, path, null);
            Assert.Equal(HttpStatusCode.Unauthorized, nobody.StatusCode);
            Assert.Equal("Basic", Assert.Single(nobody.Headers.WwwAuthenticate).Scheme);
            using var wrong = await SendAsync(server, HttpMethod.Get, path, new AuthenticationHeaderValue("Bearer", new string('A', 43)));
            Assert.Equal(HttpStatusCode.Forbidden, wrong.StatusCode);
            using var nothing = await SendAsync(server, HttpMethod.Get, path, new AuthenticationHeaderValue("Bearer", ""));
            Assert.NotEqual(HttpStatusCode.OK, nothing.StatusCode);
        }

        using var right = await SendAsync(server, HttpMethod.Get, "/debug/meetings", Bearer(server));
        Assert.Equal(HttpStatusCode.OK, right.StatusCode);
        Assert.True(right.Headers.CacheControl!.NoStore);
        using var browser = await SendAsync(server, HttpMethod.Get, "/debug/meetings", Basic(server));
        Assert.Equal(HttpStatusCode.OK, browser.StatusCode);
        using var metrics = await SendAsync(server, HttpMethod.Get, "/metrics", Bearer(server));
        Assert.Equal(HttpStatusCode.OK, metrics.StatusCode);
        using var unknown = await SendAsync(server, HttpMethod.Get, $"/debug/meetings/{MeetingId.CreateBroadcast().Value}", Bearer(server));
        Assert.Equal(HttpStatusCode.NotFound, unknown.StatusCode);
    }

    [Theory]
    [InlineData("X-Forwarded-For", "203.0.113.9")]
    [InlineData("X-Forwarded-Proto", "https")]
    [InlineData("Forwarded", "for=203.0.113.9")]
    [InlineData("Via", "1.1 proxy")]
    [InlineData("X-Real-IP", "203.0.113.9")]
    public async Task What_a_proxy_passed_on_finds_nothing_even_with_the_token(string header, string value)
    {
        await using var server = await RunningServer.StartAsync();
        using var answer = await SendAsync(server, HttpMethod.Get, "/debug/meetings", Bearer(server), (header, value));
        Assert.Equal(HttpStatusCode.NotFound, answer.StatusCode);
        Assert.Empty(answer.Headers.WwwAuthenticate);
    }

    [Theory]
    [InlineData("192.0.2.7", "127.0.0.1", "localhost")]
    [InlineData("10.0.0.7", "10.0.0.1", "10.0.0.1")]
    [InlineData("127.0.0.1", "10.0.0.1", "localhost")]
    [InlineData("127.0.0.1", "127.0.0.1", "meet.example.test")]
    [InlineData("2001:db8::7", "::1", "localhost")]
    public async Task Another_machine_or_name_finds_nothing_even_with_the_token(string remote, string local, string host)
    {
        var folder = Directory.CreateTempSubdirectory("pendopo-gate-");
        try
        {
            var gate = new OperatorGate(OperatorToken.Open(folder.FullName), NullLogger<OperatorGate>.Instance);
            var token = await File.ReadAllTextAsync(Path.Combine(folder.FullName, OperatorToken.FileName), Cancellation);
            Assert.Equal(404, await AskAsync(gate, IPAddress.Parse(remote), IPAddress.Parse(local), host, token.Trim()));

            // The same request from this machine passes.
            Assert.Equal(200, await AskAsync(gate, IPAddress.Loopback, IPAddress.IPv6Loopback, "localhost", token.Trim()));
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    [Fact]
    public async Task A_browsers_password_does_not_start_a_capture()
    {
        await using var server = await RunningServer.StartAsync();
        server.Media.Fill(Meeting.Key.Value);
        var path = $"/debug/meetings/{Meeting.Value}/peers/{Uri.EscapeDataString(FakeMediaPlane.Peer)}/capture";
        using var basic = await SendAsync(server, HttpMethod.Post, path, Basic(server));
        Assert.Equal((HttpStatusCode.Unauthorized, "Bearer"), (basic.StatusCode, Assert.Single(basic.Headers.WwwAuthenticate).Scheme));
        Assert.Empty(server.Media.Captures);

        using var bearer = await SendAsync(server, HttpMethod.Post, path + "?seconds=5&bytes=100000", Bearer(server));
        Assert.Equal((HttpStatusCode.OK, "captured"), (bearer.StatusCode, await bearer.Content.ReadAsStringAsync(Cancellation)));
        Assert.Equal(new CaptureLimits { Duration = TimeSpan.FromSeconds(5), Bytes = 100_000 }, Assert.Single(server.Media.Captures));
        Assert.EndsWith(".pcapng", bearer.Content.Headers.ContentDisposition!.FileName?.Trim('"'), StringComparison.Ordinal);

        using var tooLong = await SendAsync(server, HttpMethod.Post, path + "?seconds=61", Bearer(server));
        Assert.Equal(HttpStatusCode.BadRequest, tooLong.StatusCode);
        using var nobody = await SendAsync(server, HttpMethod.Post, $"/debug/meetings/{Meeting.Value}/peers/nobody/capture", Bearer(server));
        Assert.Equal(HttpStatusCode.NotFound, nobody.StatusCode);
        server.Media.Refusal = CaptureRefusal.Busy;
        using var busy = await SendAsync(server, HttpMethod.Post, path, Bearer(server));
        Assert.Equal(HttpStatusCode.Conflict, busy.StatusCode);
    }

    [Fact]
    public async Task The_page_shows_the_flows_in_both_languages_and_no_markup_of_others()
    {
        await using var server = await RunningServer.StartAsync();
        server.Media.Fill(Meeting.Key.Value);
        var indonesian = await ReadAsync(server, $"/debug/meetings/{Meeting.Value}", "text/html");
        Assert.Contains("<html lang=\"id\">", indonesian, StringComparison.Ordinal);
        Assert.Contains("Perkiraan kapasitas", indonesian, StringComparison.Ordinal);
        var english = await ReadAsync(server, $"/debug/meetings/{Meeting.Value}?lang=en", "text/html");
        foreach (var expected in new[] { "<html lang=\"en\">", "peer&lt;b&gt;1", "2.50 Mb/s", "24.5 ms", "12.5 %", "0→1", "bandwidth", "rtp 7", Meeting.Key.Loggable })
        {
            Assert.True(english.Contains(expected, StringComparison.Ordinal) || english.Contains(WebUtility.HtmlEncode(expected), StringComparison.Ordinal), expected);
        }

        Assert.DoesNotContain("<script", english, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain("style=", english, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain("peer<b>", english, StringComparison.Ordinal);
        Assert.DoesNotContain(Meeting.Value, english, StringComparison.Ordinal);
        var list = await ReadAsync(server, "/debug/meetings?lang=en", "text/html");
        Assert.Contains(Meeting.Key.Loggable, list, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_meeting_is_found_by_id_key_and_the_beginning_that_logs_show()
    {
        await using var server = await RunningServer.StartAsync();
        server.Media.Fill(Meeting.Key.Value);
        foreach (var name in new[] { Meeting.Value, Meeting.Key.Value, Meeting.Key.Loggable })
        {
            var text = await ReadAsync(server, $"/debug/meetings/{name}", "text/plain");
            Assert.StartsWith($"meeting {Meeting.Key.Loggable}  1 peers", text, StringComparison.Ordinal);
            Assert.Contains("paused: bandwidth", text, StringComparison.Ordinal);
            Assert.Contains("wants 3.00 Mb/s (probing)", text, StringComparison.Ordinal);
        }

        using var tooShort = await SendAsync(server, HttpMethod.Get, $"/debug/meetings/{Meeting.Key.Value[..11]}", Bearer(server));
        Assert.Equal(HttpStatusCode.NotFound, tooShort.StatusCode);
        server.Media.Fill(Meeting.Key.Loggable + "another");
        using var ambiguous = await SendAsync(server, HttpMethod.Get, $"/debug/meetings/{Meeting.Key.Loggable}", Bearer(server));
        Assert.Equal(HttpStatusCode.NotFound, ambiguous.StatusCode);
    }

    [Fact]
    public async Task Json_has_plain_numbers()
    {
        await using var server = await RunningServer.StartAsync();
        server.Media.Fill(Meeting.Key.Value);
        var peer = JsonDocument.Parse(await ReadAsync(server, $"/debug/meetings/{Meeting.Value}", "application/json")).RootElement.GetProperty("peers")[0];
        Assert.Equal((2_500_000, 0.0245), (peer.GetProperty("estimate").GetInt64(), peer.GetProperty("roundTrip").GetDouble()));
        Assert.Equal(7, peer.GetProperty("drops").GetProperty("rateLimited").GetInt64());
        Assert.Equal("bandwidth", peer.GetProperty("slots")[0].GetProperty("pause").GetString());
    }

    [Fact]
    public void The_token_is_made_once_for_the_servers_account_alone()
    {
        var folder = Directory.CreateTempSubdirectory("pendopo-token-");
        try
        {
            OperatorToken.Open(folder.FullName);
            var path = Path.Combine(folder.FullName, OperatorToken.FileName);
            var value = File.ReadAllText(path).Trim();
            Assert.Equal(43, value.Length);
            if (!OperatingSystem.IsWindows()) Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(path));
            var again = OperatorToken.Open(folder.FullName);
            Assert.True(again.Matches(value));
            Assert.False(again.Matches(value[..^1]));
            Assert.False(again.Matches(""));
            File.WriteAllText(path, "short");
            Assert.Throws<InvalidDataException>(() => OperatorToken.Open(folder.FullName));
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private static async Task<int> AskAsync(OperatorGate gate, IPAddress remote, IPAddress local, string host, string token)
    {
        var context = new DefaultHttpContext();
        context.Connection.RemoteIpAddress = remote;
        context.Connection.LocalIpAddress = local;
        context.Request.Method = "GET";
        context.Request.Path = "/debug/meetings";
        context.Request.Host = new HostString(host, 8080);
        context.Request.Headers.Authorization = "Bearer " + token;
        await gate.CheckAsync(context, _ => Task.CompletedTask);
        return context.Response.StatusCode;
    }

    private static string TokenOf(RunningServer server) => File.ReadAllText(Path.Combine(server.Folder, OperatorToken.FileName)).Trim();

    private static AuthenticationHeaderValue Bearer(RunningServer server) => new("Bearer", TokenOf(server));

    private static AuthenticationHeaderValue Basic(RunningServer server) =>
        new("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes("operator:" + TokenOf(server))));

    private static async Task<string> ReadAsync(RunningServer server, string path, string type)
    {
        using var answer = await SendAsync(server, HttpMethod.Get, path, Bearer(server), ("Accept", type));
        Assert.Equal((HttpStatusCode.OK, type), (answer.StatusCode, answer.Content.Headers.ContentType?.MediaType));
        return await answer.Content.ReadAsStringAsync(Cancellation);
    }

    private static async Task<HttpResponseMessage> SendAsync(
        RunningServer server, HttpMethod method, string path, AuthenticationHeaderValue? token, params (string Name, string Value)[] headers)
    {
        using var http = new HttpClient { BaseAddress = server.Url };
        using var request = new HttpRequestMessage(method, new Uri(path, UriKind.Relative));
        request.Headers.Authorization = token;
        foreach (var (name, value) in headers) request.Headers.TryAddWithoutValidation(name, value);
        return await http.SendAsync(request, Cancellation);
    }
}
