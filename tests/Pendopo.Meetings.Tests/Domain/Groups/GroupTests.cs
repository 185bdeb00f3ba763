using System.Text.Json;
using System.Text.Json.Serialization;
using Pendopo.Meetings.Domain;
using Pendopo.Meetings.Domain.Groups;
using Pendopo.Signaling;
using Pendopo.Testing.Groups;
using Xunit;

namespace Pendopo.Meetings.Tests.Domain.Groups;

public sealed class GroupTests
{
    [Fact]
    public void A_moderator_that_dies_during_its_commit_is_replaced_and_its_late_commit_is_stale()
    {
        var scene = new GroupScene().Open();
        var budi = scene.Join("budi", TestProofs.CoHost);
        var citra = scene.Somebody("citra");
        scene.Knock(citra);
        scene.Admit(scene.Host, citra);
        var (work, epoch) = (scene.Work, scene.Epoch);
        var (late, welcome) = scene.Build(scene.Host, work, epoch);
        scene.Lose(scene.Host);
        Assert.Equal(work, scene.Work);

        Assert.Equal(GroupVerdict.Accepted, scene.Commit(budi, work).Group!.Verdict);
        var before = scene.State;
        Assert.Equal((GroupVerdict.Stale, GroupFault.WrongEpoch), Verdict(scene.Post(scene.Host, late, welcome, epoch: epoch)));

        Assert.Same(before, scene.State);
        Assert.Equal([(0, "sri"), (1, "budi"), (2, "citra")], scene.Leaves);
        Assert.Single(scene.ToldTo<GroupEvent.WelcomeGiven>(citra));
    }

    [Fact]
    public void Of_two_commits_of_one_epoch_the_first_wins_and_the_loser_rebases()
    {
        var scene = new GroupScene().Open();
        var budi = scene.Join("budi");
        var epoch = scene.Epoch;
        var (first, _) = scene.Build(budi, [], epoch);
        var (second, _) = scene.Build(scene.Host, [], epoch);

        Assert.Equal(GroupVerdict.Accepted, scene.Post(budi, first, epoch: epoch).Group!.Verdict);
        Assert.Equal(GroupVerdict.Stale, scene.Post(scene.Host, second, epoch: epoch).Group!.Verdict);
        Assert.Equal(GroupVerdict.Accepted, scene.Commit(scene.Host, []).Group!.Verdict);

        Assert.Equal(epoch + 2, scene.Epoch);
        Assert.Equal([1L, 2, 3], scene.Group.Memory.Log.Headers.Select(header => header.Entry));
        Assert.Equal([0, 1, 0], scene.Group.Memory.Log.Headers.Select(header => header.Leaf));
        Assert.Equal([2L, 3], scene.ToldTo<GroupEvent.LogAppended>(budi).Select(told => told.Entry.Entry));
    }

    [Fact]
    public void A_member_that_leaves_is_work_and_the_leaf_goes_with_the_commit()
    {
        var scene = new GroupScene().Open();
        var budi = scene.Join("budi");
        var citra = scene.Join("citra");

        scene.Leave(budi);

        Assert.Null(scene.Find(budi));
        var work = Assert.Single(scene.Work);
        Assert.Equal((WorkKind.Departure, 1), (work.Kind, work.Leaf));
        scene.Commit(citra);
        Assert.Equal([(0, "sri"), (2, "citra")], scene.Leaves);
        Assert.Empty(scene.Work);
        // The next one takes the smallest free leaf.
        scene.Join("dewi");
        Assert.Equal([(0, "sri"), (1, "dewi"), (2, "citra")], scene.Leaves);
    }

    [Fact]
    public void When_everybody_has_left_the_generation_is_over_and_the_next_is_founded_anew()
    {
        var scene = new GroupScene().Open();
        var budi = scene.Join("budi");
        var waiting = scene.Somebody("citra");
        scene.Knock(waiting);
        scene.Message(budi);
        scene.Leave(budi);

        var last = scene.Apply(new MeetingCommand.Leave(scene.Host.Id));

        Assert.Single(last.Events.OfType<GroupEvent.LogDropped>());
        Assert.False(scene.Group.IsLiving);
        Assert.Empty(scene.Group.Memory.Log.Headers);
        Assert.Empty(scene.Group.Tree.Leaves);
        Assert.Equal(waiting.Id, Assert.Single(scene.Group.Memory.Lobby).Id);

        Assert.Equal(KnockState.Waiting, scene.Knock(budi).Group!.Waiting!.State);
        scene.Open();
        Assert.Equal((2, 0L), (scene.Group.Generation, scene.Epoch));
        // What was admitted in the generation before is nothing in this one.
        Assert.Equal(KnockState.Waiting, scene.Knock(budi).Group!.Waiting!.State);
        Assert.Equal(ErrorCode.None, scene.Admit(scene.Host, budi).Error);
        scene.Commit(scene.Host);
        Assert.Equal([(0, "sri"), (1, "budi")], scene.Leaves);
    }

    [Fact]
    public void A_sole_host_that_reloads_founds_anew_and_one_that_is_not_alone_returns()
    {
        var scene = new GroupScene().Open();
        scene.Lose(scene.Host);
        var reloaded = scene.AnotherWindow(scene.Host);

        // The old place would keep the generation for the grace, but nobody could add the new leaf.
        Assert.Equal(KnockState.FoundGroup, scene.Knock(reloaded).Group!.Waiting!.State);
        Assert.Equal(GroupVerdict.Accepted, scene.Found(reloaded).Group!.Verdict);
        Assert.Equal((2, ParticipantRole.Host), (scene.Group.Generation, scene.Find(reloaded)!.Role));

        scene.Host = reloaded;
        scene.Join("budi");
        scene.Lose(reloaded);
        Assert.Equal(KnockState.Returning, scene.Knock(scene.AnotherWindow(reloaded)).Group!.Waiting!.State);
        Assert.Equal(2, scene.Group.Generation);
    }

    [Fact]
    public void A_reloaded_page_comes_back_as_a_new_leaf_without_being_asked_and_replaces_its_old_one()
    {
        var scene = new GroupScene().Open();
        var budi = scene.Join("budi", TestProofs.CoHost);
        scene.ConnectMedia(budi);
        var again = scene.AnotherWindow(budi);

        Assert.Equal(KnockState.Returning, scene.Knock(again).Group!.Waiting!.State);
        var work = Assert.Single(scene.Work);
        Assert.Equal((WorkKind.Return, 1), (work.Kind, work.Leaf));
        scene.Told.Clear();
        Assert.Equal(GroupVerdict.Accepted, scene.Commit(scene.Host).Group!.Verdict);

        Assert.Equal(EndReason.Replaced, Assert.Single(scene.ToldTo<MeetingEvent.ConnectionClosed>(budi)).Reason);
        Assert.Null(scene.Find(budi));
        Assert.Equal((1, ParticipantRole.CoHost, false), (scene.Find(again)!.Leaf, scene.Find(again)!.Role, scene.Find(again)!.HasMedia));
        Assert.Single(scene.ToldTo<GroupEvent.WelcomeGiven>(again));
    }

    [Fact]
    public void A_member_that_knocks_on_its_own_connection_gives_the_old_place_up_for_the_new()
    {
        var scene = new GroupScene().Open();
        var budi = scene.Join("budi");
        var old = budi.Id;

        Assert.Equal(KnockState.Returning, scene.Knock(budi).Group!.Waiting!.State);
        Assert.NotEqual(old, budi.Id);
        Assert.Null(scene.State.Participants.Single(participant => participant.Id == old).ConnectionId);
        scene.Commit(scene.Host);

        Assert.DoesNotContain(scene.State.Participants, participant => participant.Id == old);
        Assert.Equal(1, scene.Find(budi)!.Leaf);
    }

    [Fact]
    public void Who_is_gone_and_comes_back_within_the_generation_returns_also_after_the_leaf_has_gone()
    {
        var scene = new GroupScene().Open();
        var budi = scene.Join("budi");
        scene.Leave(budi);
        scene.Commit(scene.Host);

        Assert.Equal(KnockState.Returning, scene.Knock(budi).Group!.Waiting!.State);
        Assert.Equal((WorkKind.Return, null), (Assert.Single(scene.Work).Kind, Assert.Single(scene.Work).Leaf));
        Assert.Equal(GroupVerdict.Accepted, scene.Commit(scene.Host).Group!.Verdict);

        // A session is not enough: another device of the same browser session has to ask.
        var other = new Person(TestDevice.Of("other")) { Session = budi.Session, Connection = "c-other" };
        Assert.Equal(KnockState.Waiting, scene.Knock(other).Group!.Waiting!.State);
        // Nor is a device: whoever names it needs its session.
        var thief = new Person(budi.Device) { Session = SessionKey.Of("thief"), Connection = "c-thief" };
        Assert.Equal(KnockState.Waiting, scene.Knock(thief).Group!.Waiting!.State);
    }

    [Fact]
    public void A_leaf_that_departed_and_returns_is_work_once_whoever_commits_which()
    {
        var scene = new GroupScene().Open();
        var budi = scene.Join("budi");
        scene.Leave(budi);
        var departure = Assert.Single(scene.Work);
        scene.Knock(budi);
        var back = Assert.Single(scene.Work);
        Assert.Equal((WorkKind.Return, 1), (back.Kind, back.Leaf));

        // A committer that took the departure before is right as well; the return then has no leaf to replace.
        Assert.Equal(GroupVerdict.Accepted, scene.Commit(scene.Host, [departure]).Group!.Verdict);
        var rest = Assert.Single(scene.Work);
        Assert.Equal((WorkKind.Return, null), (rest.Kind, rest.Leaf));
        Assert.NotEqual(back.Id, rest.Id);
        Assert.Equal(GroupVerdict.Accepted, scene.Commit(scene.Host).Group!.Verdict);
        Assert.Equal([(0, "sri"), (1, "budi")], scene.Leaves);
    }

    [Fact]
    public void Messages_are_taken_of_the_current_and_three_epochs_before()
    {
        var scene = new GroupScene().Open();
        var budi = scene.Join("budi");
        for (var commit = 0; commit < 4; commit++) scene.Commit(scene.Host, []);
        Assert.Equal(5, scene.Epoch);

        Assert.Equal((GroupVerdict.Accepted, GroupFault.None), Verdict(scene.Message(budi)));
        Assert.Equal((GroupVerdict.Accepted, GroupFault.None), Verdict(scene.Message(budi, epoch: 2)));
        Assert.Equal((GroupVerdict.Stale, GroupFault.WrongEpoch), Verdict(scene.Message(budi, epoch: 1)));
        Assert.Equal((GroupVerdict.Refused, GroupFault.WrongEpoch), Verdict(scene.Message(budi, epoch: 6)));
        Assert.Equal((GroupVerdict.Refused, GroupFault.Malformed), Post(TestMls.Message(scene.GroupId, 5, contentType: 3)));
        Assert.Equal((GroupVerdict.Refused, GroupFault.Malformed), Post(TestMls.Message(scene.GroupId, 5, data: [1])));
        Assert.Equal((GroupVerdict.Refused, GroupFault.Malformed), Post(scene.Build(budi, [], 5).Commit));
        Assert.Equal((GroupVerdict.Refused, GroupFault.TooLarge), Post(TestMls.Message(scene.GroupId, 5, length: SignalingContract.GroupMessageMaximum)));
        Assert.Equal((GroupVerdict.Refused, GroupFault.WrongGroup), Post(TestMls.Message(scene.Statement.GroupId(2), 5)));
        Assert.Equal([5L, 2], scene.Group.Memory.Log.Headers.Where(header => header.Kind == LogKind.Message).Select(header => header.Epoch));

        (GroupVerdict, GroupFault) Post(byte[] message) => Verdict(scene.Apply(new GroupCommand.PostMessage(budi.Id, 1, 5, WireWriter.Text(message))));
    }

    [Fact]
    public void Receivers_are_the_peers_of_members_and_everybody_hears_of_them()
    {
        var scene = new GroupScene().Open();
        var budi = scene.Join("budi");
        scene.ConnectMedia(scene.Host);
        scene.ConnectMedia(budi);
        scene.Apply(new MeetingCommand.FailMedia(budi.Id));
        scene.ConnectMedia(budi);
        scene.Leave(budi);
        Assert.Equal([1, 2, 1, 2, 1], scene.ToldTo<GroupEvent.ReceiversChanged>(scene.Host).Select(told => told.Receivers));
    }

    [Fact]
    public void Only_the_host_ends_the_meeting_and_the_waiting_hear_of_it_too()
    {
        var scene = new GroupScene().Open();
        var coHost = scene.Join("budi", TestProofs.CoHost);
        var waiting = scene.Somebody("citra");
        scene.Knock(waiting);
        Assert.Equal(ErrorCode.NotAllowed, scene.Apply(new MeetingCommand.End(coHost.Id)).Error);
        scene.Apply(new MeetingCommand.End(scene.Host.Id));

        Assert.Equal(EndReason.EndedByHost, Assert.Single(scene.ToldTo<MeetingEvent.ConnectionClosed>(waiting)).Reason);
        Assert.Equal(ErrorCode.MeetingEnded, scene.Knock(waiting).Error);
        Assert.False(scene.Group.IsLiving);
    }

    [Fact]
    public void A_restart_keeps_the_group_and_forgets_the_lobby()
    {
        var scene = new GroupScene().Open();
        var budi = scene.Join("budi");
        scene.Apply(new MeetingCommand.StartMediaRun("first"));
        scene.ConnectMedia(budi);
        scene.Knock(scene.Somebody("citra"));
        scene.OfferRecord(scene.Host, TestProofs.Recording(true));
        scene.Remove(scene.Host, budi);
        var log = scene.Group.Memory.Log;
        var options = new JsonSerializerOptions { Converters = { new JsonStringEnumConverter() } };
        var stored = JsonSerializer.Serialize(scene.State, options);
        Assert.DoesNotContain("citra", stored, StringComparison.Ordinal);

        var state = JsonSerializer.Deserialize<MeetingState>(stored, options)!;
        scene.Meeting = new Meeting(state with { Group = state.Group! with { Memory = GroupMemory.Empty with { Log = log } } }, scene.Rules);
        scene.Apply(new MeetingCommand.StartMediaRun("second"));

        Assert.Equal([WorkKind.Record, WorkKind.Removal], scene.Work.Select(work => work.Kind));
        Assert.Equal((1L, 1L, 0), (scene.Epoch, scene.Group.Memory.Log.Last, scene.State.Receivers));
        Assert.Empty(scene.Group.Memory.Lobby);
        Assert.True(scene.Resume(scene.Host, "c-new", Scene.Chromium).Accepted);
        Assert.Equal(2, Assert.Single(scene.Told.Where(told => told.Connection == "c-new").Select(told => told.Event).OfType<GroupEvent.WorkOffered>()).Work.Count);
        Assert.Equal(GroupVerdict.Accepted, scene.Commit(scene.Host).Group!.Verdict);
        Assert.Equal((2L, 2L), (scene.Epoch, scene.Group.Memory.Log.Last));
    }

    [Fact]
    public void Who_lost_the_socket_when_the_commit_came_gets_the_welcome_on_coming_back()
    {
        var scene = new GroupScene().Open();
        var budi = scene.Somebody("budi");
        scene.Knock(budi);
        scene.Admit(scene.Host, budi);
        scene.Lose(budi);
        scene.Commit(scene.Host);
        Assert.Empty(scene.ToldTo<GroupEvent.WelcomeGiven>(budi));
        Assert.Equal(ConnectionState.Reconnecting, scene.Find(budi)!.ToContract().Connection);

        scene.Resume(budi);

        Assert.Equal(1, Assert.Single(scene.ToldTo<GroupEvent.WelcomeGiven>(budi)).Welcome.Leaf);
    }

    private static (GroupVerdict, GroupFault) Verdict(MeetingDecision decision) => (decision.Group!.Verdict, decision.Group.Fault);
}
