using CsCheck;
using Pendopo.Meetings.Domain;
using Pendopo.Meetings.Domain.Groups;
using Pendopo.Signaling;
using Pendopo.Testing.Groups;
using Xunit;

namespace Pendopo.Meetings.Tests.Domain.Groups;

/// <summary>Whatever moderators and members do in whatever order, nothing flows that may not, and nobody is unmuted but by himself.</summary>
public sealed class ModerationModelTests
{
    private static readonly string[] Names = ["budi", "citra", "dewi"];
    private static readonly ModerationAct[] Acts = Enum.GetValues<ModerationAct>();

    [Fact]
    public void The_media_plane_is_never_told_more_than_the_controls_allow()
    {
        var step = Gen.Select(Gen.Int[0, 8], Gen.Int[0, Names.Length], Gen.Int[0, Names.Length], Gen.Int[0, 255]);
        step.Array[0, 60].Sample(Play, seed: "0N0XIzNsQ0O2", iter: 150);
    }

    private static void Play((int Act, int Person, int Other, int Value)[] steps)
    {
        var scene = new GroupScene().Open();
        List<Person> people = [scene.Host, scene.Join("budi", TestProofs.CoHost), scene.Join("citra"), scene.Join("dewi")];
        var flowing = new Dictionary<ParticipantId, MediaState>();
        foreach (var (act, person, other, value) in steps)
        {
            var before = scene.State.Participants.ToDictionary(participant => participant.Id, participant => participant.Media);
            var by = people[person];
            var decision = Act(scene, people, act, person, other, value);
            foreach (var told in decision.Events.OfType<MeetingEvent.PublishingChanged>()) flowing[told.Id] = told.Media;
            foreach (var participant in scene.State.Participants)
            {
                Assert.Empty(MediaPermission.Cuts(participant.Media, participant, scene.State.Controls!));
                if (flowing.TryGetValue(participant.Id, out var told)) Assert.Equal(participant.Media, told);
                var was = before.GetValueOrDefault(participant.Id) ?? new MediaState(false, false);
                var gained = (participant.Media.Microphone && !was.Microphone) || (participant.Media.Camera && !was.Camera) || (participant.Media.Screen && !was.Screen);
                Assert.True(!gained || (act < 3 && participant.Id == people[person].Id), $"{participant.DisplayName} was switched on by step {act} of {by.Name}");
            }
        }
    }

    private static MeetingDecision Act(GroupScene scene, List<Person> people, int act, int person, int other, int value)
    {
        var (by, media) = (people[person], new MediaState((value & 1) != 0, (value & 2) != 0, (value & 4) != 0, (value & 4) != 0));
        switch (act)
        {
            case 0 or 1:
                return scene.Apply(new MeetingCommand.SetMedia(by.Id, media));
            case 2:
                return scene.Find(by) is null ? scene.Apply(new MeetingCommand.Advance()) : scene.ConnectMedia(by, media: media);
            case 3 or 4:
                return scene.Apply(new ModerationCommand.Moderate(by.Id, Acts[value % Acts.Length], people[other].Id));
            case 5:
                return scene.Apply(new ModerationCommand.SetControls(by.Id, new ControlsChange(
                    (value & 1) != 0, (value & 2) != 0, (value & 4) != 0, (value & 8) != 0, (value & 16) != 0, (SharePolicy)(value % 3), value % 5, value % 7)));
            case 6:
                return scene.Apply(new ModerationCommand.AskToShare(by.Id, (value & 1) != 0));
            case 7:
                return scene.Apply(new ModerationCommand.DeclineUnmute(by.Id));
            default:
                // A reloaded page: another leaf of the same person. The host stays, who commits it.
                if (person == 0) return scene.Apply(new MeetingCommand.Advance());
                people[person] = scene.AnotherWindow(by);
                scene.Knock(people[person]);
                return scene.Commit(scene.Host);
        }
    }
}
