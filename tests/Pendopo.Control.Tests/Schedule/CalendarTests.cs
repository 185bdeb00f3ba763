using System.Globalization;
using Pendopo.Control.Schedule;
using Pendopo.Testing;
using Xunit;

namespace Pendopo.Control.Tests.Schedule;

/// <summary>The calendars in invitations, as an independent parser understands them.</summary>
public sealed class CalendarTests(PostgresFixture postgres) : IClassFixture<PostgresFixture>
{
    [Fact]
    public async Task One_event_is_invited_to_changed_and_cancelled()
    {
        await using var planner = await Planner.OpenAsync(DatabaseKind.Sqlite, postgres);
        var (_, meeting) = await planner.PlanAsync(Planner.Draft(null, "Anggaran; 2027, \\ Réfleksi \U0001F4C8 " + new string('r', 80), Planner.At("tamu@instansi.example")));
        var invited = await ReadAsync(planner);
        Assert.Equal(("REQUEST", 0, "CONFIRMED"), (invited.Method, invited.Sequence, invited.Status));
        Assert.Equal(("2026-08-18T07:00:00.000Z", "2026-08-18T08:30:00.000Z"), (invited.Start, invited.End));
        Assert.Equal(meeting!.Title, invited.Summary);
        Assert.Equal(meeting.Uid, invited.Uid);
        Assert.EndsWith("@meet.example.test", invited.Uid, StringComparison.Ordinal);
        Assert.Equal($"https://meet.example.test/m/{meeting.MeetingId}#{meeting.Fragment}", invited.Url);
        Assert.StartsWith("1. Pembukaan\n2. Anggaran\n\nhttps://meet.example.test/m/", invited.Description, StringComparison.Ordinal);
        Assert.Equal(("mailto:pendopo@meet.example.test", "Sri"), (invited.Organizer, invited.OrganizerName));
        Assert.Equal(["mailto:tamu@instansi.example"], invited.Attendees);
        Assert.Equal("2026-08-17T03:00:00.000Z", invited.Stamp);
        Assert.Single(invited.Occurrences);
        Assert.InRange(invited.LongestLine, 1, 75);
        Assert.False(invited.Barewords);

        planner.Installation.Time.Advance(TimeSpan.FromMinutes(5));
        var later = Planner.Tomorrow() with { Start = Planner.Tomorrow().Start + 3_600_000 };
        var (_, moved) = await planner.ChangeAsync(meeting, Planner.Draft(later, meeting.Title, Planner.At("tamu@instansi.example")));
        var changed = await ReadAsync(planner);
        Assert.Equal(("REQUEST", 1, invited.Uid), (changed.Method, changed.Sequence, changed.Uid));
        Assert.Equal(("2026-08-18T08:00:00.000Z", "2026-08-17T03:05:00.000Z"), (changed.Start, changed.Stamp));

        await planner.CancelAsync(moved!);
        var cancelled = await ReadAsync(planner);
        Assert.Equal(("CANCEL", 2, invited.Uid, "CANCELLED"), (cancelled.Method, cancelled.Sequence, cancelled.Uid, cancelled.Status));
        Assert.Equal(changed.Start, cancelled.Start);
    }

    [Theory]
    [InlineData(IndonesianZone.Wib, "Asia/Jakarta", "+07:00", "2026-08-18T07:00:00.000Z")]
    [InlineData(IndonesianZone.Wita, "Asia/Makassar", "+08:00", "2026-08-18T06:00:00.000Z")]
    [InlineData(IndonesianZone.Wit, "Asia/Jayapura", "+09:00", "2026-08-18T05:00:00.000Z")]
    public async Task Each_zone_is_named_and_described(IndonesianZone zone, string name, string offset, string start)
    {
        await using var planner = await Planner.OpenAsync(DatabaseKind.Sqlite, postgres);
        await planner.PlanAsync(Planner.Draft(Planner.Tomorrow(zone: zone), "Rapat", Planner.At("tamu@instansi.example")));
        var read = await ReadAsync(planner);
        Assert.Equal((name, offset, start), (read.Zone, read.Offset, read.Start));
        Assert.Equal([name], read.Zones);
    }

    [Theory]
    [InlineData(Repetition.Daily, 5)]
    [InlineData(Repetition.Weekdays, 7)]
    [InlineData(Repetition.Weekly, 52)]
    [InlineData(Repetition.Monthly, 12)]
    public async Task A_series_has_the_same_days_for_the_calendar_as_for_the_server(Repetition repetition, int count)
    {
        await using var planner = await Planner.OpenAsync(DatabaseKind.Sqlite, postgres);
        // The 31st: months without it are left out by both. 05.00 WIT is the day before in UTC.
        var first = new DateTimeOffset(2026, 8, 31, 5, 0, 0, TimeSpan.FromHours(9));
        var times = new MeetingTimes(first.ToUnixTimeMilliseconds(), 45, IndonesianZone.Wit, repetition, count);
        await planner.PlanAsync(Planner.Draft(times, "Rapat rutin", Planner.At("tamu@instansi.example")));
        var read = await ReadAsync(planner);
        var expected = times.Occurrences().Select(occurrence => occurrence.UtcDateTime.ToString("yyyy-MM-ddTHH:mm:ss.fffZ", CultureInfo.InvariantCulture)).ToList();
        Assert.Equal(count, expected.Count);
        Assert.Equal(expected, read.Occurrences);
    }

    [Theory]
    [InlineData(1, true)]
    [InlineData(2, false)]
    [InlineData(3, false)]
    [InlineData(9, false)]
    public async Task Above_the_restricted_label_no_mail_tells_the_matter(int rank, bool tells)
    {
        await using var planner = await Planner.OpenAsync(DatabaseKind.Sqlite, postgres);
        await planner.PlanAsync(Planner.Draft(null, "Operasi Merapi", Planner.At("tamu@instansi.example")), founded: planner.NewMeeting(rank));
        var mail = Assert.Single(await planner.DueAsync());
        foreach (var text in new[] { mail.Subject, mail.Text, mail.Calendar }) Assert.Equal(tells, text.Contains("Merapi", StringComparison.Ordinal));
        foreach (var text in new[] { mail.Text, mail.Calendar }) Assert.Equal(tells, text.Contains("Anggaran", StringComparison.Ordinal));
        Assert.Contains("hanya pemilik akun lembaga yang dapat masuk", mail.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_mail_says_in_both_languages_who_invites_when_and_by_which_link()
    {
        await using var planner = await Planner.OpenAsync(DatabaseKind.Sqlite, postgres);
        var (_, meeting) = await planner.PlanAsync(Planner.Draft(Planner.Tomorrow(Repetition.Weekly, 4), "<b>Rapat</b>", Planner.At("tamu@instansi.example")));
        var mail = Assert.Single(await planner.SendAsync());
        Assert.Equal("Undangan rapat: <b>Rapat</b> – Selasa, 18 Agustus 2026 pukul 14.00 WIB", mail.Subject);
        foreach (var words in new[]
        {
            "Waktu: Selasa, 18 Agustus 2026 pukul 14.00 WIB (1 jam 30 menit)", "Setiap minggu, 4 kali", "Pengundang: Sri", "Time: Tuesday, 18 August 2026, 14:00 WIB (1 hour 30 minutes)",
            "Every week, 4 times", $"https://meet.example.test/m/{meeting!.MeetingId}#{meeting.Fragment}", "Tautan ini tidak memberi hak masuk", "2. Anggaran",
        })
        {
            Assert.Contains(words, mail.Text, StringComparison.Ordinal);
        }

        await planner.CancelAsync(meeting);
        var cancelled = Assert.Single(await planner.SendAsync());
        Assert.StartsWith("Rapat dibatalkan: ", cancelled.Subject, StringComparison.Ordinal);
        Assert.DoesNotContain("https://", cancelled.Text, StringComparison.Ordinal);
    }

    private static async Task<ReadCalendar> ReadAsync(Planner planner) => await ReadCalendar.FromAsync(Assert.Single(await planner.SendAsync()).Calendar);
}
