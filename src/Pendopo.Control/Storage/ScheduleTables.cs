using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Pendopo.Control.Schedule;
using Pendopo.Control.Users;

namespace Pendopo.Control.Storage;

/// <summary>How scheduled meetings, those invited and their mails lie in the database.</summary>
internal static class ScheduleTables
{
    public static void Configure(ModelBuilder modelBuilder)
    {
        modelBuilder.Entity<ScheduledMeeting>(Meetings);
        modelBuilder.Entity<ScheduledPerson>(People);
        modelBuilder.Entity<OutgoingMail>(Mails);
    }

    private static void Meetings(EntityTypeBuilder<ScheduledMeeting> row)
    {
        row.ToTable("scheduled_meetings");
        row.HasKey(meeting => meeting.Id);
        row.Property(meeting => meeting.Id).HasColumnName("id").HasConversion<string>().HasMaxLength(36);
        row.Property(meeting => meeting.Uid).HasColumnName("uid").HasMaxLength(300);
        row.Property(meeting => meeting.MeetingKey).HasColumnName("meeting_key").HasMaxLength(43);
        row.Property(meeting => meeting.MeetingId).HasColumnName("meeting_id").HasMaxLength(64);
        row.Property(meeting => meeting.Fragment).HasColumnName("fragment").HasMaxLength(43);
        row.Property(meeting => meeting.LabelRank).HasColumnName("label_rank");
        row.Property(meeting => meeting.GuestsAllowed).HasColumnName("guests_allowed");
        row.Property(meeting => meeting.OrganizerId).HasColumnName("organizer_id").HasConversion<AccountTables.AccountIdConverter>().HasMaxLength(22);
        row.Property(meeting => meeting.Title).HasColumnName("title").HasMaxLength(120);
        row.Property(meeting => meeting.Agenda).HasColumnName("agenda").HasMaxLength(4000);
        row.Property(meeting => meeting.Start).HasColumnName("starts_at");
        row.Property(meeting => meeting.DurationMinutes).HasColumnName("duration_minutes");
        row.Property(meeting => meeting.Zone).HasColumnName("zone").HasConversion<string>().HasMaxLength(10);
        row.Property(meeting => meeting.Repetition).HasColumnName("repetition").HasConversion<string>().HasMaxLength(10);
        row.Property(meeting => meeting.Count).HasColumnName("occurrences");
        row.Property(meeting => meeting.EndsAt).HasColumnName("ends_at");
        row.Property(meeting => meeting.Version).HasColumnName("version").IsConcurrencyToken();
        row.Property(meeting => meeting.CreatedAt).HasColumnName("created_at");
        row.Property(meeting => meeting.CancelledAt).HasColumnName("cancelled_at");
        row.Ignore(meeting => meeting.Times);
        row.HasIndex(meeting => meeting.MeetingKey).IsUnique().HasDatabaseName("scheduled_meetings_meeting_key_key");
        row.HasIndex(meeting => new { meeting.OrganizerId, meeting.EndsAt }).HasDatabaseName("scheduled_meetings_organizer");
        row.HasOne<Account>().WithMany().HasForeignKey(meeting => meeting.OrganizerId);
    }

    private static void People(EntityTypeBuilder<ScheduledPerson> row)
    {
        row.ToTable("scheduled_people");
        row.HasKey(person => new { person.MeetingId, person.Key });
        row.Property(person => person.MeetingId).HasColumnName("meeting_id").HasConversion<string>().HasMaxLength(36);
        row.Property(person => person.Key).HasColumnName("person").HasMaxLength(254);
        row.Property(person => person.AccountId).HasColumnName("account_id").HasConversion<AccountTables.AccountIdConverter>().HasMaxLength(22);
        row.Property(person => person.Address).HasColumnName("address").HasMaxLength(254);
        row.HasIndex(person => person.Key).HasDatabaseName("scheduled_people_person");
        row.HasOne<ScheduledMeeting>().WithMany().HasForeignKey(person => person.MeetingId);
        row.HasOne<Account>().WithMany().HasForeignKey(person => person.AccountId).OnDelete(DeleteBehavior.Cascade);
    }

    private static void Mails(EntityTypeBuilder<OutgoingMail> row)
    {
        row.ToTable("outgoing_mails");
        row.HasKey(mail => mail.Id);
        row.Property(mail => mail.Id).HasColumnName("id").HasConversion<string>().HasMaxLength(36);
        row.Property(mail => mail.MeetingId).HasColumnName("meeting_id").HasConversion<string>().HasMaxLength(36);
        row.Property(mail => mail.OrganizerId).HasColumnName("organizer_id").HasConversion<AccountTables.AccountIdConverter>().HasMaxLength(22);
        row.Property(mail => mail.Recipient).HasColumnName("recipient").HasMaxLength(254);
        row.Property(mail => mail.Subject).HasColumnName("subject");
        row.Property(mail => mail.Text).HasColumnName("content");
        row.Property(mail => mail.Calendar).HasColumnName("calendar");
        row.Property(mail => mail.Method).HasColumnName("method").HasMaxLength(10);
        row.Property(mail => mail.Version).HasColumnName("version");
        row.Property(mail => mail.CreatedAt).HasColumnName("created_at");
        row.Property(mail => mail.DueAt).HasColumnName("due_at");
        row.Property(mail => mail.SentAt).HasColumnName("sent_at");
        row.Property(mail => mail.Attempts).HasColumnName("attempts");
        row.Property(mail => mail.Failure).HasColumnName("failure").HasConversion<string>().HasMaxLength(20);
        row.HasIndex(mail => mail.DueAt).HasDatabaseName("outgoing_mails_due");
        row.HasIndex(mail => mail.MeetingId).HasDatabaseName("outgoing_mails_meeting");
        row.HasOne<ScheduledMeeting>().WithMany().HasForeignKey(mail => mail.MeetingId);
    }
}
