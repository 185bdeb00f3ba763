using Microsoft.AspNetCore.SignalR;
using Microsoft.AspNetCore.SignalR.Client;
using Pendopo.Signaling;
using Pendopo.Testing.Groups;
using Xunit;

namespace Pendopo.Server.Tests.Hubs;

/// <summary>Moderation over the wire: who is refused, what the media plane is told, and what everybody hears.</summary>
public sealed class ModerationHubTests
{
    private static readonly MediaState Nothing = new(false, false);
    private static readonly MediaState Face = new(true, true);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public static TheoryData<ModerationAct> Acts => [.. Enum.GetValues<ModerationAct>()];

    [Theory]
    [MemberData(nameof(Acts))]
    public async Task Every_act_is_refused_but_to_moderators(ModerationAct act)
    {
        await using var crowd = await Crowd.GatherAsync();
        var (host, budi, citra) = (crowd.Host, await crowd.JoinAsync("budi", 0), await crowd.JoinAsync("citra", 1, TestProofs.CoHost));
        foreach (var person in new[] { host, budi, citra }) await person.ConnectMediaAsync();
        var waiting = await crowd.ComeAsync("dewi");
        await waiting.KnockAsync();
        var stranger = await crowd.ComeAsync("eka");
        if (act == ModerationAct.AskToUnmute) await ModerateAsync(host, ModerationAct.Mute, budi);

        Assert.Equal(ErrorCode.NotAllowed, await ModerateAsync(budi, act, budi));
        Assert.Equal(ErrorCode.NotMember, await ModerateAsync(waiting, act, budi));
        Assert.Equal(ErrorCode.NotInMeeting, await ModerateAsync(stranger, act, budi));
        foreach (var person in new[] { budi, waiting, stranger }) Assert.NotEqual(ErrorCode.None, await SetAsync(person, new ControlsChange(Frozen: true)));
        if (act != ModerationAct.MuteAll) Assert.Equal(ErrorCode.NotAllowed, await ModerateAsync(citra, act, host));
        Assert.Equal(ErrorCode.None, await ModerateAsync(citra, act, budi));
        Assert.Equal(ErrorCode.None, await ModerateAsync(host, act == ModerationAct.AskToUnmute ? ModerationAct.Mute : act, budi));
    }

    [Fact]
    public async Task Fields_out_of_bounds_are_refused()
    {
        await using var crowd = await Crowd.GatherAsync();
        var host = crowd.Host;
        foreach (var request in new[]
                 {
                     null, new ModerationRequest(ModerationAct.Mute, null), new ModerationRequest(ModerationAct.Mute, ""), new ModerationRequest(ModerationAct.Mute, new string('p', 65)),
                     new ModerationRequest(ModerationAct.MuteAll, host.Self), new ModerationRequest(ModerationAct.Mute, "nobody"),
                 })
        {
            Assert.Equal(ErrorCode.InvalidRequest, (await host.AskAsync<Outcome>("moderate", request)).Error);
        }

        foreach (var change in new[] { null, new ControlsChange(MutedFrom: -1), new ControlsChange(CameraOffFrom: SignalingContract.EntryRuleMaximum + 1) })
        {
            Assert.Equal(ErrorCode.InvalidRequest, (await host.AskAsync<Outcome>("setControls", change)).Error);
        }

        foreach (var (method, json) in new (string, object)[] { ("moderate", new { act = "eject", participantId = host.Self }), ("moderate", new { act = 1 }), ("setControls", new { sharing = "nobody" }), ("setControls", new { privateChat = "friends" }) })
        {
            await Assert.ThrowsAsync<HubException>(() => host.AskAsync<Outcome>(method, json));
        }

        var commit = new MessageRequest(1, 0, WireWriter.Text(TestMls.Message(host.GroupId, 0)), LogKind.Commit);
        Assert.Equal(ErrorCode.InvalidRequest, (await host.AskAsync<MessageResult>("postMessage", commit)).Error);
    }

    [Fact]
    public async Task A_broadcast_has_no_moderation()
    {
        await using var server = await RunningServer.StartAsync();
        var (browser, meeting) = await server.FoundAsync();
        await using var host = await browser.ConnectAsync();
        await host.JoinAsync(meeting.MeetingId);
        Assert.Equal(ErrorCode.WrongKind, (await host.Hub.InvokeAsync<Outcome>("moderate", new ModerationRequest(ModerationAct.MuteAll, null), Cancellation)).Error);
        Assert.Equal(ErrorCode.WrongKind, (await host.Hub.InvokeAsync<Outcome>("setControls", new ControlsChange(Frozen: true), Cancellation)).Error);
    }

    [Fact]
    public async Task What_a_client_wishes_is_cut_before_the_media_plane_hears_of_it()
    {
        await using var crowd = await Crowd.GatherAsync();
        var (host, budi) = (crowd.Host, await crowd.JoinAsync("budi", 0));
        await host.ConnectMediaAsync();
        var joined = await budi.Guest.JoinAsync(crowd.Statement.MeetingIdText, media: Face with { Screen = true });
        Assert.Equal(SharePolicy.Granted, joined.Meeting!.Controls!.Sharing);
        Assert.Equal(Face, crowd.Server.Media.Publishing[budi.Self]);

        var refused = await budi.AskAsync<MediaResult>("setMedia", Face with { Screen = true, ScreenAudio = true });
        Assert.Equal((ErrorCode.None, Face), (refused.Error, refused.Media));
        Assert.Equal([new MediaCut(MediaSource.Screen, MediaRefusal.SharingNotGranted), new MediaCut(MediaSource.ScreenAudio, MediaRefusal.SharingNotGranted)], refused.Cuts);
        Assert.DoesNotContain(crowd.Server.Media.PublishingTold, told => told.Media.Screen);

        Assert.Equal(ErrorCode.None, (await budi.AskAsync<Outcome>("askToShare", true)).Error);
        await host.Guest.NextAsync<MeetingChange>(change => change.Upserted.Any(person => person.Rights!.AsksToShare));
        Assert.Equal(ErrorCode.None, await ModerateAsync(host, ModerationAct.MakePresenter, budi));
        Assert.Empty((await budi.AskAsync<MediaResult>("setMedia", Face with { Screen = true })).Cuts);
        Assert.True(crowd.Server.Media.Publishing[budi.Self].Screen);

        // A new media connection carries no more than that either.
        Assert.Equal(ErrorCode.None, await ModerateAsync(host, ModerationAct.MakeObserver, budi));
        await budi.AskAsync<NegotiateResult>("negotiate", new NegotiateRequest(Guest.Offer(), true));
        Assert.Equal(Nothing, crowd.Server.Media.Publishing[budi.Self]);
    }

    [Fact]
    public async Task A_locked_chat_is_not_in_the_log()
    {
        await using var crowd = await Crowd.GatherAsync();
        var (host, budi) = (crowd.Host, await crowd.JoinAsync("budi", 0));
        Assert.Equal(GroupVerdict.Accepted, (await PostAsync(budi, LogKind.Chat)).Verdict);
        await SetAsync(host, new ControlsChange(ChatLocked: true));
        Assert.Equal(ErrorCode.NotAllowed, (await PostAsync(budi, LogKind.Chat)).Error);
        Assert.Equal(GroupVerdict.Accepted, (await PostAsync(budi, LogKind.Hand)).Verdict);
        Assert.Equal(GroupVerdict.Accepted, (await PostAsync(host, LogKind.Chat)).Verdict);
        Assert.Equal([LogKind.Commit, LogKind.Chat, LogKind.Hand, LogKind.Chat], (await host.ReadLogAsync(0)).Entries.Select(entry => entry.Kind));
    }

    [Fact]
    public async Task A_private_message_that_the_policy_forbids_is_not_in_the_log()
    {
        await using var crowd = await Crowd.GatherAsync();
        var (host, budi) = (crowd.Host, await crowd.JoinAsync("budi", 0));
        Assert.Equal(GroupVerdict.Accepted, (await PostAsync(budi, LogKind.Private)).Verdict);
        await SetAsync(host, new ControlsChange(PrivateChat: PrivateChatPolicy.Moderators));
        Assert.Equal(ErrorCode.NotAllowed, (await PostAsync(budi, LogKind.Private)).Error);
        Assert.Equal(GroupVerdict.Accepted, (await PostAsync(budi, LogKind.PrivateToModerators)).Verdict);
        await SetAsync(host, new ControlsChange(PrivateChat: PrivateChatPolicy.Nobody));
        Assert.Equal(ErrorCode.NotAllowed, (await PostAsync(budi, LogKind.PrivateToModerators)).Error);
        Assert.Equal(GroupVerdict.Accepted, (await PostAsync(host, LogKind.Private)).Verdict);
        Assert.Equal([LogKind.Commit, LogKind.Private, LogKind.PrivateToModerators, LogKind.Private], (await host.ReadLogAsync(0)).Entries.Select(entry => entry.Kind));
    }

    [Fact]
    public async Task A_locked_meeting_says_so_at_the_door()
    {
        await using var crowd = await Crowd.GatherAsync();
        await SetAsync(crowd.Host, new ControlsChange(MeetingLocked: true));
        Assert.Equal(ErrorCode.MeetingLocked, (await (await crowd.ComeAsync("budi")).KnockAsync()).Error);
    }

    /// <summary>
    /// Row 9: disturbers share, draw and shout. Attendees share by grant and enter muted from the third on; freezing is one call, after whose answer nobody of 50
    /// flows any more. It takes one turn of the meeting and one word to each, so no time is measured that a busy machine could stretch.
    /// </summary>
    [Fact]
    public async Task Failure_09_fifty_people_are_frozen_in_one_turn()
    {
        await using var crowd = await Crowd.GatherAsync(null, "Limits:EntriesPerAddress=1000", "Limits:CreatesPerAddress=1000", "Meetings:MutedFrom=0", "Meetings:CameraOffFrom=0");
        var host = crowd.Host;
        await host.ConnectMediaAsync();
        List<GroupGuest> people = [];
        for (var number = 1; number < 50; number++) people.Add(await crowd.ComeAsync($"p{number}"));
        foreach (var person in people)
        {
            Assert.Equal(KnockState.Waiting, (await person.KnockAsync()).State);
            Assert.Equal(ErrorCode.None, (await host.AdmitAsync(person, 0)).Error);
        }

        Assert.Equal(GroupVerdict.Accepted, (await host.CommitAsync(0)).Verdict);
        foreach (var person in people)
        {
            await person.Guest.NextAsync<Welcomed>();
            Assert.Equal(ErrorCode.None, (await person.ConnectMediaAsync()).Error);
        }

        Assert.Equal(50, crowd.Server.Media.Publishing.Count(flowing => flowing.Value == Face));
        crowd.Server.Media.PublishingTold.Clear();

        Assert.Equal(ErrorCode.None, await SetAsync(host, new ControlsChange(Frozen: true)));

        Assert.Equal(49, crowd.Server.Media.PublishingTold.Count);
        Assert.Equal([host.Self], crowd.Server.Media.Publishing.Where(flowing => flowing.Value != Nothing).Select(flowing => flowing.Key));
        foreach (var person in people)
        {
            var told = await person.Guest.NextAsync<MeetingChange>(change => change.Controls is not null);
            Assert.True(told.Controls!.Frozen);
            Assert.Equal(49, told.Upserted.Count);
        }

        Assert.Equal(Nothing, (await people[0].AskAsync<MediaResult>("setMedia", Face)).Media);
        Assert.Equal(ErrorCode.None, await SetAsync(host, new ControlsChange(Frozen: false)));
        Assert.Equal(49, crowd.Server.Media.Publishing.Count(flowing => flowing.Value == Nothing));
    }

    /// <summary>Rows 9 and 21: what holds where nobody has set anything. A change of it is made here, in the open.</summary>
    [Fact]
    public async Task Failures_09_and_21_the_default_policy()
    {
        await using var crowd = await Crowd.GatherAsync();
        await crowd.Host.ConnectMediaAsync();
        var second = await crowd.JoinAsync("budi", 0);
        var joined = await second.ConnectMediaAsync();

        Assert.Equal(
            new MeetingControls(false, false, false, false, false, SharePolicy.Granted, MutedFrom: 3, CameraOffFrom: 20), joined.Meeting!.Controls);
        Assert.Equal(Face, crowd.Server.Media.Publishing[second.Self]);
        var third = await crowd.JoinAsync("citra", 1);
        Assert.Equal(new MediaState(false, true), (await third.ConnectMediaAsync()).Meeting!.Participants.Single(person => person.Id == third.Self).Media);
        Assert.Equal(new MediaState(false, true), crowd.Server.Media.Publishing[third.Self]);

        for (var number = 4; number < 20; number++) await crowd.JoinAsync($"p{number}", number - 2);
        var twentieth = await crowd.JoinAsync("p20", 18);
        await twentieth.ConnectMediaAsync();
        Assert.Equal(Nothing, crowd.Server.Media.Publishing[twentieth.Self]);
        // Nobody is in before a host is, so there is nothing of anybody to be seen or heard then.
        Assert.Equal(ErrorCode.NotMember, (await (await crowd.ComeAsync("early")).ConnectMediaAsync()).Error);
    }

    [Fact]
    public async Task Locks_standings_and_mutes_survive_a_restart_of_the_server()
    {
        var folder = Path.Combine(Path.GetTempPath(), "pendopo-" + Path.GetRandomFileName());
        await using (var crowd = await Crowd.GatherAsync(folder))
        {
            var (host, budi) = (crowd.Host, await crowd.JoinAsync("budi", 0));
            foreach (var person in new[] { host, budi }) await person.ConnectMediaAsync();
            await ModerateAsync(host, ModerationAct.MakePresenter, budi);
            await ModerateAsync(host, ModerationAct.Mute, budi);
            await SetAsync(host, new ControlsChange(CamerasLocked: true, MutedFrom: 7));

            await crowd.Server.StopAsync();
            await crowd.Server.DisposeAsync();
            crowd.Server = await RunningServer.StartAsync(folder);

            await using var back = await budi.Browser.ConnectAsync(crowd.Server.Url);
            var resumed = await back.ResumeAsync(crowd.Statement.MeetingIdText, budi.Self, Guest.Offer());
            Assert.Equal((true, 7), (resumed.Meeting!.Controls!.CamerasLocked, resumed.Meeting.Controls.MutedFrom));
            var own = resumed.Meeting.Participants.Single(person => person.Id == budi.Self);
            Assert.Equal((Nothing, new ParticipantRights(Standing.Presenter, MuteCause.Moderator, false, false)), (own.Media, own.Rights));
            Assert.Equal(Nothing, crowd.Server.Media.Publishing[budi.Self]);
            Assert.False((await back.Hub.InvokeAsync<MediaResult>("setMedia", Face, Cancellation)).Media!.Camera);
        }

        Directory.Delete(folder, recursive: true);
    }

    private static async Task<ErrorCode> ModerateAsync(GroupGuest by, ModerationAct act, GroupGuest target) =>
        (await by.AskAsync<Outcome>("moderate", new ModerationRequest(act, act == ModerationAct.MuteAll ? null : target.Self))).Error;

    private static async Task<ErrorCode> SetAsync(GroupGuest by, ControlsChange change) => (await by.AskAsync<Outcome>("setControls", change)).Error;

    private static Task<MessageResult> PostAsync(GroupGuest by, LogKind kind) =>
        by.AskAsync<MessageResult>("postMessage", new MessageRequest(1, 1, WireWriter.Text(TestMls.Message(by.GroupId, 1)), kind));
}
