using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using Microsoft.AspNetCore.SignalR.Client;
using Pendopo.Sfu;
using Pendopo.Signaling;
using Pendopo.Testing.Groups;
using Xunit;

namespace Pendopo.Server.Tests.Hubs;

public sealed class GroupHubTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task From_the_knock_to_the_first_message()
    {
        await using var crowd = await Crowd.GatherAsync();
        var (host, budi) = (crowd.Host, await crowd.ComeAsync("budi"));
        Assert.Equal((ErrorCode.None, KnockState.Waiting, 1), Knocked(await budi.KnockAsync()));
        var knock = await host.Guest.NextAsync<Knock>();
        Assert.Equal((budi.Self, "budi", budi.KeyPackage.Text), (knock.ParticipantId, knock.DisplayName, knock.KeyPackage));
        Assert.Equal([knock], (await host.AskAsync<KnockPage>("listKnocks", null)).Knocks);
        // Neither he nor anybody else has media in a meeting without being a member with an offer.
        Assert.Equal(ErrorCode.NotMember, (await budi.ConnectMediaAsync()).Error);
        Assert.Empty(crowd.Server.Media.Connects);
        Assert.Empty(crowd.Server.Media.Expected);

        Assert.Equal(ErrorCode.None, (await host.AdmitAsync(budi, 0)).Error);
        Assert.Single(crowd.Server.Media.Expected);
        Assert.Equal(KnockState.Admitted, await budi.Guest.NextAsync<KnockState>());
        Assert.Equal(WorkKind.Admission, Assert.Single(await host.Guest.NextAsync<WorkHeadline[]>()).Kind);
        Assert.Equal(budi.Self, (await host.Guest.NextAsync<KnockGone>()).ParticipantId);
        var commit = await host.CommitAsync(0);
        Assert.Equal((GroupVerdict.Accepted, GroupFault.None, 1L), (commit.Verdict, commit.Fault, commit.Entry));
        Assert.Equal((1L, LogKind.Commit, 0), Head(await host.Guest.NextAsync<LogEntry>()));
        var welcome = await budi.Guest.NextAsync<Welcomed>();
        Assert.Equal((1, 1L, 1L, 1), (welcome.Generation, welcome.Epoch, welcome.Entry, welcome.Leaf));
        Assert.NotNull(welcome.Welcome);

        var joined = await budi.ConnectMediaAsync();
        Assert.Equal((ErrorCode.None, budi.Self, new GroupHead(1, 1, 1, joined.Meeting!.Group!.At), 1), (joined.Error, joined.Self, joined.Meeting.Group, joined.Meeting.Receivers));
        Assert.NotNull(joined.AnswerSdp);
        Assert.Equal([(0, ParticipantRole.Host, "sri"), (1, ParticipantRole.Participant, "budi")], joined.Meeting.Participants.Select(person => (person.Leaf!.Value, person.Role, person.DisplayName)));
        Assert.Equal(budi.Self, Assert.Single(crowd.Server.Media.Connects).Peer.Value);
        Assert.Equal(1, (await host.Guest.NextAsync<ReceiversChanged>()).Receivers);

        var said = await budi.SayAsync(1);
        Assert.Equal((GroupVerdict.Accepted, 2L), (said.Verdict, said.Entry));
        Assert.Equal((2L, LogKind.Message, 1), Head(await host.Guest.NextAsync<LogEntry>()));
        Assert.Equal((2L, LogKind.Message, 1), Head(await budi.Guest.NextAsync<LogEntry>()));
        Assert.Equal([1L, 2], (await host.ReadLogAsync(0)).Entries.Select(entry => entry.Entry));
        Assert.Equal([2L], (await budi.ReadLogAsync(1)).Entries.Select(entry => entry.Entry));
        Assert.Equal(GroupFault.TooFarBehind, (await budi.ReadLogAsync(0)).Fault);

        static (long, LogKind, int) Head(LogEntry entry) => (entry.Entry, entry.Kind, entry.Leaf);
        static (ErrorCode, KnockState?, int?) Knocked(KnockResult result) => (result.Error, result.State, result.Group?.Generation);
    }

    [Fact]
    public async Task Who_waits_gets_nothing_of_the_meeting()
    {
        await using var crowd = await Crowd.GatherAsync();
        var citra = await crowd.ComeAsync("citra");
        await citra.KnockAsync();
        var budi = await crowd.JoinAsync("budi", 0);
        await budi.ConnectMediaAsync();
        await budi.SayAsync(1);
        var room = crowd.Server.Media.Connects.Single().Room;
        crowd.Server.Media.Raise(new MediaEvent.SpeakersChanged(room, [budi.Self]));
        crowd.Server.Media.Raise(new MediaEvent.SeatsChanged(room, citra.Self, [new Sfu.SeatBinding(0, budi.Self, SourceKind.Camera, Sfu.PauseReason.None)], []));
        Assert.Equal([budi.Self], await budi.Guest.NextAsync<string[]>());

        foreach (var error in new[]
        {
            (await citra.CommitAsync(1)).Error, (await citra.SayAsync(1)).Error, (await citra.ReadLogAsync(0)).Error, (await citra.ConnectMediaAsync()).Error,
            (await citra.AdmitAsync(citra, 1)).Error, (await citra.AskAsync<KnockPage>("listKnocks", null)).Error, (await citra.AskAsync<Outcome>("offerRecord", "AAAA")).Error,
            (await citra.AskAsync<Outcome>("sendSignal", WireWriter.Text(TestMls.Heartbeat(citra.GroupId, 1, 1, 1)))).Error,
            (await citra.AskAsync<Outcome>("deny", citra.Self)).Error, (await citra.AskAsync<WorkResult>("takeWork", new TakeWorkRequest(1, 1))).Error,
            (await citra.AskAsync<Outcome>("reportEntry", new ReportRequest(1, 1, "malformed"))).Error,
        })
        {
            Assert.Equal(ErrorCode.NotMember, error);
        }

        foreach (var outcome in new[]
        {
            await citra.AskAsync<Outcome>("setMedia", new MediaState(true, true)), await citra.AskAsync<Outcome>("setView", Array.Empty<Signaling.ViewItem>()),
            await citra.AskAsync<Outcome>("rest", true), await citra.Guest.Hub.InvokeAsync<Outcome>("end", Cancellation),
        })
        {
            Assert.Equal(ErrorCode.NotInMeeting, outcome.Error);
        }

        var negotiation = await citra.AskAsync<NegotiateResult>("negotiate", new NegotiateRequest(Guest.Offer(), true));
        Assert.Equal((ErrorCode.NotInMeeting, null), (negotiation.Error, negotiation.AnswerSdp));
        Assert.Single(crowd.Server.Media.Connects);
        Assert.Empty(citra.Guest.Unread);
        // Not even by coming back to the place.
        await using var again = await citra.Browser.ConnectAsync();
        var resumed = await again.ResumeAsync(crowd.Statement.MeetingIdText, citra.Self, Guest.Offer());
        Assert.Equal((ErrorCode.None, KnockState.Waiting, null, null, null), (resumed.Error, resumed.Knock, resumed.Meeting, resumed.AnswerSdp, resumed.Seats));
        Assert.Single(crowd.Server.Media.Connects);
        // Denied, he has no place at all.
        Assert.Equal(ErrorCode.None, (await crowd.Host.AskAsync<Outcome>("deny", citra.Self)).Error);
        Assert.Equal(KnockState.Denied, await again.NextAsync<KnockState>());
        Assert.Equal(ErrorCode.NotInMeeting, (await again.Hub.InvokeAsync<Outcome>("leave", Cancellation)).Error);
    }

    [Fact]
    public async Task Nobody_acts_for_anybody_else()
    {
        await using var crowd = await Crowd.GatherAsync();
        var (host, budi) = (crowd.Host, await crowd.JoinAsync("budi", 0));
        var waiting = await crowd.ComeAsync("citra");
        await waiting.KnockAsync();
        // Of a moderator's rights, none.
        Assert.Equal(ErrorCode.NotAllowed, (await budi.AdmitAsync(waiting, 1)).Error);
        Assert.Equal(ErrorCode.NotAllowed, (await budi.AskAsync<Outcome>("deny", waiting.Self)).Error);
        Assert.Equal(ErrorCode.NotAllowed, (await budi.AskAsync<KnockPage>("listKnocks", null)).Error);
        var removal = WireWriter.Text(TestProofs.Removal(host.GroupId, 0, 1, 0, host.Device, 0));
        Assert.Equal(ErrorCode.NotAllowed, (await budi.AskAsync<Outcome>("removeMember", new RemoveMemberRequest(host.Self, removal))).Error);
        Assert.Equal(ErrorCode.NotAllowed, (await budi.Guest.Hub.InvokeAsync<Outcome>("end", Cancellation)).Error);

        // Another's leaf in a commit, a signal, a ticket: the session's counts.
        budi.Leaf = 0;
        Assert.Equal((GroupVerdict.Refused, GroupFault.WrongSender), Verdict(await budi.CommitAsync(1)));
        Assert.Equal(ErrorCode.InvalidRequest, (await budi.AskAsync<Outcome>("sendSignal", WireWriter.Text(TestMls.Heartbeat(budi.GroupId, 0, 1, 1)))).Error);
        host.Leaf = 1;
        Assert.Equal(ErrorCode.InvalidRequest, (await host.AdmitAsync(waiting, 1)).Error);

        // Another's place, from another session.
        await using var thief = await (await crowd.Server.BrowseAsync()).ConnectAsync();
        Assert.Equal(ErrorCode.NotInMeeting, (await thief.ResumeAsync(crowd.Statement.MeetingIdText, host.Self)).Error);
        Assert.Equal(ErrorCode.NotInMeeting, (await thief.ResumeAsync(crowd.Statement.MeetingIdText, waiting.Self)).Error);
        Assert.Equal(ErrorCode.NotInMeeting, (await thief.Hub.InvokeAsync<Outcome>("leave", Cancellation)).Error);
        Assert.Equal(ErrorCode.NotMember, (await thief.JoinAsync(crowd.Statement.MeetingIdText)).Error);
        Assert.Equal(ErrorCode.NotInMeeting, (await thief.Hub.InvokeAsync<LogPage>("readLog", new LogRequest(1, 0), Cancellation)).Error);
        // A broadcast has no group.
        var (_, broadcast) = await crowd.Server.FoundAsync();
        Assert.Equal(ErrorCode.None, (await thief.JoinAsync(broadcast.MeetingId)).Error);
        Assert.Equal(ErrorCode.WrongKind, (await thief.Hub.InvokeAsync<LogPage>("readLog", new LogRequest(1, 0), Cancellation)).Error);
        Assert.Equal(ErrorCode.WrongKind, (await thief.Hub.InvokeAsync<KnockResult>("knock", new KnockRequest(broadcast.MeetingId, "Thief", "AAAA"), Cancellation)).Error);

        static (GroupVerdict, GroupFault) Verdict(CommitResult result) => (result.Verdict, result.Fault);
    }

    [Fact]
    public async Task Who_is_removed_is_cut_from_the_media_before_the_commit()
    {
        await using var crowd = await Crowd.GatherAsync();
        var (host, budi) = (crowd.Host, await crowd.JoinAsync("budi", 0));
        await budi.ConnectMediaAsync();
        var removal = WireWriter.Text(TestProofs.Removal(host.GroupId, 0, 1, 1, budi.Device, DateTimeOffset.UtcNow.ToUnixTimeMilliseconds()));

        Assert.Equal(ErrorCode.None, (await host.AskAsync<Outcome>("removeMember", new RemoveMemberRequest(budi.Self, removal))).Error);

        Assert.Contains(budi.Self, crowd.Server.Media.Disconnected);
        Assert.Equal(EndReason.Removed, await budi.Guest.NextAsync<EndReason>());
        Assert.Equal(ErrorCode.NotInMeeting, (await budi.SayAsync(1)).Error);
        Assert.Equal(ErrorCode.NotMember, (await budi.ConnectMediaAsync()).Error);
        Assert.Equal(ErrorCode.NotInMeeting, (await budi.Guest.ResumeAsync(crowd.Statement.MeetingIdText, budi.Self, Guest.Offer())).Error);
        Assert.Equal(KnockState.Waiting, (await budi.KnockAsync()).State);
        Assert.Equal(GroupVerdict.Accepted, (await host.CommitAsync(1)).Verdict);
        Assert.Equal(0, (await host.Guest.NextAsync<ReceiversChanged>(change => change.Receivers == 0)).Receivers);
    }

    [Fact]
    public async Task A_long_welcome_goes_by_http_to_those_added_alone()
    {
        await using var crowd = await Crowd.GatherAsync();
        var host = crowd.Host;
        var (budi, citra) = (await crowd.ComeAsync("budi"), await crowd.ComeAsync("citra"));
        await budi.KnockAsync();
        await citra.KnockAsync();
        await host.AdmitAsync(budi, 0);
        var path = $"/api/meetings/{crowd.Statement.MeetingIdText}/welcomes";
        using var foreign = await PostAsync(citra.Browser, path, TestMls.Welcome([budi.KeyPackage]));
        Assert.Equal(HttpStatusCode.NotFound, foreign.StatusCode);
        using var malformed = await PostAsync(host.Browser, path, new byte[5000]);
        Assert.Equal(HttpStatusCode.BadRequest, malformed.StatusCode);
        using var wrongType = await PostAsync(host.Browser, path, TestMls.Welcome([budi.KeyPackage]), "text/plain");
        Assert.Equal(HttpStatusCode.UnsupportedMediaType, wrongType.StatusCode);
        using var tooLong = await PostAsync(host.Browser, path, new byte[SignalingContract.WelcomeMaximum + 1]);
        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, tooLong.StatusCode);

        byte[] sent = [];
        var commit = await host.CommitAsync(0, async welcome =>
        {
            sent = welcome;
            using var stored = await PostAsync(host.Browser, path, welcome);
            Assert.Equal(HttpStatusCode.Created, stored.StatusCode);
            return (await stored.Content.ReadFromJsonAsync<StoredWelcome>(RunningServer.Json, Cancellation))!.WelcomeId;
        });
        Assert.Equal(GroupVerdict.Accepted, commit.Verdict);
        var welcomed = await budi.Guest.NextAsync<Welcomed>();
        Assert.Null(welcomed.Welcome);
        Assert.Equal(sent, await budi.Browser.Http.GetByteArrayAsync(new Uri($"{path}/{welcomed.WelcomeId}", UriKind.Relative), Cancellation));
        foreach (var other in new[] { citra.Browser, host.Browser })
        {
            using var refused = await other.Http.GetAsync(new Uri($"{path}/{welcomed.WelcomeId}", UriKind.Relative), Cancellation);
            Assert.Equal(HttpStatusCode.NotFound, refused.StatusCode);
        }
    }

    [Fact]
    public async Task Signals_reach_members_and_digests_those_who_receive_the_sender()
    {
        await using var crowd = await Crowd.GatherAsync();
        var (host, budi, citra) = (crowd.Host, await crowd.JoinAsync("budi", 0), await crowd.JoinAsync("citra", 1));
        foreach (var person in crowd.People) await person.ConnectMediaAsync();
        var room = crowd.Server.Media.Connects.First().Room;
        crowd.Server.Media.Raise(new MediaEvent.SeatsChanged(room, citra.Self, [new Sfu.SeatBinding(0, budi.Self, SourceKind.Camera, Sfu.PauseReason.None)], []));
        await citra.Guest.NextAsync<SeatMap>();
        var (digest, heartbeat) = (WireWriter.Text(TestMls.Digest(budi.GroupId, 1, 1, 30)), WireWriter.Text(TestMls.Heartbeat(budi.GroupId, 1, 2, 2)));

        Assert.Equal(ErrorCode.None, (await budi.AskAsync<Outcome>("sendSignal", digest)).Error);
        Assert.Equal(ErrorCode.None, (await budi.AskAsync<Outcome>("sendSignal", heartbeat)).Error);

        Assert.Equal(new GroupSignal(1, digest), await citra.Guest.NextAsync<GroupSignal>());
        Assert.Equal(new GroupSignal(1, heartbeat), await citra.Guest.NextAsync<GroupSignal>());
        // What came before it to the host would have been seen before it.
        Assert.Equal(new GroupSignal(1, heartbeat), await host.Guest.NextAsync<GroupSignal>());
        Assert.DoesNotContain(budi.Guest.Unread, news => news is GroupSignal);
    }

    [Fact]
    public async Task A_restart_of_the_server_loses_nothing_of_group_and_log()
    {
        var folder = Path.Combine(Path.GetTempPath(), "pendopo-" + Path.GetRandomFileName());
        await using (var crowd = await Crowd.GatherAsync(folder))
        {
            var (host, budi) = (crowd.Host, await crowd.JoinAsync("budi", 0));
            await budi.SayAsync(1);
            var before = (await host.ReadLogAsync(0)).Entries;
            await crowd.Server.StopAsync();
            await crowd.Server.DisposeAsync();

            crowd.Server = await RunningServer.StartAsync(folder);
            await using var guest = await host.Browser.ConnectAsync(crowd.Server.Url);
            var resumed = await guest.ResumeAsync(crowd.Statement.MeetingIdText, host.Self, Guest.Offer());
            Assert.Equal((ErrorCode.None, 1L, 2L, 1), (resumed.Error, resumed.Meeting!.Group!.Epoch, resumed.Meeting.Group.Entry, resumed.Meeting.Receivers));
            var page = await guest.Hub.InvokeAsync<LogPage>("readLog", new LogRequest(1, 0), Cancellation);
            Assert.Equal(before, page.Entries);
            var data = TestProofs.CommitData(DateTimeOffset.UtcNow.ToUnixTimeMilliseconds(), [], []);
            var commit = WireWriter.Text(TestMls.Commit(host.GroupId, 1, 0, data, [], path: 1, host.KeyPackage));
            var result = await guest.Hub.InvokeAsync<CommitResult>("postCommit", new CommitRequest(1, 1, commit, null, null, []), Cancellation);
            Assert.Equal((GroupVerdict.Accepted, 3L), (result.Verdict, result.Entry));
        }

        Directory.Delete(folder, recursive: true);
    }

    [Fact]
    public async Task Each_call_has_its_limit_and_each_field_its_bounds()
    {
        await using var crowd = await Crowd.GatherAsync();
        var host = crowd.Host;
        // The smallest budget: it refills by one in six seconds, which no machine is slow enough for.
        var error = ErrorCode.None;
        for (var report = 0; report < 100 && error == ErrorCode.None; report++) error = (await host.AskAsync<Outcome>("reportEntry", new ReportRequest(1, 1, "fault"))).Error;
        Assert.Equal(ErrorCode.TooManyRequests, error);
        Assert.Equal(GroupVerdict.Accepted, (await host.SayAsync(0)).Verdict);

        foreach (var (method, argument) in new (string, object?)[]
        {
            ("deny", null), ("deny", new string('x', 65)), ("admit", null), ("admit", new AdmitRequest("x", null!)), ("removeMember", new RemoveMemberRequest(null!, "AAAA")),
            ("offerRecord", null), ("sendSignal", null), ("reportEntry", new ReportRequest(1, 1, new string('x', 65))),
        })
        {
            Assert.Equal(ErrorCode.InvalidRequest, (await host.AskAsync<Outcome>(method, argument)).Error);
        }

        Assert.Equal(ErrorCode.InvalidRequest, (await host.AskAsync<KnockResult>("knock", null)).Error);
        Assert.Equal(ErrorCode.InvalidRequest, (await host.AskAsync<FoundGroupResult>("foundGroup", new FoundGroupRequest(-1, "", ""))).Error);
        Assert.Equal(ErrorCode.InvalidRequest, (await host.AskAsync<CommitResult>("postCommit", new CommitRequest(1, 0, null!, null, null, []))).Error);
        Assert.Equal(ErrorCode.InvalidRequest, (await host.AskAsync<CommitResult>("postCommit", new CommitRequest(1, 0, "AAAA", null, null, [.. Enumerable.Repeat("w1", 1001)]))).Error);
        Assert.Equal(ErrorCode.InvalidRequest, (await host.AskAsync<MessageResult>("postMessage", new MessageRequest(1, 0, null!))).Error);
        Assert.Equal(ErrorCode.InvalidRequest, (await host.AskAsync<LogPage>("readLog", null)).Error);
        Assert.Equal(ErrorCode.InvalidRequest, (await host.AskAsync<WorkResult>("takeWork", null)).Error);
    }

    private static async Task<HttpResponseMessage> PostAsync(Browser browser, string path, byte[] body, string type = "application/octet-stream")
    {
        // Asked first, as the server may answer without having read what is too long.
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(path, UriKind.Relative)) { Content = new ByteArrayContent(body), Headers = { ExpectContinue = true } };
        request.Content.Headers.ContentType = new MediaTypeHeaderValue(type);
        return await browser.Http.SendAsync(request, Cancellation);
    }
}
