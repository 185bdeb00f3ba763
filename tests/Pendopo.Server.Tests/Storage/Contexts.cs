using Microsoft.EntityFrameworkCore;
using Pendopo.Control.Storage;
using Pendopo.Testing;
using Xunit;

namespace Pendopo.Server.Tests.Storage;

/// <summary>An empty database, SQLite or PostgreSQL.</summary>
internal sealed class Contexts : IDbContextFactory<ControlDbContext>, IAsyncDisposable
{
    private readonly string? _postgres;
    private readonly string _file = Path.GetTempFileName();

    private Contexts(string? postgres) => _postgres = postgres;

    public static async Task<Contexts> OpenAsync(string database, PostgresFixture postgres)
    {
        var isPostgres = database == "postgres";
        if (isPostgres && postgres.ConnectionString is null) Assert.Skip("PostgreSQL is not installed.");
        var contexts = new Contexts(isPostgres ? postgres.ConnectionString : null);
        await using var context = contexts.CreateDbContext();
        if (isPostgres) await context.Database.ExecuteSqlRawAsync("DROP SCHEMA public CASCADE; CREATE SCHEMA public", TestContext.Current.CancellationToken);
        await Database.UpgradeAsync(context, TestContext.Current.CancellationToken);
        return contexts;
    }

    public ControlDbContext CreateDbContext()
    {
        var builder = new DbContextOptionsBuilder<ControlDbContext>();
        Database.Configure(builder, _postgres, _file);
        return new ControlDbContext(builder.Options);
    }

    public ValueTask DisposeAsync()
    {
        Microsoft.Data.Sqlite.SqliteConnection.ClearAllPools();
        File.Delete(_file);
        return ValueTask.CompletedTask;
    }
}
