using Pendopo.Meetings.Domain;
using Pendopo.Meetings.Domain.Groups;
using Pendopo.Signaling;
using Pendopo.Testing.Groups;
using Xunit;

namespace Pendopo.Meetings.Tests.Domain.Groups;

public sealed class VoidedCommitTests
{
    [Fact]
    public void More_than_half_of_the_others_void_a_commit_and_its_poster_is_out_of_step()
    {
        var scene = new GroupScene().Open();
        var (budi, citra, dewi) = (scene.Join("budi"), scene.Join("citra"), scene.Join("dewi"));
        var eka = scene.Somebody("eka");
        scene.Knock(eka);
        scene.Admit(scene.Host, eka);
        var epoch = scene.Epoch;
        scene.ConnectMedia(budi);
        var entry = scene.Commit(budi).Group!.Entry;
        Assert.Equal(epoch + 1, scene.Epoch);

        // The poster's word and that of those added do not count, nor does saying it twice.
        scene.Report(budi, entry);
        scene.Report(eka, entry);
        scene.Report(citra, entry);
        scene.Report(citra, entry);
        Assert.Equal(epoch + 1, scene.Epoch);
        var decision = scene.Report(dewi, entry);

        Assert.Equal(epoch, scene.Epoch);
        Assert.All(new[] { scene.Host, budi, citra, dewi }, person => Assert.Equal(new EntryVoided(1, entry, epoch), Assert.Single(scene.ToldTo<GroupEvent.Voided>(person)).Entry));
        Assert.All(new[] { budi, eka }, person => Assert.Equal(GroupFault.Voided, Assert.Single(scene.ToldTo<GroupEvent.OutOfStep>(person)).Reason));
        Assert.Contains(decision.Events.OfType<MeetingEvent.Departed>(), departed => departed.Participant.Id == budi.Id);
        Assert.Equal([(0, "sri"), (1, "(gone)"), (2, "citra"), (3, "dewi")], scene.Leaves);
        Assert.Equal((WorkKind.Departure, 1), (Assert.Single(scene.Work).Kind, Assert.Single(scene.Work).Leaf));

        // The log goes on behind the void entry, and the poster comes back as a new leaf.
        Assert.Equal(KnockState.Returning, scene.Knock(budi).Group!.Waiting!.State);
        var next = scene.Commit(citra).Group!;
        Assert.Equal((GroupVerdict.Accepted, entry + 1), (next.Verdict, next.Entry));
        Assert.Equal([entry, entry + 1], scene.Group.Memory.Log.Headers.Where(header => header.Epoch == epoch).Select(header => header.Entry));
    }

    [Fact]
    public void Work_that_a_void_commit_seemed_to_do_is_still_to_be_done()
    {
        var scene = new GroupScene().Open();
        var (budi, citra, dewi) = (scene.Join("budi"), scene.Join("citra"), scene.Join("dewi"));
        scene.OfferRecord(scene.Host, TestProofs.Role(citra.Device, TestProofs.CoHost));
        scene.Remove(scene.Host, dewi);
        var entry = scene.Commit(budi).Group!.Entry;
        Assert.Equal(ParticipantRole.CoHost, scene.Find(citra)!.Role);
        scene.Report(scene.Host, entry);
        scene.Report(citra, entry);

        Assert.Equal([WorkKind.Record, WorkKind.Removal, WorkKind.Departure], scene.Work.Select(work => work.Kind));
        Assert.Equal(ParticipantRole.Participant, scene.Find(citra)!.Role);
        Assert.Equal(KnockState.Waiting, scene.Knock(dewi).Group!.Waiting!.State);
    }

    [Fact]
    public void A_commit_that_another_follows_is_not_voided_any_more()
    {
        var scene = new GroupScene().Open();
        var (budi, citra) = (scene.Join("budi"), scene.Join("citra"));
        var entry = scene.Commit(budi, []).Group!.Entry;
        scene.Commit(scene.Host, []);
        var epoch = scene.Epoch;
        scene.Report(scene.Host, entry);
        scene.Report(citra, entry);
        Assert.Equal(epoch, scene.Epoch);
        Assert.DoesNotContain(scene.Told, told => told.Event is GroupEvent.Voided);
    }

    [Fact]
    public void Only_the_connected_are_asked()
    {
        var scene = new GroupScene().Open();
        var (budi, citra, dewi) = (scene.Join("budi"), scene.Join("citra"), scene.Join("dewi"));
        scene.Lose(citra);
        scene.Lose(dewi);
        var entry = scene.Commit(budi, []).Group!.Entry;

        scene.Report(scene.Host, entry);

        Assert.Equal(entry, Assert.Single(scene.ToldTo<GroupEvent.Voided>(scene.Host)).Entry.Entry);
    }

    [Fact]
    public void Refused_admissions_wait_again_and_refused_departures_come_with_the_next_epoch()
    {
        var scene = new GroupScene().Open();
        var (budi, citra, dewi) = (scene.Join("budi"), scene.Join("citra"), scene.Join("dewi"));
        var eka = scene.Somebody("eka");
        scene.Knock(eka);
        scene.Admit(scene.Host, eka);
        scene.Leave(dewi);
        foreach (var work in scene.Work)
        {
            scene.Refuse(scene.Host, work.Id);
            scene.Refuse(scene.Host, work.Id);
            scene.Refuse(budi, work.Id);
        }

        Assert.Equal(2, scene.Work.Count);
        var gone = scene.Work.Single(work => work.Kind == WorkKind.Departure);
        foreach (var work in scene.Work) scene.Refuse(citra, work.Id);

        Assert.Empty(scene.Work);
        Assert.Equal(KnockState.Waiting, scene.Group.Memory.Lobby.Single().State);
        Assert.Empty(scene.Group.Memory.Refusals);
        scene.Commit(scene.Host, []);
        Assert.Equal(gone, Assert.Single(scene.Work));
        Assert.Equal(ErrorCode.None, scene.Refuse(scene.Host, "w999").Error);
    }
}
