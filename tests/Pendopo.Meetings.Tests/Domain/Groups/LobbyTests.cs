using Pendopo.Meetings.Domain;
using Pendopo.Meetings.Domain.Groups;
using Pendopo.Signaling;
using Pendopo.Testing.Groups;
using Xunit;

namespace Pendopo.Meetings.Tests.Domain.Groups;

public sealed class LobbyTests
{
    [Fact]
    public void The_founder_founds_and_a_guest_is_admitted_committed_and_welcomed()
    {
        var scene = new GroupScene().Open();
        Assert.Equal((ParticipantRole.Host, 0), (scene.Find(scene.Host)!.Role, scene.Find(scene.Host)!.Leaf));
        var budi = scene.Somebody("budi");

        Assert.Equal(KnockState.Waiting, scene.Knock(budi).Group!.Waiting!.State);
        var knock = Assert.Single(scene.ToldTo<GroupEvent.Knocked>(scene.Host)).Knock;
        Assert.Equal((budi.Id.Value, "budi", budi.KeyPackage.Text), (knock.ParticipantId, knock.DisplayName, knock.KeyPackage));

        Assert.Equal(ErrorCode.None, scene.Admit(scene.Host, budi).Error);
        Assert.Equal(KnockState.Admitted, Assert.Single(scene.ToldTo<GroupEvent.KnockChanged>(budi)).State);
        Assert.Equal(budi.Id, Assert.Single(scene.ToldTo<GroupEvent.KnockGone>(scene.Host)).Participant);
        var work = Assert.Single(scene.Work);
        Assert.Equal((WorkKind.Admission, budi.KeyPackage.Text), (work.Kind, work.KeyPackage));
        Assert.Equal(work.Id, Assert.Single(scene.ToldTo<GroupEvent.WorkOffered>(scene.Host).Last().Work).Id);

        var commit = scene.Commit(scene.Host);
        Assert.Equal((GroupVerdict.Accepted, 1L), (commit.Group!.Verdict, commit.Group.Entry));
        Assert.Equal([(0, "sri"), (1, "budi")], scene.Leaves);
        var welcome = Assert.Single(scene.ToldTo<GroupEvent.WelcomeGiven>(budi)).Welcome;
        Assert.Equal((1, 1L, 1L, 1), (welcome.Generation, welcome.Epoch, welcome.Entry, welcome.Leaf));
        Assert.Equal(work.Id, Assert.Single(Assert.Single(scene.ToldTo<GroupEvent.WorkWithdrawn>(scene.Host)).WorkIds));
        Assert.Equal(1, Assert.Single(scene.ToldTo<GroupEvent.LogAppended>(scene.Host)).Entry.Entry);
        // The log begins for the new member behind the commit that added it.
        Assert.Empty(scene.ToldTo<GroupEvent.LogAppended>(budi));
        Assert.Equal(ParticipantRole.Participant, scene.Find(budi)!.Role);
    }

    [Fact]
    public void Who_waits_gets_nothing_but_the_own_state()
    {
        var scene = new GroupScene().Open();
        var citra = scene.Somebody("citra");
        scene.Knock(citra);
        var budi = scene.Join("budi", TestProofs.CoHost);
        scene.ConnectMedia(budi);
        scene.Message(scene.Host);
        scene.OfferRecord(scene.Host, TestProofs.Recording(true));
        scene.Commit(budi);
        scene.Remove(scene.Host, budi);
        scene.Commit(scene.Host);

        Assert.DoesNotContain(scene.Told, told => told.Connection == citra.Connection);
        Assert.DoesNotContain(scene.State.Participants, participant => participant.Id == citra.Id);
        foreach (var refused in new[]
        {
            scene.ConnectMedia(citra), scene.Message(citra), scene.Commit(citra), scene.Report(citra, 1), scene.Refuse(citra, "w1"), scene.Admit(citra, citra),
        })
        {
            Assert.Equal(ErrorCode.NotMember, refused.Error);
        }

        scene.Apply(new GroupCommand.Deny(scene.Host.Id, citra.Id));
        Assert.Equal(KnockState.Denied, Assert.IsType<GroupEvent.KnockEnded>(Assert.Single(scene.Told, told => told.Connection == citra.Connection).Event).State);
        Assert.Equal(ErrorCode.NotInMeeting, scene.Message(citra).Error);
    }

    [Fact]
    public void Two_moderators_admit_at_once_and_one_ticket_is_used()
    {
        var scene = new GroupScene().Open();
        var budi = scene.Join("budi", TestProofs.CoHost);
        var citra = scene.Somebody("citra");
        scene.Knock(citra);

        var first = scene.TicketFor(scene.Host, citra);
        Assert.Equal(ErrorCode.None, scene.Apply(new GroupCommand.Admit(scene.Host.Id, citra.Id, WireWriter.Text(first))).Error);
        Assert.Equal(ErrorCode.None, scene.Admit(budi, citra).Error);

        Assert.Equal(WireWriter.Text(first), Assert.Single(scene.Work).Proof);
        Assert.Equal(GroupVerdict.Accepted, scene.Commit(budi).Group!.Verdict);
        Assert.Equal([(0, "sri"), (1, "budi"), (2, "citra")], scene.Leaves);
        Assert.Equal(ErrorCode.InvalidRequest, scene.Admit(scene.Host, citra).Error);
    }

    [Fact]
    public void A_generation_founded_by_two_at_once_has_one_founder()
    {
        var coHost = TestDevice.Of("budi");
        var scene = new GroupScene(new TestStatement(TestDevice.Of("sri"), coHost));
        var budi = new Person(coHost);
        Assert.Equal(KnockState.FoundGroup, scene.Knock(scene.Host).Group!.Waiting!.State);
        Assert.Equal(KnockState.FoundGroup, scene.Knock(budi).Group!.Waiting!.State);

        Assert.Equal(GroupVerdict.Accepted, scene.Found(budi).Group!.Verdict);
        var late = scene.Apply(new GroupCommand.FoundGroup(scene.Host.Id, 0, WireWriter.Text(scene.Statement.GroupId(1)), scene.Host.KeyPackage.Text));

        Assert.Equal((ErrorCode.None, GroupVerdict.Stale), (late.Error, late.Group!.Verdict));
        Assert.Equal(KnockState.Waiting, Assert.Single(scene.ToldTo<GroupEvent.KnockChanged>(scene.Host)).State);
        Assert.Equal(ParticipantRole.CoHost, scene.Find(budi)!.Role);

        // The founder needs nobody's leave: a founding ticket is work at once.
        scene.Renew(scene.Host);
        var back = scene.Knock(scene.Host, scene.FoundingTicket(scene.Host, TestProofs.Host), renew: false);
        Assert.Equal(KnockState.Returning, back.Group!.Waiting!.State);
        Assert.Equal(WorkKind.Admission, Assert.Single(scene.Work).Kind);
        scene.Commit(budi);
        Assert.Equal(ParticipantRole.Host, scene.Find(scene.Host)!.Role);
    }

    [Fact]
    public void Only_those_of_the_statement_found_and_only_the_next_generation_of_this_meeting()
    {
        var scene = new GroupScene();
        var budi = scene.Somebody("budi");
        Assert.Equal(KnockState.Waiting, scene.Knock(budi).Group!.Waiting!.State);
        Assert.Equal(ErrorCode.NotAllowed, scene.Found(budi).Error);
        scene.Knock(scene.Host);
        foreach (var group in new[] { scene.Statement.GroupId(2), scene.Statement.GroupId(0), new TestStatement(scene.Statement.Founder).GroupId(1) })
        {
            Assert.Equal(ErrorCode.InvalidRequest, scene.Apply(new GroupCommand.FoundGroup(scene.Host.Id, 0, WireWriter.Text(group), scene.Host.KeyPackage.Text)).Error);
        }

        var foreign = budi.Device.KeyPackage(scene.Statement.Hash, 7).Text;
        Assert.Equal(ErrorCode.InvalidRequest, scene.Apply(new GroupCommand.FoundGroup(scene.Host.Id, 0, WireWriter.Text(scene.Statement.GroupId(1)), foreign)).Error);
        Assert.False(scene.Group.IsLiving);
        Assert.Equal(ErrorCode.NotInMeeting, scene.Apply(new GroupCommand.FoundGroup(new ParticipantId("nobody"), 0, "", "")).Error);
    }

    [Fact]
    public void A_ticket_that_expires_lets_nobody_in_and_the_moderators_are_asked_again()
    {
        var scene = new GroupScene().Open();
        var budi = scene.Somebody("budi");
        scene.Knock(budi);
        scene.Admit(scene.Host, budi);
        var work = scene.Work;
        Assert.Equal(MeetingDeadlineReason.GroupTimeOver, scene.Meeting.Deadline!.Value.Reason);
        scene.Pass(119);
        Assert.Single(scene.Work);

        scene.Pass(1);
        scene.Apply(new MeetingCommand.Advance());

        Assert.Empty(scene.Work);
        Assert.Equal([KnockState.Admitted, KnockState.Waiting], scene.ToldTo<GroupEvent.KnockChanged>(budi).Select(told => told.State));
        Assert.Equal(2, scene.ToldTo<GroupEvent.Knocked>(scene.Host).Count());
        Assert.Equal(GroupFault.AddNotAdmitted, scene.Commit(scene.Host, work).Group!.Fault);
    }

    [Fact]
    public void A_moderators_ticket_is_for_this_key_package_leaf_epoch_and_time_and_gives_no_higher_rank()
    {
        var scene = new GroupScene().Open();
        var coHost = scene.Join("budi", TestProofs.CoHost);
        var member = scene.Join("citra");
        var waiting = scene.Somebody("dewi");
        scene.Knock(waiting);
        var (good, later) = (scene.TicketFor(scene.Host, waiting), scene.Milliseconds + 120_000);
        var other = waiting.Device.KeyPackage(scene.Statement.Hash, 99);

        Assert.Equal(ErrorCode.NotAllowed, scene.Admit(member, waiting).Error);
        Assert.Equal(ErrorCode.NotAllowed, scene.Admit(scene.Host, waiting, TestProofs.Host).Error);
        Assert.Equal(ErrorCode.NotAllowed, scene.Admit(coHost, waiting, TestProofs.CoHost).Error);
        // Somebody else's ticket: the session's leaf decides, not the field.
        Assert.Equal(ErrorCode.InvalidRequest, Admit(coHost, good));
        Assert.Equal(ErrorCode.InvalidRequest, Admit(scene.Host, TestProofs.Ticket(scene.GroupId, 1, 0, scene.Epoch, other, 3, later)));
        Assert.Equal(ErrorCode.InvalidRequest, Admit(scene.Host, TestProofs.Ticket(scene.Statement.GroupId(2), 1, 0, scene.Epoch, waiting.KeyPackage, 3, later)));
        Assert.Equal(ErrorCode.InvalidRequest, Admit(scene.Host, TestProofs.Ticket(scene.GroupId, 1, 0, scene.Epoch + 1, waiting.KeyPackage, 3, later)));
        Assert.Equal(ErrorCode.InvalidRequest, Admit(scene.Host, TestProofs.Ticket(scene.GroupId, 2, 0, 0, waiting.KeyPackage, 3, later)));
        Assert.Equal(ErrorCode.InvalidRequest, Admit(scene.Host, TestProofs.Ticket(scene.GroupId, 1, 0, scene.Epoch, waiting.KeyPackage, 3, scene.Milliseconds)));
        Assert.Equal(ErrorCode.InvalidRequest, Admit(scene.Host, TestProofs.Ticket(scene.GroupId, 1, 0, scene.Epoch, waiting.KeyPackage, 3, scene.Milliseconds + 200_000)));
        Assert.Equal(ErrorCode.InvalidRequest, Admit(scene.Host, TestProofs.Ticket(scene.GroupId, 1, 0, scene.Epoch, waiting.KeyPackage, 3, (1L << 53) - 1)));
        Assert.Equal(ErrorCode.InvalidRequest, Admit(scene.Host, [.. good, 0]));
        Assert.Empty(scene.Work);
        Assert.Equal(ErrorCode.None, Admit(scene.Host, good));

        ErrorCode Admit(Person moderator, byte[] ticket) => scene.Apply(new GroupCommand.Admit(moderator.Id, waiting.Id, WireWriter.Text(ticket))).Error;
    }

    [Fact]
    public void A_knock_with_a_new_key_package_replaces_the_old_and_voids_its_ticket()
    {
        var scene = new GroupScene().Open();
        var budi = scene.Somebody("budi");
        scene.Knock(budi);
        var since = scene.Group.Memory.Lobby[0].Since;
        scene.Admit(scene.Host, budi);
        scene.Pass(5);
        var id = budi.Id;

        Assert.Equal(KnockState.Waiting, scene.Knock(budi).Group!.Waiting!.State);

        Assert.Equal((id, since), (budi.Id, Assert.Single(scene.Group.Memory.Lobby).Since));
        Assert.Empty(scene.Work);
        Assert.Equal(budi.KeyPackage.Text, scene.ToldTo<GroupEvent.Knocked>(scene.Host).Last().Knock.KeyPackage);
    }

    [Fact]
    public void One_session_waits_once_and_its_last_window_holds_the_place()
    {
        var scene = new GroupScene().Open();
        var budi = scene.Somebody("budi");
        scene.Knock(budi);
        var again = scene.AnotherWindow(budi);

        scene.Knock(again);

        Assert.Equal(new MeetingEvent.ConnectionClosed(budi.Connection, EndReason.Replaced), Assert.Single(scene.ToldTo<MeetingEvent.ConnectionClosed>(budi)));
        Assert.Equal(again.Id, Assert.Single(scene.Group.Memory.Lobby).Id);
        Assert.NotEqual(budi.Id, again.Id);
    }

    [Fact]
    public void A_lost_socket_keeps_the_place_in_the_lobby_for_the_grace_and_for_its_session_only()
    {
        var scene = new GroupScene().Open();
        var budi = scene.Somebody("budi");
        scene.Knock(budi);
        scene.Lose(budi);
        scene.Pass(19);
        Assert.Equal(ErrorCode.NotInMeeting, scene.Resume(budi, "c-thief", session: scene.Host.Session).Error);

        var back = scene.Resume(budi, "c-new");
        Assert.Equal((ErrorCode.None, KnockState.Waiting), (back.Error, back.Group!.Waiting!.State));
        Assert.Null(back.Subject);

        scene.Apply(new MeetingCommand.LoseConnection(budi.Id, "c-new"));
        scene.Pass(20);
        scene.Apply(new MeetingCommand.Advance());
        Assert.Empty(scene.Group.Memory.Lobby);
        Assert.Equal(budi.Id, Assert.Single(scene.ToldTo<GroupEvent.KnockGone>(scene.Host)).Participant);
    }

    [Fact]
    public void Nobody_waits_longer_than_half_a_day_without_knocking_again()
    {
        var scene = new GroupScene(rules: MeetingRules.Default with { EmptyLifetime = TimeSpan.FromDays(2) }).Open();
        var budi = scene.Somebody("budi");
        scene.Knock(budi);
        scene.Pass(6 * 3600);
        scene.Knock(budi);
        scene.Pass((12 * 3600) - 1);
        scene.Apply(new MeetingCommand.Advance());
        Assert.Single(scene.Group.Memory.Lobby);

        scene.Pass(1);
        scene.Apply(new MeetingCommand.Advance());

        Assert.Empty(scene.Group.Memory.Lobby);
        Assert.Equal(KnockState.Expired, Assert.Single(scene.ToldTo<GroupEvent.KnockEnded>(budi)).State);
    }

    [Fact]
    public void What_is_brought_to_the_door_is_of_this_meeting_suite_and_person()
    {
        var scene = new GroupScene(new TestStatement(TestDevice.Of("sri")) { Rules = 0 }).Open();
        var account = scene.Somebody("dewi", hasAccount: true);
        var keyPackage = scene.Renew(account);
        var id = WireWriter.Text(account.Device.Account);

        Assert.Equal(ErrorCode.NotSignedIn, Knock(keyPackage.Text, null));
        Assert.Equal(ErrorCode.NotSignedIn, Knock(keyPackage.Text, WireWriter.Text(new byte[16])));
        Assert.Equal(ErrorCode.NotAllowed, scene.Knock(scene.Somebody("guest")).Error);
        Assert.Equal(ErrorCode.InvalidRequest, Knock(account.Device.KeyPackage(new byte[32]).Text, id));
        Assert.Equal(ErrorCode.InvalidRequest, Knock(keyPackage.Text + "A", id));
        Assert.Equal(ErrorCode.InvalidRequest, Knock(WireWriter.Text(keyPackage.Body), id));
        Assert.Equal(ErrorCode.InvalidRequest, Knock(new string('A', 20_000), id));
        Assert.Equal(ErrorCode.None, Knock(keyPackage.Text, id));
        var thief = scene.Apply(new GroupCommand.Knock(SessionKey.Of("thief"), id, new ParticipantId("t"), "c-thief", "Thief", keyPackage.Text, null));
        Assert.Equal((ErrorCode.InvalidRequest, "the key package is in use"), (thief.Error, thief.Message));

        ErrorCode Knock(string text, string? signedIn) =>
            scene.Apply(new GroupCommand.Knock(account.Session, signedIn, new ParticipantId("p"), account.Connection, "Dewi", text, null)).Error;
    }

    [Fact]
    public void An_organisations_key_admits_only_where_the_statement_names_it()
    {
        var scene = new GroupScene(new TestStatement(TestDevice.Of("sri")) { TicketKeys = 1 }).Open();
        var budi = scene.Somebody("budi");
        Assert.Equal(KnockState.Waiting, With(signer: 1, role: 3));
        Assert.Equal(KnockState.Waiting, With(signer: 0, role: 2));
        Assert.Equal(KnockState.Admitted, With(signer: 0, role: 3));
        Assert.Equal(WorkKind.Admission, Assert.Single(scene.Work).Kind);

        KnockState With(uint signer, byte role)
        {
            scene.Renew(budi);
            var ticket = TestProofs.Ticket(scene.GroupId, 3, signer, 0, budi.KeyPackage, role, scene.Milliseconds + 60_000);
            return scene.Knock(budi, ticket, renew: false).Group!.Waiting!.State;
        }
    }

    [Fact]
    public void A_full_lobby_and_a_full_meeting_refuse()
    {
        var scene = new GroupScene(new TestStatement(TestDevice.Of("sri")) { MembersMaximum = 2 }).Open();
        var budi = scene.Somebody("budi");
        var citra = scene.Somebody("citra");
        scene.Knock(budi);
        scene.Knock(citra);
        Assert.Equal(ErrorCode.None, scene.Admit(scene.Host, budi).Error);
        Assert.Equal(ErrorCode.MeetingFull, scene.Admit(scene.Host, citra).Error);

        for (var index = 0; index < SignalingContract.WaitingMaximum - 2; index++) Assert.Equal(ErrorCode.None, scene.Knock(scene.Somebody($"guest {index}")).Error);
        Assert.Equal(ErrorCode.MeetingFull, scene.Knock(scene.Somebody("one too many")).Error);
        Assert.Equal(ErrorCode.None, scene.Knock(citra).Error);
    }

    [Fact]
    public void An_encrypted_meeting_has_no_other_door()
    {
        var scene = new GroupScene().Open();
        foreach (var entrance in new Entrance[] { new Entrance.Link(SessionKey.Of("x")), new Entrance.Publish(SessionKey.Of("x"), "t"), new Entrance.View(SessionKey.Of("x"), "t") })
        {
            Assert.Equal(ErrorCode.MeetingNotFound, scene.Apply(
                new MeetingCommand.Enter(entrance, new ParticipantId("x"), "X", new MediaState(true, true), "c-x", Scene.Chromium)).Error);
        }

        var broadcast = new Scene();
        var knock = new GroupCommand.Knock(SessionKey.Of("x"), null, new ParticipantId("x"), "c-x", "X", scene.Host.KeyPackage.Text, null);
        Assert.Equal(ErrorCode.MeetingNotFound, broadcast.Apply(knock).Error);
    }
}
