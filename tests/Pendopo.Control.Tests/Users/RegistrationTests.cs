using Microsoft.EntityFrameworkCore;
using Pendopo.Control.Storage;
using Pendopo.Control.Users;
using Pendopo.Testing;
using Xunit;

namespace Pendopo.Control.Tests.Users;

public sealed class RegistrationTests(PostgresFixture postgres) : IClassFixture<PostgresFixture>
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public static TheoryData<DatabaseKind> Both => [DatabaseKind.Sqlite, DatabaseKind.Postgres];

    [Theory]
    [MemberData(nameof(Both))]
    public async Task The_first_link_makes_an_administrator_fixes_the_origin_and_serves_once(DatabaseKind kind)
    {
        await using var installation = await Installation.OpenAsync(kind, postgres);
        var token = await installation.FirstLinkAsync();
        var id = AccountId.Create();

        var (error, started) = await installation.RegisterAsync(token, id, "  Sri  Mulyani ");

        Assert.Equal(ControlError.None, error);
        Assert.Equal((id, "Sri  Mulyani", AccountRole.Administrator), (started!.Account.Id, started.Account.Name, started.Account.Role));
        Assert.Equal(Installation.Origin, await installation.RunAsync(context => new InstallationSettings(context).FindAsync(InstallationSettings.CanonicalOrigin, Cancellation)));
        Assert.Equal((id, started.Session.Id), ((await installation.WhoAsync(started.Token))!.Value.Account.Id, (await installation.WhoAsync(started.Token))!.Value.Session));
        Assert.Equal(ControlError.LinkInvalid, (await installation.RegisterAsync(token)).Error);
        Assert.Equal(ControlError.AdministratorExists, (await installation.RunAsync(context => new IssueLink(context, installation.Time).ForFirstAdministratorAsync(Cancellation))).Error);
        Assert.Equal(1, await installation.RunAsync(context => context.Accounts.CountAsync(Cancellation)));
    }

    [Theory]
    [MemberData(nameof(Both))]
    public async Task Of_two_people_with_one_link_at_the_same_time_one_comes_in(DatabaseKind kind)
    {
        await using var installation = await Installation.OpenAsync(kind, postgres);
        var token = await installation.FirstLinkAsync();

        var results = await Task.WhenAll(Enumerable.Range(0, 6).Select(_ => Task.Run(() => installation.RegisterAsync(token), Cancellation)));

        Assert.Single(results, result => result.Error == ControlError.None);
        Assert.Equal(5, results.Count(result => result.Error == ControlError.LinkInvalid));
        Assert.Equal((1, 1, 1), await installation.RunAsync(async context => (
            await context.Accounts.CountAsync(Cancellation), await context.Passkeys.CountAsync(Cancellation), await context.AccountSessions.CountAsync(Cancellation))));
    }

    [Theory]
    [MemberData(nameof(Both))]
    public async Task A_new_first_link_takes_the_place_of_the_old_and_each_ends_after_a_day(DatabaseKind kind)
    {
        await using var installation = await Installation.OpenAsync(kind, postgres);
        var old = await installation.FirstLinkAsync();
        var token = await installation.FirstLinkAsync();

        Assert.Equal(ControlError.LinkInvalid, (await installation.RegisterAsync(old)).Error);
        installation.Time.Advance(TimeSpan.FromHours(24) - TimeSpan.FromSeconds(1));
        Assert.Equal(LinkPurpose.FirstAdministrator, (await FindAsync(installation, token)).Link!.Purpose);
        installation.Time.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(ControlError.LinkInvalid, (await FindAsync(installation, token)).Error);
        Assert.Equal(ControlError.LinkInvalid, (await installation.RegisterAsync(token)).Error);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("AAAA")]
    [InlineData("AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAB")]
    [InlineData("AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=")]
    public async Task What_is_no_token_finds_nothing(string? token)
    {
        await using var installation = await Installation.OpenAsync(DatabaseKind.Sqlite, postgres);
        Assert.Equal(ControlError.LinkInvalid, (await FindAsync(installation, token)).Error);
        Assert.Null(await installation.WhoAsync(token!));
    }

    [Theory]
    [MemberData(nameof(Both))]
    public async Task An_invitation_makes_a_member_under_the_name_that_the_administrator_gave(DatabaseKind kind)
    {
        await using var installation = await Installation.OpenAsync(kind, postgres);
        var administrator = (await installation.FoundAsync()).Account.Id;
        var (_, issued) = await installation.RunAsync(context =>
            new IssueLink(context, installation.Time).ForInvitationAsync(" Budi Santoso ", AccountRole.Member, administrator, Cancellation));
        Assert.Equal(ControlError.InvalidName, (await installation.RunAsync(context =>
            new IssueLink(context, installation.Time).ForInvitationAsync("Bu\u202edi", AccountRole.Member, administrator, Cancellation))).Error);
        Assert.Equal("Budi Santoso", Assert.Single(await ListLinksAsync(installation)).Name);

        // A week is the longest; what the person calls himself does not count.
        installation.Time.Advance(TimeSpan.FromDays(7) - TimeSpan.FromSeconds(1));
        var (error, started) = await installation.RegisterAsync(issued!.Token, name: "Presiden");

        Assert.Equal(ControlError.None, error);
        Assert.Equal(("Budi Santoso", AccountRole.Member), (started!.Account.Name, started.Account.Role));
        Assert.Empty(await ListLinksAsync(installation));
        Assert.Equal(["Sri", "Budi Santoso"], (await installation.RunAsync(context => new ListAccounts(context).RunAsync(null, Cancellation))).Select(account => account.Name));
        Assert.Equal([administrator], (await installation.RunAsync(context => new ListAccounts(context).AdministratorsAsync(Cancellation))).Select(account => account.Id));
    }

    [Theory]
    [MemberData(nameof(Both))]
    public async Task A_withdrawn_invitation_is_worth_nothing_but_the_first_link_is_not_withdrawn(DatabaseKind kind)
    {
        await using var installation = await Installation.OpenAsync(kind, postgres);
        await installation.FirstLinkAsync();
        Assert.Equal(ControlError.LinkInvalid, await WithdrawAsync(installation, RegistrationLink.FirstAdministratorId));
        var administrator = (await installation.FoundAsync()).Account.Id;
        var (_, issued) = await installation.RunAsync(context =>
            new IssueLink(context, installation.Time).ForInvitationAsync("Budi", AccountRole.Member, administrator, Cancellation));

        Assert.Equal(ControlError.None, await WithdrawAsync(installation, issued!.Link.Id));
        Assert.Equal(ControlError.LinkInvalid, await WithdrawAsync(installation, issued.Link.Id));
        Assert.Equal(ControlError.LinkInvalid, (await installation.RegisterAsync(issued.Token)).Error);
    }

    [Theory]
    [MemberData(nameof(Both))]
    public async Task A_recovery_ends_every_session_and_passkey_the_account_had(DatabaseKind kind)
    {
        await using var installation = await Installation.OpenAsync(kind, postgres);
        var first = await installation.FoundAsync();
        var id = first.Account.Id;
        Assert.Equal(ControlError.AccountNotFound, (await RecoverAsync(installation, AccountId.Create())).Error);
        var (_, old) = await RecoverAsync(installation, id);
        var (_, issued) = await RecoverAsync(installation, id);
        Assert.Equal(ControlError.LinkInvalid, (await installation.RegisterAsync(old!.Token, id)).Error);
        Assert.Equal(ControlError.LinkInvalid, (await installation.RegisterAsync(issued!.Token, AccountId.Create())).Error);
        Assert.NotNull(await installation.WhoAsync(first.Token));

        var passkey = installation.NewPasskey();
        var (error, again) = await installation.RegisterAsync(issued.Token, id, "somebody else", passkey);

        Assert.Equal(ControlError.None, error);
        Assert.Equal((id, "Sri", AccountRole.Administrator), (again!.Account.Id, again.Account.Name, again.Account.Role));
        Assert.Equal([first.Session.Id], again.Ended);
        Assert.Null(await installation.WhoAsync(first.Token));
        Assert.NotNull(await installation.WhoAsync(again.Token));
        Assert.Equal(passkey.CredentialId, (await installation.RunAsync(context => context.Passkeys.SingleAsync(Cancellation))).CredentialId);
    }

    [Theory]
    [MemberData(nameof(Both))]
    public async Task A_registration_that_fails_leaves_the_link_and_nothing_else(DatabaseKind kind)
    {
        await using var installation = await Installation.OpenAsync(kind, postgres);
        var passkey = installation.NewPasskey();
        var administrator = (await installation.RegisterAsync(await installation.FirstLinkAsync(), passkey: passkey)).Session!.Account.Id;
        var (_, issued) = await installation.RunAsync(context =>
            new IssueLink(context, installation.Time).ForInvitationAsync("Budi", AccountRole.Member, administrator, Cancellation));

        // The same passkey cannot be anybody else's.
        await Assert.ThrowsAsync<DbUpdateException>(() => installation.RegisterAsync(issued!.Token, passkey: passkey));

        Assert.Equal(1, await installation.RunAsync(context => context.Accounts.CountAsync(Cancellation)));
        Assert.Equal(ControlError.None, (await installation.RegisterAsync(issued!.Token)).Error);
    }

    private static Task<(ControlError Error, RegistrationLink? Link)> FindAsync(Installation installation, string? token) =>
        installation.RunAsync(context => new FindLink(context, installation.Time).RunAsync(token, Cancellation));

    private static Task<IReadOnlyList<RegistrationLink>> ListLinksAsync(Installation installation) =>
        installation.RunAsync(context => new ListLinks(context, installation.Time).RunAsync(Cancellation));

    private static Task<ControlError> WithdrawAsync(Installation installation, Guid id) => installation.RunAsync(context => new WithdrawLink(context).RunAsync(id, Cancellation));

    private static Task<(ControlError Error, IssuedLink? Link)> RecoverAsync(Installation installation, AccountId id) =>
        installation.RunAsync(context => new IssueLink(context, installation.Time).ForRecoveryAsync(id, null, Cancellation));
}
