using Microsoft.EntityFrameworkCore.Migrations;

namespace Pendopo.Control.Storage.Migrations.Postgres;

/// <summary>The schema with which databases began before there were migrations; see <see cref="FirstSchema"/>.</summary>
public partial class First : Migration
{
    protected override void Up(MigrationBuilder migrationBuilder)
    {
        foreach (var step in FirstSchema.Steps) migrationBuilder.Sql(step);
    }

    /// <summary>There is nothing before it: a database without its tables is a new file.</summary>
    protected override void Down(MigrationBuilder migrationBuilder) => throw new System.NotSupportedException("The first schema is not taken back.");
}
