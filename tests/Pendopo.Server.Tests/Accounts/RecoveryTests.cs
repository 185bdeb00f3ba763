using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using Pendopo.Server.Accounts;
using Pendopo.Server.Operations;
using Pendopo.Signaling;
using Xunit;

namespace Pendopo.Server.Tests.Accounts;

public sealed class RecoveryTests : IDisposable
{
    private const string Moved = "https://meet.example.test";

    private readonly string _folder = Directory.CreateTempSubdirectory("pendopo-recovery-").FullName;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Every_start_without_an_administrator_prints_a_new_link_and_none_is_printed_after()
    {
        string first;
        await using (var server = await RunningServer.StartAsync(_folder)) first = server.FirstToken;
        await using (var server = await RunningServer.StartAsync(_folder))
        {
            Assert.NotEqual(first, server.FirstToken);
            using var late = await Person.ComeAsync(server);
            Assert.Equal(AccountError.LinkInvalid, (await late.TryRegisterAsync(first, "Sri")).Problem!.Error);
            using var sri = await Person.RegisterAsync(server, server.FirstToken, "Sri");
        }

        await using var again = await RunningServer.StartAsync(_folder);
        Assert.Equal("", again.Terminal.ToString());
    }

    [Fact]
    public async Task The_operator_is_given_a_link_for_the_first_for_the_only_and_for_a_named_account()
    {
        await using var server = await RunningServer.StartAsync(_folder);
        var (_, first, _) = await RecoverAsync(server, new RecoveryRequest());
        Assert.Equal(LinkPurpose.FirstAdministrator, first!.Purpose);
        using var before = await Person.ComeAsync(server);
        Assert.Equal(AccountError.LinkInvalid, (await before.TryRegisterAsync(server.FirstToken, "Sri")).Problem!.Error);
        using var sri = await Person.RegisterAsync(server, TokenOf(first), "Sri");

        var (_, again, _) = await RecoverAsync(server, new RecoveryRequest());
        Assert.Equal((LinkPurpose.Recovery, "Sri", null), (again!.Purpose, again.Name, again.SettingsOrigin));
        using var back = await Person.RegisterAsync(server, TokenOf(again));
        Assert.Null((await sri.WhoAsync()).Account);

        foreach (var (name, role) in ((string, AccountRole)[])[("Budi", AccountRole.Administrator), ("Wayan", AccountRole.Member)])
        {
            var (_, issued, _) = await back.PostAsync<IssuedLinkResponse>("/api/accounts/invitations", new InvitationRequest(name, role));
            using var _ = await Person.RegisterAsync(server, issued!.Link.Split('#')[1]);
        }

        var (status, _, choice) = await RecoverAsync(server, new RecoveryRequest());
        Assert.Equal((HttpStatusCode.Conflict, 2), (status, choice!.Accounts.Count));
        Assert.Equal(HttpStatusCode.NotFound, (await RecoverAsync(server, new RecoveryRequest("nobody"))).Status);
        Assert.Equal("Wayan", (await RecoverAsync(server, new RecoveryRequest("Wayan"))).Answer!.Name);
        Assert.Equal("Budi", (await RecoverAsync(server, new RecoveryRequest(choice.Accounts.Single(account => account.Name == "Budi").Id))).Answer!.Name);
    }

    [Fact]
    public async Task Nobody_without_the_operators_token_is_given_a_link()
    {
        await using var server = await RunningServer.StartAsync(_folder);
        using var http = new HttpClient { BaseAddress = server.Url };
        foreach (var token in (string?[])[null, "wrong"])
        {
            http.DefaultRequestHeaders.Authorization = token is null ? null : new AuthenticationHeaderValue("Bearer", token);
            using var response = await http.PostAsJsonAsync(new Uri("/operator/recovery", UriKind.Relative), new { }, Cancellation);
            Assert.Equal(token is null ? HttpStatusCode.Unauthorized : HttpStatusCode.Forbidden, response.StatusCode);
        }
    }

    [Fact]
    public async Task The_origin_of_the_first_registration_holds_against_the_settings_until_the_operator_moves_it()
    {
        using var authenticator = new SoftwareAuthenticator();
        await using (var server = await RunningServer.StartAsync(_folder))
        {
            using var sri = await Person.RegisterAsync(server, server.FirstToken, "Sri", authenticator);
        }

        await using var moved = await RunningServer.StartAsync(_folder, $"Accounts:Origin={Moved}");
        using var there = await Person.ComeAsync(moved, authenticator, Moved);
        var (_, _, problem) = await there.TrySignInAsync();
        Assert.Equal((AccountError.WrongOrigin, RunningServer.Origin), (problem!.Error, problem.Origin));

        var (_, stays, _) = await RecoverAsync(moved, new RecoveryRequest());
        Assert.StartsWith($"{RunningServer.Origin}/register#", stays!.Link, StringComparison.Ordinal);
        Assert.Equal(Moved, stays.SettingsOrigin);
        var (_, goes, _) = await RecoverAsync(moved, new RecoveryRequest(MoveOrigin: true));
        Assert.StartsWith($"{Moved}/register#", goes!.Link, StringComparison.Ordinal);
        Assert.Null(goes.SettingsOrigin);

        using var made = new SoftwareAuthenticator { Origin = Moved };
        using var again = await Person.ComeAsync(moved, made, Moved);
        Assert.Equal(HttpStatusCode.OK, (await again.TryRegisterAsync(TokenOf(goes))).Status);
        Assert.Equal("Sri", (await again.WhoAsync()).Account!.Name);
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private static string TokenOf(RecoveryAnswer answer) => answer.Link.Split('#')[1];

    private async Task<(HttpStatusCode Status, RecoveryAnswer? Answer, RecoveryChoice? Choice)> RecoverAsync(RunningServer server, RecoveryRequest request)
    {
        using var http = new HttpClient { BaseAddress = server.Url };
        http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", (await File.ReadAllTextAsync(Path.Combine(_folder, OperatorToken.FileName), Cancellation)).Trim());
        using var response = await http.PostAsJsonAsync(new Uri("/operator/recovery", UriKind.Relative), request, RunningServer.Json, Cancellation);
        return response.StatusCode switch
        {
            HttpStatusCode.OK => (response.StatusCode, await response.Content.ReadFromJsonAsync<RecoveryAnswer>(RunningServer.Json, Cancellation), null),
            HttpStatusCode.Conflict => (response.StatusCode, null, await response.Content.ReadFromJsonAsync<RecoveryChoice>(RunningServer.Json, Cancellation)),
            var status => (status, null, null),
        };
    }
}
