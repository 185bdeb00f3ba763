using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Time.Testing;
using Pendopo.Control.Storage;
using Pendopo.Control.Users;
using Pendopo.Testing;
using Xunit;

namespace Pendopo.Control.Tests.Users;

/// <summary>An empty installation on either database, with a clock that a test moves. Each use case gets a context of its own, as each request does.</summary>
public sealed class Installation : IAsyncDisposable
{
    public const string Origin = "https://meet.example.test";

    private readonly string _folder = Directory.CreateTempSubdirectory("pendopo-accounts-").FullName;
    private readonly string? _postgres;
    private int _passkeys;

    private Installation(string? postgres) => _postgres = postgres;

    public FakeTimeProvider Time { get; } = new(new DateTimeOffset(2026, 8, 17, 3, 0, 0, TimeSpan.Zero));

    public long Now => Time.GetUtcNow().ToUnixTimeMilliseconds();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public static async Task<Installation> OpenAsync(DatabaseKind kind, PostgresFixture postgres)
    {
        var installation = await OpenEmptyAsync(kind, postgres);
        await using var context = installation.Open();
        await Database.UpgradeAsync(context, Cancellation);
        return installation;
    }

    /// <summary>One whose database has no table yet.</summary>
    public static async Task<Installation> OpenEmptyAsync(DatabaseKind kind, PostgresFixture postgres)
    {
        Assert.SkipWhen(kind == DatabaseKind.Postgres && postgres.ConnectionString is null, "PostgreSQL is not installed");
        var installation = new Installation(kind == DatabaseKind.Postgres ? postgres.ConnectionString : null);
        await using var context = installation.Open();
        if (kind == DatabaseKind.Postgres) await context.Database.ExecuteSqlRawAsync("DROP SCHEMA public CASCADE; CREATE SCHEMA public", Cancellation);
        return installation;
    }

    public ControlDbContext Open()
    {
        var builder = new DbContextOptionsBuilder<ControlDbContext>();
        Database.Configure(builder, _postgres, Path.Combine(_folder, "pendopo.db"));
        return new ControlDbContext(builder.Options);
    }

    public async Task<T> RunAsync<T>(Func<ControlDbContext, Task<T>> use)
    {
        await using var context = Open();
        return await use(context);
    }

    /// <summary>A passkey that nobody has yet.</summary>
    public UserPasskeyInfo NewPasskey() => new(
        [1, 2, (byte)++_passkeys], [0xA5, 1], Time.GetUtcNow(), signCount: 1, transports: ["internal", "carrier-pigeon"], isUserVerified: true,
        isBackupEligible: true, isBackedUp: false, attestationObject: [9], clientDataJson: [9]);

    public Task<(ControlError Error, StartedSession? Session)> RegisterAsync(
        string token, AccountId? id = null, string name = "Sri", UserPasskeyInfo? passkey = null) =>
        RunAsync(context => new RegisterPasskey(context, Time).RunAsync(
            token, id ?? AccountId.Create(), name, passkey ?? NewPasskey(), Origin, "Chromium", Cancellation));

    public async Task<string> FirstLinkAsync() =>
        (await RunAsync(context => new IssueLink(context, Time).ForFirstAdministratorAsync(Cancellation))).Link!.Token;

    public async Task<StartedSession> FoundAsync() => (await RegisterAsync(await FirstLinkAsync())).Session!;

    public Task<(Account Account, Guid Session)?> WhoAsync(string token) => RunAsync(context => new FindSession(context, Time).RunAsync(token, Cancellation));

    public ValueTask DisposeAsync()
    {
        Microsoft.Data.Sqlite.SqliteConnection.ClearAllPools();
        Directory.Delete(_folder, recursive: true);
        return ValueTask.CompletedTask;
    }
}
