using System.Net;
using Pendopo.Server.Tests.Accounts;
using Pendopo.Server.Tests.Hubs;
using Pendopo.Signaling;
using Pendopo.Testing.Groups;
using Xunit;

namespace Pendopo.Server.Tests.Schedule;

/// <summary>A running server with two people who have accounts, and meetings that they have founded.</summary>
internal sealed class Office : IAsyncDisposable
{
    private static int _devices;

    private Office(RunningServer server, Person sri, Person budi) => (Server, Sri, Budi) = (server, sri, budi);

    public RunningServer Server { get; }

    public Person Sri { get; }

    public Person Budi { get; }

    public string MailFolder => Path.Combine(Server.Folder, "mail");

    public static async Task<Office> OpenAsync(params string[] settings)
    {
        var server = await RunningServer.StartAsync(null, settings);
        var sri = await Person.RegisterAsync(server, server.FirstToken, "Sri");
        var (_, link, _) = await sri.PostAsync<IssuedLinkResponse>("/api/accounts/invitations", new InvitationRequest("Budi Santoso", AccountRole.Member));
        return new Office(server, sri, await Person.RegisterAsync(server, link!.Link.Split('#')[1]));
    }

    public static async Task<string> IdOfAsync(Person person) => (await person.WhoAsync()).Account!.Id;

    /// <summary>Founds a meeting as a browser of this person would.</summary>
    public static async Task<TestStatement> FoundAsync(Person founder)
    {
        var id = await IdOfAsync(founder);
        var statement = new TestStatement(new TestDevice($"device {Interlocked.Increment(ref _devices)}", System.Buffers.Text.Base64Url.DecodeFromChars(id)));
        founder.Browser.Http.DefaultRequestHeaders.Remove(FakeAccounts.Header);
        founder.Browser.Http.DefaultRequestHeaders.Add(FakeAccounts.Header, id);
        using var created = await Crowd.CreateAsync(founder.Browser, statement);
        Assert.Equal(HttpStatusCode.Created, created.StatusCode);
        return statement;
    }

    /// <summary>Tomorrow, for an hour.</summary>
    public static ScheduleTimes Tomorrow(ScheduleRepeat repeat = ScheduleRepeat.Once, int count = 1)
    {
        var start = DateTimeOffset.UtcNow.AddDays(1);
        return new ScheduleTimes(start.ToUnixTimeMilliseconds() / 60_000 * 60_000, 60, ScheduleZone.Wita, repeat, count);
    }

    public static PlanMeetingRequest Request(TestStatement statement, string title = "Rapat", params InviteeRequest[] people) =>
        new(statement.MeetingIdText, WireWriter.Text(statement.Hash), title, "", Tomorrow(), people);

    public static async Task<ScheduledMeetingInfo> PlanAsync(Person organizer, string title = "Rapat", params InviteeRequest[] people)
    {
        var (status, meeting, error) = await organizer.SendAsync<ScheduledMeetingInfo>(HttpMethod.Post, "/api/schedule", null, Request(await FoundAsync(organizer), title, people));
        Assert.Equal((HttpStatusCode.Created, null), (status, error));
        return meeting!;
    }

    public static async Task<IReadOnlyList<ScheduledMeetingInfo>> ListAsync(Person person) => (await person.GetAsync<ScheduleResponse>("/api/schedule")).Answer!.Meetings;

    public async ValueTask DisposeAsync()
    {
        Sri.Dispose();
        Budi.Dispose();
        await Server.DisposeAsync();
    }
}
