using Microsoft.EntityFrameworkCore;
using MimeKit;
using Pendopo.Control.Storage;
using Pendopo.Server.Hosting;
using Pendopo.Server.Tests.Storage;
using Pendopo.Signaling;
using Pendopo.Testing;
using Xunit;

namespace Pendopo.Server.Tests.Schedule;

/// <summary>Invitations on their way: into the folder, and to a mail server.</summary>
public sealed class MailTests(PostgresFixture postgres) : IClassFixture<PostgresFixture>
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Without_a_mail_server_each_mail_lies_whole_in_the_folder()
    {
        await using var office = await Office.OpenAsync();
        var meeting = await Office.PlanAsync(office.Sri, "Rapat <i>anggaran</i> – 2027", new InviteeRequest(null, "tamu@instansi.example"));
        await WaitForMailAsync(office, InvitationMail.Sent);
        var mail = await MimeMessage.LoadAsync(Assert.Single(Directory.GetFiles(office.MailFolder)), Cancellation);
        Assert.Equal(["tamu@instansi.example"], mail.To.Mailboxes.Select(mailbox => mailbox.Address));
        Assert.Equal("pendopo@localhost", Assert.Single(mail.From.Mailboxes).Address);
        Assert.StartsWith("Undangan rapat: Rapat <i>anggaran</i> – 2027", mail.Subject, StringComparison.Ordinal);
        Assert.Contains($"{RunningServer.Origin}/m/{meeting.MeetingId}#{meeting.Fragment}", mail.TextBody, StringComparison.Ordinal);
        Assert.Null(mail.HtmlBody);
        var calendar = Assert.Single(mail.BodyParts.OfType<TextPart>(), part => part.ContentType.IsMimeType("text", "calendar"));
        Assert.Equal("REQUEST", calendar.ContentType.Parameters["method"]);
        var file = Assert.IsType<MimePart>(Assert.Single(mail.Attachments));
        using var content = new MemoryStream();
        await file.Content!.DecodeToAsync(content, Cancellation);
        Assert.Equal(("rapat.ics", calendar.Text.ReplaceLineEndings("\r\n")), (file.FileName, System.Text.Encoding.UTF8.GetString(content.ToArray())));
    }

    [Fact]
    public async Task A_mail_server_is_handed_the_mail_and_one_that_refuses_is_named_to_the_organiser()
    {
        await using var server = new FakeMailServer();
        await using var office = await Office.OpenAsync("Mail:SmtpHost=127.0.0.1", $"Mail:SmtpPort={server.Port}", "Mail:Security=None", "Mail:From=undangan@instansi.example");
        await Office.PlanAsync(office.Sri, "Rapat", new InviteeRequest(null, "tamu@instansi.example"));
        await WaitForMailAsync(office, InvitationMail.Sent);
        var taken = Assert.Single(server.Taken);
        Assert.Equal(("undangan@instansi.example", "tamu@instansi.example"), (taken.From, taken.To));
        Assert.Contains("Undangan rapat: Rapat", taken.Message.Subject, StringComparison.Ordinal);

        await Office.PlanAsync(office.Budi, "Rapat", new InviteeRequest(null, "refused@instansi.example"));
        var person = await WaitForMailAsync(office, InvitationMail.Failed, office.Budi);
        Assert.Equal(InvitationFailure.RecipientRefused, person.Failure);
    }

    [Fact]
    public async Task A_mail_server_that_is_down_is_tried_again()
    {
        await using var server = new FakeMailServer();
        await server.DisposeAsync();
        await using var office = await Office.OpenAsync("Mail:SmtpHost=127.0.0.1", $"Mail:SmtpPort={server.Port}", "Mail:Security=None");
        await Office.PlanAsync(office.Sri, "Rapat", new InviteeRequest(null, "tamu@instansi.example"));
        var person = await WaitForMailAsync(office, InvitationMail.Waiting, failure: InvitationFailure.Unreachable);
        Assert.Equal(InvitationFailure.Unreachable, person.Failure);
        Assert.Contains(office.Server.Log.All, line => line.Text.Contains("could not be sent", StringComparison.Ordinal));
        Assert.DoesNotContain(office.Server.Log.All, line => line.Text.Contains("instansi.example", StringComparison.Ordinal));
    }

    [Fact]
    public async Task The_row_of_a_scheduled_meeting_bears_the_name_that_the_sweep_looks_for()
    {
        await using var office = await Office.OpenAsync();
        var meeting = await Office.PlanAsync(office.Sri);
        var builder = new DbContextOptionsBuilder<ControlDbContext>();
        Database.Configure(builder, null, Path.Combine(office.Server.Folder, "pendopo.db"));
        await using var context = new ControlDbContext(builder.Options);
        var id = await context.GrainStates.Where(row => row.Kind == "meeting").Select(row => row.Id).SingleAsync(Cancellation);
        var key = await context.ScheduledMeetings.Select(row => row.MeetingKey).SingleAsync(Cancellation);
        Assert.Equal(StaleMeetings.GrainPrefix + key, id);
        Assert.Equal(meeting.MeetingId, await context.ScheduledMeetings.Select(row => row.MeetingId).SingleAsync(Cancellation));
        // Kept past the lifetime of empty meetings: what the schedule promises stands in the row.
        Assert.Contains("\"keep\":{\"until\"", await context.GrainStates.Select(row => row.Payload).SingleAsync(Cancellation), StringComparison.OrdinalIgnoreCase);
    }

    [Theory]
    [InlineData("sqlite")]
    [InlineData("postgres")]
    public async Task A_scheduled_meeting_is_not_swept_away_before_it_is_over(string database)
    {
        await using var contexts = await Contexts.OpenAsync(database, postgres);
        var time = new Microsoft.Extensions.Time.Testing.FakeTimeProvider(new DateTimeOffset(2026, 8, 17, 0, 0, 0, TimeSpan.Zero));
        var now = time.GetUtcNow().ToUnixTimeMilliseconds();
        const long day = 86_400_000;
        await using (var context = contexts.CreateDbContext())
        {
            await context.Database.ExecuteSqlAsync($"INSERT INTO accounts (id, name, role, created_at) VALUES ('AAECAwQFBgcICQoLDA0ODw', 'Sri', 'Member', 0)", Cancellation);
            foreach (var (key, ends, cancelled) in new (string, long?, long?)[] { ("none", null, null), ("ahead", now + (40 * day), null), ("over", now - day, null), ("off", now + (40 * day), now) })
            {
                context.GrainStates.Add(new GrainStateRow { Kind = "meeting", Id = StaleMeetings.GrainPrefix + key, Payload = "{}", Version = "v", ModifiedAt = now - (31 * day) });
                if (ends is null) continue;
                await context.Database.ExecuteSqlAsync(
                    $"INSERT INTO scheduled_meetings (id, uid, meeting_key, meeting_id, fragment, label_rank, guests_allowed, organizer_id, title, agenda, starts_at, duration_minutes, zone, repetition, occurrences, ends_at, version, created_at, cancelled_at) VALUES ({Guid.NewGuid().ToString()}, 'u', {key}, 'm', 'f', 0, {true}, 'AAECAwQFBgcICQoLDA0ODw', 't', '', 0, 60, 'Wib', 'Once', 1, {ends}, 0, 0, {cancelled})",
                    Cancellation);
            }

            await context.SaveChangesAsync(Cancellation);
        }

        using var stale = new StaleMeetings(contexts, time, Microsoft.Extensions.Logging.Abstractions.NullLogger<StaleMeetings>.Instance);
        Assert.Equal(3, await stale.SweepAsync(Cancellation));
        await using var after = contexts.CreateDbContext();
        Assert.Equal(["meeting/ahead"], await after.GrainStates.Select(row => row.Id).ToListAsync(Cancellation));
    }

    private static async Task<InvitedPerson> WaitForMailAsync(Office office, InvitationMail state, Accounts.Person? organizer = null, InvitationFailure? failure = null)
    {
        using var patience = new CancellationTokenSource(Patience);
        using var pause = new PeriodicTimer(TimeSpan.FromMilliseconds(50));
        while (true)
        {
            var person = Assert.Single(Assert.Single(await Office.ListAsync(organizer ?? office.Sri)).People);
            if (person.Mail == state && (failure is null || person.Failure == failure)) return person;
            await pause.WaitForNextTickAsync(patience.Token);
        }
    }
}
