using Pendopo.Meetings.Domain;
using Pendopo.Meetings.Domain.Framing;
using Pendopo.Meetings.Domain.Groups;
using Pendopo.Signaling;
using Pendopo.Testing.Groups;
using Xunit;

namespace Pendopo.Meetings.Tests.Domain.Groups;

public sealed class GroupQueriesTests
{
    private readonly GroupScene _scene = new GroupScene().Open();

    [Fact]
    public void Work_is_given_to_members_for_the_current_epoch_and_at_most_one_commits_worth()
    {
        for (var index = 0; index < 60; index++)
        {
            var person = _scene.Somebody($"guest {index}");
            _scene.Knock(person);
            _scene.Admit(_scene.Host, person);
        }

        var waiting = _scene.Somebody("waiting");
        _scene.Knock(waiting);
        Assert.Equal(SignalingContract.AddsMaximum, Take(_scene.Host, 1, 0).Work.Count);
        Assert.Empty(Take(_scene.Host, 1, 1).Work);
        Assert.Empty(Take(_scene.Host, 2, 0).Work);
        Assert.Equal(ErrorCode.NotMember, Take(waiting, 1, 0).Error);
        Assert.Equal(ErrorCode.NotInMeeting, GroupQueries.TakeWork(_scene.State, new ParticipantId("x"), new TakeWorkRequest(1, 0)).Error);
        Assert.Equal(GroupVerdict.Accepted, _scene.Commit(_scene.Host).Group!.Verdict);
        Assert.Equal(10, Take(_scene.Host, 1, 1).Work.Count);

        WorkResult Take(Person person, int generation, long epoch) => GroupQueries.TakeWork(_scene.State, person.Id, new TakeWorkRequest(generation, epoch));
    }

    [Fact]
    public void Moderators_page_through_the_lobby_and_nobody_else()
    {
        for (var index = 0; index < 120; index++) _scene.Knock(_scene.Somebody($"guest {index}"));
        var seen = new List<Knock>();
        string? after = null;
        do
        {
            var page = GroupQueries.ListKnocks(_scene.State, _scene.Host.Id, after);
            Assert.InRange(page.Knocks.Count, 1, 50);
            seen.AddRange(page.Knocks);
            after = page.Next;
        }
        while (after is not null);

        Assert.Equal(120, seen.Select(knock => knock.ParticipantId).Distinct().Count());
        var member = _scene.Join("budi");
        Assert.Equal(ErrorCode.NotAllowed, GroupQueries.ListKnocks(_scene.State, member.Id, null).Error);
    }

    [Fact]
    public void The_log_is_read_from_ones_own_adding_on()
    {
        _scene.Message(_scene.Host);
        var budi = _scene.Join("budi");
        _scene.Message(_scene.Host);
        Assert.Equal((1L, 3L), Page(_scene.Host, 0));
        Assert.Equal((3L, 3L), Page(budi, 2));
        Assert.Equal((4L, 3L), Page(budi, 3));
        Assert.Null(Page(budi, 1));
        Assert.Equal(GroupFault.TooFarBehind, Refusal(budi, 1, 0).Fault);
        Assert.Equal(GroupFault.WrongGeneration, Refusal(budi, 2, 2).Fault);
        Assert.Equal(new GroupHead(1, 1, 3, _scene.Milliseconds), Refusal(budi, 1, 9).Group);
        var waiting = _scene.Somebody("citra");
        _scene.Knock(waiting);
        Assert.Equal((ErrorCode.NotMember, null), (Refusal(waiting, 1, 2).Error, Refusal(waiting, 1, 2).Group));

        (long, long)? Page(Person person, long after) => GroupQueries.FindPage(_scene.State, person.Id, new LogRequest(1, after), _scene.Now, out _);
        LogPage Refusal(Person person, int generation, long after)
        {
            Assert.Null(GroupQueries.FindPage(_scene.State, person.Id, new LogRequest(generation, after), _scene.Now, out var refused));
            return refused;
        }
    }

    [Fact]
    public void Signals_are_of_the_own_leaf_and_group()
    {
        var budi = _scene.Join("budi");
        Assert.Equal(SignalType.Heartbeat, Read(budi, TestMls.Heartbeat(_scene.GroupId, 1, 1, 1)));
        Assert.Equal(SignalType.Digest, Read(budi, TestMls.Digest(_scene.GroupId, 1, 2, 100)));
        Assert.Null(Read(budi, TestMls.Heartbeat(_scene.GroupId, 0, 1, 1)));
        Assert.Null(Read(budi, TestMls.Heartbeat(_scene.Statement.GroupId(2), 1, 1, 1)));
        Assert.Null(Read(budi, [3, .. TestMls.Heartbeat(_scene.GroupId, 1, 1, 1)[1..]]));
        Assert.Null(Read(budi, TestMls.Digest(_scene.GroupId, 1, 2, 1025)));

        SignalType? Read(Person person, byte[] signal) => GroupQueries.ReadSignal(_scene.State, person.Id, WireWriter.Text(signal), out _, out _)?.Type;
    }

    [Fact]
    public void A_stored_welcome_is_for_those_whom_its_commit_added()
    {
        var budi = _scene.Join("budi");
        var citra = _scene.Somebody("citra");
        _scene.Knock(citra);
        _scene.Admit(_scene.Host, citra);
        var (commit, welcome) = _scene.Build(_scene.Host, _scene.Work, _scene.Epoch);
        _scene.Apply(new GroupCommand.StoreWelcome(_scene.Host.Id, "id", welcome!));
        Assert.Null(GroupQueries.FindWelcome(_scene.State, citra.Session, "id"));
        _scene.Post(_scene.Host, commit, welcomeId: "id");

        Assert.Equal(welcome, GroupQueries.FindWelcome(_scene.State, citra.Session, "id")!.Value.ToArray());
        Assert.Null(GroupQueries.FindWelcome(_scene.State, budi.Session, "id"));
        Assert.Null(GroupQueries.FindWelcome(_scene.State, _scene.Host.Session, "id"));
        Assert.Null(GroupQueries.FindWelcome(_scene.State, citra.Session, "other"));
        Assert.Null(GroupQueries.MemberOf(_scene.State, SessionKey.Of("stranger")));
        Assert.Equal(citra.Id, GroupQueries.MemberOf(_scene.State, citra.Session)!.Id);
    }
}
