using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.SignalR.Client;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging;
using Pendopo.Control.Storage;
using Pendopo.Meetings.Domain;
using Pendopo.Server.Tests.Hubs;
using Pendopo.Signaling;
using Pendopo.Testing.Groups;
using Xunit;

namespace Pendopo.Server.Tests.Security;

/// <summary>The two kinds stay apart, whatever callers send and whatever the database says.</summary>
public sealed class KindTests : IDisposable
{
    private static readonly string[] OpenRooms = ["Media:OpenRooms=true", "Media:PublicAddresses:0=127.0.0.1"];

    private readonly string _folder = Path.Combine(Path.GetTempPath(), "pendopo-" + Path.GetRandomFileName());

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("a broadcast in an open room")]
    [InlineData("a broadcast that has a group")]
    [InlineData("encrypted and open to encoders")]
    [InlineData("encrypted without a group")]
    public async Task No_door_of_broadcasts_opens_for_an_encrypted_id_whatever_is_stored_under_it(string lie)
    {
        await using var crowd = await Crowd.GatherAsync(_folder);
        var (host, budi, id) = (crowd.Host, await crowd.JoinAsync("budi", 0), crowd.Statement.MeetingIdText);
        await budi.ConnectMediaAsync();
        await crowd.Server.DisposeAsync();
        await ChangeStoredAsync(meeting =>
        {
            if (lie.StartsWith("a broadcast", StringComparison.Ordinal)) meeting["Kind"] = "OpenBroadcast";
            if (lie is "a broadcast in an open room" or "encrypted without a group") meeting["Group"] = null;
            if (lie != "encrypted without a group") meeting["OpenRoom"] = true;
            foreach (var token in new[] { "PublishToken", "ViewToken" }) meeting[token] = JsonSerializer.SerializeToNode(TokenHash.Of("token"));
        });

        crowd.Server = await RunningServer.StartAsync(_folder, OpenRooms);
        foreach (var door in new[] { "whip", "whep" })
        {
            Assert.Equal(HttpStatusCode.NotFound, await OfferAsync(crowd.Server, door, id, token: "token"));
            Assert.Equal(HttpStatusCode.NotFound, await OfferAsync(crowd.Server, door, id, token: null));
        }

        await using var stranger = await (await crowd.Server.BrowseAsync()).ConnectAsync();
        Assert.Equal((ErrorCode.NotMember, null, null), Given(await stranger.JoinAsync(id)));
        foreach (var person in new[] { host, budi })
        {
            await using var guest = await person.Browser.ConnectAsync(crowd.Server.Url);
            Assert.Equal((ErrorCode.NotMember, null, null), Given(await guest.JoinAsync(id)));
            Assert.Equal((ErrorCode.MeetingNotFound, null, null), Given(await guest.ResumeAsync(id, person.Self, Guest.Offer())));
            var knock = new KnockRequest(id, person.Device.Name, person.KeyPackage.Text);
            Assert.Equal(ErrorCode.MeetingNotFound, (await guest.Hub.InvokeAsync<KnockResult>("knock", knock, Cancellation)).Error);
        }

        using var statement = await (await crowd.Server.BrowseAsync()).Http.GetAsync(new Uri($"/api/meetings/{id}/founding", UriKind.Relative), Cancellation);
        Assert.Equal(HttpStatusCode.NotFound, statement.StatusCode);
        Assert.Empty(crowd.Server.Media.Connects);
    }

    [Fact]
    public async Task Nobody_comes_back_to_a_broadcast_that_is_stored_as_something_else()
    {
        Browser browser;
        CreateMeetingResponse broadcast;
        string self;
        await using (var before = await RunningServer.StartAsync(_folder))
        {
            (browser, broadcast) = await before.FoundAsync();
            await using var sri = await browser.ConnectAsync();
            self = (await sri.JoinAsync(broadcast.MeetingId)).Self!;
        }

        await ChangeStoredAsync(meeting =>
        {
            meeting["Kind"] = "Encrypted";
            meeting["PublishToken"] = meeting["ViewToken"] = null;
            meeting["Group"] = JsonSerializer.SerializeToNode(new { Statement = new TestStatement(TestDevice.Of("sri")).Text });
        });
        await using var after = await RunningServer.StartAsync(_folder);
        await using var guest = await browser.ConnectAsync(after.Url);

        Assert.Equal((ErrorCode.MeetingNotFound, null, null), Given(await guest.ResumeAsync(broadcast.MeetingId, self, Guest.Offer())));
        Assert.Equal((ErrorCode.MeetingNotFound, null, null), Given(await guest.JoinAsync(broadcast.MeetingId)));
        var knock = new KnockRequest(broadcast.MeetingId, "Sri", TestDevice.Of("sri").KeyPackage(new byte[32]).Text);
        Assert.Equal(ErrorCode.WrongKind, (await guest.Hub.InvokeAsync<KnockResult>("knock", knock, Cancellation)).Error);
        Assert.Equal(HttpStatusCode.NotFound, await OfferAsync(after, "whip", broadcast.MeetingId, broadcast.PublishToken));
        Assert.Empty(after.Media.Connects);
    }

    [Fact]
    public async Task No_request_turns_an_encrypted_meeting_into_a_broadcast()
    {
        await using var crowd = await Crowd.GatherAsync(_folder, OpenRooms);
        var (host, id) = (crowd.Host, crowd.Statement.MeetingIdText);
        foreach (var body in new object[]
        {
            new { kind = "openBroadcast", foundingStatement = crowd.Statement.Text }, new { kind = "openBroadcast", meetingId = id, foundingStatement = crowd.Statement.Text },
            new { foundingStatement = crowd.Statement.Text },
        })
        {
            using var refused = await host.Browser.Http.PostAsJsonAsync(Founding, body, Cancellation);
            Assert.Equal(HttpStatusCode.BadRequest, refused.StatusCode);
        }

        using var again = await Crowd.CreateAsync(host.Browser, crowd.Statement);
        Assert.Equal(HttpStatusCode.Conflict, again.StatusCode);
        // An id that a body names is not looked at: the broadcast gets one of its own.
        using var other = await host.Browser.Http.PostAsJsonAsync(Founding, new { kind = "openBroadcast", meetingId = id }, Cancellation);
        Assert.NotEqual(id, (await other.Content.ReadFromJsonAsync<CreateMeetingResponse>(RunningServer.Json, Cancellation))!.MeetingId);
        foreach (var door in new[] { "whip", "whep" }) Assert.Equal(HttpStatusCode.NotFound, await OfferAsync(crowd.Server, door, id, token: null));
        await using var stranger = await (await crowd.Server.BrowseAsync()).ConnectAsync();
        Assert.Equal(ErrorCode.NotMember, (await stranger.JoinAsync(id)).Error);

        var joined = await host.ConnectMediaAsync();
        Assert.Equal((ErrorCode.None, MeetingKind.Encrypted), (joined.Error, joined.Meeting!.Kind));
        Assert.Equal(host.Self, Assert.Single(crowd.Server.Media.Connects).Peer.Value);
        Assert.Equal(crowd.Statement.Bytes, await host.Browser.Http.GetByteArrayAsync(new Uri($"/api/meetings/{id}/founding", UriKind.Relative), Cancellation));
    }

    [Fact]
    public async Task No_request_turns_a_broadcast_into_an_encrypted_meeting()
    {
        await using var server = await RunningServer.StartAsync(_folder);
        var (browser, broadcast) = await server.FoundAsync();
        var statement = new TestStatement(TestDevice.Of("sri")) { MeetingId = System.Buffers.Text.Base64Url.DecodeFromChars(broadcast.MeetingId) };
        using var refused = await Crowd.CreateAsync(browser, statement);
        Assert.Equal(HttpStatusCode.BadRequest, refused.StatusCode);

        await using var sri = await browser.ConnectAsync();
        Assert.Equal(MeetingKind.OpenBroadcast, (await sri.JoinAsync(broadcast.MeetingId)).Meeting!.Kind);
        var knock = new KnockRequest(broadcast.MeetingId, "Sri", TestDevice.Of("sri").KeyPackage(statement.Hash).Text);
        Assert.Equal(ErrorCode.WrongKind, (await sri.Hub.InvokeAsync<KnockResult>("knock", knock, Cancellation)).Error);
        foreach (var error in new[]
        {
            (await sri.Hub.InvokeAsync<FoundGroupResult>("foundGroup", new FoundGroupRequest(0, WireWriter.Text(statement.GroupId(1)), knock.KeyPackage), Cancellation)).Error,
            (await sri.Hub.InvokeAsync<KnockPage>("listKnocks", (string?)null, Cancellation)).Error, (await sri.Hub.InvokeAsync<LogPage>("readLog", new LogRequest(1, 0), Cancellation)).Error,
            (await sri.Hub.InvokeAsync<MessageResult>("postMessage", new MessageRequest(1, 0, "AAAA"), Cancellation)).Error,
        })
        {
            Assert.True(error is ErrorCode.WrongKind or ErrorCode.NotInMeeting, error.ToString());
        }

        using var welcome = new ByteArrayContent(TestMls.Welcome([TestDevice.Of("sri").KeyPackage(statement.Hash)]));
        welcome.Headers.ContentType = new MediaTypeHeaderValue("application/octet-stream");
        using var stored = await browser.Http.PostAsync(new Uri($"/api/meetings/{broadcast.MeetingId}/welcomes", UriKind.Relative), welcome, Cancellation);
        Assert.Equal(HttpStatusCode.NotFound, stored.StatusCode);
    }

    [Theory]
    [InlineData("waiting")]
    [InlineData("denied")]
    [InlineData("removed")]
    public async Task Who_is_not_a_member_gets_no_media_roster_log_work_or_answer(string standing)
    {
        await using var crowd = await Crowd.GatherAsync(_folder);
        var (host, id) = (crowd.Host, crowd.Statement.MeetingIdText);
        var budi = standing == "removed" ? await crowd.JoinAsync("budi", 0) : await crowd.ComeAsync("budi");
        var epoch = standing == "removed" ? 1 : 0;
        if (standing == "removed")
        {
            await budi.ConnectMediaAsync();
            var removal = TestProofs.Removal(host.GroupId, 0, 1, 1, budi.Device, DateTimeOffset.UtcNow.ToUnixTimeMilliseconds());
            Assert.Equal(ErrorCode.None, (await host.AskAsync<Outcome>("removeMember", new RemoveMemberRequest(budi.Self, WireWriter.Text(removal)))).Error);
            Assert.Equal(EndReason.Removed, await budi.Guest.NextAsync<EndReason>());
        }
        else
        {
            await budi.KnockAsync();
            if (standing == "denied") await host.AskAsync<Outcome>("deny", budi.Self);
            if (standing == "denied") Assert.Equal(KnockState.Denied, await budi.Guest.NextAsync<KnockState>());
        }

        var connects = crowd.Server.Media.Connects.Count;
        Assert.DoesNotContain(budi.Guest.Unread, IsOfTheInside);

        // The meeting goes on: a member comes, media, messages, commits.
        var citra = await crowd.JoinAsync("citra", epoch);
        var joined = await citra.ConnectMediaAsync();
        Assert.Equal(GroupVerdict.Accepted, (await citra.SayAsync(epoch + 1)).Verdict);
        Assert.DoesNotContain(joined.Meeting!.Participants, participant => participant.Id == budi.Self);

        var outside = standing == "waiting" ? ErrorCode.NotMember : ErrorCode.NotInMeeting;
        foreach (var error in new[]
        {
            (await budi.CommitAsync(epoch + 1)).Error, (await budi.SayAsync(epoch + 1)).Error, (await budi.ReadLogAsync(0)).Error,
            (await budi.AskAsync<WorkResult>("takeWork", new TakeWorkRequest(1, epoch + 1))).Error, (await budi.AskAsync<KnockPage>("listKnocks", null)).Error,
            (await budi.AskAsync<Outcome>("sendSignal", WireWriter.Text(TestMls.Heartbeat(budi.GroupId, 1, 1, 1)))).Error,
            (await budi.AskAsync<Outcome>("offerRecord", "AAAA")).Error, (await budi.AskAsync<Outcome>("reportEntry", new ReportRequest(1, 1, "malformed"))).Error,
        })
        {
            Assert.Equal(outside, error);
        }

        Assert.Equal((ErrorCode.NotMember, null, null), Given(await budi.ConnectMediaAsync()));
        var negotiation = await budi.AskAsync<NegotiateResult>("negotiate", new NegotiateRequest(Guest.Offer(), true));
        Assert.Equal((ErrorCode.NotInMeeting, null), (negotiation.Error, negotiation.AnswerSdp));
        await using (var again = await budi.Browser.ConnectAsync())
        {
            var resumed = await again.ResumeAsync(id, budi.Self, Guest.Offer());
            Assert.Equal(standing == "waiting" ? (ErrorCode.None, null, null) : (ErrorCode.NotInMeeting, null, null), Given(resumed));
            Assert.Null(resumed.Seats);
            Assert.DoesNotContain(again.Unread, IsOfTheInside);
        }

        foreach (var door in new[] { "whip", "whep" }) Assert.Equal(HttpStatusCode.NotFound, await OfferAsync(crowd.Server, door, id, token: null));
        using var welcome = await budi.Browser.Http.GetAsync(new Uri($"/api/meetings/{id}/welcomes/{WireWriter.Text(new byte[16])}", UriKind.Relative), Cancellation);
        Assert.Equal(HttpStatusCode.NotFound, welcome.StatusCode);
        Assert.DoesNotContain(budi.Guest.Unread, IsOfTheInside);
        Assert.Equal([citra.Self], crowd.Server.Media.Connects.Skip(connects).Select(request => request.Peer.Value));

        static bool IsOfTheInside(object news) =>
            news is MeetingChange or SeatMap or LayerDemand or string[] or LogEntry or EntryVoided or Knock or KnockGone or WorkHeadline[] or WorkWithdrawn or Welcomed or GroupSignal or ReceiversChanged;
    }

    [Fact]
    public async Task Stored_meetings_of_the_kind_that_is_no_more_are_deleted_at_the_start_and_never_served()
    {
        Browser browser;
        CreateMeetingResponse clear;
        CreateMeetingResponse broadcast;
        string self;
        string place;
        await using (var before = await RunningServer.StartAsync(_folder))
        {
            (browser, clear) = await before.FoundAsync();
            (_, broadcast) = await before.FoundAsync();
            await using var sri = await browser.ConnectAsync();
            await using var again = await browser.ConnectAsync();
            self = (await sri.JoinAsync(clear.MeetingId)).Self!;
            place = (await again.JoinAsync(broadcast.MeetingId)).Self!;
        }

        await ChangeStoredAsync(meeting => meeting["Kind"] = "Meeting", clear.MeetingId);
        await using var after = await RunningServer.StartAsync(_folder);

        var told = Assert.Single(after.Log.All, line => line.Text.Contains("were deleted", StringComparison.Ordinal));
        Assert.Equal((LogLevel.Warning, "1 stored meetings without end-to-end encryption were deleted: there is no such kind any more"), told);
        await using (var context = OpenStored()) Assert.Contains(KeyOf(broadcast.MeetingId), (await context.GrainStates.SingleAsync(Cancellation)).Id, StringComparison.Ordinal);
        await using var guest = await browser.ConnectAsync(after.Url);
        Assert.Equal((ErrorCode.MeetingNotFound, null, null), Given(await guest.ResumeAsync(clear.MeetingId, self, Guest.Offer())));
        Assert.Equal((ErrorCode.MeetingNotFound, null, null), Given(await guest.JoinAsync(clear.MeetingId)));
        Assert.Equal(HttpStatusCode.NotFound, await OfferAsync(after, "whip", clear.MeetingId, clear.PublishToken));
        Assert.Equal(ErrorCode.None, (await guest.ResumeAsync(broadcast.MeetingId, place, Guest.Offer())).Error);
    }

    [Fact]
    public async Task An_id_of_no_kind_is_looked_up_only_where_rooms_are_open()
    {
        foreach (var isOpen in new[] { false, true })
        {
            await using var server = await RunningServer.StartAsync(null, isOpen ? OpenRooms : []);
            await using var guest = await (await server.BrowseAsync()).ConnectAsync();
            var clear = "m" + MeetingId.CreateBroadcast().Value[1..];
            Assert.Equal(isOpen ? ErrorCode.None : ErrorCode.MeetingNotFound, (await guest.JoinAsync(clear)).Error);
            Assert.Equal(isOpen ? HttpStatusCode.Created : HttpStatusCode.NotFound, await OfferAsync(server, "whip", clear, token: null));
        }
    }

    public void Dispose()
    {
        if (Directory.Exists(_folder)) Directory.Delete(_folder, recursive: true);
    }

    private static Uri Founding => new("/api/meetings", UriKind.Relative);

    /// <summary>What a result gives: nothing of the meeting may be in it.</summary>
    private static (ErrorCode Error, MeetingSnapshot? Meeting, string? AnswerSdp) Given(JoinResult result) => (result.Error, result.Meeting, result.AnswerSdp);

    private static string KeyOf(string meeting) => MeetingId.TryParse(meeting, out var id) ? id.Key.Value : throw new ArgumentException("no id", nameof(meeting));

    private static async Task<HttpStatusCode> OfferAsync(RunningServer server, string door, string meeting, string? token)
    {
        using var http = new HttpClient { BaseAddress = server.Url };
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri($"/{door}/{meeting}", UriKind.Relative)) { Content = new StringContent("vp8 red", Encoding.UTF8, "application/sdp") };
        if (token is not null) request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
        using var answer = await http.SendAsync(request, Cancellation);
        return answer.StatusCode;
    }

    private ControlDbContext OpenStored()
    {
        var builder = new DbContextOptionsBuilder<ControlDbContext>();
        Database.Configure(builder, postgres: null, Path.Combine(_folder, "pendopo.db"));
        return new ControlDbContext(builder.Options);
    }

    /// <summary>Changes what is stored of a meeting, behind the back of a server that is stopped.</summary>
    private async Task ChangeStoredAsync(Action<JsonObject> change, string? meeting = null)
    {
        await using var context = OpenStored();
        var key = meeting is null ? "" : KeyOf(meeting);
        var row = await context.GrainStates.SingleAsync(row => row.Kind == "meeting" && row.Id.Contains(key), Cancellation);
        var payload = JsonNode.Parse(row.Payload)!;
        change(payload["Meeting"]!.AsObject());
        row.Payload = payload.ToJsonString();
        await context.SaveChangesAsync(Cancellation);
    }
}
