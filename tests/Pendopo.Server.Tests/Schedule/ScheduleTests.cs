using System.Net;
using Pendopo.Server.Tests.Accounts;
using Pendopo.Server.Tests.Hubs;
using Pendopo.Signaling;
using Pendopo.Testing.Groups;
using Xunit;

namespace Pendopo.Server.Tests.Schedule;

public sealed class ScheduleTests
{
    [Fact]
    public async Task A_meeting_is_planned_listed_changed_and_cancelled_by_its_founder()
    {
        await using var office = await Office.OpenAsync();
        var budi = await Office.IdOfAsync(office.Budi);
        var meeting = await Office.PlanAsync(office.Sri, "Rapat anggaran", new InviteeRequest(budi), new InviteeRequest(null, "tamu@instansi.example"));
        Assert.Equal((0, true, true, 0, false), (meeting.Version, meeting.Own, meeting.GuestsAllowed, meeting.LabelRank, meeting.Cancelled));
        Assert.Equal(meeting.Times.Start, meeting.Next);
        Assert.Equal(meeting.Times.Start + 3_600_000, meeting.End);

        var invited = Assert.Single(await Office.ListAsync(office.Budi));
        Assert.Equal((meeting.Id, meeting.MeetingId, meeting.Fragment, false, "Sri"), (invited.Id, invited.MeetingId, invited.Fragment, invited.Own, invited.OrganizerName));
        Assert.DoesNotContain(invited.People, person => person.Address is not null);

        var change = new ChangeMeetingRequest("Rapat anggaran II", "1. Pembukaan", Office.Tomorrow(ScheduleRepeat.Weekly, 4), [new InviteeRequest(budi)]);
        var (status, changed, _) = await office.Sri.SendAsync<ScheduledMeetingInfo>(HttpMethod.Put, $"/api/schedule/{meeting.Id}", "\"0\"", change);
        Assert.Equal((HttpStatusCode.OK, 1, "Rapat anggaran II"), (status, changed!.Version, changed.Title));
        Assert.Equal(meeting.Uid, changed.Uid);

        Assert.Equal(HttpStatusCode.NoContent, (await office.Sri.SendAsync<object>(HttpMethod.Delete, $"/api/schedule/{meeting.Id}", "\"1\"", null)).Status);
        var cancelled = Assert.Single(await Office.ListAsync(office.Budi));
        Assert.True(cancelled.Cancelled);
        Assert.Null(cancelled.Next);
    }

    [Fact]
    public async Task Guests_are_refused_and_other_accounts_can_neither_read_change_nor_cancel()
    {
        await using var office = await Office.OpenAsync();
        var meeting = await Office.PlanAsync(office.Sri);
        var path = $"/api/schedule/{meeting.Id}";
        var change = new ChangeMeetingRequest("Milik saya", "", Office.Tomorrow(), []);
        using var guest = await Person.ComeAsync(office.Server);
        foreach (var (person, expected) in new[] { (guest, HttpStatusCode.Unauthorized), (office.Budi, HttpStatusCode.NotFound) })
        {
            Assert.Equal(expected, (await person.SendAsync<object>(HttpMethod.Get, path, null, null)).Status);
            Assert.Equal(expected, (await person.SendAsync<object>(HttpMethod.Put, path, "\"0\"", change)).Status);
            Assert.Equal(expected, (await person.SendAsync<object>(HttpMethod.Delete, path, "\"0\"", null)).Status);
        }

        Assert.Equal(HttpStatusCode.Unauthorized, (await guest.GetAsync<ScheduleResponse>("/api/schedule")).Status);
        Assert.Equal(HttpStatusCode.Unauthorized, (await guest.GetAsync<PeopleResponse>("/api/schedule/people?name=budi")).Status);
        Assert.Empty(await Office.ListAsync(office.Budi));

        // Invited, he reads, and still changes nothing.
        await office.Sri.SendAsync<ScheduledMeetingInfo>(HttpMethod.Put, path, "\"0\"", change with { Title = "Rapat", People = [new InviteeRequest(await Office.IdOfAsync(office.Budi))] });
        Assert.Equal(HttpStatusCode.OK, (await office.Budi.SendAsync<object>(HttpMethod.Get, path, null, null)).Status);
        Assert.Equal(HttpStatusCode.NotFound, (await office.Budi.SendAsync<object>(HttpMethod.Put, path, "\"1\"", change)).Status);
        Assert.Equal(HttpStatusCode.NotFound, (await office.Budi.SendAsync<object>(HttpMethod.Delete, path, "\"1\"", null)).Status);
        Assert.Equal("Rapat", Assert.Single(await Office.ListAsync(office.Sri)).Title);
    }

    [Fact]
    public async Task Two_windows_do_not_overwrite_each_other_and_a_request_without_a_version_is_none()
    {
        await using var office = await Office.OpenAsync();
        var meeting = await Office.PlanAsync(office.Sri);
        var path = $"/api/schedule/{meeting.Id}";
        var change = new ChangeMeetingRequest("Jendela satu", "", meeting.Times, []);
        Assert.Equal(HttpStatusCode.OK, (await office.Sri.SendAsync<ScheduledMeetingInfo>(HttpMethod.Put, path, "\"0\"", change)).Status);
        var second = await office.Sri.SendAsync<ScheduledMeetingInfo>(HttpMethod.Put, path, "\"0\"", change with { Title = "Jendela dua" });
        Assert.Equal((HttpStatusCode.PreconditionFailed, "versionChanged"), (second.Status, second.Error));
        foreach (var tag in new[] { null, "*", "1", "W/\"1\"", "\"-1\"", "\"1\", \"2\"" })
        {
            var refused = await office.Sri.SendAsync<ScheduledMeetingInfo>(HttpMethod.Put, path, tag, change with { Title = "Tanpa versi" });
            Assert.Equal((HttpStatusCode.BadRequest, "invalidRequest"), (refused.Status, refused.Error));
        }

        Assert.Equal("Jendela satu", Assert.Single(await Office.ListAsync(office.Sri)).Title);
    }

    [Fact]
    public async Task Only_a_meeting_of_the_accounts_own_founding_is_given_a_date_and_only_with_its_own_fragment()
    {
        await using var office = await Office.OpenAsync();
        var statement = await Office.FoundAsync(office.Sri);
        var request = Office.Request(statement);
        var cases = new[]
        {
            (office.Budi, request), (office.Sri, request with { Fragment = new string('A', 43) }), (office.Sri, request with { Fragment = "" }),
            (office.Sri, request with { MeetingId = "r" + new string('A', 23) }), (office.Sri, request with { MeetingId = "../x" }),
        };
        foreach (var (person, wrong) in cases)
        {
            var refused = await person.SendAsync<ScheduledMeetingInfo>(HttpMethod.Post, "/api/schedule", null, wrong);
            Assert.Equal((HttpStatusCode.Forbidden, "notFounder"), (refused.Status, refused.Error));
        }

        Assert.Equal(HttpStatusCode.Created, (await office.Sri.SendAsync<ScheduledMeetingInfo>(HttpMethod.Post, "/api/schedule", null, request)).Status);
        var again = await office.Sri.SendAsync<ScheduledMeetingInfo>(HttpMethod.Post, "/api/schedule", null, request);
        Assert.Equal((HttpStatusCode.Conflict, "alreadyScheduled"), (again.Status, again.Error));

        // The label is that of the statement, whoever says what.
        var restricted = await Office.FoundAsync(office.Sri);
        Assert.True((await office.Sri.SendAsync<ScheduledMeetingInfo>(HttpMethod.Post, "/api/schedule", null, Office.Request(restricted))).Answer!.GuestsAllowed);
    }

    [Theory]
    [InlineData("invalidTitle", "", 60, "a@instansi.example")]
    [InlineData("invalidTime", "Rapat", 0, "a@instansi.example")]
    [InlineData("invalidPeople", "Rapat", 60, "a@instansi.example, b@instansi.example")]
    [InlineData("invalidPeople", "Rapat", 60, "a@instansi.example\r\nBcc: b@instansi.example")]
    public async Task What_is_wrong_is_named(string expected, string title, int minutes, string address)
    {
        await using var office = await Office.OpenAsync();
        var request = Office.Request(await Office.FoundAsync(office.Sri), title, new InviteeRequest(null, address));
        var refused = await office.Sri.SendAsync<ScheduledMeetingInfo>(HttpMethod.Post, "/api/schedule", null, request with { Times = request.Times with { DurationMinutes = minutes } });
        Assert.Equal((HttpStatusCode.BadRequest, expected), (refused.Status, refused.Error));
        Assert.Empty(await Office.ListAsync(office.Sri));
        Assert.False(Directory.Exists(office.MailFolder));
    }

    [Fact]
    public async Task Foreign_pages_schedule_nothing()
    {
        await using var office = await Office.OpenAsync();
        var statement = await Office.FoundAsync(office.Sri);
        office.Sri.Browser.Http.DefaultRequestHeaders.Remove("Origin");
        office.Sri.Browser.Http.DefaultRequestHeaders.Add("Origin", "https://elsewhere.example");
        Assert.Equal(HttpStatusCode.Forbidden, (await office.Sri.PostAsync<object>("/api/schedule", Office.Request(statement))).Status);
    }

    [Fact]
    public async Task People_are_offered_by_name_without_the_one_who_asks()
    {
        await using var office = await Office.OpenAsync();
        var (_, found) = await office.Sri.GetAsync<PeopleResponse>("/api/schedule/people?name=santo");
        Assert.Equal(["Budi Santoso"], found!.People.Select(person => person.Name));
        Assert.Empty((await office.Sri.GetAsync<PeopleResponse>("/api/schedule/people?name=sri")).Answer!.People);
    }

    [Fact]
    public async Task Once_there_is_an_administrator_guests_found_no_meetings()
    {
        await using var server = await RunningServer.StartAsync();
        using var guest = await Person.ComeAsync(server);
        Assert.True((await guest.WhoAsync()).MayFound);
        Assert.Equal(HttpStatusCode.Created, await CreateAsync(guest));
        using var sri = await Person.RegisterAsync(server, server.FirstToken, "Sri");
        Assert.False((await guest.WhoAsync()).MayFound);
        Assert.Equal(HttpStatusCode.Forbidden, await CreateAsync(guest));
        var broadcast = await guest.SendAsync<CreateMeetingResponse>(HttpMethod.Post, "/api/meetings", null, new CreateMeetingRequest(MeetingKind.OpenBroadcast));
        Assert.Equal((HttpStatusCode.Forbidden, "notSignedIn"), (broadcast.Status, broadcast.Error));
        Assert.True((await sri.WhoAsync()).MayFound);
        await Office.FoundAsync(sri);
    }

    [Fact]
    public async Task An_institution_may_let_guests_found_meetings()
    {
        await using var server = await RunningServer.StartAsync(null, "Meetings:GuestsMayFound=true");
        using var sri = await Person.RegisterAsync(server, server.FirstToken, "Sri");
        using var guest = await Person.ComeAsync(server);
        Assert.True((await guest.WhoAsync()).MayFound);
        Assert.Equal(HttpStatusCode.Created, await CreateAsync(guest));
    }

    private static async Task<HttpStatusCode> CreateAsync(Person person)
    {
        using var response = await Crowd.CreateAsync(person.Browser, new TestStatement(TestDevice.Of("tamu")));
        return response.StatusCode;
    }
}
