using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;
using Pendopo.Control.Storage.Migrations;

namespace Pendopo.Control.Storage;

/// <summary>Opens the database and brings its schema up to date.</summary>
public static class Database
{
    /// <summary>Points EF at PostgreSQL when a connection string is given, else at a SQLite file.</summary>
    public static void Configure(DbContextOptionsBuilder builder, string? postgres, string sqliteFile)
    {
        ArgumentNullException.ThrowIfNull(builder);
        if (postgres is { Length: > 0 }) builder.UseNpgsql(postgres);
        else builder.UseSqlite($"Data Source={sqliteFile}");
    }

    /// <summary>
    /// Runs the migrations that the database has not seen, each in a transaction of its own. Safe to call at every start; two processes at a time
    /// wait for each other.
    /// </summary>
    /// <exception cref="InvalidDataException">The database was written by a newer version.</exception>
    public static async Task UpgradeAsync(ControlDbContext context, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(context);
        var isSqlite = context.Database.IsSqlite();
        using var lone = isSqlite ? await LockFileAsync(context, cancellation) : null;
        // WAL lets readers go on while a meeting writes; the setting stays in the file.
        if (isSqlite) await context.Database.ExecuteSqlRawAsync("PRAGMA journal_mode=WAL", cancellation);
        await using var migrating = ForMigrations(context, isSqlite);
        await AdoptAsync(migrating, cancellation);
        var known = migrating.Database.GetMigrations().ToHashSet(StringComparer.Ordinal);
        var foreign = (await migrating.Database.GetAppliedMigrationsAsync(cancellation)).Where(applied => !known.Contains(applied)).ToList();
        if (foreign.Count > 0) throw new InvalidDataException($"The database was written by a newer version ({foreign[^1]}). Start that version, or restore a backup.");
        await migrating.Database.MigrateAsync(cancellation);
    }

    /// <summary>The same database by the context that its kind's migrations belong to, over the same connection.</summary>
    internal static ControlDbContext ForMigrations(ControlDbContext context, bool isSqlite)
    {
        var connection = context.Database.GetDbConnection();
        return isSqlite
            ? new SqliteMigrationContext(new DbContextOptionsBuilder<SqliteMigrationContext>().UseSqlite(connection).Options)
            : new PostgresMigrationContext(new DbContextOptionsBuilder<PostgresMigrationContext>().UseNpgsql(connection).Options);
    }

    /// <summary>A database from before there were migrations gets what it lacks of the first schema, and a history that begins with it.</summary>
    private static async Task AdoptAsync(ControlDbContext context, CancellationToken cancellation)
    {
        var count = context.Database.IsSqlite()
            ? context.Database.SqlQuery<int>($"SELECT count(*) AS \"Value\" FROM sqlite_master WHERE type = 'table' AND name = 'schema_version'")
            : context.Database.SqlQuery<int>($"SELECT count(*)::int AS \"Value\" FROM information_schema.tables WHERE table_schema = current_schema() AND table_name = 'schema_version'");
        if (await count.SingleAsync(cancellation) == 0) return;

        await using var transaction = await context.Database.BeginTransactionAsync(cancellation);
        var versions = await context.Database.SqlQuery<int>($"SELECT version AS \"Value\" FROM schema_version").ToListAsync(cancellation);
        foreach (var step in FirstSchema.Steps.Skip(versions.Count == 0 ? 0 : versions.Max())) await context.Database.ExecuteSqlRawAsync(step, cancellation);
        var history = context.GetService<IHistoryRepository>();
        await context.Database.ExecuteSqlRawAsync(history.GetCreateIfNotExistsScript(), cancellation);
        var first = new HistoryRow(context.Database.GetMigrations().First(), ProductInfo.GetVersion());
        await context.Database.ExecuteSqlRawAsync(history.GetInsertScript(first), cancellation);
        await context.Database.ExecuteSqlRawAsync("DROP TABLE schema_version", cancellation);
        await transaction.CommitAsync(cancellation);
    }

    /// <summary>
    /// On SQLite EF's own lock is a row that a crash leaves behind, and every later start would wait for it for ever. A locked file is let go with its
    /// process; whoever holds it knows that such a row is nobody's.
    /// </summary>
    private static async Task<FileStream?> LockFileAsync(ControlDbContext context, CancellationToken cancellation)
    {
        var file = new Microsoft.Data.Sqlite.SqliteConnectionStringBuilder(context.Database.GetConnectionString()).DataSource;
        if (file.Length == 0 || file == ":memory:") return null;
        FileStream held;
        while (true)
        {
            try
            {
                held = new FileStream(file + ".upgrade", FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
                break;
            }
            catch (IOException) when (File.Exists(file + ".upgrade"))
            {
                await Task.Delay(TimeSpan.FromMilliseconds(100), cancellation);
            }
        }

        await context.Database.ExecuteSqlRawAsync("DROP TABLE IF EXISTS \"__EFMigrationsLock\"", cancellation);
        return held;
    }
}
