using Microsoft.EntityFrameworkCore;
using Pendopo.Control.Tests.Users;
using Pendopo.Testing;
using Xunit;

namespace Pendopo.Control.Tests.Storage;

/// <summary>The first schema is written by hand, so this holds it to the model.</summary>
public sealed class SchemaTests(PostgresFixture postgres) : IClassFixture<PostgresFixture>
{
    [Theory]
    [InlineData(DatabaseKind.Sqlite, "SELECT name || ':' || CASE WHEN \"notnull\" = 1 THEN 'required' ELSE 'optional' END || ':' || CASE WHEN pk > 0 THEN 'key' ELSE '' END AS \"Value\" FROM pragma_table_info({0})")]
    [InlineData(DatabaseKind.Postgres, """
        SELECT c.column_name || ':' || CASE WHEN c.is_nullable = 'NO' THEN 'required' ELSE 'optional' END || ':' || CASE WHEN k.column_name IS NOT NULL THEN 'key' ELSE '' END AS "Value"
        FROM information_schema.columns c
        LEFT JOIN information_schema.table_constraints t ON t.table_name = c.table_name AND t.constraint_type = 'PRIMARY KEY'
        LEFT JOIN information_schema.key_column_usage k ON k.constraint_name = t.constraint_name AND k.column_name = c.column_name
        WHERE c.table_name = {0}
        """)]
    public async Task Every_table_has_exactly_the_columns_of_the_model(DatabaseKind kind, string query)
    {
        await using var installation = await Installation.OpenAsync(kind, postgres);
        await using var context = installation.Open();
        foreach (var entity in context.Model.GetEntityTypes())
        {
            var keys = entity.FindPrimaryKey()!.Properties;
            var expected = entity.GetProperties().Select(property =>
                $"{property.GetColumnName()}:{(property.IsNullable ? "optional" : "required")}:{(keys.Contains(property) ? "key" : "")}");
            var found = await context.Database.SqlQueryRaw<string>(query, entity.GetTableName()!).ToListAsync(TestContext.Current.CancellationToken);
            Assert.Equal(expected.Order(StringComparer.Ordinal), found.Order(StringComparer.Ordinal));
        }
    }
}
