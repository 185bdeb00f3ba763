using Microsoft.AspNetCore.SignalR.Client;
using Pendopo.Sfu;
using Pendopo.Signaling;
using Xunit;

namespace Pendopo.Server.Tests.Hubs;

/// <summary>Open broadcasts over the hub.</summary>
public sealed class BroadcastHubTests
{
    [Fact]
    public async Task Two_people_join_see_each_other_mute_and_leave()
    {
        await using var server = await RunningServer.StartAsync();
        var (host, meeting) = await server.FoundAsync();
        await using var sri = await host.ConnectAsync();
        await using var budi = await (await server.BrowseAsync()).ConnectAsync();

        var first = await sri.JoinAsync(meeting.MeetingId, "  Sri ");
        var second = await budi.JoinAsync(meeting.MeetingId, "Budi");

        Assert.Equal((ErrorCode.None, meeting.MeetingId, MeetingKind.OpenBroadcast), (first.Error, first.Meeting!.MeetingId, first.Meeting.Kind));
        Assert.StartsWith("answer Vp8,Vp9,Av1,H264", first.AnswerSdp, StringComparison.Ordinal);
        Assert.Equal(ParticipantRole.Host, Assert.Single(first.Meeting.Participants).Role);
        Assert.Equal(["Sri", "Budi"], second.Meeting!.Participants.Select(participant => participant.DisplayName));
        var came = await sri.NextAsync<MeetingChange>();
        Assert.Equal((first.Meeting.Revision + 1, second.Self), (came.Revision, Assert.Single(came.Upserted).Id));

        Assert.Equal(ErrorCode.None, (await budi.Hub.InvokeAsync<Outcome>("setMedia", new MediaState(false, true), TestContext.Current.CancellationToken)).Error);
        var muted = await sri.NextAsync<MeetingChange>();
        Assert.False(Assert.Single(muted.Upserted).Media.Microphone);
        Assert.Equal(new MediaState(false, true), server.Media.Publishing[second.Self!]);

        Assert.Equal(ErrorCode.None, (await budi.Hub.InvokeAsync<Outcome>("leave", TestContext.Current.CancellationToken)).Error);
        var left = await sri.NextAsync<MeetingChange>();
        Assert.Equal(second.Self, Assert.Single(left.Removed));
        Assert.Contains(second.Self!, server.Media.Disconnected);
        Assert.Equal(ErrorCode.NotInMeeting, (await budi.Hub.InvokeAsync<Outcome>("leave", TestContext.Current.CancellationToken)).Error);
    }

    [Fact]
    public async Task A_lost_socket_keeps_the_place_for_its_own_session_only()
    {
        await using var server = await RunningServer.StartAsync();
        var (host, meeting) = await server.FoundAsync();
        var sri = await host.ConnectAsync();
        var other = await server.BrowseAsync();
        await using var budi = await other.ConnectAsync();
        var place = await sri.JoinAsync(meeting.MeetingId, media: new MediaState(false, true));
        await budi.JoinAsync(meeting.MeetingId);

        await sri.DisposeAsync();
        var lost = await budi.NextAsync<MeetingChange>();
        Assert.Equal(ConnectionState.Reconnecting, Assert.Single(lost.Upserted).Connection);

        await using var thief = await other.ConnectAsync();
        Assert.Equal(ErrorCode.NotInMeeting, (await thief.ResumeAsync(meeting.MeetingId, place.Self!)).Error);
        await using var stranger = await (await server.BrowseAsync()).ConnectAsync();
        Assert.Equal(ErrorCode.NotInMeeting, (await stranger.ResumeAsync(meeting.MeetingId, place.Self!)).Error);

        await using var back = await host.ConnectAsync();
        var resumed = await back.ResumeAsync(meeting.MeetingId, place.Self!);
        Assert.Equal((ErrorCode.None, place.Self, null), (resumed.Error, resumed.Self, resumed.AnswerSdp));
        var own = resumed.Meeting!.Participants.Single(participant => participant.Id == place.Self);
        Assert.Equal((ParticipantRole.Host, new MediaState(false, true)), (own.Role, own.Media));
        Assert.Equal(ConnectionState.Connected, Assert.Single((await budi.NextAsync<MeetingChange>()).Upserted).Connection);
    }

    [Fact]
    public async Task Who_stays_away_longer_than_the_grace_has_left()
    {
        await using var server = await RunningServer.StartAsync(null, "Meetings:Grace=00:00:00.3");
        var (host, meeting) = await server.FoundAsync();
        var sri = await host.ConnectAsync();
        await using var budi = await (await server.BrowseAsync()).ConnectAsync();
        var place = await sri.JoinAsync(meeting.MeetingId);
        await budi.JoinAsync(meeting.MeetingId);

        await sri.DisposeAsync();

        Assert.Equal(place.Self, Assert.Single((await budi.NextAsync<MeetingChange>(change => change.Removed.Count > 0)).Removed));
    }

    [Fact]
    public async Task A_restart_of_the_server_is_told_and_everybody_comes_back_to_place_role_and_mute()
    {
        var folder = Path.Combine(Path.GetTempPath(), "pendopo-" + Path.GetRandomFileName());
        Browser host;
        JoinResult place;
        CreateMeetingResponse meeting;
        await using (var before = await RunningServer.StartAsync(folder))
        {
            (host, meeting) = await before.FoundAsync();
            await using var sri = await host.ConnectAsync();
            place = await sri.JoinAsync(meeting.MeetingId, media: new MediaState(false, true));
            // The stop runs callbacks before its first await, so it must not hold up the one who waits for the news.
            var stop = Task.Run(before.StopAsync, TestContext.Current.CancellationToken);
            Assert.True(await sri.NextAsync<int>() > 0);
            await stop;
        }

        await using (var after = await RunningServer.StartAsync(folder))
        {
            await using var sri = await host.ConnectAsync(after.Url);
            var resumed = await sri.ResumeAsync(meeting.MeetingId, place.Self!, Guest.Offer());

            Assert.Equal((ErrorCode.None, place.Self), (resumed.Error, resumed.Self));
            Assert.NotNull(resumed.AnswerSdp);
            var own = Assert.Single(resumed.Meeting!.Participants);
            Assert.Equal((ParticipantRole.Host, new MediaState(false, true), ConnectionState.Connected), (own.Role, own.Media, own.Connection));
            Assert.Equal(new MediaState(false, true), after.Media.Publishing[place.Self!]);
        }

        Directory.Delete(folder, recursive: true);
    }

    [Fact]
    public async Task Members_are_told_the_codecs_that_a_joiner_narrows_and_every_answer_has_the_others_for_later()
    {
        await using var server = await RunningServer.StartAsync();
        var (host, meeting) = await server.FoundAsync(VideoCodec.H264, VideoCodec.Vp8);
        await using var sri = await host.ConnectAsync();
        await using var budi = await (await server.BrowseAsync()).ConnectAsync();
        await sri.JoinAsync(meeting.MeetingId);

        var narrow = await budi.JoinAsync(meeting.MeetingId, sdp: "vp8 vp9 av1");

        Assert.Equal("answer Vp8 then=H264 red=True", narrow.AnswerSdp);
        Assert.Equal([VideoCodec.Vp8], await sri.NextAsync<VideoCodec[]>());
        Assert.Equal([VideoCodec.Vp8], (await sri.NextAsync<MeetingChange>()).VideoCodecs);
        var answer = await sri.Hub.InvokeAsync<NegotiateResult>("negotiate", new NegotiateRequest(Guest.Offer(), false), TestContext.Current.CancellationToken);
        Assert.Equal("answer Vp8 then=H264 red=True", answer.AnswerSdp);

        await using var citra = await (await server.BrowseAsync()).ConnectAsync();
        Assert.Equal(ErrorCode.NoCommonCodec, (await citra.JoinAsync(meeting.MeetingId, sdp: "h264")).Error);

        await budi.Hub.InvokeAsync<Outcome>("leave", TestContext.Current.CancellationToken);
        Assert.Equal([VideoCodec.H264, VideoCodec.Vp8], await sri.NextAsync<VideoCodec[]>());
    }

    [Fact]
    public async Task Members_go_back_to_the_old_codecs_when_the_joiners_media_are_refused()
    {
        await using var server = await RunningServer.StartAsync();
        var (host, meeting) = await server.FoundAsync(VideoCodec.H264, VideoCodec.Vp8);
        await using var sri = await host.ConnectAsync();
        await using var budi = await (await server.BrowseAsync()).ConnectAsync();
        await sri.JoinAsync(meeting.MeetingId);

        Assert.Equal(ErrorCode.InvalidOffer, (await budi.JoinAsync(meeting.MeetingId, sdp: "vp8 unanswerable")).Error);

        Assert.Equal([VideoCodec.Vp8], await sri.NextAsync<VideoCodec[]>());
        Assert.Equal([VideoCodec.H264, VideoCodec.Vp8], await sri.NextAsync<VideoCodec[]>());
    }

    [Fact]
    public async Task A_refused_offer_leaves_no_trace()
    {
        await using var server = await RunningServer.StartAsync();
        var (host, meeting) = await server.FoundAsync();
        await using var sri = await host.ConnectAsync();

        Assert.Equal((ErrorCode.InvalidOffer, "line 1: bad"), Outcome(await sri.JoinAsync(meeting.MeetingId, sdp: "bad")));
        Assert.Equal((ErrorCode.InvalidOffer, "no such mid"), Outcome(await sri.JoinAsync(meeting.MeetingId, sdp: "vp8 unanswerable")));
        Assert.Equal(ErrorCode.InvalidRequest, (await sri.JoinAsync(meeting.MeetingId, name: "\u202e")).Error);
        var joined = await sri.JoinAsync(meeting.MeetingId);
        Assert.Single(joined.Meeting!.Participants);

        static (ErrorCode, string?) Outcome(JoinResult result) => (result.Error, result.Message);
    }

    [Fact]
    public async Task Only_the_host_ends_the_broadcast_for_all()
    {
        await using var server = await RunningServer.StartAsync();
        var (host, meeting) = await server.FoundAsync();
        await using var sri = await host.ConnectAsync();
        await using var budi = await (await server.BrowseAsync()).ConnectAsync();
        await sri.JoinAsync(meeting.MeetingId);
        await budi.JoinAsync(meeting.MeetingId);

        Assert.Equal(ErrorCode.NotAllowed, (await budi.Hub.InvokeAsync<Outcome>("end", TestContext.Current.CancellationToken)).Error);
        Assert.Equal(ErrorCode.None, (await sri.Hub.InvokeAsync<Outcome>("end", TestContext.Current.CancellationToken)).Error);

        Assert.Equal(EndReason.EndedByHost, await budi.NextAsync<EndReason>());
        Assert.Equal(ErrorCode.MeetingEnded, (await budi.JoinAsync(meeting.MeetingId)).Error);
    }

    [Fact]
    public async Task A_second_window_of_the_same_browser_replaces_the_first()
    {
        await using var server = await RunningServer.StartAsync();
        var (host, meeting) = await server.FoundAsync();
        await using var first = await host.ConnectAsync();
        await using var second = await host.ConnectAsync();
        await first.JoinAsync(meeting.MeetingId);

        var again = await second.JoinAsync(meeting.MeetingId);

        Assert.Equal(EndReason.Replaced, await first.NextAsync<EndReason>());
        Assert.Equal(ParticipantRole.Host, Assert.Single(again.Meeting!.Participants).Role);
        Assert.Equal(ErrorCode.NotInMeeting, (await first.Hub.InvokeAsync<Outcome>("leave", TestContext.Current.CancellationToken)).Error);
    }

    [Fact]
    public async Task Seats_and_speakers_reach_the_connection_and_a_view_reaches_the_media()
    {
        await using var server = await RunningServer.StartAsync();
        var (host, meeting) = await server.FoundAsync();
        await using var sri = await host.ConnectAsync();
        var place = await sri.JoinAsync(meeting.MeetingId);
        var room = server.Media.Connects.Single().Room;
        Assert.DoesNotContain(meeting.MeetingId, room, StringComparison.Ordinal);

        server.Media.Raise(new MediaEvent.SeatsChanged(room, place.Self!, [new Sfu.SeatBinding(0, "other", SourceKind.Camera, Sfu.PauseReason.Bandwidth)], []));
        server.Media.Raise(new MediaEvent.SpeakersChanged(room, ["other"]));
        server.Media.Raise(new MediaEvent.RedundancyChanged(room, place.Self!, true));
        server.Media.Raise(new MediaEvent.RedundancyChanged(room, "other", false));

        var seat = Assert.Single((await sri.NextAsync<SeatMap>()).Seats);
        Assert.Equal(new Signaling.SeatBinding(0, "other", MediaSource.Camera, Signaling.PauseReason.Bandwidth), seat);
        Assert.Equal(["other"], await sri.NextAsync<string[]>());
        Assert.True(await sri.NextAsync<bool>());
        IReadOnlyList<Signaling.ViewItem> view = [new("other", MediaSource.Camera, 360, Pinned: true)];
        Assert.Equal(ErrorCode.None, (await sri.Hub.InvokeAsync<Outcome>("setView", view, TestContext.Current.CancellationToken)).Error);
        Assert.Equal(view, Assert.Single(server.Media.Views));
    }

    [Fact]
    public async Task The_layers_that_are_wanted_reach_the_sender_and_again_whoever_takes_up_the_place()
    {
        await using var server = await RunningServer.StartAsync();
        var (host, meeting) = await server.FoundAsync();
        await using var sri = await host.ConnectAsync();
        var place = await sri.JoinAsync(meeting.MeetingId);
        var room = server.Media.Connects.Single().Room;
        server.Media.Raise(new MediaEvent.LayersWanted(room, place.Self!, SourceKind.Camera, true, ["q", "h"]));
        var told = await sri.NextAsync<LayerDemand>();
        Assert.Equal((MediaSource.Camera, true), (told.Source, told.Wanted));
        Assert.Equal(["q", "h"], told.Rids);

        server.Media.Raise(new MediaEvent.LayersWanted(room, place.Self!, SourceKind.Camera, false, []));
        Assert.False((await sri.NextAsync<LayerDemand>()).Wanted);
        await using var again = await host.ConnectAsync();
        Assert.Equal(ErrorCode.None, (await again.Hub.InvokeAsync<JoinResult>(
            "resume", new ResumeRequest(meeting.MeetingId, place.Self!, null), TestContext.Current.CancellationToken)).Error);
        var repeated = await again.NextAsync<LayerDemand>();
        Assert.Equal((MediaSource.Camera, false), (repeated.Source, repeated.Wanted));
    }

    [Fact]
    public async Task Guessing_ids_is_soon_refused_even_for_a_good_one()
    {
        await using var server = await RunningServer.StartAsync(null, "Limits:FailuresPerSession=3");
        var (host, meeting) = await server.FoundAsync();
        await using var guest = await host.ConnectAsync();
        for (var guess = 0; guess < 3; guess++) Assert.Equal(ErrorCode.MeetingNotFound, (await guest.JoinAsync("guess" + guess)).Error);

        Assert.Equal(ErrorCode.TooManyRequests, (await guest.JoinAsync("guess")).Error);
        Assert.Equal(ErrorCode.TooManyRequests, (await guest.JoinAsync(meeting.MeetingId)).Error);
    }
}
