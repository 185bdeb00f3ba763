using Microsoft.EntityFrameworkCore;
using Pendopo.Control.Users;
using Pendopo.Testing;
using Xunit;

namespace Pendopo.Control.Tests.Users;

public sealed class SessionTests(PostgresFixture postgres) : IClassFixture<PostgresFixture>
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public static TheoryData<DatabaseKind> Both => [DatabaseKind.Sqlite, DatabaseKind.Postgres];

    [Theory]
    [MemberData(nameof(Both))]
    public async Task Each_sign_in_has_a_new_secret_and_ends_the_session_that_the_browser_had(DatabaseKind kind)
    {
        await using var installation = await Installation.OpenAsync(kind, postgres);
        var first = await installation.FoundAsync();
        var elsewhere = await SignInAsync(installation, first.Account.Id, null);
        var again = await SignInAsync(installation, first.Account.Id, first.Token);

        Assert.Equal([first.Session.Id], again.Ended);
        Assert.Empty(elsewhere.Ended);
        Assert.Equal(3, new[] { first.Token, elsewhere.Token, again.Token }.Distinct().Count());
        Assert.Null(await installation.WhoAsync(first.Token));
        Assert.NotNull(await installation.WhoAsync(elsewhere.Token));
        Assert.NotNull(await installation.WhoAsync(again.Token));
        Assert.Equal(7, (await installation.RunAsync(context => context.Passkeys.SingleAsync(Cancellation))).SignCount);
        Assert.DoesNotContain(again.Token, await installation.RunAsync(context => context.AccountSessions.Select(row => row.TokenHash).ToListAsync(Cancellation)));
    }

    [Theory]
    [MemberData(nameof(Both))]
    public async Task A_passkey_that_a_recovery_removed_begins_no_session(DatabaseKind kind)
    {
        await using var installation = await Installation.OpenAsync(kind, postgres);
        var passkey = installation.NewPasskey();
        var account = (await installation.RegisterAsync(await installation.FirstLinkAsync(), passkey: passkey)).Session!.Account.Id;
        await installation.RunAsync(context => context.Passkeys.ExecuteDeleteAsync(Cancellation));

        var (error, session) = await installation.RunAsync(context => new SignIn(context, installation.Time).RunAsync(account, passkey, null, null, Cancellation));

        Assert.Equal((ControlError.AccountNotFound, null), (error, session));
    }

    [Theory]
    [MemberData(nameof(Both))]
    public async Task A_session_ends_after_a_week_unused_and_after_a_month_in_any_case(DatabaseKind kind)
    {
        await using var installation = await Installation.OpenAsync(kind, postgres);
        var token = (await installation.FoundAsync()).Token;
        for (var day = 6; day < 30; day += 6)
        {
            installation.Time.Advance(TimeSpan.FromDays(6));
            Assert.NotNull(await installation.WhoAsync(token));
        }

        installation.Time.Advance(TimeSpan.FromDays(6) - TimeSpan.FromSeconds(1));
        Assert.NotNull(await installation.WhoAsync(token));
        installation.Time.Advance(TimeSpan.FromSeconds(1));
        Assert.Null(await installation.WhoAsync(token));

        var unused = await SignInAsync(installation, (await installation.RunAsync(context => context.Accounts.SingleAsync(Cancellation))).Id, null);
        installation.Time.Advance(TimeSpan.FromDays(7));
        Assert.Null(await installation.WhoAsync(unused.Token));
        Assert.False(await installation.RunAsync(context => new FindSession(context, installation.Time).HoldsAsync(unused.Session.Id, Cancellation)));
        Assert.Equal(2, await installation.RunAsync(context => new SweepExpired(context, installation.Time).RunAsync(Cancellation)));
    }

    [Theory]
    [MemberData(nameof(Both))]
    public async Task A_person_lists_and_ends_own_sessions_and_nobody_elses(DatabaseKind kind)
    {
        await using var installation = await Installation.OpenAsync(kind, postgres);
        var first = await installation.FoundAsync();
        var account = first.Account.Id;
        installation.Time.Advance(TimeSpan.FromMinutes(1));
        var second = await SignInAsync(installation, account, null);
        var third = await SignInAsync(installation, account, null);
        var stranger = AccountId.Create();

        var listed = await installation.RunAsync(context => new ListSessions(context, installation.Time).RunAsync(account, Cancellation));
        Assert.Equal(3, listed.Count);
        Assert.Equal(first.Session.Id, listed[^1].Id);
        Assert.Empty(await installation.RunAsync(context => new ListSessions(context, installation.Time).RunAsync(stranger, Cancellation)));
        Assert.Equal(ControlError.SessionNotFound, await EndAsync(installation, stranger, second.Session.Id));
        Assert.Equal(ControlError.None, await EndAsync(installation, account, second.Session.Id));
        Assert.Equal(ControlError.SessionNotFound, await EndAsync(installation, account, second.Session.Id));
        Assert.Null(await installation.WhoAsync(second.Token));
        Assert.Equal([first.Session.Id], await installation.RunAsync(context => new EndSession(context).AllButAsync(account, third.Session.Id, Cancellation)));
        Assert.Null(await installation.WhoAsync(first.Token));
        Assert.NotNull(await installation.WhoAsync(third.Token));
    }

    [Theory]
    [MemberData(nameof(Both))]
    public async Task A_ceremony_serves_once_its_own_browser_and_purpose_and_five_minutes(DatabaseKind kind)
    {
        await using var installation = await Installation.OpenAsync(kind, postgres);
        var id = await OpenAsync(installation);
        Assert.Null(await TakeAsync(installation, id, CeremonyKind.Registration, "browser"));
        Assert.Null(await TakeAsync(installation, id, CeremonyKind.SignIn, "another"));
        Assert.Null(await TakeAsync(installation, SecretToken.Create(), CeremonyKind.SignIn, "browser"));

        var answers = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => Task.Run(() => TakeAsync(installation, id, CeremonyKind.SignIn, "browser"), Cancellation)));
        Assert.Equal(["state"], answers.Where(state => state is not null));

        var late = await OpenAsync(installation);
        installation.Time.Advance(PasskeyCeremony.Lifetime);
        Assert.Null(await TakeAsync(installation, late, CeremonyKind.SignIn, "browser"));
        Assert.Equal(1, await installation.RunAsync(context => new SweepExpired(context, installation.Time).RunAsync(Cancellation)));
    }

    [Theory]
    [MemberData(nameof(Both))]
    public async Task Pages_of_accounts_hold_each_of_them_once_even_if_many_were_made_at_the_same_moment(DatabaseKind kind)
    {
        await using var installation = await Installation.OpenAsync(kind, postgres);
        await installation.RunAsync(async context =>
        {
            context.Accounts.AddRange(Enumerable.Range(0, 260).Select(number =>
                new Account { Id = AccountId.Create(), Name = $"N{number}", Role = AccountRole.Member, CreatedAt = number / 30 }));
            return await context.SaveChangesAsync(Cancellation);
        });

        var seen = new List<AccountId>();
        for (var pages = 0; pages < 10; pages++)
        {
            var page = await installation.RunAsync(context => new ListAccounts(context).RunAsync(seen.Count == 0 ? null : seen[^1], Cancellation));
            if (page.Count == 0) break;
            seen.AddRange(page.Select(account => account.Id));
        }

        Assert.Equal((260, 260), (seen.Count, seen.Distinct().Count()));
    }

    private static async Task<StartedSession> SignInAsync(Installation installation, AccountId account, string? replaced)
    {
        var (error, session) = await installation.RunAsync(async context =>
        {
            var passkey = (await context.Passkeys.AsNoTracking().SingleAsync(row => row.AccountId == account, Cancellation)).ToInfo();
            passkey.SignCount = 7;
            return await new SignIn(context, installation.Time).RunAsync(account, passkey, replaced, new string('x', 1000), Cancellation);
        });
        Assert.Equal(ControlError.None, error);
        return session!;
    }

    private static Task<ControlError> EndAsync(Installation installation, AccountId account, Guid session) =>
        installation.RunAsync(context => new EndSession(context).RunAsync(account, session, Cancellation));

    private static Task<string> OpenAsync(Installation installation) =>
        installation.RunAsync(context => new PasskeyCeremonies(context, installation.Time).OpenAsync(CeremonyKind.SignIn, "browser", "state", Cancellation));

    private static Task<string?> TakeAsync(Installation installation, string id, CeremonyKind kind, string browser) =>
        installation.RunAsync(context => new PasskeyCeremonies(context, installation.Time).TakeAsync(id, kind, browser, Cancellation));
}
