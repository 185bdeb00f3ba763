using Pendopo.Meetings.Domain;
using Pendopo.Meetings.Domain.Groups;
using Pendopo.Signaling;
using Pendopo.Testing.Groups;
using Xunit;

namespace Pendopo.Meetings.Tests.Domain.Groups;

/// <summary>Removals, state records and succession.</summary>
public sealed class ModeratorTests
{
    [Fact]
    public void Who_is_removed_is_cut_at_once_and_comes_back_only_by_a_moderators_later_word()
    {
        var scene = new GroupScene().Open();
        var budi = scene.Join("budi");
        var citra = scene.Join("citra");
        scene.ConnectMedia(budi);

        var decision = scene.Remove(scene.Host, budi);

        Assert.Equal(EndReason.Removed, Assert.Single(scene.ToldTo<MeetingEvent.ConnectionClosed>(budi)).Reason);
        Assert.Contains(decision.Events.OfType<MeetingEvent.Departed>(), departed => departed.Participant.Id == budi.Id);
        Assert.Null(scene.Find(budi));
        Assert.Equal((WorkKind.Removal, 1), (Assert.Single(scene.Work).Kind, Assert.Single(scene.Work).Leaf));
        Assert.Equal(ErrorCode.NotInMeeting, scene.Message(budi).Error);

        // As one who has only departed he would keep his return right.
        var departed = TestMls.Commit(
            scene.GroupId, scene.Epoch, 2, TestProofs.CommitData(scene.Milliseconds, [], [TestProofs.Departed]), [TestMls.Remove(1)], path: 1);
        Assert.Equal(GroupFault.RemoveNotAllowed, scene.Post(citra, departed).Group!.Fault);

        // Before the commit and after it: no return, and no ticket from before.
        Assert.Equal(KnockState.Waiting, scene.Knock(budi).Group!.Waiting!.State);
        Assert.Equal(ErrorCode.Unavailable, scene.Admit(scene.Host, budi).Error);
        var early = scene.TicketFor(scene.Host, budi);
        Assert.Equal(GroupVerdict.Accepted, scene.Commit(citra).Group!.Verdict);
        Assert.Equal([(0, "sri"), (2, "citra")], scene.Leaves);
        Assert.Equal(ErrorCode.Unavailable, scene.Apply(new GroupCommand.Admit(scene.Host.Id, budi.Id, WireWriter.Text(early))).Error);
        Assert.Equal(KnockState.Waiting, scene.Knock(budi).Group!.Waiting!.State);

        Assert.Equal(ErrorCode.None, scene.Admit(scene.Host, budi).Error);
        Assert.Equal(GroupVerdict.Accepted, scene.Commit(citra).Group!.Verdict);
        Assert.Equal([(0, "sri"), (1, "budi"), (2, "citra")], scene.Leaves);
        // Admitted anew, he has the right again.
        Assert.Equal(KnockState.Returning, scene.Knock(scene.AnotherWindow(budi)).Group!.Waiting!.State);
    }

    [Fact]
    public void A_removal_takes_the_return_right_from_all_devices_of_the_account()
    {
        var scene = new GroupScene().Open();
        var account = TestDevice.Of("budi", hasAccount: true).Account;
        var phone = new Person(new TestDevice("phone", account));
        var laptop = new Person(new TestDevice("laptop", account));
        foreach (var device in new[] { phone, laptop })
        {
            scene.Knock(device);
            scene.Admit(scene.Host, device);
            scene.Commit(scene.Host);
        }

        var again = scene.AnotherWindow(laptop);
        Assert.Equal(KnockState.Returning, scene.Knock(again).Group!.Waiting!.State);
        scene.Remove(scene.Host, phone);

        Assert.Equal(KnockState.Waiting, Assert.Single(scene.ToldTo<GroupEvent.KnockChanged>(again)).State);
        Assert.Equal(WorkKind.Removal, Assert.Single(scene.Work).Kind);
        scene.Commit(scene.Host);
        Assert.Equal(KnockState.Waiting, scene.Knock(scene.AnotherWindow(phone)).Group!.Waiting!.State);
        Assert.NotNull(scene.Find(laptop));
    }

    [Fact]
    public void A_founding_ticket_of_a_removed_co_host_is_void()
    {
        var coHost = TestDevice.Of("budi");
        var scene = new GroupScene(new TestStatement(TestDevice.Of("sri"), coHost)).Open();
        var budi = new Person(coHost);
        Assert.Equal(KnockState.Returning, KnockWithTicket().State);
        scene.Commit(scene.Host);
        Assert.Equal(ParticipantRole.CoHost, scene.Find(budi)!.Role);
        scene.Remove(scene.Host, budi);
        Assert.Equal(KnockState.Waiting, KnockWithTicket().State);
        scene.Commit(scene.Host);
        Assert.Equal(KnockState.Waiting, KnockWithTicket().State);

        Knocker KnockWithTicket()
        {
            scene.Renew(budi);
            return scene.Knock(budi, scene.FoundingTicket(budi, TestProofs.CoHost), renew: false).Group!.Waiting!;
        }
    }

    [Fact]
    public void A_removal_is_of_somebody_of_lower_rank_and_names_the_leaf_as_it_is()
    {
        var scene = new GroupScene().Open();
        var coHost = scene.Join("budi", TestProofs.CoHost);
        var other = scene.Join("citra", TestProofs.CoHost);
        var member = scene.Join("dewi");

        Assert.Equal(ErrorCode.NotAllowed, scene.Remove(member, coHost).Error);
        Assert.Equal(ErrorCode.NotAllowed, scene.Remove(coHost, other).Error);
        Assert.Equal(ErrorCode.NotAllowed, scene.Remove(coHost, scene.Host).Error);
        Assert.Equal(ErrorCode.NotAllowed, scene.Remove(scene.Host, scene.Host).Error);
        Assert.Equal(ErrorCode.InvalidRequest, scene.Remove(scene.Host, scene.Somebody("eka")).Error);
        Assert.Equal(ErrorCode.InvalidRequest, Removing(TestProofs.Removal(scene.GroupId, 0, scene.Epoch, 1, member.Device, 0)));
        Assert.Equal(ErrorCode.InvalidRequest, Removing(TestProofs.Removal(scene.GroupId, 0, scene.Epoch, 3, other.Device, 0)));
        Assert.Equal(ErrorCode.InvalidRequest, Removing(TestProofs.Removal(scene.GroupId, 1, scene.Epoch, 3, member.Device, 0)));
        Assert.Equal(ErrorCode.InvalidRequest, Removing(TestProofs.Removal(scene.GroupId, 0, scene.Epoch + 1, 3, member.Device, 0)));
        Assert.Equal(ErrorCode.InvalidRequest, Removing(TestProofs.Removal(scene.Statement.GroupId(9), 0, scene.Epoch, 3, member.Device, 0)));
        Assert.Equal(ErrorCode.InvalidRequest, Removing([1, 2, 3]));
        Assert.Empty(scene.Work);
        Assert.Equal(ErrorCode.None, scene.Remove(coHost, member).Error);

        ErrorCode Removing(byte[] removal) => scene.Apply(new GroupCommand.RemoveMember(scene.Host.Id, member.Id, WireWriter.Text(removal))).Error;
    }

    [Fact]
    public void A_removal_that_nobody_can_commit_ends_as_a_departure()
    {
        var scene = new GroupScene().Open();
        var coHost = scene.Join("budi", TestProofs.CoHost);
        var member = scene.Join("citra");
        scene.Remove(coHost, member);
        var removal = Assert.Single(scene.Work);
        scene.Refuse(scene.Host, removal.Id);
        Assert.Equal(removal, Assert.Single(scene.Work));

        scene.Refuse(coHost, removal.Id);

        var work = Assert.Single(scene.Work);
        Assert.Equal((WorkKind.Departure, 2), (work.Kind, work.Leaf));
    }

    [Fact]
    public void A_proof_is_good_for_sixteen_epochs_and_while_its_signer_moderates()
    {
        var scene = new GroupScene().Open();
        var coHost = scene.Join("budi", TestProofs.CoHost);
        var waiting = scene.Somebody("citra");
        scene.Knock(waiting);
        scene.Admit(coHost, waiting);
        scene.OfferRecord(coHost, TestProofs.Recording(true));
        for (var epoch = 0; epoch < 15; epoch++) scene.Commit(scene.Host, []);
        Assert.Equal(2, scene.Work.Count);
        scene.Commit(scene.Host, []);
        Assert.Empty(scene.Work);
        Assert.Equal(KnockState.Waiting, scene.Group.Memory.Lobby[0].State);

        scene.Admit(coHost, waiting);
        scene.OfferRecord(coHost, TestProofs.Recording(true));
        scene.Leave(coHost);
        scene.Commit(scene.Host, [.. scene.Work.Where(work => work.Kind == WorkKind.Departure)]);
        Assert.Empty(scene.Work);
    }

    [Fact]
    public void Records_follow_each_other_and_change_ranks_when_they_are_committed()
    {
        var scene = new GroupScene().Open();
        var budi = scene.Join("budi");
        var stale = scene.Record(scene.Host, TestProofs.Recording(true));
        Assert.Equal(ErrorCode.None, scene.OfferRecord(scene.Host, TestProofs.Role(budi.Device, TestProofs.CoHost)).Error);
        Assert.Equal(ErrorCode.None, scene.Apply(new GroupCommand.OfferRecord(scene.Host.Id, WireWriter.Text(stale))).Error);
        Assert.Equal(2, scene.Work.Count);
        Assert.Equal(ParticipantRole.Participant, scene.Find(budi)!.Role);

        Assert.Equal(GroupVerdict.Accepted, scene.Commit(budi, [scene.Work[0]]).Group!.Verdict);

        Assert.Equal(ParticipantRole.CoHost, scene.Find(budi)!.Role);
        Assert.Equal(ParticipantRole.CoHost, scene.ToldTo<MeetingEvent.Changed>(scene.Host).Last().Change.Upserted.Single().Role);
        Assert.Empty(scene.Work);
        Assert.Equal(ErrorCode.InvalidRequest, scene.Apply(new GroupCommand.OfferRecord(scene.Host.Id, WireWriter.Text(stale))).Error);
        Assert.Equal((1L, ErrorCode.None), (scene.Group.Tree.RecordNumber, scene.OfferRecord(budi, TestProofs.Label("rahasia", 3)).Error));
    }

    [Fact]
    public void A_record_says_only_what_its_signer_may()
    {
        var scene = new GroupScene(new TestStatement(TestDevice.Of("sri")) { Rules = 1 }).Open();
        var coHost = scene.Join("budi", TestProofs.CoHost);
        var member = scene.Join("citra");
        var account = scene.Join("dewi", hasAccount: true);

        Assert.Equal(ErrorCode.NotAllowed, scene.OfferRecord(member, TestProofs.Guest(member.Device, "Citra")).Error);
        Assert.Equal(ErrorCode.NotAllowed, scene.OfferRecord(scene.Host, TestProofs.Recording(true)).Error);
        Assert.Equal(ErrorCode.NotAllowed, scene.OfferRecord(coHost, TestProofs.Role(member.Device, TestProofs.CoHost)).Error);
        Assert.Equal(ErrorCode.NotAllowed, scene.OfferRecord(scene.Host, TestProofs.Role(member.Device, TestProofs.Host)).Error);
        Assert.Equal(ErrorCode.NotAllowed, scene.OfferRecord(scene.Host, TestProofs.Role(scene.Host.Device, TestProofs.Participant)).Error);
        Assert.Equal(ErrorCode.NotAllowed, scene.OfferRecord(scene.Host, TestProofs.Role(TestDevice.Of("eka"), TestProofs.CoHost)).Error);
        Assert.Equal(ErrorCode.NotAllowed, scene.OfferRecord(scene.Host, TestProofs.Guest(account.Device, "Dewi")).Error);
        Assert.Equal(ErrorCode.NotAllowed, scene.OfferRecord(scene.Host, TestProofs.Label("biasa", 0)).Error);
        Assert.Equal(ErrorCode.InvalidRequest, scene.OfferRecord(scene.Host).Error);
        Assert.Equal(ErrorCode.None, scene.OfferRecord(coHost, TestProofs.Recording(false), TestProofs.Guest(member.Device, "Citra")).Error);
        Assert.Equal(ErrorCode.InvalidRequest, scene.Apply(new GroupCommand.OfferRecord(coHost.Id, WireWriter.Text(scene.Record(scene.Host, TestProofs.Recording(false))))).Error);
    }

    [Theory]
    [InlineData(0, null)]
    [InlineData(1, "dewi")]
    [InlineData(2, "citra")]
    [InlineData(3, "budi")]
    public void When_no_moderator_is_left_the_statements_rule_finds_one(byte succession, string? heir)
    {
        var scene = new GroupScene(new TestStatement(TestDevice.Of("sri")) { Succession = succession }).Open();
        var people = new[] { scene.Join("budi"), scene.Join("citra"), scene.Join("dewi", hasAccount: true) };
        scene.OfferRecord(scene.Host, TestProofs.Guest(people[1].Device, "Citra"));
        scene.Commit(scene.Host);
        scene.Leave(scene.Host);
        Assert.All(people, person => Assert.Equal(ParticipantRole.Participant, scene.Find(person)!.Role));

        scene.Commit(people[2]);

        Assert.Equal(heir, people.SingleOrDefault(person => scene.Find(person)!.Role == ParticipantRole.CoHost)?.Name);
        if (heir is null) return;
        // Who comes back keeps the rank, and so does the heir.
        scene.Knock(scene.Host);
        scene.Commit(people[0]);
        Assert.Equal(ParticipantRole.Host, scene.Find(scene.Host)!.Role);
        Assert.Equal(ParticipantRole.CoHost, scene.Find(people.Single(person => person.Name == heir))!.Role);
    }
}
