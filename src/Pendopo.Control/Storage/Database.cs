using Microsoft.EntityFrameworkCore;

namespace Pendopo.Control.Storage;

/// <summary>Opens the database and brings its schema up to date.</summary>
public static class Database
{
    /// <summary>
    /// One step per version, in SQL that SQLite and PostgreSQL both read; steps are only ever added. Written by hand because
    /// EF's migrations would need a set for each of the two.
    /// </summary>
    private static readonly string[] Steps =
    [
        """
        CREATE TABLE grain_states (
            kind varchar(100) NOT NULL,
            id varchar(200) NOT NULL,
            payload text NOT NULL,
            version varchar(36) NOT NULL,
            modified_at bigint NOT NULL,
            PRIMARY KEY (kind, id)
        )
        """,
        """
        CREATE TABLE organizations (
            id varchar(36) NOT NULL PRIMARY KEY,
            parent_id varchar(36) NULL REFERENCES organizations (id),
            name varchar(120) NOT NULL,
            path varchar(512) NOT NULL UNIQUE
        )
        """,
    ];

    /// <summary>Points EF at PostgreSQL when a connection string is given, else at a SQLite file.</summary>
    public static void Configure(DbContextOptionsBuilder builder, string? postgres, string sqliteFile)
    {
        ArgumentNullException.ThrowIfNull(builder);
        if (postgres is { Length: > 0 }) builder.UseNpgsql(postgres);
        else builder.UseSqlite($"Data Source={sqliteFile}");
    }

    /// <summary>Runs the steps that the database has not seen, all or none. Safe to call at every start.</summary>
    public static async Task UpgradeAsync(ControlDbContext context, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(context);
        // WAL lets readers go on while a meeting writes; the setting stays in the file.
        if (context.Database.IsSqlite()) await context.Database.ExecuteSqlRawAsync("PRAGMA journal_mode=WAL", cancellation);
        await using var transaction = await context.Database.BeginTransactionAsync(cancellation);
        await context.Database.ExecuteSqlRawAsync("CREATE TABLE IF NOT EXISTS schema_version (version int NOT NULL)", cancellation);
        var versions = await context.Database.SqlQueryRaw<int>("SELECT version AS \"Value\" FROM schema_version").ToListAsync(cancellation);
        var current = versions.Count == 0 ? 0 : versions.Max();
        for (var step = current; step < Steps.Length; step++)
        {
            await context.Database.ExecuteSqlRawAsync(Steps[step], cancellation);
            await context.Database.ExecuteSqlAsync($"INSERT INTO schema_version (version) VALUES ({step + 1})", cancellation);
        }

        await transaction.CommitAsync(cancellation);
    }
}
