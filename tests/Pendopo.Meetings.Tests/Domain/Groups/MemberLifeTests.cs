using System.Text.Json;
using System.Text.Json.Serialization;
using Pendopo.Meetings.Domain;
using Pendopo.Signaling;
using Pendopo.Testing.Groups;
using Xunit;

namespace Pendopo.Meetings.Tests.Domain.Groups;

/// <summary>What <see cref="MeetingTests"/> has for broadcasts, for members of a group: places, codecs, ends and restarts.</summary>
public sealed class MemberLifeTests
{
    [Fact]
    public void A_socket_lost_for_less_than_the_grace_costs_no_member_leaf_rank_or_mute()
    {
        var scene = new GroupScene().Open();
        var budi = scene.Join("budi", TestProofs.CoHost);
        scene.ConnectMedia(budi, media: new MediaState(false, true));
        scene.Lose(budi);
        Assert.Equal(ConnectionState.Reconnecting, Assert.Single(scene.Changes[^1].Upserted).Connection);
        scene.Pass(19.9);
        scene.Apply(new MeetingCommand.Advance());
        Assert.Empty(scene.Work);

        var back = scene.Resume(budi, "c-new");

        Assert.Equal((budi.Id, 1, ParticipantRole.CoHost, new MediaState(false, true)), (back.Subject!.Id, back.Subject.Leaf, back.Subject.Role, back.Subject.Media));
        Assert.Equal(ConnectionState.Connected, Assert.Single(scene.Changes[^1].Upserted).Connection);
        scene.Pass(60);
        scene.Apply(new MeetingCommand.Advance());
        Assert.NotNull(scene.Find(budi));
    }

    [Fact]
    public void Who_is_away_for_the_whole_grace_is_out_of_the_roster_and_the_leaf_is_work()
    {
        var scene = new GroupScene().Open();
        var budi = scene.Join("budi");
        scene.ConnectMedia(budi);
        scene.Lose(budi);
        Assert.Equal(new MeetingDeadline(scene.Now.AddSeconds(20), MeetingDeadlineReason.GraceOver), scene.Meeting.Deadline);

        scene.Pass(20);
        var decision = scene.Apply(new MeetingCommand.Advance());

        Assert.Equal(budi.Id, Assert.Single(decision.Events.OfType<MeetingEvent.Departed>()).Participant.Id);
        Assert.Equal(budi.Id.Value, Assert.Single(scene.Changes[^1].Removed));
        Assert.Equal((WorkKind.Departure, 1), (Assert.Single(scene.Work).Kind, Assert.Single(scene.Work).Leaf));
        Assert.Equal(ErrorCode.NotInMeeting, scene.Resume(budi, "c", Scene.Chromium).Error);
        Assert.Equal(0, scene.State.Receivers);
    }

    [Fact]
    public void A_late_end_of_an_old_socket_does_not_hurt_a_member_that_is_back_by_another()
    {
        var scene = new GroupScene().Open();
        var budi = scene.Join("budi");
        scene.Resume(budi, "c-new");
        Assert.Equal(EndReason.Replaced, Assert.Single(scene.ToldTo<MeetingEvent.ConnectionClosed>(budi)).Reason);

        scene.Lose(budi);

        Assert.Null(scene.Find(budi)!.LostAt);
    }

    [Fact]
    public void Nobody_takes_up_a_members_place_and_no_moderator_either()
    {
        var scene = new GroupScene().Open();
        var budi = scene.Join("budi");
        var waiting = scene.Somebody("citra");
        scene.Knock(waiting);
        scene.Lose(budi);

        foreach (var thief in new[] { scene.Host.Session, waiting.Session, SessionKey.Of("stranger") })
        {
            Assert.Equal(ErrorCode.NotInMeeting, scene.Resume(budi, "c-thief", Scene.Chromium, thief).Error);
        }

        Assert.NotNull(scene.Find(budi)!.LostAt);
    }

    [Fact]
    public void Codecs_are_what_all_members_with_media_decode_and_come_back_when_the_poorest_leaves()
    {
        var scene = new GroupScene(codecs: [VideoCodec.H264, VideoCodec.Vp8]).Open();
        var (budi, citra) = (scene.Join("budi"), scene.Join("citra"));
        scene.ConnectMedia(scene.Host);
        scene.ConnectMedia(budi);
        Assert.Equal((true, "H264 Vp8"), (scene.State.Red, string.Join(' ', scene.State.VideoCodecs)));
        scene.Told.Clear();

        scene.ConnectMedia(citra, Scene.Firefox);

        Assert.Equal((false, "Vp8"), (scene.State.Red, string.Join(' ', scene.State.VideoCodecs)));
        Assert.Equal([VideoCodec.Vp8], scene.Changes[^1].VideoCodecs);
        Assert.Single(scene.ToldTo<MeetingEvent.CodecsChanged>(scene.Host));
        Assert.Single(scene.ToldTo<MeetingEvent.CodecsChanged>(budi));
        Assert.Empty(scene.ToldTo<MeetingEvent.CodecsChanged>(citra));

        scene.Leave(citra);

        Assert.Equal((true, "H264 Vp8"), (scene.State.Red, string.Join(' ', scene.State.VideoCodecs)));
        Assert.Equal(2, scene.ToldTo<MeetingEvent.CodecsChanged>(budi).Count());
    }

    [Fact]
    public void A_member_without_a_common_codec_has_no_media_and_changes_nothing()
    {
        var scene = new GroupScene(codecs: [VideoCodec.H264]).Open();
        var budi = scene.Join("budi");
        scene.ConnectMedia(scene.Host);
        var before = scene.State;

        Assert.Equal(ErrorCode.NoCommonCodec, scene.ConnectMedia(budi, Scene.Firefox).Error);
        Assert.Equal(ErrorCode.NoCommonCodec, scene.Resume(budi, abilities: Scene.Firefox).Error);

        Assert.Same(before, scene.State);
        Assert.Equal(1, scene.State.Receivers);
    }

    [Fact]
    public void A_member_that_was_away_when_the_codecs_changed_is_told_on_coming_back()
    {
        var scene = new GroupScene(codecs: [VideoCodec.H264, VideoCodec.Vp8]).Open();
        var (budi, citra) = (scene.Join("budi"), scene.Join("citra"));
        scene.ConnectMedia(budi);
        scene.Lose(budi);
        scene.ConnectMedia(citra, Scene.Firefox);

        var back = scene.Resume(budi, "c-new");

        Assert.Equal(budi.Id, Assert.Single(Assert.Single(back.Events.OfType<MeetingEvent.CodecsChanged>()).Members).Id);
        Assert.False(back.Subject!.CodecsDue);
    }

    [Fact]
    public void A_mute_is_told_to_members_and_enforced()
    {
        var scene = new GroupScene().Open();
        var budi = scene.Join("budi");
        scene.ConnectMedia(budi);

        var muted = scene.Apply(new MeetingCommand.SetMedia(budi.Id, new MediaState(false, true)));

        Assert.Equal(new MediaState(false, true), Assert.Single(muted.Events.OfType<MeetingEvent.PublishingChanged>()).Media);
        Assert.Equal(new MediaState(false, true), Assert.Single(scene.Changes[^1].Upserted).Media);
        Assert.NotEmpty(scene.ToldTo<MeetingEvent.Changed>(scene.Host));
    }

    [Fact]
    public void An_ended_meeting_stays_ended_until_it_is_forgotten()
    {
        var scene = new GroupScene().Open();
        var budi = scene.Join("budi");
        var end = scene.Apply(new MeetingCommand.End(scene.Host.Id));

        Assert.Equal(2, end.Events.OfType<MeetingEvent.ConnectionClosed>().Count(closed => closed.Reason == EndReason.EndedByHost));
        Assert.Equal(2, end.Events.OfType<MeetingEvent.Departed>().Count());
        Assert.Equal(ErrorCode.MeetingEnded, scene.Knock(scene.Host).Error);
        Assert.Equal(ErrorCode.MeetingEnded, scene.Resume(budi).Error);
        scene.Pass(TimeSpan.FromHours(24).TotalSeconds);
        Assert.Equal(ErrorCode.MeetingNotFound, scene.Apply(new MeetingCommand.Resume(budi.Session, budi.Id, "c", null, MeetingKind.Encrypted)).Error);
        Assert.Null(scene.Meeting.State);
    }

    [Fact]
    public void An_empty_meeting_keeps_its_link_for_its_lifetime_only()
    {
        var scene = new GroupScene().Open();
        scene.Leave(scene.Host);
        scene.Pass(TimeSpan.FromHours(11).TotalSeconds);
        scene.Open().Leave(scene.Host);
        scene.Pass(TimeSpan.FromHours(12).TotalSeconds);

        Assert.Equal(ErrorCode.MeetingEnded, scene.Knock(scene.Host).Error);
    }

    [Fact]
    public void A_restart_of_the_media_plane_starts_the_members_grace_anew_and_keeps_place_rank_and_mute()
    {
        var scene = new GroupScene();
        scene.Apply(new MeetingCommand.StartMediaRun("first"));
        var budi = scene.Open().Join("budi", TestProofs.CoHost);
        scene.ConnectMedia(budi, media: new MediaState(false, true));
        var options = new JsonSerializerOptions { Converters = { new JsonStringEnumConverter() } };
        var stored = JsonSerializer.Serialize(scene.State, options);

        scene.Pass(3600);
        scene.Meeting = new Meeting(JsonSerializer.Deserialize<MeetingState>(stored, options), MeetingRules.Default);
        scene.Apply(new MeetingCommand.StartMediaRun("second"));

        Assert.Equal([ConnectionState.Reconnecting, ConnectionState.Reconnecting], scene.State.Participants.Select(participant => participant.ToContract().Connection));
        Assert.Equal((0, scene.Now.AddSeconds(20)), (scene.State.Receivers, scene.Meeting.Deadline!.Value.At));
        var back = scene.Resume(budi, "c-new", Scene.Chromium).Subject!;
        Assert.Equal((budi.Id, ParticipantRole.CoHost, new MediaState(false, true), false), (back.Id, back.Role, back.Media, back.PathLost));
        Assert.Equal(1, scene.State.Receivers);
        var before = scene.State;
        scene.Apply(new MeetingCommand.StartMediaRun("second"));
        Assert.Same(before, scene.State);
    }
}
