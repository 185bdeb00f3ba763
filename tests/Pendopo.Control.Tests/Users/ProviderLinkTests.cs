using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Diagnostics;
using Pendopo.Control.Storage;
using Pendopo.Control.Users;
using Pendopo.Testing;
using Xunit;

namespace Pendopo.Control.Tests.Users;

/// <summary>Accounts and persons of an OpenID provider, where two windows ask at the same moment.</summary>
public sealed class ProviderLinkTests(PostgresFixture postgres) : IClassFixture<PostgresFixture>
{
    private static readonly ExternalPerson Budi = new("https://sso.example.test/", "19850101", "Budi Santoso");

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public static TheoryData<DatabaseKind> Both => [DatabaseKind.Sqlite, DatabaseKind.Postgres];

    [Theory]
    [MemberData(nameof(Both))]
    public async Task Only_the_session_that_asked_links_and_only_while_it_holds(DatabaseKind kind)
    {
        await using var installation = await Installation.OpenAsync(kind, postgres);
        var sri = await installation.FoundAsync();
        Assert.Equal(ControlError.SessionNotFound, await LinkAsync(installation, sri.Account.Id, Guid.NewGuid()));
        Assert.Equal(ControlError.SessionNotFound, await LinkAsync(installation, AccountId.Create(), sri.Session.Id));
        Assert.Equal(ControlError.None, await LinkAsync(installation, sri.Account.Id, sri.Session.Id));
        Assert.Equal(ControlError.None, await LinkAsync(installation, sri.Account.Id, sri.Session.Id));

        installation.Time.Advance(TimeSpan.FromDays(31));
        Assert.Equal(ControlError.SessionNotFound, await LinkAsync(installation, sri.Account.Id, sri.Session.Id));
    }

    /// <summary>On SQLite one transaction waits for the other; PostgreSQL lets both read, and refuses the row of the second.</summary>
    [Fact]
    public async Task Of_two_windows_that_link_at_once_both_succeed()
    {
        await using var installation = await Installation.OpenAsync(DatabaseKind.Postgres, postgres);
        var sri = await installation.FoundAsync();
        var first = new BeforeFirstSave(() => LinkAsync(installation, sri.Account.Id, sri.Session.Id));
        await using var context = Open(installation, first);

        Assert.Equal(ControlError.None, await new LinkIdentity(context, installation.Time).RunAsync(sri.Account.Id, sri.Session.Id, Budi, Cancellation));

        Assert.True(first.Came);
        Assert.Equal(sri.Account.Id, (await installation.RunAsync(other => other.ExternalIdentities.SingleAsync(Cancellation))).AccountId);
    }

    [Fact]
    public async Task Of_two_accounts_that_link_one_person_at_once_the_second_is_told_that_he_is_taken()
    {
        await using var installation = await Installation.OpenAsync(DatabaseKind.Postgres, postgres);
        var sri = await installation.FoundAsync();
        var wayan = await EnterAsync(installation, new ExternalPerson(Budi.Issuer, "other", "Wayan"));
        var first = new BeforeFirstSave(() => LinkAsync(installation, wayan.Account.Id, wayan.Session.Id));
        await using var context = Open(installation, first);

        Assert.Equal(ControlError.IdentityTaken, await new LinkIdentity(context, installation.Time).RunAsync(sri.Account.Id, sri.Session.Id, Budi, Cancellation));
        Assert.True(first.Came);
    }

    [Fact]
    public async Task A_persons_first_sign_in_in_two_windows_makes_one_account_and_enters_both()
    {
        await using var installation = await Installation.OpenAsync(DatabaseKind.Postgres, postgres);
        await installation.FoundAsync();
        var first = new BeforeFirstSave(() => EnterAsync(installation, Budi));
        await using var context = Open(installation, first);

        var (error, session) = await new SignInExternally(context, installation.Time).RunAsync(Budi, mayCreate: true, "Chromium", Cancellation);

        Assert.Equal((ControlError.None, true), (error, first.Came));
        Assert.Equal(2, await installation.RunAsync(other => other.Accounts.CountAsync(Cancellation)));
        Assert.Equal(2, await installation.RunAsync(other => other.AccountSessions.CountAsync(row => row.AccountId == session!.Account.Id, Cancellation)));
    }

    private static Task<ControlError> LinkAsync(Installation installation, AccountId account, Guid session) =>
        installation.RunAsync(context => new LinkIdentity(context, installation.Time).RunAsync(account, session, Budi, Cancellation));

    private static async Task<StartedSession> EnterAsync(Installation installation, ExternalPerson person) =>
        (await installation.RunAsync(context => new SignInExternally(context, installation.Time).RunAsync(person, mayCreate: true, "Chromium", Cancellation))).Session!;

    private static ControlDbContext Open(Installation installation, IInterceptor interceptor)
    {
        using var plain = installation.Open();
        var builder = new DbContextOptionsBuilder<ControlDbContext>().UseNpgsql(plain.Database.GetConnectionString()).AddInterceptors(interceptor);
        return new ControlDbContext(builder.Options);
    }

    /// <summary>Lets somebody else come first, once, between what was read and what is written.</summary>
    private sealed class BeforeFirstSave(Func<Task> other) : SaveChangesInterceptor
    {
        public bool Came { get; private set; }

        public override async ValueTask<InterceptionResult<int>> SavingChangesAsync(
            DbContextEventData eventData, InterceptionResult<int> result, CancellationToken cancellationToken = default)
        {
            if (Came) return result;
            Came = true;
            await other();
            return result;
        }
    }
}
