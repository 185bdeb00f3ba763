using Microsoft.AspNetCore.SignalR.Client;
using Pendopo.Sfu;
using Pendopo.Signaling;
using Pendopo.Testing.Groups;
using Xunit;

namespace Pendopo.Server.Tests.Hubs;

/// <summary>What <see cref="BroadcastHubTests"/> has for broadcasts, for members of an encrypted meeting.</summary>
public sealed class MemberHubTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Members_see_each_other_mute_and_leave()
    {
        await using var crowd = await Crowd.GatherAsync();
        var (host, budi) = (crowd.Host, await crowd.JoinAsync("budi", 0));
        Assert.Equal(budi.Self, Assert.Single((await host.Guest.NextAsync<MeetingChange>(change => change.Upserted.Any(person => person.Leaf == 1))).Upserted).Id);
        var first = await host.ConnectMediaAsync();
        var second = await budi.ConnectMediaAsync();
        Assert.Equal((ErrorCode.None, MeetingKind.Encrypted, crowd.Statement.MeetingIdText), (first.Error, first.Meeting!.Kind, first.Meeting.MeetingId));
        Assert.StartsWith("answer Vp8,Vp9,Av1,H264", second.AnswerSdp, StringComparison.Ordinal);

        Assert.Equal(ErrorCode.None, (await budi.AskAsync<Outcome>("setMedia", new MediaState(false, true))).Error);
        var muted = await host.Guest.NextAsync<MeetingChange>(change => change.Upserted.Any(person => person.Id == budi.Self && !person.Media.Microphone));
        Assert.True(muted.Revision > first.Meeting.Revision);
        Assert.Equal(new MediaState(false, true), crowd.Server.Media.Publishing[budi.Self]);

        Assert.Equal(ErrorCode.None, (await budi.Guest.Hub.InvokeAsync<Outcome>("leave", Cancellation)).Error);
        Assert.Equal(budi.Self, Assert.Single((await host.Guest.NextAsync<MeetingChange>(change => change.Removed.Count > 0)).Removed));
        Assert.Contains(budi.Self, crowd.Server.Media.Disconnected);
        Assert.Equal(WorkKind.Departure, Assert.Single(await host.Guest.NextAsync<WorkHeadline[]>(work => work.Any(item => item.Leaf == 1))).Kind);
        Assert.Equal(ErrorCode.NotInMeeting, (await budi.Guest.Hub.InvokeAsync<Outcome>("leave", Cancellation)).Error);
        Assert.Equal(ErrorCode.NotMember, (await budi.ConnectMediaAsync()).Error);
    }

    [Fact]
    public async Task A_lost_socket_keeps_leaf_rank_and_mute_for_its_own_session_only()
    {
        await using var crowd = await Crowd.GatherAsync();
        var (host, budi, meeting) = (crowd.Host, await crowd.JoinAsync("budi", 0, TestProofs.CoHost), crowd.Statement.MeetingIdText);
        await host.ConnectMediaAsync();
        await budi.Guest.JoinAsync(meeting, media: new MediaState(false, true));

        await budi.Guest.DisposeAsync();
        await host.Guest.NextAsync<MeetingChange>(change => change.Upserted.Any(person => person is { Leaf: 1, Connection: ConnectionState.Reconnecting }));

        await using var moderator = await host.Browser.ConnectAsync();
        Assert.Equal(ErrorCode.NotInMeeting, (await moderator.ResumeAsync(meeting, budi.Self, Guest.Offer())).Error);
        await using var stranger = await (await crowd.Server.BrowseAsync()).ConnectAsync();
        Assert.Equal(ErrorCode.NotInMeeting, (await stranger.ResumeAsync(meeting, budi.Self, Guest.Offer())).Error);

        await using var back = await budi.Browser.ConnectAsync();
        var resumed = await back.ResumeAsync(meeting, budi.Self);
        Assert.Equal((ErrorCode.None, budi.Self, null, null), (resumed.Error, resumed.Self, resumed.AnswerSdp, resumed.Knock));
        var own = resumed.Meeting!.Participants.Single(participant => participant.Id == budi.Self);
        Assert.Equal((1, ParticipantRole.CoHost, new MediaState(false, true)), (own.Leaf, own.Role, own.Media));
        await host.Guest.NextAsync<MeetingChange>(change => change.Upserted.Any(person => person is { Leaf: 1, Connection: ConnectionState.Connected }));
        // The place bears the rights again: the log is there, and a message is taken.
        Assert.Equal([1L], (await host.ReadLogAsync(0)).Entries.Select(entry => entry.Entry));
        var said = await back.Hub.InvokeAsync<MessageResult>("postMessage", new MessageRequest(1, 1, WireWriter.Text(TestMls.Message(budi.GroupId, 1))), Cancellation);
        Assert.Equal((GroupVerdict.Accepted, 2L), (said.Verdict, said.Entry));
    }

    [Fact]
    public async Task Who_stays_away_longer_than_the_grace_has_left_and_the_leaf_is_work()
    {
        await using var crowd = await Crowd.GatherAsync(null, "Meetings:Grace=00:00:00.3");
        var (host, budi) = (crowd.Host, await crowd.JoinAsync("budi", 0));
        await budi.ConnectMediaAsync();

        await budi.Guest.DisposeAsync();

        Assert.Equal(budi.Self, Assert.Single((await host.Guest.NextAsync<MeetingChange>(change => change.Removed.Count > 0)).Removed));
        Assert.Equal(1, Assert.Single(await host.Guest.NextAsync<WorkHeadline[]>(work => work.Any(item => item.Kind == WorkKind.Departure))).Leaf);
        Assert.Contains(budi.Self, crowd.Server.Media.Disconnected);
        await using var late = await budi.Browser.ConnectAsync();
        Assert.Equal(ErrorCode.NotInMeeting, (await late.ResumeAsync(crowd.Statement.MeetingIdText, budi.Self, Guest.Offer())).Error);
    }

    [Fact]
    public async Task A_restart_of_the_server_is_told_and_members_come_back_to_leaf_rank_and_mute()
    {
        var folder = Path.Combine(Path.GetTempPath(), "pendopo-" + Path.GetRandomFileName());
        await using (var crowd = await Crowd.GatherAsync(folder))
        {
            var (budi, meeting) = (await crowd.JoinAsync("budi", 0, TestProofs.CoHost), crowd.Statement.MeetingIdText);
            await budi.Guest.JoinAsync(meeting, media: new MediaState(false, true));
            // The stop runs callbacks before its first await, so it must not hold up the one who waits for the news.
            var before = crowd.Server;
            var stop = Task.Run(before.StopAsync, Cancellation);
            Assert.True(await budi.Guest.NextAsync<int>() > 0);
            await stop;
            await before.DisposeAsync();

            crowd.Server = await RunningServer.StartAsync(folder);
            await using var back = await budi.Browser.ConnectAsync(crowd.Server.Url);
            var resumed = await back.ResumeAsync(meeting, budi.Self, Guest.Offer());
            Assert.Equal((ErrorCode.None, budi.Self), (resumed.Error, resumed.Self));
            Assert.NotNull(resumed.AnswerSdp);
            var own = resumed.Meeting!.Participants.Single(participant => participant.Id == budi.Self);
            Assert.Equal((1, ParticipantRole.CoHost, new MediaState(false, true), ConnectionState.Connected), (own.Leaf, own.Role, own.Media, own.Connection));
            Assert.Equal(new MediaState(false, true), crowd.Server.Media.Publishing[budi.Self]);
        }

        Directory.Delete(folder, recursive: true);
    }

    [Fact]
    public async Task Members_offer_anew_when_a_members_media_narrow_the_codecs_before_its_own_answer()
    {
        await using var crowd = await Crowd.GatherAsync();
        var (host, budi, citra) = (crowd.Host, await crowd.JoinAsync("budi", 0), await crowd.JoinAsync("citra", 1));
        var meeting = crowd.Statement.MeetingIdText;
        await host.ConnectMediaAsync();

        var narrow = await budi.Guest.JoinAsync(meeting, sdp: "vp8 vp9 av1");

        Assert.Equal("answer Vp8,Vp9,Av1 then=H264 red=True", narrow.AnswerSdp);
        Assert.Equal([VideoCodec.Vp8, VideoCodec.Vp9, VideoCodec.Av1], await host.Guest.NextAsync<VideoCodec[]>());
        Assert.Equal([VideoCodec.Vp8, VideoCodec.Vp9, VideoCodec.Av1], (await host.Guest.NextAsync<MeetingChange>(change => change.VideoCodecs is not null)).VideoCodecs);
        var answer = await host.AskAsync<NegotiateResult>("negotiate", new NegotiateRequest(Guest.Offer(), false));
        Assert.Equal("answer Vp8,Vp9,Av1 then=H264 red=True", answer.AnswerSdp);
        Assert.Equal(ErrorCode.NoCommonCodec, (await citra.Guest.JoinAsync(meeting, sdp: "h264")).Error);
    }

    [Fact]
    public async Task A_members_refused_offer_leaves_no_trace()
    {
        await using var crowd = await Crowd.GatherAsync();
        var (budi, meeting) = (await crowd.JoinAsync("budi", 0), crowd.Statement.MeetingIdText);

        Assert.Equal((ErrorCode.InvalidOffer, "line 1: bad"), Outcome(await budi.Guest.JoinAsync(meeting, sdp: "bad")));
        Assert.Equal((ErrorCode.InvalidOffer, "no such mid"), Outcome(await budi.Guest.JoinAsync(meeting, sdp: "vp8 unanswerable")));
        Assert.Empty(crowd.Server.Media.Connects);
        var joined = await budi.ConnectMediaAsync();
        Assert.Equal((ErrorCode.None, 1, 2), (joined.Error, joined.Meeting!.Receivers, joined.Meeting.Participants.Count));
        Assert.Equal(4, joined.Meeting.VideoCodecs.Count);

        static (ErrorCode, string?) Outcome(JoinResult result) => (result.Error, result.Message);
    }

    [Fact]
    public async Task The_hosts_end_reaches_members_and_the_waiting_and_nobody_comes_back()
    {
        await using var crowd = await Crowd.GatherAsync();
        var (host, budi, citra) = (crowd.Host, await crowd.JoinAsync("budi", 0, TestProofs.CoHost), await crowd.ComeAsync("citra"));
        await citra.KnockAsync();
        await budi.ConnectMediaAsync();
        Assert.Equal(ErrorCode.NotAllowed, (await budi.Guest.Hub.InvokeAsync<Outcome>("end", Cancellation)).Error);

        Assert.Equal(ErrorCode.None, (await host.Guest.Hub.InvokeAsync<Outcome>("end", Cancellation)).Error);

        foreach (var person in crowd.People) Assert.Equal(EndReason.EndedByHost, await person.Guest.NextAsync<EndReason>());
        Assert.Contains(budi.Self, crowd.Server.Media.Disconnected);
        Assert.Equal(ErrorCode.MeetingEnded, (await citra.KnockAsync()).Error);
        Assert.Equal(ErrorCode.MeetingEnded, (await host.KnockAsync()).Error);
        Assert.Equal(ErrorCode.NotMember, (await budi.ConnectMediaAsync()).Error);
        Assert.Equal(ErrorCode.MeetingEnded, (await budi.Guest.ResumeAsync(crowd.Statement.MeetingIdText, budi.Self, Guest.Offer())).Error);
    }

    [Fact]
    public async Task A_second_window_of_a_member_returns_and_replaces_the_first()
    {
        await using var crowd = await Crowd.GatherAsync();
        var (host, first) = (crowd.Host, await crowd.JoinAsync("budi", 0));
        await first.ConnectMediaAsync();
        var second = new GroupGuest(crowd, first.Device, first.Browser, await first.Browser.ConnectAsync());
        crowd.People.Add(second);

        Assert.Equal(KnockState.Returning, (await second.KnockAsync()).State);
        Assert.Equal(GroupVerdict.Accepted, (await host.CommitAsync(1)).Verdict);

        Assert.Equal(EndReason.Replaced, await first.Guest.NextAsync<EndReason>());
        Assert.Contains(first.Self, crowd.Server.Media.Disconnected);
        Assert.Equal(ErrorCode.NotInMeeting, (await first.Guest.Hub.InvokeAsync<Outcome>("leave", Cancellation)).Error);
        Assert.Equal(1, (await second.Guest.NextAsync<Welcomed>()).Leaf);
        Assert.Equal([0, 1], (await second.ConnectMediaAsync()).Meeting!.Participants.Select(person => person.Leaf!.Value));
    }

    [Fact]
    public async Task Seats_layers_and_speakers_reach_members_and_their_views_reach_the_media()
    {
        await using var crowd = await Crowd.GatherAsync();
        var (host, meeting) = (crowd.Host, crowd.Statement.MeetingIdText);
        await host.ConnectMediaAsync();
        var room = crowd.Server.Media.Connects.Single().Room;
        Assert.DoesNotContain(meeting, room, StringComparison.Ordinal);

        crowd.Server.Media.Raise(new MediaEvent.SeatsChanged(room, host.Self, [new Sfu.SeatBinding(0, "other", SourceKind.Camera, Sfu.PauseReason.Bandwidth)], []));
        crowd.Server.Media.Raise(new MediaEvent.SpeakersChanged(room, ["other"]));
        crowd.Server.Media.Raise(new MediaEvent.LayersWanted(room, host.Self, SourceKind.Camera, false, []));

        Assert.Equal(new Signaling.SeatBinding(0, "other", MediaSource.Camera, Signaling.PauseReason.Bandwidth), Assert.Single((await host.Guest.NextAsync<SeatMap>()).Seats));
        Assert.Equal(["other"], await host.Guest.NextAsync<string[]>());
        Assert.False((await host.Guest.NextAsync<LayerDemand>()).Wanted);
        IReadOnlyList<Signaling.ViewItem> view = [new("other", MediaSource.Camera, 360, Pinned: true)];
        Assert.Equal(ErrorCode.None, (await host.AskAsync<Outcome>("setView", view)).Error);
        Assert.Equal(view, Assert.Single(crowd.Server.Media.Views));
        // To rest is one's own affair: the call names nobody.
        Assert.Equal(ErrorCode.None, (await host.AskAsync<Outcome>("rest", true)).Error);
        Assert.Equal(ErrorCode.None, (await host.AskAsync<Outcome>("rest", false)).Error);
        Assert.Equal([(host.Self, true), (host.Self, false)], crowd.Server.Media.Resting);

        // Whoever takes up the place is told again.
        await using var again = await host.Browser.ConnectAsync();
        var resumed = await again.ResumeAsync(meeting, host.Self);
        Assert.Equal("other", Assert.Single(resumed.Seats!.Seats).ParticipantId);
        Assert.False((await again.NextAsync<LayerDemand>()).Wanted);
    }

    [Fact]
    public async Task Guessing_ids_of_encrypted_meetings_is_soon_refused_even_for_a_good_one()
    {
        await using var crowd = await Crowd.GatherAsync(null, "Limits:FailuresPerSession=3");
        var guesser = await crowd.ComeAsync("budi");
        foreach (var id in new[] { new TestStatement(TestDevice.Of("x")).MeetingIdText, "guess", "m" + crowd.Statement.MeetingIdText[1..] })
        {
            var knock = new KnockRequest(id, "Budi", guesser.Device.KeyPackage(crowd.Statement.Hash).Text);
            Assert.Equal(ErrorCode.MeetingNotFound, (await guesser.AskAsync<KnockResult>("knock", knock)).Error);
        }

        Assert.Equal(ErrorCode.TooManyRequests, (await guesser.KnockAsync()).Error);
        using var statement = await guesser.Browser.Http.GetAsync(new Uri($"/api/meetings/{crowd.Statement.MeetingIdText}/founding", UriKind.Relative), Cancellation);
        Assert.Equal(System.Net.HttpStatusCode.TooManyRequests, statement.StatusCode);
    }
}
