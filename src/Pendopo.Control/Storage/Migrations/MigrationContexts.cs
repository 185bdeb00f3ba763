using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Design;

namespace Pendopo.Control.Storage.Migrations;

/// <summary>Migrations are of one kind of database each, and EF tells the two sets apart by the type of the context. The rest of the product knows neither.</summary>
internal sealed class SqliteMigrationContext(DbContextOptions<SqliteMigrationContext> options) : ControlDbContext(options);

/// <inheritdoc cref="SqliteMigrationContext"/>
internal sealed class PostgresMigrationContext(DbContextOptions<PostgresMigrationContext> options) : ControlDbContext(options);

/// <summary>For <c>dotnet ef</c>, which reads the model and opens no database.</summary>
internal sealed class SqliteMigrationContextFactory : IDesignTimeDbContextFactory<SqliteMigrationContext>
{
    public SqliteMigrationContext CreateDbContext(string[] args) =>
        new(new DbContextOptionsBuilder<SqliteMigrationContext>().UseSqlite("Data Source=:memory:").Options);
}

/// <inheritdoc cref="SqliteMigrationContextFactory"/>
internal sealed class PostgresMigrationContextFactory : IDesignTimeDbContextFactory<PostgresMigrationContext>
{
    public PostgresMigrationContext CreateDbContext(string[] args) =>
        new(new DbContextOptionsBuilder<PostgresMigrationContext>().UseNpgsql("Host=127.0.0.1").Options);
}
