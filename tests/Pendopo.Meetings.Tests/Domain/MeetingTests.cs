using System.Text.Json;
using Pendopo.Meetings.Domain;
using Pendopo.Signaling;
using Xunit;

namespace Pendopo.Meetings.Tests.Domain;

public sealed class MeetingTests
{
    [Fact]
    public void A_socket_lost_for_less_than_the_grace_costs_nobody_the_seat()
    {
        var scene = new Scene();
        var sri = scene.Join("founder", media: new MediaState(false, true));
        scene.Join("budi");
        scene.Lose(sri);
        scene.Pass(19.9);
        scene.Apply(new MeetingCommand.Advance());

        Assert.Equal(ConnectionState.Reconnecting, scene.Find(sri.Id)!.ToContract().Connection);
        var back = scene.Resume(sri.Session, sri.Id, "c-new");

        Assert.True(back.Accepted);
        Assert.Equal(sri.Id, back.Subject!.Id);
        Assert.Equal(ParticipantRole.Host, back.Subject.Role);
        Assert.Equal(new MediaState(false, true), back.Subject.Media);
        Assert.Equal(ConnectionState.Connected, back.Subject.ToContract().Connection);
        Assert.Null(scene.Meeting.Deadline);
    }

    [Fact]
    public void Who_is_away_for_the_whole_grace_has_left_and_the_longest_present_takes_over()
    {
        var scene = new Scene();
        var sri = scene.Join("founder");
        var budi = scene.Join("budi");
        scene.Join("citra");
        scene.Lose(sri);
        Assert.Equal(new MeetingDeadline(scene.Now.AddSeconds(20), MeetingDeadlineReason.GraceOver), scene.Meeting.Deadline);

        scene.Pass(20);
        var decision = scene.Apply(new MeetingCommand.Advance());

        Assert.Null(scene.Find(sri.Id));
        Assert.Equal(ParticipantRole.Host, scene.Find(budi.Id)!.Role);
        Assert.Equal(sri.Id, Assert.Single(decision.Events.OfType<MeetingEvent.Departed>()).Participant.Id);
        Assert.Equal(ErrorCode.NotInMeeting, scene.Resume(sri.Session, sri.Id, "c").Error);
    }

    [Fact]
    public void A_late_end_of_an_old_socket_does_not_hurt_who_is_back_by_another()
    {
        var scene = new Scene();
        var sri = scene.Join("founder");
        scene.Resume(sri.Session, sri.Id, "c-new");

        scene.Apply(new MeetingCommand.LoseConnection(sri.Id, "c-founder"));

        Assert.Null(scene.Find(sri.Id)!.LostAt);
    }

    [Fact]
    public void Nobody_takes_up_somebody_elses_place()
    {
        var scene = new Scene();
        var sri = scene.Join("founder");
        scene.Join("budi");
        scene.Lose(sri);

        Assert.Equal(ErrorCode.NotInMeeting, scene.Resume(Scene.SessionOf("budi"), sri.Id, "c").Error);
        Assert.Equal(ErrorCode.NotInMeeting, scene.Resume(Scene.SessionOf("stranger"), sri.Id, "c").Error);
    }

    [Fact]
    public void The_same_session_in_another_window_replaces_its_place_and_keeps_the_role()
    {
        var scene = new Scene();
        var first = scene.Join("founder");
        scene.Join("budi");

        var again = scene.Enter(new Entrance.Link(first.Session), connection: "c-second");

        Assert.Equal(2, scene.State.Participants.Count);
        Assert.Equal(ParticipantRole.Host, again.Subject!.Role);
        Assert.Contains(again.Events, happened => happened == new MeetingEvent.ConnectionClosed("c-founder", EndReason.Replaced));
        Assert.Contains(first.Id.Value, Assert.Single(again.Events.OfType<MeetingEvent.Changed>()).Change.Removed);
    }

    [Fact]
    public void Codecs_are_what_all_decode_and_come_back_when_the_poorest_leaves()
    {
        var scene = new Scene(codecs: [VideoCodec.H264, VideoCodec.Vp8]);
        var first = scene.Join("founder");
        var second = scene.Join("budi");
        Assert.Equal([VideoCodec.H264, VideoCodec.Vp8], scene.State.VideoCodecs);
        Assert.True(scene.State.Red);

        var join = scene.Enter(new Entrance.Link(Scene.SessionOf("firefox")), Scene.Firefox, connection: "c-firefox");

        Assert.Equal([VideoCodec.Vp8], scene.State.VideoCodecs);
        Assert.False(scene.State.Red);
        var told = Assert.Single(join.Events.OfType<MeetingEvent.CodecsChanged>());
        Assert.Equal([first.Id, second.Id], told.Members.Select(member => member.Id));
        Assert.Equal([VideoCodec.Vp8], told.VideoCodecs);
        Assert.Equal([VideoCodec.H264], CodecAgreement.Further(scene.State.CodecOrder, scene.State.VideoCodecs));

        var leave = scene.Apply(new MeetingCommand.Leave(join.Subject!.Id));

        Assert.Equal([VideoCodec.H264, VideoCodec.Vp8], scene.State.VideoCodecs);
        Assert.True(scene.State.Red);
        Assert.Equal([VideoCodec.H264, VideoCodec.Vp8], Assert.Single(leave.Events.OfType<MeetingEvent.CodecsChanged>()).VideoCodecs);
        Assert.Empty(CodecAgreement.Further(scene.State.CodecOrder, scene.State.VideoCodecs));
    }

    [Fact]
    public void A_joiner_without_red_changes_nothing_that_senders_must_negotiate()
    {
        var scene = new Scene(codecs: [VideoCodec.Vp8]);
        scene.Join("founder");

        var join = scene.Enter(new Entrance.Link(Scene.SessionOf("firefox")), Scene.Firefox, connection: "c-firefox");

        Assert.False(scene.State.Red);
        Assert.Empty(join.Events.OfType<MeetingEvent.CodecsChanged>());
    }

    [Fact]
    public void Who_changes_the_codecs_by_an_offer_on_a_living_connection_hears_of_it_too()
    {
        var scene = new Scene(codecs: [VideoCodec.H264, VideoCodec.Vp8]);
        var first = scene.Join("founder");
        var second = scene.Join("budi");

        var change = scene.Apply(new MeetingCommand.ChangeAbilities(second.Id, Scene.Firefox));

        Assert.Equal([first.Id, second.Id], Assert.Single(change.Events.OfType<MeetingEvent.CodecsChanged>()).Members.Select(member => member.Id));
    }

    [Fact]
    public void A_joiner_without_a_common_codec_is_refused_and_changes_nothing()
    {
        var scene = new Scene(codecs: [VideoCodec.H264]);
        scene.Join("founder");
        var before = scene.State;

        Assert.Equal(ErrorCode.NoCommonCodec, scene.Enter(new Entrance.Link(Scene.SessionOf("firefox")), Scene.Firefox).Error);
        Assert.Same(before, scene.State);
    }

    [Fact]
    public void Who_was_away_when_the_codecs_changed_is_told_on_coming_back()
    {
        var scene = new Scene(codecs: [VideoCodec.H264, VideoCodec.Vp8]);
        var sri = scene.Join("founder");
        scene.Lose(sri);
        scene.Join("firefox", Scene.Firefox);

        var back = scene.Resume(sri.Session, sri.Id, "c-new");

        var told = Assert.Single(back.Events.OfType<MeetingEvent.CodecsChanged>());
        Assert.Equal(sri.Id, Assert.Single(told.Members).Id);
        Assert.Equal([VideoCodec.Vp8], told.VideoCodecs);
        Assert.False(back.Subject!.CodecsDue);
    }

    [Fact]
    public void Endpoints_enter_only_with_the_token()
    {
        var publisher = Scene.SessionOf("encoder");
        var broadcast = new Scene();
        Assert.Equal(ErrorCode.MeetingNotFound, broadcast.Enter(new Entrance.Publish(publisher, "view")).Error);
        Assert.Equal(ErrorCode.MeetingNotFound, broadcast.Enter(new Entrance.Publish(publisher, null)).Error);
        Assert.Equal(ErrorCode.MeetingNotFound, broadcast.Enter(new Entrance.View(publisher, "publish")).Error);
        var admitted = broadcast.Enter(new Entrance.Publish(publisher, "publish"));
        Assert.Equal(ParticipantRole.Endpoint, admitted.Subject!.Role);
        Assert.Equal(ErrorCode.None, broadcast.Enter(new Entrance.View(Scene.SessionOf("screen"), "view")).Error);
    }

    [Fact]
    public void A_publisher_that_cannot_be_asked_again_holds_the_meeting_to_its_codec()
    {
        var scene = new Scene();
        scene.Enter(new Entrance.Publish(Scene.SessionOf("encoder"), "publish"));

        Assert.Equal([VideoCodec.Vp8], scene.State.VideoCodecs);
        var h264Only = new MediaAbilities([VideoCodec.H264], true);
        Assert.Equal(ErrorCode.NoCommonCodec, scene.Enter(new Entrance.View(Scene.SessionOf("box"), "view"), h264Only).Error);
    }

    [Fact]
    public void An_endpoint_without_path_is_gone_after_the_grace()
    {
        var scene = new Scene();
        var endpoint = scene.Enter(new Entrance.Publish(Scene.SessionOf("encoder"), "publish")).Subject!;
        scene.Apply(new MeetingCommand.ChangePath(endpoint.Id, Lost: true));
        scene.Pass(10);
        scene.Apply(new MeetingCommand.ChangePath(endpoint.Id, Lost: false));
        Assert.Null(scene.Find(endpoint.Id)!.LostAt);

        scene.Apply(new MeetingCommand.ChangePath(endpoint.Id, Lost: true));
        scene.Pass(20);
        scene.Apply(new MeetingCommand.Advance());
        Assert.Empty(scene.State.Participants);
    }

    [Fact]
    public void Only_a_host_ends_the_meeting_and_it_stays_ended_until_it_is_forgotten()
    {
        var scene = new Scene();
        var sri = scene.Join("founder");
        var budi = scene.Join("budi");
        Assert.Equal(ErrorCode.NotAllowed, scene.Apply(new MeetingCommand.End(budi.Id)).Error);

        var end = scene.Apply(new MeetingCommand.End(sri.Id));

        Assert.Equal(2, end.Events.OfType<MeetingEvent.ConnectionClosed>().Count(closed => closed.Reason == EndReason.EndedByHost));
        Assert.Equal(ErrorCode.MeetingEnded, scene.Enter(new Entrance.Link(sri.Session)).Error);
        scene.Pass(TimeSpan.FromHours(24).TotalSeconds);
        Assert.Equal(ErrorCode.MeetingNotFound, scene.Enter(new Entrance.Link(sri.Session)).Error);
        Assert.Null(scene.Meeting.State);
    }

    [Fact]
    public void An_empty_meeting_keeps_its_link_for_its_lifetime_only()
    {
        var scene = new Scene();
        scene.Apply(new MeetingCommand.Leave(scene.Join("founder").Id));
        scene.Pass(TimeSpan.FromHours(11).TotalSeconds);
        scene.Apply(new MeetingCommand.Leave(scene.Join("founder").Id));
        scene.Pass(TimeSpan.FromHours(12).TotalSeconds);

        Assert.Equal(ErrorCode.MeetingEnded, scene.Enter(new Entrance.Link(Scene.SessionOf("founder"))).Error);
    }

    [Fact]
    public void A_scheduled_meeting_keeps_its_link_until_its_last_occurrence_is_well_over()
    {
        var scene = new Scene();
        var until = scene.Now + TimeSpan.FromDays(60);
        Assert.Equal(ErrorCode.None, scene.Apply(new MeetingCommand.Schedule(new MeetingKeep(until, until - TimeSpan.FromHours(13)))).Error);
        scene.Pass(TimeSpan.FromDays(59).TotalSeconds);
        scene.Apply(new MeetingCommand.Leave(scene.Join("founder").Id));
        // Whoever was in last keeps it for its lifetime, and the schedule for its own.
        scene.Pass(TimeSpan.FromHours(23).TotalSeconds);
        scene.Apply(new MeetingCommand.Leave(scene.Join("founder").Id));
        scene.Pass(TimeSpan.FromHours(11).TotalSeconds);
        scene.Apply(new MeetingCommand.Leave(scene.Join("founder").Id));
        scene.Pass(TimeSpan.FromHours(12).TotalSeconds);
        Assert.Equal(ErrorCode.MeetingEnded, scene.Enter(new Entrance.Link(Scene.SessionOf("founder"))).Error);
        Assert.Equal(ErrorCode.MeetingEnded, scene.Apply(new MeetingCommand.Schedule(null)).Error);
    }

    [Fact]
    public void A_cancelled_meeting_ends_as_others_do()
    {
        var scene = new Scene();
        scene.Apply(new MeetingCommand.Schedule(new MeetingKeep(scene.Now + TimeSpan.FromDays(60), scene.Now + TimeSpan.FromDays(59))));
        scene.Pass(TimeSpan.FromHours(20).TotalSeconds);
        scene.Apply(new MeetingCommand.Schedule(null));
        Assert.Equal(ErrorCode.MeetingEnded, scene.Enter(new Entrance.Link(Scene.SessionOf("founder"))).Error);
        Assert.Equal(ErrorCode.MeetingNotFound, new Meeting(null, MeetingRules.Default).Apply(new MeetingCommand.Schedule(null), scene.Now).Error);
    }

    [Fact]
    public void Ending_an_occurrence_ends_this_sitting_for_all_and_the_last_one_the_meeting()
    {
        var scene = new Scene();
        scene.Apply(new MeetingCommand.Schedule(new MeetingKeep(scene.Now + TimeSpan.FromDays(8), scene.Now + TimeSpan.FromDays(7))));
        var host = scene.Join("founder");
        scene.Join("budi");
        var end = scene.Apply(new MeetingCommand.End(host.Id));
        Assert.Equal(2, end.Events.OfType<MeetingEvent.ConnectionClosed>().Count(closed => closed.Reason == EndReason.EndedByHost));
        Assert.Single(end.Events.OfType<MeetingEvent.Ended>());
        Assert.Empty(scene.State.Participants);

        scene.Pass(TimeSpan.FromDays(7).TotalSeconds);
        host = scene.Join("founder");
        scene.Apply(new MeetingCommand.End(host.Id));
        Assert.Equal(ErrorCode.MeetingEnded, scene.Enter(new Entrance.Link(host.Session)).Error);
    }

    [Fact]
    public void A_full_meeting_refuses_the_next_but_not_the_return_of_a_member()
    {
        var scene = new Scene(rules: MeetingRules.Default with { MaximumParticipants = 2 });
        var sri = scene.Join("founder");
        scene.Join("budi");

        Assert.Equal(ErrorCode.MeetingFull, scene.Enter(new Entrance.Link(Scene.SessionOf("citra"))).Error);
        Assert.Equal(ErrorCode.None, scene.Resume(sri.Session, sri.Id, "c").Error);
        Assert.Equal(ErrorCode.None, scene.Enter(new Entrance.Link(sri.Session)).Error);
    }

    [Fact]
    public void A_restart_of_the_media_plane_starts_everybodys_grace_anew_and_keeps_place_role_and_mute()
    {
        var scene = new Scene();
        scene.Apply(new MeetingCommand.StartMediaRun("first"));
        var sri = scene.Join("founder", media: new MediaState(false, true));
        scene.Enter(new Entrance.Publish(Scene.SessionOf("encoder"), "publish"));
        var stored = JsonSerializer.Serialize(scene.State);

        scene.Pass(3600);
        scene.Meeting = new Meeting(JsonSerializer.Deserialize<MeetingState>(stored), MeetingRules.Default);
        scene.Apply(new MeetingCommand.StartMediaRun("second"));

        var waiting = Assert.Single(scene.State.Participants);
        Assert.Equal(ConnectionState.Reconnecting, waiting.ToContract().Connection);
        Assert.Equal(scene.Now.AddSeconds(20), scene.Meeting.Deadline!.Value.At);
        var back = scene.Resume(sri.Session, sri.Id, "c-new", Scene.Chromium).Subject!;
        Assert.Equal((sri.Id, ParticipantRole.Host, new MediaState(false, true)), (back.Id, back.Role, back.Media));
        Assert.False(back.PathLost);
    }

    [Fact]
    public void Idle_in_the_same_run_loses_nobody()
    {
        var scene = new Scene();
        scene.Apply(new MeetingCommand.StartMediaRun("run"));
        scene.Join("founder");
        var before = scene.State;

        scene.Apply(new MeetingCommand.StartMediaRun("run"));

        Assert.Same(before, scene.State);
    }
}
