using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Pendopo.Control.Schedule;

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
        row.Property(meeting => meeting.Id).HasColumnName("id").HasConversion<string>();
        row.Property(meeting => meeting.Uid).HasColumnName("uid");
        row.Property(meeting => meeting.MeetingKey).HasColumnName("meeting_key");
        row.Property(meeting => meeting.MeetingId).HasColumnName("meeting_id");
        row.Property(meeting => meeting.Fragment).HasColumnName("fragment");
        row.Property(meeting => meeting.LabelRank).HasColumnName("label_rank");
        row.Property(meeting => meeting.GuestsAllowed).HasColumnName("guests_allowed");
        row.Property(meeting => meeting.OrganizerId).HasColumnName("organizer_id").HasConversion<AccountTables.AccountIdConverter>();
        row.Property(meeting => meeting.Title).HasColumnName("title");
        row.Property(meeting => meeting.Agenda).HasColumnName("agenda");
        row.Property(meeting => meeting.Start).HasColumnName("starts_at");
        row.Property(meeting => meeting.DurationMinutes).HasColumnName("duration_minutes");
        row.Property(meeting => meeting.Zone).HasColumnName("zone").HasConversion<string>();
        row.Property(meeting => meeting.Repetition).HasColumnName("repetition").HasConversion<string>();
        row.Property(meeting => meeting.Count).HasColumnName("occurrences");
        row.Property(meeting => meeting.EndsAt).HasColumnName("ends_at");
        row.Property(meeting => meeting.Version).HasColumnName("version").IsConcurrencyToken();
        row.Property(meeting => meeting.CreatedAt).HasColumnName("created_at");
        row.Property(meeting => meeting.CancelledAt).HasColumnName("cancelled_at");
        row.Ignore(meeting => meeting.Times);
    }

    private static void People(EntityTypeBuilder<ScheduledPerson> row)
    {
        row.ToTable("scheduled_people");
        row.HasKey(person => new { person.MeetingId, person.Key });
        row.Property(person => person.MeetingId).HasColumnName("meeting_id").HasConversion<string>();
        row.Property(person => person.Key).HasColumnName("person");
        row.Property(person => person.AccountId).HasColumnName("account_id").HasConversion<AccountTables.AccountIdConverter>();
        row.Property(person => person.Address).HasColumnName("address");
        row.HasOne<ScheduledMeeting>().WithMany().HasForeignKey(person => person.MeetingId);
    }

    private static void Mails(EntityTypeBuilder<OutgoingMail> row)
    {
        row.ToTable("outgoing_mails");
        row.HasKey(mail => mail.Id);
        row.Property(mail => mail.Id).HasColumnName("id").HasConversion<string>();
        row.Property(mail => mail.MeetingId).HasColumnName("meeting_id").HasConversion<string>();
        row.Property(mail => mail.OrganizerId).HasColumnName("organizer_id").HasConversion<AccountTables.AccountIdConverter>();
        row.Property(mail => mail.Recipient).HasColumnName("recipient");
        row.Property(mail => mail.Subject).HasColumnName("subject");
        row.Property(mail => mail.Text).HasColumnName("content");
        row.Property(mail => mail.Calendar).HasColumnName("calendar");
        row.Property(mail => mail.Method).HasColumnName("method");
        row.Property(mail => mail.Version).HasColumnName("version");
        row.Property(mail => mail.CreatedAt).HasColumnName("created_at");
        row.Property(mail => mail.DueAt).HasColumnName("due_at");
        row.Property(mail => mail.SentAt).HasColumnName("sent_at");
        row.Property(mail => mail.Attempts).HasColumnName("attempts");
        row.Property(mail => mail.Failure).HasColumnName("failure").HasConversion<string>();
        row.HasOne<ScheduledMeeting>().WithMany().HasForeignKey(mail => mail.MeetingId);
    }
}
