using Microsoft.EntityFrameworkCore;

namespace Pendopo.Control.Storage;

/// <summary>The database of one installation: SQLite in the data folder, or PostgreSQL.</summary>
public sealed class ControlDbContext(DbContextOptions<ControlDbContext> options) : DbContext(options)
{
    public DbSet<GrainStateRow> GrainStates => Set<GrainStateRow>();

    protected override void OnModelCreating(ModelBuilder modelBuilder)
    {
        ArgumentNullException.ThrowIfNull(modelBuilder);
        modelBuilder.Entity<GrainStateRow>(row =>
        {
            row.ToTable("grain_states");
            row.HasKey(state => new { state.Kind, state.Id });
            row.Property(state => state.Kind).HasColumnName("kind");
            row.Property(state => state.Id).HasColumnName("id");
            row.Property(state => state.Payload).HasColumnName("payload");
            row.Property(state => state.Version).HasColumnName("version").IsConcurrencyToken();
            row.Property(state => state.ModifiedAt).HasColumnName("modified_at");
        });
    }
}
