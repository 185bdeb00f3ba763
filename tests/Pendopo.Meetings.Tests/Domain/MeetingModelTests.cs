using CsCheck;
using Pendopo.Meetings.Domain;
using Pendopo.Signaling;
using Xunit;

namespace Pendopo.Meetings.Tests.Domain;

/// <summary>Whatever people do in whatever order, some things always hold.</summary>
public sealed class MeetingModelTests
{
    private static readonly MediaAbilities[] Abilities =
    [
        Scene.Chromium, Scene.Firefox, new([VideoCodec.H264], true), new(null, true), new([VideoCodec.Vp8, VideoCodec.H264], false), new(null, null),
    ];

    private static readonly string[] People = ["founder", "budi", "citra", "dewi", "eka"];

    [Fact]
    public void A_client_that_applies_every_change_has_the_meetings_own_roster_and_the_rules_hold()
    {
        var step = Gen.Select(Gen.Int[0, 10], Gen.Int[0, People.Length - 1], Gen.Int[0, Abilities.Length - 1], Gen.Int[0, 15]);
        step.Array[0, 80].Sample(steps => Play(steps), seed: "0N0XIzNsQ0O2", iter: 2000);
    }

    private static void Play((int Act, int Person, int Ability, int Seconds)[] steps)
    {
        var scene = new Scene();
        var roster = new Dictionary<string, Participant>();
        var codecs = scene.State.VideoCodecs;
        var red = scene.State.Red;
        var revision = scene.State.Revision;
        var hadHost = false;
        // Time passes in a step of its own, so that a moment when nobody was left is seen.
        foreach (var (act, person, ability, seconds) in steps.SelectMany(step => new[] { (10, 0, 0, step.Seconds), step with { Seconds = 0 } }))
        {
            scene.Pass(seconds);
            var before = scene.State;
            var decision = scene.Apply(Choose(scene, act, person, Abilities[ability]));
            if (scene.Meeting.State is not { EndedAt: null } state) return;

            foreach (var change in decision.Events.OfType<MeetingEvent.Changed>().Select(changed => changed.Change))
            {
                Assert.Equal(++revision, change.Revision);
                foreach (var gone in change.Removed) Assert.True(roster.Remove(gone));
                foreach (var participant in change.Upserted) roster[participant.Id] = participant;
                codecs = change.VideoCodecs ?? codecs;
                red = change.Red ?? red;
            }

            Assert.Equal(state.Revision, revision);
            Assert.Equal(state.Participants.Select(participant => participant.ToContract()).OrderBy(participant => participant.Id), roster.Values.OrderBy(participant => participant.Id));
            Assert.Equal(state.VideoCodecs, codecs);
            Assert.Equal(state.Red, red);
            Assert.True(state.IsBroadcast);
            CheckRules(scene, state);

            // Once there was a host, the people who stay always have one.
            var people = state.Participants.Where(participant => participant.Role != ParticipantRole.Endpoint).ToArray();
            hadHost = people.Length > 0 && (hadHost || people.Any(participant => participant.Role == ParticipantRole.Host));
            Assert.Equal(hadHost, people.Any(participant => participant.Role == ParticipantRole.Host));
            if (!decision.Accepted && decision.Events.Count == 0) Assert.Same(before, state);
        }
    }

    private static void CheckRules(Scene scene, MeetingState state)
    {
        Assert.NotEmpty(state.VideoCodecs);
        Assert.All(state.Participants, participant => Assert.True(participant.Decodes is null || state.VideoCodecs.All(participant.Decodes.Contains)));
        Assert.True(!state.Red || state.Participants.All(participant => participant.Red ?? true));
        Assert.Equal(state.Participants.Count, state.Participants.Select(participant => participant.Id).Distinct().Count());
        Assert.Equal(state.Participants.Count, state.Participants.Select(participant => participant.Session).Distinct().Count());
        Assert.Equal(state.Participants.Count == 0, state.EmptySince is not null);
        Assert.True(scene.Meeting.Deadline is not { } deadline || deadline.At > scene.Now);
    }

    private static MeetingCommand Choose(Scene scene, int act, int person, MediaAbilities abilities)
    {
        var session = Scene.SessionOf(People[person]);
        var own = scene.State.Participants.FirstOrDefault(participant => participant.Session == session);
        var id = own?.Id ?? new ParticipantId("nobody");
        var fresh = new ParticipantId(Guid.NewGuid().ToString("N"));
        return act switch
        {
            0 or 1 or 2 => new MeetingCommand.Enter(new Entrance.Link(session), fresh, People[person], new MediaState(true, true), $"c-{fresh}", abilities),
            3 => new MeetingCommand.Enter(new Entrance.Publish(Scene.SessionOf("whip" + person), "publish"), fresh, "WHIP", new MediaState(true, true), null, abilities),
            4 => new MeetingCommand.Resume(session, id, $"c-{fresh}", abilities, MeetingKind.OpenBroadcast),
            5 => new MeetingCommand.LoseConnection(id, own?.ConnectionId ?? "none"),
            6 => new MeetingCommand.Leave(id),
            7 => new MeetingCommand.SetMedia(id, new MediaState(person % 2 == 0, person % 3 == 0)),
            8 => new MeetingCommand.ChangePath(scene.State.Participants is [.., var last] ? last.Id : id, person % 2 == 0),
            9 => new MeetingCommand.ChangeAbilities(id, abilities),
            _ => new MeetingCommand.Advance(),
        };
    }
}
