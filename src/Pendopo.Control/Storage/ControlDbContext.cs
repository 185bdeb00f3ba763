using Microsoft.EntityFrameworkCore;
using Pendopo.Control.Organizations;
using Pendopo.Control.Schedule;
using Pendopo.Control.Users;

namespace Pendopo.Control.Storage;

/// <summary>The database of one installation: SQLite in the data folder, or PostgreSQL.</summary>
public sealed class ControlDbContext(DbContextOptions<ControlDbContext> options) : DbContext(options)
{
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
            row.Property(state => state.Kind).HasColumnName("kind");
            row.Property(state => state.Id).HasColumnName("id");
            row.Property(state => state.Payload).HasColumnName("payload");
            row.Property(state => state.Version).HasColumnName("version").IsConcurrencyToken();
            row.Property(state => state.ModifiedAt).HasColumnName("modified_at");
        });
        modelBuilder.Entity<GroupEntryRow>(row =>
        {
            row.ToTable("group_entries");
            row.HasKey(entry => new { entry.Room, entry.Generation, entry.Entry });
            row.Property(entry => entry.Room).HasColumnName("room");
            row.Property(entry => entry.Generation).HasColumnName("generation");
            row.Property(entry => entry.Entry).HasColumnName("entry");
            row.Property(entry => entry.Kind).HasColumnName("kind");
            row.Property(entry => entry.Epoch).HasColumnName("epoch");
            row.Property(entry => entry.Leaf).HasColumnName("leaf");
            row.Property(entry => entry.At).HasColumnName("at");
            row.Property(entry => entry.Bytes).HasColumnName("bytes");
        });
        modelBuilder.Entity<GroupFileRow>(row =>
        {
            row.ToTable("group_files");
            row.HasKey(file => new { file.Room, file.Name, file.Part });
            row.Property(file => file.Room).HasColumnName("room");
            row.Property(file => file.Name).HasColumnName("name");
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
            row.Property(organization => organization.Id).HasColumnName("id").HasConversion<string>();
            row.Property(organization => organization.ParentId).HasColumnName("parent_id").HasConversion<string>();
            row.Property(organization => organization.Name).HasColumnName("name");
            row.Property(organization => organization.Path).HasColumnName("path");
            row.Ignore(organization => organization.Level);
        });
        AccountTables.Configure(modelBuilder);
        ScheduleTables.Configure(modelBuilder);
    }
}
