using Microsoft.EntityFrameworkCore;
using Pendopo.Control.Organizations;
using Pendopo.Control.Storage;
using Pendopo.Control.Storage.Migrations;
using Pendopo.Control.Tests.Users;
using Pendopo.Testing;
using Xunit;

namespace Pendopo.Control.Tests.Storage;

/// <summary>Migrations of both databases: they lead to the model, take over what is older, and refuse what is newer.</summary>
public sealed class MigrationTests(PostgresFixture postgres) : IClassFixture<PostgresFixture>
{
    /// <summary>Foreign keys as "table(column) to table, what a deletion does"; indexes as "table(columns), unique or not".</summary>
    private const string SqliteLinks = """
        SELECT m.name || '(' || group_concat(f."from", ',') || ') to ' || f."table" || ' ' || f.on_delete AS "Value"
        FROM sqlite_master m, pragma_foreign_key_list(m.name) f WHERE m.type = 'table' GROUP BY m.name, f.id
        UNION ALL
        SELECT m.name || '(' || (SELECT group_concat(c.name, ',') FROM pragma_index_info(i.name) c) || ') ' || CASE WHEN i."unique" THEN 'unique' ELSE 'many' END
        FROM sqlite_master m, pragma_index_list(m.name) i WHERE m.type = 'table' AND m.name NOT LIKE '\_\_EF%' ESCAPE '\'
        """;

    /// <summary>The same with names, and with the columns' types.</summary>
    private const string PostgresLinks = """
        SELECT conname || ' ' || conrelid::regclass || ' ' || pg_get_constraintdef(oid) AS "Value" FROM pg_constraint WHERE contype = 'f'
        UNION ALL
        SELECT replace(indexdef, ' USING btree', '') FROM pg_indexes WHERE schemaname = 'public' AND tablename NOT LIKE '\_\_EF%'
        UNION ALL
        SELECT table_name || '.' || column_name || ' ' || data_type || ' ' || coalesce(character_maximum_length::text, '') || ' ' || is_nullable
        FROM information_schema.columns WHERE table_schema = 'public' AND table_name NOT LIKE '\_\_EF%'
        """;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(DatabaseKind.Sqlite)]
    [InlineData(DatabaseKind.Postgres)]
    public async Task The_model_has_nothing_that_no_migration_brings(DatabaseKind kind)
    {
        await using var installation = await Installation.OpenAsync(kind, postgres);
        await using var context = installation.Open();
        await using var migrating = Database.ForMigrations(context, kind == DatabaseKind.Sqlite);
        Assert.False(migrating.Database.HasPendingModelChanges(), "Run build/add-migration: the model has changed since the last migration.");
        Assert.Empty(await migrating.Database.GetPendingMigrationsAsync(Cancellation));
    }

    [Theory]
    [InlineData(DatabaseKind.Sqlite, SqliteLinks)]
    [InlineData(DatabaseKind.Postgres, PostgresLinks)]
    public async Task Migrations_lead_to_the_keys_and_indexes_that_the_model_asks_for(DatabaseKind kind, string query)
    {
        var migrated = await ReadAsync(await Installation.OpenAsync(kind, postgres), query);
        var asked = await Installation.OpenEmptyAsync(kind, postgres);
        await using (var context = asked.Open()) await context.Database.EnsureCreatedAsync(Cancellation);
        Assert.Equal(await ReadAsync(asked, query), migrated);
        Assert.NotEmpty(migrated);
    }

    [Theory]
    [InlineData(DatabaseKind.Sqlite, 2)]
    [InlineData(DatabaseKind.Postgres, 2)]
    [InlineData(DatabaseKind.Sqlite, int.MaxValue)]
    [InlineData(DatabaseKind.Postgres, int.MaxValue)]
    public async Task A_database_from_before_the_migrations_keeps_what_is_stored(DatabaseKind kind, int seen)
    {
        await using var installation = await Installation.OpenEmptyAsync(kind, postgres);
        await using (var old = installation.Open())
        {
            await old.Database.ExecuteSqlRawAsync("CREATE TABLE schema_version (version int NOT NULL)", Cancellation);
            foreach (var (index, step) in FirstSchema.Steps.Take(seen).Index())
            {
                await old.Database.ExecuteSqlRawAsync(step, Cancellation);
                await old.Database.ExecuteSqlAsync($"INSERT INTO schema_version (version) VALUES ({index + 1})", Cancellation);
            }

            await old.Database.ExecuteSqlAsync($"INSERT INTO organizations (id, parent_id, name, path) VALUES ({Guid.Empty.ToString()}, NULL, 'Badan', '0/')", Cancellation);
        }

        await using var context = installation.Open();
        await Database.UpgradeAsync(context, Cancellation);
        await Database.UpgradeAsync(context, Cancellation);
        Assert.Equal("Badan", (await context.Organizations.AsNoTracking().SingleAsync(Cancellation)).Name);
        Assert.Equal(ControlError.None, (await new CreateOrganization(context).RunAsync("Dinas", null, Cancellation)).Error);
        Assert.Empty(await context.ExternalIdentities.ToListAsync(Cancellation));
        await Assert.ThrowsAnyAsync<System.Data.Common.DbException>(() => context.Database.ExecuteSqlRawAsync("SELECT * FROM schema_version", Cancellation));
    }

    [Theory]
    [InlineData(DatabaseKind.Sqlite)]
    [InlineData(DatabaseKind.Postgres)]
    public async Task A_database_of_a_newer_version_is_refused_and_left_as_it_is(DatabaseKind kind)
    {
        await using var installation = await Installation.OpenAsync(kind, postgres);
        await using var context = installation.Open();
        await context.Database.ExecuteSqlRawAsync("""INSERT INTO "__EFMigrationsHistory" ("MigrationId", "ProductVersion") VALUES ('29990101000000_Later', '99.0.0')""", Cancellation);
        var error = await Assert.ThrowsAsync<InvalidDataException>(() => Database.UpgradeAsync(context, Cancellation));
        Assert.Contains("newer version (29990101000000_Later)", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_upgrade_that_a_crash_ended_does_not_keep_the_next_one_waiting()
    {
        await using var installation = await Installation.OpenEmptyAsync(DatabaseKind.Sqlite, postgres);
        await using var context = installation.Open();
        await context.Database.ExecuteSqlRawAsync("""CREATE TABLE "__EFMigrationsLock" ("Id" INTEGER NOT NULL PRIMARY KEY, "Timestamp" TEXT NOT NULL)""", Cancellation);
        await context.Database.ExecuteSqlRawAsync("""INSERT INTO "__EFMigrationsLock" VALUES (1, '2026-01-01 00:00:00')""", Cancellation);
        await Database.UpgradeAsync(context, Cancellation).WaitAsync(TimeSpan.FromSeconds(20), Cancellation);
    }

    [Theory]
    [InlineData(DatabaseKind.Sqlite)]
    [InlineData(DatabaseKind.Postgres)]
    public async Task Two_processes_that_start_at_once_upgrade_one_after_the_other(DatabaseKind kind)
    {
        await using var installation = await Installation.OpenEmptyAsync(kind, postgres);
        await Task.WhenAll(Enumerable.Range(0, 3).Select(_ => Task.Run(async () =>
        {
            await using var context = installation.Open();
            await Database.UpgradeAsync(context, Cancellation);
        }, Cancellation)));
        await using var after = installation.Open();
        Assert.Empty(await after.Accounts.ToListAsync(Cancellation));
    }

    private static async Task<IReadOnlyList<string>> ReadAsync(Installation installation, string query)
    {
        await using (installation)
        {
            await using var context = installation.Open();
            var lines = await context.Database.SqlQueryRaw<string>(query).ToListAsync(Cancellation);
            return [.. lines.Order(StringComparer.Ordinal)];
        }
    }
}
