using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using Microsoft.Extensions.Time.Testing;
using Pendopo.Server.Options;
using Pendopo.Server.Security;
using Pendopo.Server.Tests.Accounts;
using Pendopo.Server.Tests.Hubs;
using Pendopo.Server.Tests.Schedule;
using Pendopo.Signaling;
using Pendopo.Testing.Groups;
using Xunit;

namespace Pendopo.Server.Tests.Security;

/// <summary>Failings of video conferencing that the server answers for, by their rows in docs/failures.md.</summary>
public sealed partial class FailureTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    /// <summary>The link tells where the meeting is. Who comes by it without being let in has no key, no media, no roster and no word, and leaves it nowhere on the way.</summary>
    [Fact]
    public async Task Failure_10_a_link_that_was_passed_on_opens_nothing_and_is_written_nowhere()
    {
        await using var crowd = await Crowd.GatherAsync();
        var invited = await crowd.JoinAsync("budi", 0);
        var stranger = await crowd.ComeAsync("eka");
        Assert.Equal(KnockState.Waiting, (await stranger.KnockAsync()).State);

        Assert.Equal(ErrorCode.NotMember, (await stranger.ConnectMediaAsync()).Error);
        Assert.NotEqual(ErrorCode.None, (await stranger.ReadLogAsync(0)).Error);
        Assert.NotEqual(ErrorCode.None, (await stranger.SayAsync(1)).Error);
        Assert.DoesNotContain(stranger.Guest.Unread, news => news is MeetingChange or LogEntry or SeatMap or string[]);

        // Nor does a place that was given to somebody else serve in another browser.
        await using var thief = await stranger.Browser.ConnectAsync();
        Assert.Equal(ErrorCode.NotInMeeting, (await thief.ResumeAsync(crowd.Statement.MeetingIdText, invited.Self)).Error);

        using var page = await stranger.Browser.Http.GetAsync(new Uri($"/api/meetings/{crowd.Statement.MeetingIdText}/founding", UriKind.Relative), Cancellation);
        Assert.Equal("no-referrer", Assert.Single(page.Headers.GetValues("Referrer-Policy")));
        Assert.NotEmpty(crowd.Server.Log.All);
        foreach (var secret in new[] { crowd.Statement.MeetingIdText, WireWriter.Text(crowd.Statement.Hash) })
        {
            Assert.DoesNotContain(crowd.Server.Log.All, line => line.Text.Contains(secret, StringComparison.Ordinal));
        }
    }

    /// <summary>Ten tries, then nothing is looked up any more, the right id included.</summary>
    [Fact]
    public async Task Failure_11_one_who_guesses_is_locked_out_after_ten_tries()
    {
        await using var crowd = await Crowd.GatherAsync();
        var guesser = await crowd.ComeAsync("eka");
        var tries = 0;
        for (var error = ErrorCode.None; error != ErrorCode.TooManyRequests; tries++)
        {
            var guess = new TestStatement(TestDevice.Of("nobody")).MeetingIdText;
            error = (await guesser.AskAsync<KnockResult>("knock", new KnockRequest(guess, "Eka", guesser.Device.KeyPackage(crowd.Statement.Hash).Text))).Error;
            Assert.True(error is ErrorCode.MeetingNotFound or ErrorCode.TooManyRequests, error.ToString());
        }

        Assert.Equal(new LimitOptions().FailuresPerSession, tries - 1);
        Assert.InRange(tries - 1, 1, 10);
        Assert.Equal(ErrorCode.TooManyRequests, (await guesser.KnockAsync()).Error);
    }

    /// <summary>A thousand machines together have as many tries as all strangers may have, and that is nothing among 2^136 ids.</summary>
    [Fact]
    public void Failure_11_a_thousand_machines_that_guess_together_find_nothing()
    {
        var limits = new LimitOptions();
        var limiter = new KnockLimiter(limits, new FakeTimeProvider());
        var looked = 0;
        for (var round = 0; round < 10; round++)
        {
            for (var machine = 0; machine < 1000; machine++)
            {
                var address = new IPAddress([10, 0, (byte)(machine >> 8), (byte)machine]);
                if (!limiter.MayEnter($"session {machine}", address)) continue;
                looked++;
                limiter.CountFailure($"session {machine}", address);
            }
        }

        Assert.Equal(limits.FailuresInAll, looked);
        const double minutesOfACentury = 100 * 365.25 * 24 * 60;
        Assert.InRange(looked * minutesOfACentury / Math.Pow(2, 136), 0, 1e-24);
    }

    /// <summary>A list of addresses and passwords that were stolen elsewhere is tried at everything that answers, as form, as JSON and as Basic: there is nothing that takes one.</summary>
    [Fact]
    public async Task Failure_12_a_list_of_stolen_passwords_opens_nothing()
    {
        await using var server = await RunningServer.StartAsync(null, "Limits:SignInsPerAddress=10000", "Limits:SignInFailuresPerAddress=10000", "Limits:SignInFailuresInAll=10000");
        using var sri = await Person.RegisterAsync(server, server.FirstToken, "Sri Mulyani");
        var routes = server.Routes.Where(route => !route.Pattern.StartsWith("/hubs", StringComparison.Ordinal)).ToList();
        Assert.Contains(("POST", "/api/account/sign-in"), routes);
        Assert.Contains(routes, route => route.Method == "GET");

        (string Name, string Password)[] stolen = [("sri@instansi.example", "Rahasia123"), ("Sri Mulyani", "password"), ("admin", "admin")];
        foreach (var (method, pattern) in routes)
        {
            foreach (var (name, password) in stolen)
            {
                foreach (var body in Bodies(name, password))
                {
                    using var thief = new HttpClient { BaseAddress = server.Url };
                    using var request = new HttpRequestMessage(new HttpMethod(method), new Uri(Filled(pattern), UriKind.Relative));
                    if (method is not ("GET" or "HEAD")) request.Content = body;
                    request.Headers.Add("Origin", RunningServer.Origin);
                    request.Headers.Authorization = new AuthenticationHeaderValue("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes($"{name}:{password}")));
                    using var answer = await thief.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, Cancellation);
                    var cookies = answer.Headers.TryGetValues("Set-Cookie", out var set) ? string.Join(' ', set) : "";
                    Assert.False(SignedIn().IsMatch(cookies), $"{method} {pattern}");
                }
            }
        }

        // Nothing of the wire and nothing that is stored has room for a password or a standing key of a host.
        var wire = typeof(AccountResponse).Assembly.GetTypes().SelectMany(type => type.GetProperties()).Select(property => property.Name);
        var stored = typeof(Pendopo.Control.Users.Account).Assembly.GetTypes().SelectMany(type => type.GetProperties()).Select(property => property.Name);
        Assert.DoesNotContain(wire.Concat(stored), name => name.Contains("password", StringComparison.OrdinalIgnoreCase) || name.Contains("hostKey", StringComparison.OrdinalIgnoreCase));
        Assert.NotNull((await sri.WhoAsync()).Account);
    }

    /// <summary>
    /// People are offered to people of the same institution who are signed in, by their names. A mail address is no account's property, so nobody is anybody's colleague by what
    /// stands behind the @; whose address stands in an invitation is seen by its organiser and is offered to nobody.
    /// </summary>
    [Fact]
    public async Task Failure_19_no_directory_is_made_of_mail_domains()
    {
        await using var office = await Office.OpenAsync();
        await Office.PlanAsync(office.Sri, "Rapat", new InviteeRequest(null, "citra@kementerian.example"), new InviteeRequest(null, "dewi@kementerian.example"));
        foreach (var asked in new[] { "@", "kementerian", "kementerian.example", "@kementerian.example", "citra", "citra@kementerian.example", "dewi", "%", "_", "*" })
        {
            foreach (var person in new[] { office.Sri, office.Budi })
            {
                Assert.Empty((await person.GetAsync<PeopleResponse>($"/api/schedule/people?name={Uri.EscapeDataString(asked)}")).Answer!.People);
            }
        }

        Assert.Equal(["Budi Santoso"], (await office.Sri.GetAsync<PeopleResponse>("/api/schedule/people?name=budi")).Answer!.People.Select(person => person.Name));
        using var stranger = await Person.ComeAsync(office.Server);
        foreach (var path in new[] { "/api/schedule/people?name=budi", "/api/accounts", "/api/schedule" })
        {
            Assert.Equal(HttpStatusCode.Unauthorized, (await stranger.GetAsync<JsonElement>(path)).Status);
        }

        Assert.Equal(HttpStatusCode.Forbidden, (await office.Budi.GetAsync<JsonElement>("/api/accounts")).Status);
    }

    private static IEnumerable<HttpContent> Bodies(string name, string password)
    {
        yield return new FormUrlEncodedContent([new("username", name), new("email", name), new("password", password), new("grant_type", "password")]);
        yield return new StringContent(JsonSerializer.Serialize(new { username = name, email = name, name, password, hostKey = password, token = password, ceremony = name, credential = password }), Encoding.UTF8, "application/json");
    }

    private static string Filled(string pattern) => Parameter().Replace(pattern, part => part.Groups["kind"].Value.Contains("guid", StringComparison.Ordinal) ? Guid.Empty.ToString() : "x");

    [GeneratedRegex(@"\{\*{0,2}[^}:]+(?<kind>:[^}]*)?\}")]
    private static partial Regex Parameter();

    /// <summary>A cookie of a session; one without a value takes it away.</summary>
    [GeneratedRegex("pendopo-account=[^;]")]
    private static partial Regex SignedIn();
}
