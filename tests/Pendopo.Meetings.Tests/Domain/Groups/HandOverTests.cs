using Pendopo.Meetings.Domain;
using Pendopo.Meetings.Domain.Groups;
using Pendopo.Signaling;
using Pendopo.Testing.Groups;
using Xunit;

namespace Pendopo.Meetings.Tests.Domain.Groups;

/// <summary>The server's view of who is host after a hand-over (docs/e2ee.md §7): whom it lets end the meeting and appoint co-hosts.</summary>
public sealed class HandOverTests
{
    [Fact]
    public void The_next_host_may_what_a_host_may_and_the_last_one_no_more()
    {
        var scene = new GroupScene().Open();
        var (budi, citra) = (scene.Join("budi"), scene.Join("citra"));
        HandOver(scene, scene.Host, budi, committer: citra);

        Assert.Equal([ParticipantRole.CoHost, ParticipantRole.Host, ParticipantRole.Participant], new[] { scene.Host, budi, citra }.Select(person => scene.Find(person)!.Role));
        Assert.Equal([ParticipantRole.CoHost, ParticipantRole.Host], scene.ToldTo<MeetingEvent.Changed>(citra).Last().Change.Upserted.OrderBy(told => told.Leaf).Select(told => told.Role));

        Assert.Equal(ErrorCode.NotAllowed, scene.OfferRecord(scene.Host, TestProofs.Role(citra.Device, TestProofs.CoHost)).Error);
        Assert.Equal(ErrorCode.NotAllowed, scene.OfferRecord(scene.Host, TestProofs.Role(budi.Device, TestProofs.Participant)).Error);
        Assert.Equal(ErrorCode.NotAllowed, scene.OfferRecord(scene.Host, TestProofs.HandOver(citra.Device)).Error);
        Assert.Equal(ErrorCode.NotAllowed, scene.OfferRecord(scene.Host, TestProofs.HandOver(scene.Host.Device)).Error);
        Assert.Equal(ErrorCode.NotAllowed, scene.Remove(scene.Host, budi).Error);
        Assert.Equal(ErrorCode.NotAllowed, scene.Apply(new ModerationCommand.Moderate(scene.Host.Id, ModerationAct.Mute, budi.Id)).Error);
        Assert.Equal(ErrorCode.NotAllowed, scene.Apply(new MeetingCommand.End(scene.Host.Id)).Error);
        var waiting = scene.Somebody("dewi");
        scene.Knock(waiting);
        Assert.Equal(ErrorCode.NotAllowed, scene.Admit(scene.Host, waiting, TestProofs.CoHost).Error);
        Assert.Equal(ErrorCode.None, scene.Admit(scene.Host, waiting).Error);

        Assert.Equal(ErrorCode.None, scene.OfferRecord(budi, TestProofs.Role(scene.Host.Device, TestProofs.Participant)).Error);
        Assert.Equal(ErrorCode.None, scene.Apply(new MeetingCommand.End(budi.Id)).Error);
    }

    [Fact]
    public void Only_the_host_hands_over_and_only_to_somebody_else_who_is_in()
    {
        var scene = new GroupScene().Open();
        var (coHost, member) = (scene.Join("budi", TestProofs.CoHost), scene.Join("citra"));
        Assert.Equal(ErrorCode.NotAllowed, scene.OfferRecord(coHost, TestProofs.HandOver(coHost.Device)).Error);
        Assert.Equal(ErrorCode.NotAllowed, scene.OfferRecord(member, TestProofs.HandOver(member.Device)).Error);
        Assert.Equal(ErrorCode.NotAllowed, scene.OfferRecord(scene.Host, TestProofs.HandOver(scene.Host.Device)).Error);
        Assert.Equal(ErrorCode.NotAllowed, scene.OfferRecord(scene.Host, TestProofs.HandOver(TestDevice.Of("dewi"))).Error);
        scene.Leave(member);
        scene.Commit(scene.Host);
        Assert.Equal(ErrorCode.NotAllowed, scene.OfferRecord(scene.Host, TestProofs.HandOver(member.Device)).Error);
        Assert.Empty(scene.Work);
    }

    [Fact]
    public void Who_has_handed_over_comes_back_as_co_host_and_who_was_handed_it_as_host()
    {
        var scene = new GroupScene().Open();
        var (budi, citra) = (scene.Join("budi"), scene.Join("citra"));
        HandOver(scene, scene.Host, budi, committer: scene.Host);

        foreach (var (person, role) in new[] { (scene.Host, ParticipantRole.CoHost), (budi, ParticipantRole.Host) })
        {
            scene.Leave(person);
            scene.Commit(citra);
            Assert.Equal(KnockState.Returning, scene.Knock(person).Group!.Waiting!.State);
            scene.Commit(citra);
            Assert.Equal(role, scene.Find(person)!.Role);
        }
    }

    [Fact]
    public void The_founding_statement_makes_nobody_host_who_has_handed_over()
    {
        var scene = new GroupScene(new TestStatement(TestDevice.Of("sri", hasAccount: true))).Open();
        var (budi, account) = (scene.Join("budi"), scene.Host.Device.Account);
        HandOver(scene, scene.Host, budi, committer: budi);
        Assert.Equal(ParticipantRole.CoHost, Another("phone"));
        HandOver(scene, budi, scene.Host, committer: budi);
        // All devices of the account are host again, and a further one is so at once.
        Assert.Equal(3, scene.State.Participants.Count);
        Assert.Equal(ParticipantRole.Host, Another("tablet"));
        Assert.Equal([ParticipantRole.CoHost], scene.State.Participants.Where(person => person.Role != ParticipantRole.Host).Select(person => person.Role));

        ParticipantRole Another(string name)
        {
            var device = new Person(new TestDevice(name, account));
            scene.Renew(device);
            Assert.Equal(KnockState.Returning, scene.Knock(device, scene.FoundingTicket(device, TestProofs.Host), renew: false).Group!.Waiting!.State);
            scene.Commit(budi);
            return scene.Find(device)!.Role;
        }
    }

    [Fact]
    public void What_the_last_host_alone_could_sign_and_nobody_has_committed_is_void()
    {
        var scene = new GroupScene().Open();
        var (budi, waiting) = (scene.Join("budi"), scene.Somebody("citra"));
        scene.Knock(waiting);
        Assert.Equal(ErrorCode.None, scene.OfferRecord(scene.Host, TestProofs.HandOver(budi.Device)).Error);
        Assert.Equal(ErrorCode.None, scene.OfferRecord(scene.Host, TestProofs.Role(budi.Device, TestProofs.Participant)).Error);
        Assert.Equal(ErrorCode.None, scene.Admit(scene.Host, waiting, TestProofs.CoHost).Error);
        Assert.Equal(GroupVerdict.Accepted, scene.Commit(budi, [.. scene.Work.Where(work => work.Kind == WorkKind.Record).Take(1)]).Group!.Verdict);
        Assert.Empty(scene.Work);
        Assert.Equal(KnockState.Waiting, Assert.Single(scene.Group.Memory.Lobby).State);
    }

    [Fact]
    public void The_next_generation_begins_with_the_founding_statement_again()
    {
        var scene = new GroupScene().Open();
        var budi = scene.Join("budi");
        HandOver(scene, scene.Host, budi, committer: budi);
        scene.Leave(budi);
        scene.Leave(scene.Host);
        Assert.False(scene.Group.IsLiving);
        Assert.Equal(KnockState.Waiting, scene.Knock(budi).Group!.Waiting!.State);
        scene.Open();
        Assert.Equal(ParticipantRole.Host, scene.Find(scene.Host)!.Role);
    }

    private static void HandOver(GroupScene scene, Person from, Person to, Person committer)
    {
        Assert.Equal(ErrorCode.None, scene.OfferRecord(from, TestProofs.HandOver(to.Device)).Error);
        Assert.Equal(GroupVerdict.Accepted, scene.Commit(committer).Group!.Verdict);
    }
}
