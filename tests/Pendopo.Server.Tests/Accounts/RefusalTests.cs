using System.Net;
using System.Text.Json.Nodes;
using Microsoft.Extensions.Time.Testing;
using Pendopo.Server.Accounts;
using Pendopo.Server.Options;
using Pendopo.Signaling;
using Xunit;

namespace Pendopo.Server.Tests.Accounts;

public sealed class RefusalTests
{
    private const string Elsewhere = "https://other.example.test";

    [Fact]
    public async Task People_sign_in_and_register_at_one_origin_and_are_told_which()
    {
        await using var server = await RunningServer.StartAsync(null, $"PublicOrigins:0={Elsewhere}");
        foreach (var origin in (string?[])[Elsewhere, null])
        {
            using var visitor = await Person.ComeAsync(server, origin: origin);
            foreach (var path in (string[])["/api/account/sign-in/options", "/api/account/sign-in", "/api/account/registration/options", "/api/account/registration", "/api/account/link"])
            {
                var (status, _, problem) = await visitor.PostAsync<object>(path, new { token = server.FirstToken, name = "Sri", ceremony = "", credential = "{}" });
                Assert.Equal((HttpStatusCode.Forbidden, AccountError.WrongOrigin, RunningServer.Origin), (status, problem!.Error, problem.Origin));
            }

            Assert.Equal(RunningServer.Origin, (await visitor.WhoAsync()).Origin);
        }

        // The link is still good.
        using var sri = await Person.RegisterAsync(server, server.FirstToken, "Sri");
    }

    [Fact]
    public async Task A_cookie_gives_power_only_to_requests_that_our_own_page_makes()
    {
        await using var server = await RunningServer.StartAsync(null, $"PublicOrigins:0={Elsewhere}");
        using var sri = await Person.RegisterAsync(server, server.FirstToken, "Sri");
        foreach (var origin in (string?[])[null, Elsewhere])
        {
            using var request = new HttpRequestMessage(HttpMethod.Delete, new Uri(server.Url, "/api/account/sessions"));
            request.Headers.Add("Cookie", $"pendopo-account={sri.Browser.CookieOf("pendopo-account")}");
            if (origin is not null) request.Headers.Add("Origin", origin);
            using var http = new HttpClient(new HttpClientHandler { UseCookies = false });
            using var response = await http.SendAsync(request, TestContext.Current.CancellationToken);
            Assert.Equal(HttpStatusCode.Unauthorized, response.StatusCode);
        }

        Assert.NotNull((await sri.WhoAsync()).Account);
    }

    [Fact]
    public async Task An_answer_serves_once_and_only_the_browser_that_was_asked()
    {
        await using var server = await RunningServer.StartAsync();
        using var sri = await Person.RegisterAsync(server, server.FirstToken, "Sri");
        using var thief = await Person.ComeAsync(server);

        var begun = await sri.BeginSignInAsync();
        var answer = new SignInRequest(begun.Ceremony, sri.Authenticator.Get(begun.Options));
        Assert.Equal(AccountError.PasskeyRefused, (await thief.PostAsync<object>("/api/account/sign-in", answer)).Problem!.Error);
        Assert.Equal(HttpStatusCode.OK, (await sri.PostAsync<object>("/api/account/sign-in", answer)).Status);
        Assert.Equal(AccountError.PasskeyRefused, (await sri.PostAsync<object>("/api/account/sign-in", answer)).Problem!.Error);

        var other = await sri.BeginSignInAsync();
        var swapped = new SignInRequest(other.Ceremony, answer.Credential);
        Assert.Equal(AccountError.PasskeyRefused, (await sri.PostAsync<object>("/api/account/sign-in", swapped)).Problem!.Error);
    }

    [Fact]
    public async Task An_authenticator_that_was_copied_set_back_or_signs_wrongly_is_refused()
    {
        await using var server = await RunningServer.StartAsync();
        using var sri = await Person.RegisterAsync(server, server.FirstToken, "Sri");
        using var copy = await Person.ComeAsync(server, sri.Authenticator);

        var begun = await sri.BeginSignInAsync();
        var credential = JsonNode.Parse(sri.Authenticator.Get(begun.Options))!;
        credential["response"]!["userHandle"] = "AAAA";
        Assert.Equal(AccountError.PasskeyRefused, (await sri.PostAsync<object>("/api/account/sign-in", new SignInRequest(begun.Ceremony, credential.ToJsonString()))).Problem!.Error);

        begun = await sri.BeginSignInAsync();
        credential = JsonNode.Parse(sri.Authenticator.Get(begun.Options))!;
        var signature = credential["response"]!["signature"]!.GetValue<string>();
        credential["response"]!["signature"] = (signature[0] == 'M' ? "N" : "M") + signature[1..^2] + (signature[^2] == 'A' ? "B" : "A") + signature[^1];
        Assert.Equal(AccountError.PasskeyRefused, (await sri.PostAsync<object>("/api/account/sign-in", new SignInRequest(begun.Ceremony, credential.ToJsonString()))).Problem!.Error);

        Assert.Equal(HttpStatusCode.OK, (await sri.TrySignInAsync()).Status);
        sri.Authenticator.TurnBack();
        Assert.Equal(AccountError.PasskeyRefused, (await copy.TrySignInAsync()).Problem!.Error);
    }

    [Fact]
    public async Task A_passkey_made_without_asking_whose_finger_it_is_on_another_page_or_in_a_frame_is_refused()
    {
        await using var server = await RunningServer.StartAsync();
        SoftwareAuthenticator[] unfit =
        [
            new() { VerifiesUser = false },
            new() { Origin = "http://localhost:8081" },
            new() { Origin = "https://localhost:8080" },
            new() { CrossOrigin = true },
        ];
        foreach (var authenticator in unfit)
        {
            using var visitor = await Person.ComeAsync(server, authenticator);
            Assert.Equal(AccountError.PasskeyRefused, (await visitor.TryRegisterAsync(server.FirstToken, "Sri")).Problem!.Error);
            authenticator.Dispose();
        }

        using var sri = await Person.RegisterAsync(server, server.FirstToken, "Sri");
    }

    [Fact]
    public async Task What_is_missing_or_out_of_bounds_is_an_invalid_request()
    {
        await using var server = await RunningServer.StartAsync();
        using var visitor = await Person.ComeAsync(server);
        (string Path, object Body)[] requests =
        [
            ("/api/account/sign-in", new { ceremony = "x" }),
            ("/api/account/sign-in", new { ceremony = "x", credential = "no json" }),
            ("/api/account/sign-in", new { ceremony = "x", credential = "[]" }),
            ("/api/account/sign-in", new { ceremony = "x", credential = $"{{\"id\":\"{new string('a', 20_000)}\"}}" }),
            ("/api/account/registration/options", new { token = server.FirstToken, name = "a\nb" }),
            ("/api/account/registration/options", new { token = server.FirstToken }),
        ];
        foreach (var (path, body) in requests)
        {
            Assert.Equal((HttpStatusCode.BadRequest, AccountError.InvalidRequest), (await visitor.PostAsync<object>(path, body)) is var (status, _, problem) ? (status, problem!.Error) : default);
        }

        foreach (var body in (object[])[new { }, new { token = "" }, new { token = new string('A', 43) }])
        {
            Assert.Equal(AccountError.LinkInvalid, (await visitor.PostAsync<object>("/api/account/link", body)).Problem!.Error);
        }

        // Without the cookie that a first page gives there is nobody to bind the ceremony to.
        using var bare = new HttpClient { BaseAddress = server.Url };
        bare.DefaultRequestHeaders.Add("Origin", RunningServer.Origin);
        using var response = await bare.PostAsync(new Uri("/api/account/sign-in/options", UriKind.Relative), null, TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
    }

    [Fact]
    public async Task Whoever_is_wrong_too_often_is_not_looked_at()
    {
        await using var server = await RunningServer.StartAsync(null, "Limits:SignInFailuresPerAddress=3");
        using var visitor = await Person.ComeAsync(server);
        var errors = new List<AccountError?>();
        for (var count = 0; count < 5; count++) errors.Add((await visitor.PostAsync<object>("/api/account/link", new LinkRequest($"wrong{count}"))).Problem!.Error);
        Assert.Equal([AccountError.LinkInvalid, AccountError.LinkInvalid, AccountError.LinkInvalid, AccountError.TooManyRequests, AccountError.TooManyRequests], errors);
        Assert.Equal(AccountError.TooManyRequests, (await visitor.PostAsync<object>("/api/account/link", new LinkRequest(server.FirstToken))).Problem!.Error);
    }

    [Fact]
    public void Many_addresses_have_no_more_tries_at_one_passkey_and_none_when_all_are_used_up()
    {
        var time = new FakeTimeProvider();
        var limiter = new AccountLimiter(new LimitOptions { SignInFailuresPerPasskey = 3, SignInFailuresInAll = 5, SignInsPerAddress = 2, SignInsInAll = 100 }, time);
        for (var address = 1; address <= 3; address++) limiter.CountFailure(IPAddress.Parse($"192.0.2.{address}"), "passkey");
        Assert.False(limiter.MayTry(IPAddress.Parse("192.0.2.99"), "passkey"));
        Assert.True(limiter.MayTry(IPAddress.Parse("192.0.2.99"), "another"));

        limiter.CountFailure(IPAddress.Parse("192.0.2.4"), "a");
        limiter.CountFailure(IPAddress.Parse("192.0.2.5"), "b");
        Assert.False(limiter.MayTry(IPAddress.Parse("192.0.2.99"), "another"));
        Assert.False(limiter.MayBegin(IPAddress.Parse("192.0.2.99")));
        time.Advance(TimeSpan.FromMinutes(1));
        Assert.True(limiter.MayTry(IPAddress.Parse("192.0.2.99"), "passkey"));
        Assert.Equal([true, true, false], Enumerable.Range(0, 3).Select(_ => limiter.MayBegin(IPAddress.Parse("2001:db8::1"))));
        Assert.False(limiter.MayBegin(IPAddress.Parse("2001:db8::2")));
    }
}
