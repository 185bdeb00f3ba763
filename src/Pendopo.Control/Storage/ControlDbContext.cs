using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Conventions;
using Pendopo.Control.Organizations;
using Pendopo.Control.Schedule;
using Pendopo.Control.Users;

namespace Pendopo.Control.Storage;

/// <summary>The database of one installation: SQLite in the data folder, or PostgreSQL.</summary>
public class ControlDbContext : DbContext
{
    public ControlDbContext(DbContextOptions<ControlDbContext> options) : base(options)
    {
    }

    /// <summary>For the two contexts that migrations belong to.</summary>
    private protected ControlDbContext(DbContextOptions options) : base(options)
    {
    }

    public DbSet<GrainStateRow> GrainStates => Set<GrainStateRow>();

    public DbSet<GroupEntryRow> GroupEntries => Set<GroupEntryRow>();

    public DbSet<GroupFileRow> GroupFiles => Set<GroupFileRow>();

    public DbSet<Organization> Organizations => Set<Organization>();

    public DbSet<Account> Accounts => Set<Account>();

    public DbSet<Passkey> Passkeys => Set<Passkey>();

    public DbSet<AccountSession> AccountSessions => Set<AccountSession>();

    public DbSet<ExternalIdentity> ExternalIdentities => Set<ExternalIdentity>();

    public DbSet<RegistrationLink> RegistrationLinks => Set<RegistrationLink>();

    public DbSet<PasskeyCeremony> PasskeyCeremonies => Set<PasskeyCeremony>();

    public DbSet<SettingRow> Settings => Set<SettingRow>();

    public DbSet<ScheduledMeeting> ScheduledMeetings => Set<ScheduledMeeting>();

    public DbSet<ScheduledPerson> ScheduledPeople => Set<ScheduledPerson>();

    public DbSet<OutgoingMail> OutgoingMails => Set<OutgoingMail>();

    protected override void OnModelCreating(ModelBuilder modelBuilder)
    {
        ArgumentNullException.ThrowIfNull(modelBuilder);
        modelBuilder.Entity<GrainStateRow>(row =>
        {
            row.ToTable("grain_states");
            row.HasKey(state => new { state.Kind, state.Id });
            row.Property(state => state.Kind).HasColumnName("kind").HasMaxLength(100);
            row.Property(state => state.Id).HasColumnName("id").HasMaxLength(200);
            row.Property(state => state.Payload).HasColumnName("payload");
            row.Property(state => state.Version).HasColumnName("version").IsConcurrencyToken().HasMaxLength(36);
            row.Property(state => state.ModifiedAt).HasColumnName("modified_at");
        });
        modelBuilder.Entity<GroupEntryRow>(row =>
        {
            row.ToTable("group_entries");
            row.HasKey(entry => new { entry.Room, entry.Generation, entry.Entry });
            row.Property(entry => entry.Room).HasColumnName("room").HasMaxLength(64);
            row.Property(entry => entry.Generation).HasColumnName("generation");
            row.Property(entry => entry.Entry).HasColumnName("entry");
            row.Property(entry => entry.Kind).HasColumnName("kind").HasMaxLength(20);
            row.Property(entry => entry.Epoch).HasColumnName("epoch");
            row.Property(entry => entry.Leaf).HasColumnName("leaf");
            row.Property(entry => entry.At).HasColumnName("at");
            row.Property(entry => entry.Bytes).HasColumnName("bytes");
        });
        modelBuilder.Entity<GroupFileRow>(row =>
        {
            row.ToTable("group_files");
            row.HasKey(file => new { file.Room, file.Name, file.Part });
            row.Property(file => file.Room).HasColumnName("room").HasMaxLength(64);
            row.Property(file => file.Name).HasColumnName("name").HasMaxLength(22);
            row.Property(file => file.Part).HasColumnName("part");
            row.Property(file => file.Size).HasColumnName("size");
            row.Property(file => file.At).HasColumnName("at");
            row.Property(file => file.Bytes).HasColumnName("bytes");
        });
        modelBuilder.Entity<Organization>(row =>
        {
            row.ToTable("organizations");
            row.HasKey(organization => organization.Id);
            // Text on both databases: SQLite has no type of its own for it.
            row.Property(organization => organization.Id).HasColumnName("id").HasConversion<string>().HasMaxLength(36);
            row.Property(organization => organization.ParentId).HasColumnName("parent_id").HasConversion<string>().HasMaxLength(36);
            row.Property(organization => organization.Name).HasColumnName("name").HasMaxLength(120);
            row.Property(organization => organization.Path).HasColumnName("path").HasMaxLength(512);
            row.Ignore(organization => organization.Level);
            row.HasIndex(organization => organization.Path).IsUnique().HasDatabaseName("organizations_path_key");
            row.HasOne<Organization>().WithMany().HasForeignKey(organization => organization.ParentId).OnDelete(DeleteBehavior.NoAction);
        });
        AccountTables.Configure(modelBuilder);
        ScheduleTables.Configure(modelBuilder);
        NameConstraints(modelBuilder);
    }

    /// <summary>Indexes are named and wanted, each; EF would add one for every foreign key.</summary>
    protected override void ConfigureConventions(ModelConfigurationBuilder configurationBuilder)
    {
        ArgumentNullException.ThrowIfNull(configurationBuilder);
        configurationBuilder.Conventions.Remove<ForeignKeyIndexConvention>();
    }

    /// <summary>As PostgreSQL names them itself: so are they called in databases that are older than the migrations.</summary>
    private static void NameConstraints(ModelBuilder modelBuilder)
    {
        foreach (var entity in modelBuilder.Model.GetEntityTypes())
        {
            var table = entity.GetTableName();
            entity.FindPrimaryKey()?.SetName($"{table}_pkey");
            foreach (var key in entity.GetForeignKeys()) key.SetConstraintName($"{table}_{string.Join('_', key.Properties.Select(property => property.GetColumnName()))}_fkey");
        }
    }
}
