using System.Net;
using System.Net.Http.Json;
using Pendopo.Signaling;
using Xunit;

namespace Pendopo.Server.Tests.Accounts;

/// <summary>Signing in by the institution's OpenID provider, with a real one beside the server.</summary>
public sealed class ProviderTests
{
    private const string StartPath = "/api/account/provider/start";

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Whom_the_provider_vouches_for_gets_an_account_where_that_is_allowed_and_the_same_one_the_next_time()
    {
        await using var provider = await OpenIdProvider.StartAsync(Cancellation);
        await using var server = await StartAsync(provider, "Accounts:Provider:CreateAccounts=true");
        using var sri = await Person.RegisterAsync(server, server.FirstToken, "Sri Mulyani");
        using var visitor = new ProviderBrowser(server, provider);
        Assert.Equal("SSO Kementerian", (await visitor.WhoAsync()).Provider);

        Assert.Equal("/", await visitor.SignInAsync());
        var first = (await visitor.WhoAsync()).Account!;
        Assert.Equal(("Budi Santoso", AccountRole.Member), (first.Name, first.Role));

        using var telephone = new ProviderBrowser(server, provider);
        provider.Name = "Somebody Else";
        Assert.Equal("/", await telephone.SignInAsync());
        Assert.Equal(first, (await telephone.WhoAsync()).Account);
        provider.Subject = "19900202";
        using var other = new ProviderBrowser(server, provider);
        await other.SignInAsync();
        Assert.NotEqual(first.Id, (await other.WhoAsync()).Account!.Id);
    }

    [Fact]
    public async Task Nobody_unknown_gets_in_by_default_and_an_account_that_was_linked_does()
    {
        await using var provider = await OpenIdProvider.StartAsync(Cancellation);
        await using var server = await StartAsync(provider);
        using var visitor = new ProviderBrowser(server, provider);
        Assert.Equal("/sign-in#provider-unknown", await visitor.SignInAsync());

        using var sri = await Person.RegisterAsync(server, server.FirstToken, "Sri Mulyani");
        Assert.Equal("/sign-in#provider-unknown", await visitor.SignInAsync());
        Assert.Null((await visitor.WhoAsync()).Account);
        Assert.False((await sri.GetAsync<ProviderResponse>("/api/account/provider")).Answer!.Linked);

        visitor.Become(sri.Browser);
        Assert.Equal("/account#provider-linked", await visitor.SignInAsync("?link=true"));
        Assert.True((await sri.GetAsync<ProviderResponse>("/api/account/provider")).Answer!.Linked);
        using var telephone = new ProviderBrowser(server, provider);
        Assert.Equal("/", await telephone.SignInAsync());
        Assert.Equal(("Sri Mulyani", AccountRole.Administrator), ((await telephone.WhoAsync()).Account!.Name, (await telephone.WhoAsync()).Account!.Role));

        Assert.Equal(HttpStatusCode.NoContent, await sri.DeleteAsync("/api/account/provider"));
        using var later = new ProviderBrowser(server, provider);
        Assert.Equal("/sign-in#provider-unknown", await later.SignInAsync());
    }

    [Fact]
    public async Task Another_persons_identity_is_not_taken_and_the_last_way_in_stays()
    {
        await using var provider = await OpenIdProvider.StartAsync(Cancellation);
        await using var server = await StartAsync(provider, "Accounts:Provider:CreateAccounts=true");
        using var sri = await Person.RegisterAsync(server, server.FirstToken, "Sri Mulyani");
        using var budi = new ProviderBrowser(server, provider);
        await budi.SignInAsync();
        Assert.Equal(HttpStatusCode.BadRequest, await budi.UnlinkAsync());

        using var thief = new ProviderBrowser(server, provider);
        thief.Become(sri.Browser);
        Assert.Equal("/account#provider-taken", await thief.SignInAsync("?link=true"));
        Assert.False((await sri.GetAsync<ProviderResponse>("/api/account/provider")).Answer!.Linked);
    }

    [Fact]
    public async Task A_link_that_another_site_starts_links_nothing()
    {
        await using var provider = await OpenIdProvider.StartAsync(Cancellation);
        await using var server = await StartAsync(provider);
        using var sri = await Person.RegisterAsync(server, server.FirstToken, "Sri Mulyani");
        // What another site causes comes without the session's cookie, which is SameSite=Strict.
        using var strange = new ProviderBrowser(server, provider);
        Assert.Equal("/sign-in#provider-unknown", await strange.SignInAsync("?link=true"));
        Assert.False((await sri.GetAsync<ProviderResponse>("/api/account/provider")).Answer!.Linked);
    }

    [Fact]
    public async Task A_link_begun_before_signing_out_links_nothing_after_it()
    {
        await using var provider = await OpenIdProvider.StartAsync(Cancellation);
        await using var server = await StartAsync(provider);
        using var sri = await Person.RegisterAsync(server, server.FirstToken, "Sri Mulyani");
        using var left = new ProviderBrowser(server, provider);
        left.Become(sri.Browser);
        var answer = await left.AnswerAsync("?link=true");
        Assert.Equal(HttpStatusCode.NoContent, (await sri.PostAsync<object>("/api/account/sign-out", null)).Status);

        // The cookie of the sign-in that follows is another session's: nobody comes back to what the one before has begun.
        Assert.Equal(HttpStatusCode.OK, (await sri.TrySignInAsync()).Status);
        Assert.Equal("/account#provider-failed", await left.FollowAsync(answer));
        Assert.False((await sri.GetAsync<ProviderResponse>("/api/account/provider")).Answer!.Linked);

        using var again = new ProviderBrowser(server, provider);
        again.Become(sri.Browser);
        Assert.Equal("/account#provider-linked", await again.SignInAsync("?link=true"));
    }

    [Fact]
    public async Task A_link_begun_before_a_recovery_links_nothing_after_it()
    {
        await using var provider = await OpenIdProvider.StartAsync(Cancellation);
        await using var server = await StartAsync(provider);
        using var sri = await Person.RegisterAsync(server, server.FirstToken, "Sri Mulyani");
        var (_, invitation, _) = await sri.PostAsync<IssuedLinkResponse>("/api/accounts/invitations", new InvitationRequest("Budi Santoso", AccountRole.Member));
        using var thief = await Person.RegisterAsync(server, invitation!.Link.Split('#')[1]);
        using var stolen = new ProviderBrowser(server, provider);
        stolen.Become(thief.Browser);
        var answer = await stolen.AnswerAsync("?link=true");

        // Who has lost the device is given another way in; whoever holds the device keeps none.
        var budi = (await thief.WhoAsync()).Account!.Id;
        var (_, recovery, _) = await sri.PostAsync<IssuedLinkResponse>($"/api/accounts/{budi}/recovery", null);
        using var back = await Person.RegisterAsync(server, recovery!.Link.Split('#')[1]);
        Assert.Equal("/account#provider-failed", await stolen.FollowAsync(answer));
        Assert.False((await back.GetAsync<ProviderResponse>("/api/account/provider")).Answer!.Linked);
        using var later = new ProviderBrowser(server, provider);
        Assert.Equal("/sign-in#provider-unknown", await later.SignInAsync());
    }

    [Fact]
    public async Task An_answer_that_this_browser_did_not_ask_for_a_used_code_a_refusal_and_a_nameless_person_lead_back_with_a_reason()
    {
        await using var provider = await OpenIdProvider.StartAsync(Cancellation);
        await using var server = await StartAsync(provider, "Accounts:Provider:CreateAccounts=true");
        using var sri = await Person.RegisterAsync(server, server.FirstToken, "Sri Mulyani");
        using var victim = new ProviderBrowser(server, provider);
        using var attacker = new ProviderBrowser(server, provider);
        var answer = await attacker.AnswerAsync();
        Assert.Equal("/sign-in#provider-failed", await victim.FollowAsync(answer));
        Assert.Null((await victim.WhoAsync()).Account);
        Assert.Equal("/", await attacker.FollowAsync(answer));
        Assert.Equal("/sign-in#provider-failed", await attacker.FollowAsync(answer));
        Assert.Equal("/sign-in#provider-failed", await victim.FollowAsync(new Uri("/api/account/provider/callback?code=a&state=b", UriKind.Relative)));

        provider.Denies = true;
        Assert.Equal("/sign-in#provider-denied", await victim.SignInAsync());
        provider.Denies = false;
        (provider.Subject, provider.Name) = ("nameless", null);
        Assert.Equal("/sign-in#provider-name", await victim.SignInAsync());
        Assert.DoesNotContain(OpenIdProvider.Secret, string.Join('\n', server.Log.All), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_provider_that_is_away_is_said_and_one_that_is_not_set_has_no_door()
    {
        var provider = await OpenIdProvider.StartAsync(Cancellation);
        await using var server = await StartAsync(provider);
        using var visitor = new ProviderBrowser(server, provider);
        await provider.DisposeAsync();
        Assert.Equal("/sign-in#provider-unreachable", await visitor.StartAsync());

        await using var plain = await RunningServer.StartAsync();
        using var guest = new ProviderBrowser(plain, provider);
        Assert.Null((await guest.WhoAsync()).Provider);
        Assert.Equal(HttpStatusCode.NotFound, await guest.StatusOfAsync(StartPath));
    }

    [Fact]
    public async Task At_another_address_the_browser_is_led_to_the_canonical_one_first()
    {
        await using var provider = await OpenIdProvider.StartAsync(Cancellation);
        await using var server = await StartAsync(provider);
        using var visitor = new ProviderBrowser(server, provider) { Host = null };
        Assert.Equal(RunningServer.Origin + "/sign-in", await visitor.StartAsync());
    }

    private static Task<RunningServer> StartAsync(OpenIdProvider provider, params string[] settings)
    {
        provider.Origin = RunningServer.Origin;
        return RunningServer.StartAsync(
            null,
            [
                $"Accounts:Provider:Authority={provider.Authority}", $"Accounts:Provider:ClientSecret={OpenIdProvider.Secret}",
                "Accounts:Provider:Name=SSO Kementerian", .. settings,
            ]);
    }

    /// <summary>A browser at the canonical origin that goes to the provider and back.</summary>
    private sealed class ProviderBrowser(RunningServer server, OpenIdProvider provider) : IDisposable
    {
        private readonly CookieContainer _cookies = new();
        private HttpClient? _http;

        public string? Host { get; init; } = new Uri(RunningServer.Origin).Authority;

        private HttpClient Http => _http ??= new HttpClient(new HttpClientHandler { CookieContainer = _cookies, AllowAutoRedirect = false }) { BaseAddress = server.Url };

        /// <summary>Sits down at another's browser.</summary>
        public void Become(Browser browser)
        {
            foreach (var name in new[] { "pendopo", "pendopo-account" }) _cookies.Add(server.Url, new Cookie(name, browser.CookieOf(name), "/"));
        }

        public async Task<AccountResponse> WhoAsync()
        {
            using var response = await SendAsync(HttpMethod.Get, "/api/account");
            return (await response.Content.ReadFromJsonAsync<AccountResponse>(RunningServer.Json, Cancellation))!;
        }

        public async Task<HttpStatusCode> UnlinkAsync()
        {
            using var response = await SendAsync(HttpMethod.Delete, "/api/account/provider");
            return response.StatusCode;
        }

        public async Task<HttpStatusCode> StatusOfAsync(string path)
        {
            using var response = await SendAsync(HttpMethod.Get, path);
            return response.StatusCode;
        }

        /// <summary>Where the first step leads.</summary>
        public async Task<string> StartAsync(string query = "")
        {
            using var response = await SendAsync(HttpMethod.Get, StartPath + query);
            return response.Headers.Location!.ToString();
        }

        /// <summary>What the provider answers, for the server.</summary>
        public async Task<Uri> AnswerAsync(string query = "")
        {
            var start = await StartAsync(query);
            Assert.StartsWith(provider.Authority, start, StringComparison.Ordinal);
            using var response = await Http.GetAsync(new Uri(start), Cancellation);
            var back = response.Headers.Location!;
            Assert.StartsWith(RunningServer.Origin, back.ToString(), StringComparison.Ordinal);
            return new Uri(back.PathAndQuery, UriKind.Relative);
        }

        public async Task<string> FollowAsync(Uri answer)
        {
            using var response = await SendAsync(HttpMethod.Get, answer.ToString());
            return response.Headers.Location!.ToString();
        }

        public async Task<string> SignInAsync(string query = "") => await FollowAsync(await AnswerAsync(query));

        public void Dispose() => _http?.Dispose();

        private async Task<HttpResponseMessage> SendAsync(HttpMethod method, string path)
        {
            using var request = new HttpRequestMessage(method, new Uri(path, UriKind.Relative));
            request.Headers.Host = Host;
            if (method != HttpMethod.Get) request.Headers.Add("Origin", RunningServer.Origin);
            return await Http.SendAsync(request, Cancellation);
        }
    }
}
