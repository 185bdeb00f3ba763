using CsCheck;
using Pendopo.Meetings.Domain;
using Pendopo.Meetings.Domain.Groups;
using Pendopo.Signaling;
using Pendopo.Testing.Groups;
using Xunit;

namespace Pendopo.Meetings.Tests.Domain.Groups;

/// <summary>Whatever people do in whatever order, some things always hold.</summary>
public sealed class GroupModelTests
{
    private static readonly string[] Names = ["budi", "citra", "dewi", "eka"];

    [Fact]
    public void Leaves_roster_work_and_log_always_fit_each_other()
    {
        var step = Gen.Select(Gen.Int[0, 15], Gen.Int[0, Names.Length], Gen.Int[0, Names.Length], Gen.Int[0, 8]);
        step.Array[0, 60].Sample(Play, seed: "c3DqNdFm0ku2", iter: 150);
    }

    private static void Play((int Act, int Person, int Other, int Seconds)[] steps)
    {
        var coHost = TestDevice.Of("budi");
        var scene = new GroupScene(new TestStatement(TestDevice.Of("sri"), coHost));
        Person[] people = [scene.Host, .. Names.Select(name => scene.Somebody(name))];
        var roster = new Dictionary<string, Participant>();
        foreach (var (kind, person, other, seconds) in steps)
        {
            scene.Pass(seconds);
            // Each by itself: who heard as a member what time brought may wait by what he does next.
            foreach (var act in (Action[])[() => scene.Apply(new MeetingCommand.Advance()), () => Act(scene, kind, people[person], people[other])])
            {
                var (told, changes) = (scene.Told.Count, scene.Changes.Count);
                act();
                Check(scene, scene.Told.Skip(told));
                CheckRoster(scene, roster, scene.Changes.Skip(changes));
            }
        }
    }

    /// <summary>A member that applies every change has the meeting's own roster. The kind is not among what changes.</summary>
    private static void CheckRoster(GroupScene scene, Dictionary<string, Participant> roster, IEnumerable<MeetingChange> changes)
    {
        foreach (var change in changes)
        {
            foreach (var gone in change.Removed) Assert.True(roster.Remove(gone));
            foreach (var participant in change.Upserted) roster[participant.Id] = participant;
        }

        Assert.Equal(Enumerable.Range(1, scene.Changes.Count).Select(revision => (long)revision), scene.Changes.Select(change => change.Revision));
        Assert.Equal(scene.State.Revision, scene.Changes.Count);
        Assert.Equal(scene.State.Participants.Select(participant => participant.ToContract()).OrderBy(participant => participant.Id), roster.Values.OrderBy(participant => participant.Id));
        Assert.True(scene.State.IsEncrypted);
    }

    private static void Act(GroupScene scene, int act, Person person, Person other)
    {
        switch (act)
        {
            case 0 or 1 or 2:
                scene.Knock(person);
                if (scene.Group.Memory.Find(person.Id)?.State == KnockState.FoundGroup) scene.Found(person);
                break;
            case 3 or 4:
                if (other.KeyPackage is not null && scene.Group.IsLiving) scene.Admit(person, other);
                break;
            case 5 or 6 or 7:
                if (scene.Find(person) is not null) scene.Commit(person);
                break;
            case 8:
                scene.Leave(person);
                break;
            case 9:
                scene.Lose(person);
                break;
            case 10:
                scene.Resume(person);
                break;
            case 11:
                if (scene.Find(person) is not null) scene.Remove(person, other);
                break;
            case 12:
                if (scene.Find(person) is not null) scene.OfferRecord(person, TestProofs.Role(other.Device, TestProofs.CoHost));
                break;
            case 13:
                if (scene.Group.LastCommit is { } last) scene.Report(person, last.Entry);
                break;
            case 14:
                if (scene.Work.Count > 0) scene.Refuse(person, scene.Work[0].Id);
                break;
            default:
                if (scene.Find(person) is not null) scene.Message(person);
                break;
        }
    }

    private static void Check(GroupScene scene, IEnumerable<(string Connection, MeetingEvent Event)> told)
    {
        var (state, group) = (scene.State, scene.Group);
        // Each participant holds the leaf that the roster says, and each leaf without one is work or being removed.
        Assert.Equal(group.IsLiving, state.Participants.Count > 0);
        foreach (var participant in state.Participants)
        {
            var leaf = group.Tree.LeafAt((uint)participant.Leaf!.Value)!;
            Assert.Equal(participant.Id, leaf.Holder);
            Assert.Equal(group.Tree.Find(leaf.Device)!.Role, participant.Role);
        }

        foreach (var leaf in group.Tree.Leaves.Where(leaf => state.Participants.All(participant => participant.Id != leaf.Holder)))
        {
            Assert.True(leaf.Departure is not null || group.Tree.Acts.Any(act => act.Leaf == leaf.Index));
        }

        Assert.Equal(group.Tree.Leaves.Count, group.Tree.Leaves.Select(leaf => leaf.Device).Distinct().Count());
        Assert.Equal(group.Tree.Leaves.Select(leaf => leaf.Index).Order(), group.Tree.Leaves.Select(leaf => leaf.Index));
        Assert.Equal(state.Participants.Count, state.Participants.Select(participant => participant.Session).Distinct().Count());
        Assert.Equal(group.Memory.Lobby.Count, group.Memory.Lobby.Select(knocker => knocker.Session).Distinct().Count());
        Assert.True(scene.Meeting.Deadline is not { } deadline || deadline.At > scene.Now, $"{scene.Meeting.Deadline} is over at {scene.Now}");
        Assert.Equal(Enumerable.Range(1, group.Memory.Log.Headers.Count).Select(entry => (long)entry), group.Memory.Log.Headers.Select(header => header.Entry));

        // Nobody who waits hears of anything but himself.
        var waiting = group.Memory.Lobby.Select(knocker => knocker.ConnectionId).OfType<string>().ToHashSet();
        foreach (var (_, happened) in told.Where(item => waiting.Contains(item.Connection)))
        {
            Assert.True(happened is GroupEvent.KnockChanged or MeetingEvent.ConnectionClosed, happened.GetType().Name);
        }

        var ids = GroupWork.Of(group, 500).Select(item => item.Id).ToArray();
        Assert.Equal(ids.Length, ids.Distinct().Count());
    }
}
