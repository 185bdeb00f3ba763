using Pendopo.Meetings.Domain;
using Pendopo.Meetings.Domain.Groups;
using Pendopo.Signaling;
using Pendopo.Testing.Groups;
using Xunit;

namespace Pendopo.Meetings.Tests.Domain.Groups;

/// <summary>Mutes, locks, freezing, standings: what they do, who may do them, and that no way in or back leads around them.</summary>
public sealed class ModerationTests
{
    private static readonly MediaState Everything = new(true, true, true, true);
    private static readonly MediaState Nothing = new(false, false);
    private static readonly MediaState Face = new(true, true);

    public static TheoryData<ModerationAct> Acts => [.. Enum.GetValues<ModerationAct>()];

    [Theory]
    [MemberData(nameof(Acts))]
    public void Every_act_is_refused_to_everybody_but_moderators(ModerationAct act)
    {
        var (scene, budi, citra) = Meet();
        Act(scene, scene.Host, ModerationAct.MakePresenter, citra);
        var observer = Connected(scene, "dewi");
        Act(scene, scene.Host, ModerationAct.MakeObserver, observer);
        var waiting = scene.Somebody("eka");
        scene.Knock(waiting);
        var before = scene.State;

        foreach (var (by, error) in new[] { (budi, ErrorCode.NotAllowed), (citra, ErrorCode.NotAllowed), (observer, ErrorCode.NotAllowed), (waiting, ErrorCode.NotMember), (new Person(TestDevice.Of("nobody")), ErrorCode.NotInMeeting) })
        {
            Assert.Equal(error, Act(scene, by, act, budi).Error);
            Assert.Equal(error, Set(scene, by, new ControlsChange(Frozen: true)).Error);
        }

        Assert.Same(before, scene.State);
    }

    [Theory]
    [MemberData(nameof(Acts))]
    public void A_host_may_do_every_act_and_a_co_host_may_do_it_to_those_below(ModerationAct act)
    {
        foreach (var byHost in new[] { true, false })
        {
            var (scene, budi, _) = Meet();
            var coHost = Connected(scene, "dewi", TestProofs.CoHost);
            var moderator = byHost ? scene.Host : coHost;
            if (act == ModerationAct.AskToUnmute) Act(scene, scene.Host, ModerationAct.Mute, budi);

            Assert.Equal(ErrorCode.None, Act(scene, moderator, act, budi).Error);
            if (act == ModerationAct.MuteAll) continue;
            Assert.Equal(ErrorCode.NotAllowed, Act(scene, coHost, act, scene.Host).Error);
            Assert.Equal(ErrorCode.NotAllowed, Act(scene, moderator, act, moderator).Error);
            Assert.Equal(ErrorCode.InvalidRequest, Act(scene, moderator, act, new Person(TestDevice.Of("nobody"))).Error);
        }
    }

    [Fact]
    public void An_encoder_of_an_open_broadcast_moderates_nothing()
    {
        var scene = new Scene();
        scene.Join("founder");
        var endpoint = scene.Enter(new Entrance.Publish(Scene.SessionOf("encoder"), "publish")).Subject!;
        foreach (var act in Enum.GetValues<ModerationAct>())
        {
            Assert.Equal(ErrorCode.MeetingNotFound, scene.Apply(new ModerationCommand.Moderate(endpoint.Id, act, endpoint.Id)).Error);
        }
    }

    [Fact]
    public void Who_is_muted_unmutes_himself_and_nobody_else_does()
    {
        var (scene, budi, citra) = Meet();

        var muted = Act(scene, scene.Host, ModerationAct.Mute, budi);

        Assert.Equal((budi.Id, new MediaState(false, true)), Told(muted));
        Assert.Equal(MuteCause.Moderator, scene.Find(budi)!.Muted);
        Assert.Equal(Face, scene.Find(citra)!.Media);
        Act(scene, scene.Host, ModerationAct.AskToUnmute, budi);
        Assert.True(scene.Find(budi)!.AskedToUnmute);
        Assert.False(scene.Find(budi)!.Media.Microphone);
        scene.Apply(new ModerationCommand.DeclineUnmute(budi.Id));
        Assert.False(scene.Find(budi)!.AskedToUnmute);
        Assert.Equal(MuteCause.Moderator, scene.Find(budi)!.Muted);

        Act(scene, scene.Host, ModerationAct.AskToUnmute, budi);
        var back = SetMedia(scene, budi, Face);
        Assert.Equal((Face, MuteCause.None, false), (back.Subject!.Media, back.Subject.Muted, back.Subject.AskedToUnmute));
        Assert.Empty(back.Cuts!);
    }

    [Fact]
    public void Mute_all_spares_the_moderators_own_rank_and_above()
    {
        var (scene, budi, citra) = Meet();
        var coHost = Connected(scene, "dewi", TestProofs.CoHost);

        Act(scene, coHost, ModerationAct.MuteAll);
        Assert.Equal([true, false, false, true], new[] { scene.Host, budi, citra, coHost }.Select(person => scene.Find(person)!.Media.Microphone));
        Act(scene, scene.Host, ModerationAct.MuteAll);
        Assert.Equal([true, false, false, false], new[] { scene.Host, budi, citra, coHost }.Select(person => scene.Find(person)!.Media.Microphone));
    }

    [Fact]
    public void Locks_cut_at_once_hold_against_every_wish_and_spare_moderators()
    {
        var (scene, budi, _) = Meet();
        Set(scene, scene.Host, new ControlsChange(MicrophonesLocked: true, CamerasLocked: true, Sharing: SharePolicy.Moderators));

        Assert.Equal((Nothing, MuteCause.Moderator), (scene.Find(budi)!.Media, scene.Find(budi)!.Muted));
        var refused = SetMedia(scene, budi, Everything);
        Assert.Equal(Nothing, refused.Subject!.Media);
        Assert.Equal(
            [(MediaSource.Microphone, MediaRefusal.MicrophonesLocked), (MediaSource.Camera, MediaRefusal.CamerasLocked), (MediaSource.Screen, MediaRefusal.SharingLocked), (MediaSource.ScreenAudio, MediaRefusal.SharingLocked)],
            refused.Cuts!.Select(cut => (cut.Source, cut.Reason)));
        Assert.Empty(refused.Events.OfType<MeetingEvent.PublishingChanged>());
        Assert.Equal(ErrorCode.InvalidRequest, Act(scene, scene.Host, ModerationAct.AskToUnmute, budi).Error);
        Assert.Equal(Everything, SetMedia(scene, scene.Host, Everything).Subject!.Media);

        Set(scene, scene.Host, new ControlsChange(MicrophonesLocked: false, CamerasLocked: false));
        Assert.Equal(Nothing, scene.Find(budi)!.Media);
        Assert.Equal(Face, SetMedia(scene, budi, Face).Subject!.Media);
    }

    [Fact]
    public void Two_moderators_settings_do_not_undo_each_other()
    {
        var (scene, _, _) = Meet();
        var coHost = Connected(scene, "dewi", TestProofs.CoHost);
        Set(scene, scene.Host, new ControlsChange(ChatLocked: true));
        Set(scene, coHost, new ControlsChange(CamerasLocked: true, MutedFrom: 0));

        Assert.Equal(scene.Rules.Controls with { ChatLocked = true, CamerasLocked = true, MutedFrom = 0 }, scene.State.Controls);
        Assert.Equal(scene.State.Controls, scene.Changes[^1].Controls);
    }

    [Fact]
    public void Sharing_goes_by_grant_which_is_asked_for_given_stopped_and_withdrawn()
    {
        var (scene, budi, _) = Meet();
        var screen = Face with { Screen = true };
        Assert.Equal(MediaRefusal.SharingNotGranted, Assert.Single(SetMedia(scene, budi, screen).Cuts!).Reason);
        Assert.Equal(ErrorCode.None, scene.Apply(new ModerationCommand.AskToShare(budi.Id, true)).Error);
        Assert.True(scene.Find(budi)!.AsksToShare);

        Act(scene, scene.Host, ModerationAct.MakePresenter, budi);
        Assert.Equal((Standing.Presenter, false), (scene.Find(budi)!.Standing, scene.Find(budi)!.AsksToShare));
        Assert.Equal(screen, SetMedia(scene, budi, screen).Subject!.Media);

        Assert.Equal((budi.Id, Face), Told(Act(scene, scene.Host, ModerationAct.StopShare, budi)));
        SetMedia(scene, budi, screen);
        Assert.Equal((budi.Id, Face), Told(Act(scene, scene.Host, ModerationAct.MakeParticipant, budi)));
        Assert.Equal(MediaRefusal.SharingNotGranted, Assert.Single(SetMedia(scene, budi, screen).Cuts!).Reason);
    }

    [Fact]
    public void An_observer_receives_only()
    {
        var (scene, budi, _) = Meet();
        Act(scene, scene.Host, ModerationAct.MakeObserver, budi);

        Assert.Equal(Nothing, scene.Find(budi)!.Media);
        Assert.All(SetMedia(scene, budi, Everything).Cuts!, cut => Assert.Equal(MediaRefusal.Observer, cut.Reason));
        Assert.Equal(ErrorCode.NotAllowed, Post(scene, budi, LogKind.Chat).Error);
        Assert.Equal(ErrorCode.NotAllowed, Post(scene, budi, LogKind.Hand).Error);
        Assert.Equal(ErrorCode.NotAllowed, scene.Apply(new ModerationCommand.AskToShare(budi.Id, true)).Error);
        // What the group itself needs said, alarms, may be said by all.
        Assert.Equal(GroupVerdict.Accepted, Post(scene, budi, LogKind.Message).Group!.Verdict);
    }

    [Fact]
    public void Freezing_stops_all_but_moderators_at_once_and_thawing_starts_nobody()
    {
        var (scene, budi, citra) = Meet();
        SetMedia(scene, scene.Host, Everything);

        var frozen = Set(scene, scene.Host, new ControlsChange(Frozen: true));

        Assert.Equal([(budi.Id, Nothing), (citra.Id, Nothing)], frozen.Events.OfType<MeetingEvent.PublishingChanged>().Select(told => (told.Id, told.Media)));
        Assert.Single(frozen.Events.OfType<MeetingEvent.Changed>());
        Assert.Equal(Everything, scene.Find(scene.Host)!.Media);
        Assert.All(SetMedia(scene, budi, Face).Cuts!, cut => Assert.Equal(MediaRefusal.Frozen, cut.Reason));
        Assert.Equal(ErrorCode.NotAllowed, Post(scene, budi, LogKind.Chat).Error);
        Assert.Equal(GroupVerdict.Accepted, Post(scene, budi, LogKind.Hand).Group!.Verdict);
        Assert.Equal(GroupVerdict.Accepted, Post(scene, scene.Host, LogKind.Chat).Group!.Verdict);

        var thawed = Set(scene, scene.Host, new ControlsChange(Frozen: false));
        Assert.Empty(thawed.Events.OfType<MeetingEvent.PublishingChanged>());
        Assert.Equal([Nothing, Nothing], new[] { budi, citra }.Select(person => scene.Find(person)!.Media));
        Assert.Equal(Face, SetMedia(scene, budi, Face).Subject!.Media);
    }

    [Theory]
    [InlineData(false, false, PrivateChatPolicy.Everybody, true, true)]
    [InlineData(false, false, PrivateChatPolicy.Moderators, false, true)]
    [InlineData(false, false, PrivateChatPolicy.Nobody, false, false)]
    [InlineData(true, false, PrivateChatPolicy.Everybody, false, true)]
    [InlineData(true, false, PrivateChatPolicy.Nobody, false, false)]
    [InlineData(false, true, PrivateChatPolicy.Everybody, false, false)]
    public void Who_may_write_to_one_person_or_to_moderators_is_the_moderators_to_say(bool locked, bool frozen, PrivateChatPolicy policy, bool toOne, bool toModerators)
    {
        var (scene, budi, citra) = Meet();
        Act(scene, scene.Host, ModerationAct.MakeObserver, citra);
        Set(scene, scene.Host, new ControlsChange(ChatLocked: locked, Frozen: frozen, PrivateChat: policy));

        Assert.Equal(policy, scene.State.Controls!.PrivateChat);
        Assert.Equal(toOne ? ErrorCode.None : ErrorCode.NotAllowed, Post(scene, budi, LogKind.Private).Error);
        Assert.Equal(toModerators ? ErrorCode.None : ErrorCode.NotAllowed, Post(scene, budi, LogKind.PrivateToModerators).Error);
        Assert.All([LogKind.Private, LogKind.PrivateToModerators], kind => Assert.Equal(ErrorCode.NotAllowed, Post(scene, citra, kind).Error));
        Assert.All([LogKind.Private, LogKind.PrivateToModerators], kind => Assert.Equal(kind, Logged(Post(scene, scene.Host, kind))));
    }

    [Fact]
    public void While_chat_is_locked_only_moderators_chat_and_hands_still_rise()
    {
        var (scene, budi, _) = Meet();
        Set(scene, scene.Host, new ControlsChange(ChatLocked: true));
        Assert.Equal(ErrorCode.NotAllowed, Post(scene, budi, LogKind.Chat).Error);
        Assert.Equal(LogKind.Hand, Logged(Post(scene, budi, LogKind.Hand)));
        Assert.Equal(LogKind.Chat, Logged(Post(scene, scene.Host, LogKind.Chat)));
        Assert.Equal(ErrorCode.InvalidRequest, Post(scene, scene.Host, LogKind.Commit).Error);
    }

    [Fact]
    public void Who_is_no_moderator_any_more_is_held_to_the_locks_from_then_on()
    {
        var (scene, _, _) = Meet();
        var coHost = Connected(scene, "dewi", TestProofs.CoHost);
        Set(scene, scene.Host, new ControlsChange(MicrophonesLocked: true));
        Assert.True(scene.Find(coHost)!.Media.Microphone);

        scene.OfferRecord(scene.Host, TestProofs.Role(coHost.Device, TestProofs.Participant));
        var demoted = scene.Commit(scene.Host);

        Assert.Equal((coHost.Id, new MediaState(false, true)), Told(demoted));
    }

    [Fact]
    public void A_lost_socket_a_new_leaf_and_a_new_admission_bring_back_nobody_unmuted()
    {
        var (scene, budi, _) = Meet();
        Set(scene, scene.Host, new ControlsChange(MutedFrom: 0));
        Act(scene, scene.Host, ModerationAct.Mute, budi);

        scene.Lose(budi);
        Assert.False(scene.Resume(budi, "c-budi-again", Scene.Chromium).Subject!.Media.Microphone);
        budi.Connection = "c-budi-again";

        var page = scene.AnotherWindow(budi);
        Assert.Equal(KnockState.Returning, scene.Knock(page).Group!.Waiting!.State);
        scene.Commit(scene.Host);
        Assert.Equal((new MediaState(false, true), MuteCause.Moderator), Rights(scene.ConnectMedia(page, media: Face)));

        scene.Leave(page);
        scene.Commit(scene.Host);
        var later = scene.AnotherWindow(page);
        scene.Knock(later);
        scene.Admit(scene.Host, later);
        scene.Commit(scene.Host);
        Assert.Equal((new MediaState(false, true), MuteCause.Moderator), Rights(scene.ConnectMedia(later, media: Face)));
        Assert.Equal(Face, SetMedia(scene, later, Face).Subject!.Media);
    }

    [Fact]
    public void A_standing_is_the_persons_on_every_device_and_after_leaving()
    {
        var scene = new GroupScene().Open();
        var account = TestDevice.Of("budi", hasAccount: true).Account;
        var phone = Come(scene, new Person(new TestDevice("phone", account)));
        Act(scene, scene.Host, ModerationAct.MakeObserver, phone);
        var laptop = Come(scene, new Person(new TestDevice("laptop", account)));

        Assert.Equal((Nothing, Standing.Observer), (scene.Find(laptop)!.Media, scene.Find(laptop)!.Standing));
        scene.Leave(phone);
        scene.Leave(laptop);
        scene.Commit(scene.Host);
        var tablet = Come(scene, new Person(new TestDevice("tablet", account)));
        Assert.Equal((Nothing, Standing.Observer), (scene.Find(tablet)!.Media, scene.Find(tablet)!.Standing));
        Act(scene, scene.Host, ModerationAct.MakeParticipant, tablet);
        scene.Leave(tablet);
        scene.Commit(scene.Host);
        var again = Come(scene, new Person(new TestDevice("desktop", account)));
        Assert.Equal(Standing.Participant, scene.Find(again)!.Standing);
    }

    [Fact]
    public void Locks_hold_for_who_comes_in_and_who_comes_back()
    {
        var (scene, budi, _) = Meet();
        Set(scene, scene.Host, new ControlsChange(Frozen: true));
        var late = Connected(scene, "dewi");
        Assert.Equal(Nothing, scene.Find(late)!.Media);
        Set(scene, scene.Host, new ControlsChange(Frozen: false, MicrophonesLocked: true));

        var page = scene.AnotherWindow(budi);
        scene.Knock(page);
        scene.Commit(scene.Host);
        Assert.False(scene.ConnectMedia(page, media: Face).Subject!.Media.Microphone);
        // The locks are the meeting's and outlive its generation.
        foreach (var person in new[] { page, late, scene.Host }) scene.Leave(person);
        scene.Leave(scene.State.Participants.Count > 0 ? new Person(TestDevice.Of("citra")) { Id = scene.State.Participants[0].Id } : page);
        Assert.Empty(scene.State.Participants);
        Assert.True(scene.State.Controls!.MicrophonesLocked);
    }

    [Fact]
    public void A_locked_meeting_takes_no_new_knock_but_lets_back_whom_it_knows()
    {
        var coHost = TestDevice.Of("candra");
        var scene = new GroupScene(new TestStatement(TestDevice.Of("sri"), coHost)).Open();
        var budi = scene.Join("budi");
        var waiting = scene.Somebody("citra");
        scene.Knock(waiting);
        Set(scene, scene.Host, new ControlsChange(MeetingLocked: true));

        Assert.Equal(ErrorCode.MeetingLocked, scene.Knock(scene.Somebody("dewi")).Error);
        Assert.Equal(KnockState.Waiting, scene.Knock(waiting).Group!.Waiting!.State);
        Assert.Equal(KnockState.Returning, scene.Knock(scene.AnotherWindow(budi)).Group!.Waiting!.State);
        Assert.Equal(ErrorCode.None, scene.Knock(new Person(coHost)).Error);
        // Another browser with a copied link is somebody else.
        Assert.Equal(ErrorCode.MeetingLocked, scene.Knock(new Person(budi.Device) { Session = SessionKey.Of("thief"), Connection = "c-elsewhere" }).Error);
        Set(scene, scene.Host, new ControlsChange(MeetingLocked: false));
        Assert.Equal(ErrorCode.None, scene.Knock(scene.Somebody("eka")).Error);
    }

    [Fact]
    public void From_the_third_person_on_one_enters_muted_and_a_large_meeting_is_entered_unseen()
    {
        var scene = new GroupScene().Open();
        scene.ConnectMedia(scene.Host);
        Assert.Equal(Face, scene.Find(Connected(scene, "budi"))!.Media);
        var third = scene.Find(Connected(scene, "citra"))!;
        Assert.Equal((new MediaState(false, true), MuteCause.Entry), (third.Media, third.Muted));
        var coHost = scene.Find(Connected(scene, "candra", TestProofs.CoHost))!;
        Assert.Equal(Face, coHost.Media);

        for (var number = scene.State.Participants.Count + 1; number < 20; number++) Assert.True(scene.Find(Connected(scene, $"p{number}"))!.Media.Camera);
        Assert.Equal(Nothing, scene.Find(Connected(scene, "p20"))!.Media);
    }

    [Fact]
    public void Rights_and_controls_survive_a_restart_of_the_server()
    {
        var (scene, budi, _) = Meet();
        Act(scene, scene.Host, ModerationAct.MakeObserver, budi);
        Set(scene, scene.Host, new ControlsChange(MicrophonesLocked: true));
        scene.Leave(budi);
        var json = System.Text.Json.JsonSerializer.Serialize(scene.State);

        var state = System.Text.Json.JsonSerializer.Deserialize<MeetingState>(json)!;

        Assert.Equal(scene.State.Controls, state.Controls);
        Assert.Equal(scene.State.Remembered, state.Remembered);
        Assert.Equal(Standing.Observer, Assert.Single(state.Remembered).Standing);
    }

    private static (GroupScene Scene, Person Budi, Person Citra) Meet()
    {
        var scene = new GroupScene(rules: MeetingRules.Default with { Controls = MeetingRules.Default.Controls with { MutedFrom = 0, CameraOffFrom = 0 } }).Open();
        scene.ConnectMedia(scene.Host);
        return (scene, Connected(scene, "budi"), Connected(scene, "citra"));
    }

    private static Person Connected(GroupScene scene, string name, byte role = TestProofs.Participant)
    {
        var person = scene.Join(name, role);
        Assert.Equal(ErrorCode.None, scene.ConnectMedia(person).Error);
        return person;
    }

    private static Person Come(GroupScene scene, Person person)
    {
        scene.Knock(person);
        Assert.Equal(ErrorCode.None, scene.Admit(scene.Host, person).Error);
        Assert.Equal(GroupVerdict.Accepted, scene.Commit(scene.Host).Group!.Verdict);
        Assert.Equal(ErrorCode.None, scene.ConnectMedia(person).Error);
        return person;
    }

    private static MeetingDecision Act(GroupScene scene, Person by, ModerationAct act, Person? target = null) =>
        scene.Apply(new ModerationCommand.Moderate(by.Id, act, act == ModerationAct.MuteAll ? null : target?.Id ?? default));

    private static MeetingDecision Set(GroupScene scene, Person by, ControlsChange change) => scene.Apply(new ModerationCommand.SetControls(by.Id, change));

    private static MeetingDecision SetMedia(GroupScene scene, Person by, MediaState media) => scene.Apply(new MeetingCommand.SetMedia(by.Id, media));

    private static MeetingDecision Post(GroupScene scene, Person by, LogKind kind) => scene.Apply(
        new GroupCommand.PostMessage(by.Id, scene.Group.Generation, scene.Epoch, WireWriter.Text(TestMls.Message(scene.GroupId, scene.Epoch)), kind));

    private static LogKind Logged(MeetingDecision decision) => Assert.Single(decision.Events.OfType<GroupEvent.LogAppended>()).Entry.Kind;

    private static (ParticipantId Id, MediaState Media) Told(MeetingDecision decision)
    {
        var told = Assert.Single(decision.Events.OfType<MeetingEvent.PublishingChanged>());
        return (told.Id, told.Media);
    }

    private static (MediaState Media, MuteCause Muted) Rights(MeetingDecision decision) => (decision.Subject!.Media, decision.Subject.Muted);
}
