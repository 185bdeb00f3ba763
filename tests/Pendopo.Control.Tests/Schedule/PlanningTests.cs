using Pendopo.Control.Schedule;
using Pendopo.Control.Users;
using Pendopo.Testing;
using Xunit;

namespace Pendopo.Control.Tests.Schedule;

/// <summary>Planning, changing and cancelling on both databases.</summary>
public sealed class PlanningTests(PostgresFixture postgres) : IClassFixture<PostgresFixture>
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(DatabaseKind.Sqlite)]
    [InlineData(DatabaseKind.Postgres)]
    public async Task A_planned_meeting_stands_in_the_lists_of_its_organiser_and_of_members_invited_and_in_no_other(DatabaseKind kind)
    {
        await using var planner = await Planner.OpenAsync(kind, postgres);
        var ratna = await planner.InviteAsync("Ratna");
        var (error, meeting) = await planner.PlanAsync(Planner.Draft(null, "Rapat anggaran", new Invitee(planner.Budi, null), Planner.At("tamu@instansi.example")));
        Assert.Equal(ControlError.None, error);

        var own = Assert.Single(await planner.ListAsync(planner.Sri));
        Assert.True(own.IsOwn);
        Assert.Equal(["Budi Santoso", "tamu@instansi.example"], own.People.Select(person => person.Name ?? person.Address));
        var invited = Assert.Single(await planner.ListAsync(planner.Budi));
        Assert.False(invited.IsOwn);
        Assert.Equal((meeting!.Id, "Sri"), (invited.Meeting.Id, invited.OrganizerName));
        // Addresses are the organiser's to know.
        Assert.Equal(["Budi Santoso"], invited.People.Select(person => person.Name ?? person.Address));
        Assert.Empty(await planner.ListAsync(ratna));
        Assert.Null(await planner.Installation.RunAsync(context => new ListMeetings(context).FindAsync(ratna, meeting.Id, Cancellation)));
    }

    [Theory]
    [InlineData(DatabaseKind.Sqlite)]
    [InlineData(DatabaseKind.Postgres)]
    public async Task Mails_are_written_with_the_change_that_they_tell_of(DatabaseKind kind)
    {
        await using var planner = await Planner.OpenAsync(kind, postgres);
        var (_, meeting) = await planner.PlanAsync(Planner.Draft(null, "Rapat anggaran", Planner.At("a@instansi.example"), Planner.At("b@instansi.example"), Planner.At("A@instansi.example")));
        var first = await planner.SendAsync();
        Assert.Equal(["a@instansi.example", "b@instansi.example"], first.Select(mail => mail.Recipient).Order());
        Assert.All(first, mail => Assert.Equal("REQUEST", mail.Method));
        Assert.All(first, mail => Assert.Contains("SEQUENCE:0", mail.Calendar, StringComparison.Ordinal));

        // A change reaches who stays, who is new, and who is invited no longer.
        var (error, changed) = await planner.ChangeAsync(meeting!, Planner.Draft(null, "Rapat anggaran II", Planner.At("b@instansi.example"), Planner.At("c@instansi.example")));
        Assert.Equal((ControlError.None, 1), (error, changed!.Version));
        var second = (await planner.SendAsync()).OrderBy(mail => mail.Recipient, StringComparer.Ordinal).ToList();
        Assert.Equal(["CANCEL a@instansi.example", "REQUEST b@instansi.example", "REQUEST c@instansi.example"], second.Select(mail => $"{mail.Method} {mail.Recipient}"));
        Assert.StartsWith("Perubahan undangan rapat: Rapat anggaran II", second[1].Subject, StringComparison.Ordinal);
        Assert.StartsWith("Undangan rapat: ", second[2].Subject, StringComparison.Ordinal);

        var (_, cancelled) = await planner.CancelAsync(changed);
        Assert.Equal(2, cancelled!.Version);
        var third = await planner.SendAsync();
        Assert.Equal(["b@instansi.example", "c@instansi.example"], third.Select(mail => mail.Recipient).Order());
        Assert.All(third, mail => Assert.Equal("CANCEL", mail.Method));
        Assert.Empty(await planner.DueAsync());
    }

    [Theory]
    [InlineData(DatabaseKind.Sqlite)]
    [InlineData(DatabaseKind.Postgres)]
    public async Task Nobody_but_the_organiser_changes_or_cancels_and_two_windows_do_not_overwrite_each_other(DatabaseKind kind)
    {
        await using var planner = await Planner.OpenAsync(kind, postgres);
        var (_, meeting) = await planner.PlanAsync(Planner.Draft(null, "Rapat", new Invitee(planner.Budi, null)));
        Assert.Equal(ControlError.MeetingNotFound, (await planner.ChangeAsync(meeting!, Planner.Draft(title: "Milik Budi"), planner.Budi)).Error);
        Assert.Equal(ControlError.MeetingNotFound, (await planner.CancelAsync(meeting!, planner.Budi)).Error);

        Assert.Equal(ControlError.None, (await planner.ChangeAsync(meeting!, Planner.Draft(title: "Jendela satu"))).Error);
        Assert.Equal(ControlError.VersionChanged, (await planner.ChangeAsync(meeting!, Planner.Draft(title: "Jendela dua"), version: 0)).Error);
        Assert.Equal(ControlError.VersionChanged, (await planner.CancelAsync(meeting!, version: 0)).Error);
        Assert.Equal("Jendela satu", Assert.Single(await planner.ListAsync(planner.Sri)).Meeting.Title);

        // What changes nothing is no change: no version, no mail.
        var (error, same) = await planner.ChangeAsync(meeting!, Planner.Draft(title: "Jendela satu"), version: 1);
        Assert.Equal((ControlError.None, 1), (error, same!.Version));
        Assert.Equal(ControlError.None, (await planner.CancelAsync(same)).Error);
        Assert.Equal(ControlError.MeetingOver, (await planner.ChangeAsync(meeting!, Planner.Draft(title: "Terlambat"), version: 2)).Error);
    }

    [Fact]
    public async Task What_is_not_sound_is_refused_and_leaves_nothing_behind()
    {
        await using var planner = await Planner.OpenAsync(DatabaseKind.Sqlite, postgres);
        var gone = Planner.Tomorrow() with { Start = planner.Installation.Now - 7_200_000 };
        (ControlError, MeetingDraft)[] cases =
        [
            (ControlError.InvalidTitle, Planner.Draft(title: " ")),
            (ControlError.InvalidTitle, Planner.Draft(title: "Rapat\r\nBcc: semua@instansi.example")),
            (ControlError.InvalidTitle, Planner.Draft(title: new string('r', 121))),
            (ControlError.InvalidAgenda, Planner.Draft() with { Agenda = "a\u0000b" }),
            (ControlError.InvalidTime, Planner.Draft(gone)),
            (ControlError.InvalidTime, Planner.Draft(Planner.Tomorrow() with { Start = planner.Installation.Now + 86_400_001 })),
            (ControlError.InvalidTime, Planner.Draft(Planner.Tomorrow() with { DurationMinutes = 0 })),
            (ControlError.InvalidTime, Planner.Draft(Planner.Tomorrow() with { Count = 2 })),
            (ControlError.InvalidTime, Planner.Draft(Planner.Tomorrow(Repetition.Weekly, 101))),
            (ControlError.InvalidTime, Planner.Draft(Planner.Tomorrow() with { Zone = (IndonesianZone)7 })),
            // 22 August 2026 is a Saturday.
            (ControlError.InvalidTime, Planner.Draft(new MeetingTimes(new DateTimeOffset(2026, 8, 22, 9, 0, 0, TimeSpan.FromHours(7)).ToUnixTimeMilliseconds(), 60, IndonesianZone.Wib, Repetition.Weekdays, 3))),
            (ControlError.InvalidPeople, Planner.Draft(null, "Rapat", Planner.At("bukan alamat"))),
            (ControlError.InvalidPeople, Planner.Draft(null, "Rapat", new Invitee(AccountId.Create(), null))),
            (ControlError.InvalidPeople, Planner.Draft(null, "Rapat", new Invitee(planner.Budi, "b@instansi.example"))),
            (ControlError.InvalidPeople, Planner.Draft(null, "Rapat", [.. Enumerable.Range(0, 101).Select(index => Planner.At($"u{index}@instansi.example"))])),
        ];
        foreach (var (expected, draft) in cases) Assert.Equal(expected, (await planner.PlanAsync(draft)).Error);
        Assert.Empty(await planner.ListAsync(planner.Sri));
        Assert.Empty(await planner.DueAsync());

        var founded = planner.NewMeeting();
        Assert.Equal(ControlError.None, (await planner.PlanAsync(Planner.Draft(), founded: founded)).Error);
        Assert.Equal(ControlError.MeetingScheduled, (await planner.PlanAsync(Planner.Draft(), founded: founded)).Error);
    }

    [Fact]
    public async Task An_account_that_somebody_took_sends_no_flood()
    {
        await using var planner = await Planner.OpenAsync(DatabaseKind.Sqlite, postgres);
        Invitee[] hundred = [.. Enumerable.Range(0, 100).Select(index => Planner.At($"u{index}@instansi.example"))];
        for (var round = 0; round < 10; round++) Assert.Equal(ControlError.None, (await planner.PlanAsync(Planner.Draft(null, "Rapat", hundred))).Error);
        Assert.Equal(ControlError.TooManyMails, (await planner.PlanAsync(Planner.Draft(null, "Rapat", Planner.At("satu@instansi.example")))).Error);
        Assert.Equal(10, (await planner.ListAsync(planner.Sri)).Count);
        planner.Installation.Time.Advance(TimeSpan.FromHours(24));
        var later = Planner.Tomorrow(Repetition.Daily, 9);
        Assert.Equal(ControlError.None, (await planner.PlanAsync(Planner.Draft(later, "Rapat", Planner.At("satu@instansi.example")))).Error);
    }

    [Theory]
    [InlineData(DatabaseKind.Sqlite)]
    [InlineData(DatabaseKind.Postgres)]
    public async Task What_is_long_over_is_deleted_with_its_people_and_mails(DatabaseKind kind)
    {
        await using var planner = await Planner.OpenAsync(kind, postgres);
        await planner.PlanAsync(Planner.Draft(null, "Rapat", Planner.At("a@instansi.example")));
        planner.Installation.Time.Advance(TimeSpan.FromDays(91));
        Assert.Equal(0, await planner.Installation.RunAsync(context => new SweepMeetings(context, planner.Installation.Time).RunAsync(Cancellation)));
        planner.Installation.Time.Advance(TimeSpan.FromDays(1));
        Assert.Equal(1, await planner.Installation.RunAsync(context => new SweepMeetings(context, planner.Installation.Time).RunAsync(Cancellation)));
        Assert.Empty(await planner.DueAsync());
    }

    [Theory]
    [InlineData(DatabaseKind.Sqlite)]
    [InlineData(DatabaseKind.Postgres)]
    public async Task People_are_found_by_a_part_of_their_names_only(DatabaseKind kind)
    {
        await using var planner = await Planner.OpenAsync(kind, postgres);
        await planner.InviteAsync("Siti 100%");
        Assert.Equal(["Budi Santoso"], await FindAsync("SANTO"));
        Assert.Equal(["Siti 100%"], await FindAsync("0%"));
        Assert.Empty(await FindAsync("%%"));
        Assert.Empty(await FindAsync("b"));
        Assert.Empty(await FindAsync(null));

        async Task<IEnumerable<string>> FindAsync(string? part) =>
            (await planner.Installation.RunAsync(context => new FindPeople(context).RunAsync(part, Cancellation))).Select(account => account.Name);
    }

    [Theory]
    [InlineData(DatabaseKind.Sqlite)]
    [InlineData(DatabaseKind.Postgres)]
    public async Task Row_19_nothing_is_derived_from_a_mail_domain(DatabaseKind kind)
    {
        await using var planner = await Planner.OpenAsync(kind, postgres);
        // Names that look like addresses of one domain make nobody a colleague of anybody.
        var one = await planner.InviteAsync("ani@kementerian.example");
        var two = await planner.InviteAsync("edi@kementerian.example");
        await planner.PlanAsync(Planner.Draft(null, "Rapat", Planner.At("ani@kementerian.example"), Planner.At("wati@kementerian.example")));
        Assert.Empty(await planner.ListAsync(one));
        Assert.Empty(await planner.ListAsync(two));
        Assert.Equal(2, (await planner.DueAsync()).Count);
    }
}
