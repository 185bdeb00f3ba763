using Pendopo.Meetings.Domain;
using Pendopo.Meetings.Domain.Groups;
using Pendopo.Meetings.Tests.Domain.Groups;
using Pendopo.Signaling;
using Pendopo.Testing.Groups;
using Xunit;

namespace Pendopo.Meetings.Tests.Domain;

/// <summary>A meeting is of one kind, for good, and the doors of the other are not there.</summary>
public sealed class KindTests
{
    private static readonly SessionKey Stranger = SessionKey.Of("stranger");

    private static readonly Entrance[] BroadcastDoors =
    [
        new Entrance.Link(Stranger), new Entrance.Publish(Stranger, "publish"), new Entrance.Publish(Stranger, null),
        new Entrance.View(Stranger, "view"), new Entrance.View(Stranger, null),
    ];

    [Fact]
    public void No_door_of_broadcasts_opens_into_a_meeting_with_a_group_whatever_its_state_says()
    {
        var scene = new GroupScene().Open();
        var honest = scene.State;
        var tokens = honest with { PublishToken = TokenHash.Of("publish"), ViewToken = TokenHash.Of("view") };
        foreach (var state in new[]
        {
            honest, tokens, tokens with { OpenRoom = true }, honest with { OpenRoom = true },
            tokens with { Kind = MeetingKind.OpenBroadcast }, tokens with { Kind = MeetingKind.OpenBroadcast, OpenRoom = true },
            tokens with { Group = null }, tokens with { Group = null, OpenRoom = true }, tokens with { Kind = (MeetingKind)7 },
        })
        {
            foreach (var door in BroadcastDoors) Assert.Equal(ErrorCode.MeetingNotFound, Admission.Decide(state, door, Scene.Chromium, MeetingRules.Default).Error);
        }
    }

    [Fact]
    public void A_state_that_contradicts_itself_has_no_door_at_all()
    {
        var scene = new GroupScene().Open();
        var budi = scene.Join("budi");
        var waiting = scene.Somebody("citra");
        scene.Knock(waiting);
        var tokens = scene.State with { PublishToken = TokenHash.Of("publish") };
        foreach (var state in new[]
        {
            tokens, scene.State with { OpenRoom = true }, scene.State with { Kind = MeetingKind.OpenBroadcast }, scene.State with { Group = null }, scene.State with { Kind = (MeetingKind)7 },
        })
        {
            Assert.False(state.IsSound);
            foreach (var kind in Enum.GetValues<MeetingKind>())
            {
                Assert.Equal(ErrorCode.MeetingNotFound, Apply(state, new MeetingCommand.Resume(budi.Session, budi.Id, "c-new", null, kind)));
                Assert.Equal(ErrorCode.MeetingNotFound, Apply(state, new MeetingCommand.Resume(waiting.Session, waiting.Id, "c-new", null, kind)));
            }

            var another = TestDevice.Of("dewi").KeyPackage(scene.Statement.Hash);
            Assert.Equal(ErrorCode.MeetingNotFound, Apply(state, new GroupCommand.Knock(Stranger, null, new ParticipantId("x"), "c-x", "Dewi", another.Text, null)));
            Assert.Equal(ErrorCode.MeetingNotFound, Apply(state, new GroupCommand.ConnectMedia(budi.Id, new MediaState(true, true), Scene.Chromium)));
        }

        // The control: without the contradiction, all of them do something.
        Assert.Equal(ErrorCode.None, Apply(scene.State, new MeetingCommand.Resume(budi.Session, budi.Id, "c-new", null, MeetingKind.Encrypted)));
        Assert.Equal(ErrorCode.None, Apply(scene.State, new GroupCommand.ConnectMedia(budi.Id, new MediaState(true, true), Scene.Chromium)));

        ErrorCode Apply(MeetingState state, MeetingCommand command) => new Meeting(state, MeetingRules.Default).Apply(command, scene.Now).Error;
    }

    [Fact]
    public void Who_comes_back_comes_back_to_the_kind_that_the_id_tells()
    {
        var broadcast = new Scene();
        var sri = broadcast.Join("founder");
        Assert.Equal(ErrorCode.MeetingNotFound, broadcast.Apply(new MeetingCommand.Resume(sri.Session, sri.Id, "c", Scene.Chromium, MeetingKind.Encrypted)).Error);
        Assert.Equal(ErrorCode.None, broadcast.Resume(sri.Session, sri.Id, "c", Scene.Chromium).Error);

        var encrypted = new GroupScene().Open();
        var waiting = encrypted.Somebody("budi");
        encrypted.Knock(waiting);
        foreach (var person in new[] { encrypted.Host, waiting })
        {
            Assert.Equal(ErrorCode.MeetingNotFound, encrypted.Apply(new MeetingCommand.Resume(person.Session, person.Id, "c", Scene.Chromium, MeetingKind.OpenBroadcast)).Error);
            Assert.Equal(ErrorCode.None, encrypted.Resume(person, "c-" + person.Name).Error);
        }
    }

    [Fact]
    public void A_meeting_is_founded_with_what_its_kind_has_and_nothing_of_the_other()
    {
        var statement = new TestStatement(TestDevice.Of("sri")).Text;
        var codecs = MeetingRules.DefaultVideoCodecs;
        foreach (var wrong in new[]
        {
            new MeetingCommand.Create(MeetingKind.Encrypted, null, codecs),
            new MeetingCommand.Create(MeetingKind.Encrypted, null, codecs, TokenHash.Of("publish"), Statement: statement),
            new MeetingCommand.Create(MeetingKind.Encrypted, null, codecs, ViewToken: TokenHash.Of("view"), Statement: statement),
            new MeetingCommand.Create(MeetingKind.Encrypted, null, codecs, OpenRoom: true, Statement: statement),
            new MeetingCommand.Create(MeetingKind.OpenBroadcast, null, codecs, Statement: statement),
            new MeetingCommand.Create((MeetingKind)7, null, codecs),
            new MeetingCommand.Create((MeetingKind)7, null, codecs, Statement: statement),
            new MeetingCommand.Create(MeetingKind.OpenBroadcast, null, []),
        })
        {
            var meeting = new Meeting(null, MeetingRules.Default);
            Assert.Equal(ErrorCode.InvalidRequest, meeting.Apply(wrong, DateTimeOffset.UnixEpoch).Error);
            Assert.Null(meeting.State);
        }
    }

    [Fact]
    public void What_is_founded_is_not_founded_again_as_the_other_kind()
    {
        var statement = new TestStatement(TestDevice.Of("sri"));
        var broadcast = new Scene();
        Assert.Equal(ErrorCode.NotAllowed, broadcast.Apply(new MeetingCommand.Create(MeetingKind.Encrypted, null, MeetingRules.DefaultVideoCodecs, Statement: statement.Text)).Error);
        Assert.True(broadcast.State.IsBroadcast);

        var encrypted = new GroupScene(statement);
        Assert.Equal(ErrorCode.NotAllowed, encrypted.Apply(new MeetingCommand.Create(MeetingKind.OpenBroadcast, null, MeetingRules.DefaultVideoCodecs, OpenRoom: true)).Error);
        Assert.True(encrypted.State.IsEncrypted);
        // Nor while it is over and its end is remembered.
        encrypted.Open().Apply(new MeetingCommand.End(encrypted.Host.Id));
        Assert.Equal(ErrorCode.NotAllowed, encrypted.Apply(new MeetingCommand.Create(MeetingKind.OpenBroadcast, null, MeetingRules.DefaultVideoCodecs, OpenRoom: true)).Error);
        Assert.True(encrypted.State.IsEncrypted);
    }
}
