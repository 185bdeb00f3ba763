using System.Net;
using System.Text;
using Pendopo.Signaling;
using Pendopo.Testing;
using Xunit;

namespace Pendopo.Server.Tests.Accounts;

public sealed class AccountTests(PostgresFixture postgres) : IClassFixture<PostgresFixture>
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("sqlite")]
    [InlineData("postgres")]
    public async Task The_printed_link_makes_the_first_administrator_who_signs_out_and_in_and_ends_sessions_elsewhere(string database)
    {
        await using var server = await StartAsync(database);
        using var visitor = await Person.ComeAsync(server);
        Assert.Equal(new AccountResponse(null, RunningServer.Origin, Founded: false, MayFound: true), await visitor.WhoAsync());
        var token = server.FirstToken;
        Assert.Contains($"{RunningServer.Origin}/register#{token}", server.Terminal.ToString(), StringComparison.Ordinal);
        Assert.Equal(LinkPurpose.FirstAdministrator, (await visitor.PostAsync<LinkResponse>("/api/account/link", new LinkRequest(token))).Answer!.Purpose);

        using var sri = await Person.RegisterAsync(server, token, " Sri Mulyani ");
        Assert.Equal(("Sri Mulyani", AccountRole.Administrator), ((await sri.WhoAsync()).Account!.Name, (await sri.WhoAsync()).Account!.Role));
        Assert.True((await visitor.WhoAsync()).Founded);
        Assert.Equal(AccountError.LinkInvalid, (await visitor.TryRegisterAsync(token, "Budi")).Problem!.Error);

        Assert.Equal(HttpStatusCode.NoContent, (await sri.PostAsync<object>("/api/account/sign-out", null)).Status);
        Assert.Null((await sri.WhoAsync()).Account);
        Assert.Equal(HttpStatusCode.Unauthorized, (await sri.GetAsync<SessionsResponse>("/api/account/sessions")).Status);
        Assert.Equal("Sri Mulyani", (await sri.TrySignInAsync()).Account!.Account!.Name);

        using var telephone = await Person.ComeAsync(server, sri.Authenticator);
        Assert.Equal(HttpStatusCode.OK, (await telephone.TrySignInAsync()).Status);
        var sessions = (await telephone.GetAsync<SessionsResponse>("/api/account/sessions")).Answer!.Sessions;
        Assert.Equal(2, sessions.Count);
        var other = Assert.Single(sessions, session => !session.Current);
        Assert.Equal(HttpStatusCode.NotFound, await telephone.DeleteAsync($"/api/account/sessions/{Guid.NewGuid()}"));
        Assert.Equal(HttpStatusCode.NoContent, await telephone.DeleteAsync($"/api/account/sessions/{other.Id}"));
        Assert.Null((await sri.WhoAsync()).Account);
        Assert.NotNull((await telephone.WhoAsync()).Account);

        Assert.Equal(HttpStatusCode.OK, (await sri.TrySignInAsync()).Status);
        Assert.Equal(HttpStatusCode.NoContent, await sri.DeleteAsync("/api/account/sessions"));
        Assert.Null((await telephone.WhoAsync()).Account);
        Assert.NotNull((await sri.WhoAsync()).Account);
    }

    [Fact]
    public async Task A_sign_in_gives_new_cookies_that_no_script_and_no_other_site_can_use()
    {
        await using var server = await RunningServer.StartAsync();
        using var sri = await Person.ComeAsync(server);
        var before = sri.Browser.CookieOf("pendopo");
        await sri.TryRegisterAsync(server.FirstToken, "Sri");
        var (first, session) = (sri.Browser.CookieOf("pendopo-account"), sri.Browser.CookieOf("pendopo"));
        Assert.NotEqual(before, session);

        var begun = await sri.BeginSignInAsync();
        using var content = System.Net.Http.Json.JsonContent.Create(new SignInRequest(begun.Ceremony, sri.Authenticator.Get(begun.Options)), options: RunningServer.Json);
        using var response = await sri.Browser.Http.PostAsync(new Uri("/api/account/sign-in", UriKind.Relative), content, Cancellation);

        Assert.Equal("no-store", response.Headers.CacheControl!.ToString());
        var cookie = Assert.Single(response.Headers.GetValues("Set-Cookie"), value => value.StartsWith("pendopo-account=", StringComparison.Ordinal));
        foreach (var flag in (string[])["httponly", "samesite=strict", "path=/", "max-age="]) Assert.Contains(flag, cookie, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain("domain=", cookie, StringComparison.OrdinalIgnoreCase);
        Assert.NotEqual(first, sri.Browser.CookieOf("pendopo-account"));
        Assert.NotEqual(session, sri.Browser.CookieOf("pendopo"));
        // The session that the browser had ended with it.
        Assert.Single((await sri.GetAsync<SessionsResponse>("/api/account/sessions")).Answer!.Sessions);
    }

    [Fact]
    public async Task The_data_folder_holds_no_secret_that_lets_anybody_in()
    {
        await using var server = await RunningServer.StartAsync();
        using var sri = await Person.ComeAsync(server);
        await sri.BeginSignInAsync();
        var (_, begun, _) = await sri.PostAsync<CeremonyResponse>("/api/account/registration/options", new RegistrationOptionsRequest(server.FirstToken, "Sri"));
        string[] secrets = [server.FirstToken, begun!.Ceremony];
        await sri.TryRegisterAsync(server.FirstToken, "Sri");
        secrets = [.. secrets, sri.Browser.CookieOf("pendopo-account")!];

        foreach (var file in Directory.GetFiles(server.Folder, "pendopo.db*"))
        {
            using var stream = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
            using var reader = new StreamReader(stream, Encoding.Latin1);
            var bytes = await reader.ReadToEndAsync(Cancellation);
            Assert.All(secrets, secret => Assert.DoesNotContain(secret, bytes, StringComparison.Ordinal));
        }
    }

    [Theory]
    [InlineData("sqlite")]
    [InlineData("postgres")]
    public async Task Administrators_invite_and_recover_and_members_do_neither(string database)
    {
        await using var server = await StartAsync(database);
        using var sri = await Person.RegisterAsync(server, server.FirstToken, "Sri");
        Assert.Equal(HttpStatusCode.BadRequest, (await sri.PostAsync<IssuedLinkResponse>("/api/accounts/invitations", new InvitationRequest(" ", AccountRole.Member))).Status);
        var (created, invitation, _) = await sri.PostAsync<IssuedLinkResponse>("/api/accounts/invitations", new InvitationRequest("Budi Santoso", AccountRole.Member));
        Assert.Equal(HttpStatusCode.Created, created);
        var (_, spare, _) = await sri.PostAsync<IssuedLinkResponse>("/api/accounts/invitations", new InvitationRequest("Wayan", AccountRole.Administrator));
        Assert.Equal(["Wayan", "Budi Santoso"], (await sri.GetAsync<LinksResponse>("/api/accounts/links")).Answer!.Links.OrderByDescending(link => link.Name).Select(link => link.Name));
        Assert.Equal(HttpStatusCode.NoContent, await sri.DeleteAsync($"/api/accounts/links/{spare!.Id}"));
        Assert.Equal(HttpStatusCode.NotFound, await sri.DeleteAsync($"/api/accounts/links/{spare.Id}"));

        using var budi = await Person.RegisterAsync(server, TokenOf(invitation!), "Presiden");
        var member = (await budi.WhoAsync()).Account!;
        Assert.Equal(("Budi Santoso", AccountRole.Member), (member.Name, member.Role));
        Assert.Equal(HttpStatusCode.Forbidden, (await budi.GetAsync<AccountsResponse>("/api/accounts")).Status);
        Assert.Equal(AccountError.NotAllowed, (await budi.PostAsync<object>("/api/accounts/invitations", new InvitationRequest("x", AccountRole.Administrator))).Problem!.Error);
        Assert.Equal(["Sri", "Budi Santoso"], (await sri.GetAsync<AccountsResponse>("/api/accounts")).Answer!.Accounts.Select(account => account.Name));

        Assert.Equal(HttpStatusCode.NotFound, (await sri.PostAsync<object>("/api/accounts/AAAAAAAAAAAAAAAAAAAAAA/recovery", null)).Status);
        var (_, recovery, _) = await sri.PostAsync<IssuedLinkResponse>($"/api/accounts/{member.Id}/recovery", null);
        using var again = await Person.RegisterAsync(server, TokenOf(recovery!));
        Assert.Equal(member, (await again.WhoAsync()).Account);
        Assert.Null((await budi.WhoAsync()).Account);
        Assert.Equal(AccountError.PasskeyRefused, (await budi.TrySignInAsync()).Problem!.Error);
        Assert.Equal(HttpStatusCode.OK, (await again.TrySignInAsync()).Status);
    }

    [Fact]
    public async Task A_hub_connection_ends_with_the_session_it_speaks_for_and_those_of_guests_stay()
    {
        await using var server = await RunningServer.StartAsync();
        using var sri = await Person.RegisterAsync(server, server.FirstToken, "Sri");
        using var telephone = await Person.ComeAsync(server, sri.Authenticator);
        await telephone.TrySignInAsync();
        await using var signedIn = await sri.Browser.ConnectAsync();
        await using var guest = await (await server.BrowseAsync()).ConnectAsync();
        var closed = new TaskCompletionSource();
        signedIn.Hub.Closed += _ =>
        {
            closed.SetResult();
            return Task.CompletedTask;
        };

        Assert.Equal(HttpStatusCode.NoContent, await telephone.DeleteAsync("/api/account/sessions"));

        await closed.Task.WaitAsync(TimeSpan.FromSeconds(20), Cancellation);
        Assert.Equal(Microsoft.AspNetCore.SignalR.Client.HubConnectionState.Connected, guest.Hub.State);
        await using var back = await sri.Browser.ConnectAsync();
        Assert.Equal(Microsoft.AspNetCore.SignalR.Client.HubConnectionState.Connected, back.Hub.State);
    }

    private static string TokenOf(IssuedLinkResponse issued)
    {
        Assert.StartsWith($"{RunningServer.Origin}/register#", issued.Link, StringComparison.Ordinal);
        return issued.Link[(issued.Link.IndexOf('#', StringComparison.Ordinal) + 1)..];
    }

    private async Task<RunningServer> StartAsync(string database)
    {
        if (database == "sqlite") return await RunningServer.StartAsync();
        Assert.SkipWhen(postgres.ConnectionString is null, "PostgreSQL is not installed.");
        await using (var admin = new Npgsql.NpgsqlConnection(postgres.ConnectionString))
        {
            await admin.OpenAsync(Cancellation);
            await using var command = new Npgsql.NpgsqlCommand("DROP SCHEMA public CASCADE; CREATE SCHEMA public", admin);
            await command.ExecuteNonQueryAsync(Cancellation);
        }

        return await RunningServer.StartAsync(null, $"Postgres={postgres.ConnectionString}");
    }
}
