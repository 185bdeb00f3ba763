using Pendopo.Meetings.Domain.Groups;
using Pendopo.Signaling;
using Pendopo.Testing.Groups;
using Xunit;

namespace Pendopo.Meetings.Tests.Domain.Groups;

/// <summary>Each row of the table of docs/e2ee.md §22, with its fault.</summary>
public sealed class CommitCheckTests
{
    private readonly GroupScene _scene = new GroupScene().Open();
    private readonly Person _budi;
    private readonly Person _citra;
    private readonly byte[] _ticket;

    public CommitCheckTests()
    {
        _budi = _scene.Join("budi");
        _citra = _scene.Somebody("citra");
        _scene.Knock(_citra);
        _ticket = _scene.TicketFor(_scene.Host, _citra);
        _scene.Apply(new GroupCommand.Admit(_scene.Host.Id, _citra.Id, WireWriter.Text(_ticket)));
    }

    private byte[] Data => TestProofs.CommitData(_scene.Milliseconds, [TestProofs.AddByTicket(_ticket)], []);

    private byte[] Welcome => TestMls.Welcome([_citra.KeyPackage]);

    private byte[][] Add => [TestMls.Add(_citra.KeyPackage)];

    [Fact]
    public void What_fits_is_accepted()
    {
        Assert.Equal((GroupVerdict.Accepted, GroupFault.None), Post(Commit(Data, Add), Welcome));
        Assert.Equal(3, _scene.Leaves.Count);
    }

    [Fact]
    public void Malformed_is_any_change_of_the_framing()
    {
        var good = Commit(Data, Add, path: null);
        foreach (var length in Enumerable.Range(0, good.Length)) AssertRefused(GroupFault.Malformed, good[..length], Welcome);
        AssertRefused(GroupFault.Malformed, [.. good, 0], Welcome);
        AssertRefused(GroupFault.Malformed, TestMls.Message(_scene.GroupId, _scene.Epoch), Welcome);
        AssertRefused(GroupFault.Malformed, [0, 2, .. good[2..]], Welcome);
        AssertRefused(GroupFault.Malformed, Welcome, Welcome);
        AssertRefused(GroupFault.Malformed, _citra.KeyPackage.Message, Welcome);
    }

    [Fact]
    public void Malformed_is_text_that_is_not_canonical()
    {
        var text = WireWriter.Text(Commit(Data, Add));
        foreach (var wrong in new[] { text + "=", " " + text, text.Insert(8, "\n"), text.Replace('-', '+'), "" }.Where(wrong => wrong != text))
        {
            var answer = _scene.Apply(new GroupCommand.PostCommit(_scene.Host.Id, 1, _scene.Epoch, wrong, WireWriter.Text(Welcome), null)).Group!;
            Assert.Equal((GroupVerdict.Refused, GroupFault.Malformed), (answer.Verdict, answer.Fault));
        }
    }

    [Fact]
    public void Too_large_is_refused_before_it_is_read() => AssertRefused(GroupFault.TooLarge, new byte[SignalingContract.CommitMaximum + 1], Welcome);

    [Fact]
    public void Wrong_group_generation_and_epoch()
    {
        var other = new TestStatement(_scene.Statement.Founder).GroupId(1);
        Assert.Equal((GroupVerdict.Refused, GroupFault.WrongGroup), Post(TestMls.Commit(other, _scene.Epoch, 0, Data, Add, 1), Welcome));
        Assert.Equal((GroupVerdict.Refused, GroupFault.WrongGroup), Post(Commit(Data, Add), Welcome, generation: 2));
        Assert.Equal((GroupVerdict.Refused, GroupFault.WrongGeneration), Post(TestMls.Commit(_scene.Statement.GroupId(2), _scene.Epoch, 0, Data, Add, 1), Welcome, generation: 2));
        Assert.Equal((GroupVerdict.Refused, GroupFault.WrongEpoch), Post(Commit(Data, Add, epoch: _scene.Epoch - 1), Welcome));
    }

    [Theory]
    [InlineData(-1)]
    [InlineData(1)]
    public void Another_epoch_than_the_current_one_is_stale(int difference)
    {
        var epoch = _scene.Epoch + difference;
        Assert.Equal((GroupVerdict.Stale, GroupFault.WrongEpoch), Post(Commit(Data, Add, epoch: epoch), Welcome, epoch: epoch));
    }

    [Fact]
    public void Wrong_sender_is_any_other_leaf_than_the_sessions()
    {
        AssertRefused(GroupFault.WrongSender, Commit(Data, Add, sender: 1), Welcome);
        AssertRefused(GroupFault.WrongSender, TestMls.Commit(_scene.GroupId, _scene.Epoch, 0, Data, Add, 1, senderType: 2), Welcome);
        AssertRefused(GroupFault.WrongSender, TestMls.Commit(_scene.GroupId, _scene.Epoch, 0, Data, Add, 1, senderType: 4), Welcome);
        Assert.Equal((GroupVerdict.Refused, GroupFault.WrongSender), Post(Commit(Data, Add, sender: 0), Welcome, poster: _budi));
    }

    [Fact]
    public void Proposals_are_removes_and_then_adds_by_value()
    {
        byte[] reference = [2, 4, 1, 2, 3, 4];
        byte[] update = [1, 0, 2, 9, 9];
        byte[] externalInit = [1, 0, 6, 1, 9];
        foreach (var proposals in new byte[][][] { [reference], [update], [externalInit], [.. Add, TestMls.Remove(1)], [.. Add, reference] })
        {
            AssertRefused(GroupFault.ProposalRefused, Commit(Data, proposals), Welcome);
        }

        AssertRefused(GroupFault.ProposalRefused, Commit(Data, [.. Enumerable.Repeat(TestMls.Add(_citra.KeyPackage), 51)]), Welcome);
    }

    [Fact]
    public void A_path_is_missing_without_proposals_with_a_remove_or_with_a_record()
    {
        var record = _scene.Record(_scene.Host, TestProofs.Recording(true));
        _scene.OfferRecord(_scene.Host, TestProofs.Recording(true));
        var empty = TestProofs.CommitData(_scene.Milliseconds, [], []);
        AssertRefused(GroupFault.PathMissing, Commit(empty, [], path: null), null);
        AssertRefused(GroupFault.PathMissing, Commit(TestProofs.CommitData(_scene.Milliseconds, [], [TestProofs.Departed]), [TestMls.Remove(1)], path: null), null);
        AssertRefused(GroupFault.PathMissing, Commit(TestProofs.CommitData(_scene.Milliseconds, [TestProofs.AddByTicket(_ticket)], [], record), Add, path: null), Welcome);

        Assert.Equal((GroupVerdict.Accepted, GroupFault.None), Post(Commit(Data, Add, path: null), Welcome));
        empty = TestProofs.CommitData(_scene.Milliseconds, [], []);
        Assert.Equal((GroupVerdict.Accepted, GroupFault.None), Post(Commit(empty, [], path: 0), null));
    }

    [Fact]
    public void Data_gives_a_reason_for_each_proposal_and_nothing_else()
    {
        byte[] add = TestProofs.AddByTicket(_ticket);
        foreach (var data in new[]
        {
            Data[..^1], [.. Data, 0], [2, .. Data[1..]], [],
            TestProofs.CommitData(_scene.Milliseconds, [], []), TestProofs.CommitData(_scene.Milliseconds, [add, add], []),
            TestProofs.CommitData(_scene.Milliseconds, [add], [TestProofs.Departed]), TestProofs.CommitData(_scene.Milliseconds, [[3]], []),
            TestProofs.CommitData(_scene.Milliseconds, [TestProofs.AddByTicket(_ticket[..^1])], []), TestProofs.CommitData(-1, [add], []),
        })
        {
            AssertRefused(GroupFault.DataMalformed, Commit(data, Add), Welcome);
        }
    }

    [Theory]
    [InlineData(-60_001)]
    [InlineData(60_001)]
    [InlineData((1L << 53) - 1 - 1_900_000_000_000)]
    public void A_commits_time_is_the_servers_within_a_minute(long difference) =>
        AssertRefused(GroupFault.ClockOff, Commit(TestProofs.CommitData(_scene.Milliseconds + difference, [TestProofs.AddByTicket(_ticket)], []), Add), Welcome);

    [Fact]
    public void An_add_is_what_somebody_knocked_with_for_the_reason_that_was_given()
    {
        var stranger = TestDevice.Of("stranger").KeyPackage(_scene.Statement.Hash);
        var otherTicket = TestProofs.Ticket(_scene.GroupId, 1, 0, _scene.Epoch, _citra.KeyPackage, TestProofs.CoHost, _scene.Milliseconds + 60_000);
        AssertRefused(GroupFault.AddNotAdmitted, Commit(Data, [TestMls.Add(stranger)]), TestMls.Welcome([stranger]));
        AssertRefused(GroupFault.AddNotAdmitted, Commit(TestProofs.CommitData(_scene.Milliseconds, [TestProofs.AddByTicket(otherTicket)], []), Add), Welcome);
        AssertRefused(GroupFault.AddNotAdmitted, Commit(TestProofs.CommitData(_scene.Milliseconds, [TestProofs.AddByReturn(null)], []), Add), Welcome);
        var twice = TestProofs.CommitData(_scene.Milliseconds, [TestProofs.AddByTicket(_ticket), TestProofs.AddByTicket(_ticket)], []);
        AssertRefused(GroupFault.AddNotAdmitted, Commit(twice, [.. Add, .. Add]), TestMls.Welcome([_citra.KeyPackage, _citra.KeyPackage]));
        // Who waits without a ticket is nobody's to add.
        var dewi = _scene.Somebody("dewi");
        _scene.Knock(dewi);
        AssertRefused(GroupFault.AddNotAdmitted, Commit(Data, [TestMls.Add(dewi.KeyPackage)]), TestMls.Welcome([dewi.KeyPackage]));
    }

    [Fact]
    public void A_remove_is_of_a_leaf_that_is_there_and_that_somebody_may_remove()
    {
        var removal = TestProofs.Removal(_scene.GroupId, 0, _scene.Epoch, 1, _budi.Device, _scene.Milliseconds);
        AssertRefused(GroupFault.RemoveNotAllowed, Removing(1, TestProofs.Departed), null);
        AssertRefused(GroupFault.RemoveNotAllowed, Removing(1, TestProofs.Replaced), null);
        AssertRefused(GroupFault.RemoveNotAllowed, Removing(1, TestProofs.Removed(removal)), null);
        AssertRefused(GroupFault.RemoveNotAllowed, Removing(7, TestProofs.Departed), null);
        AssertRefused(GroupFault.RemoveNotAllowed, Removing(0, TestProofs.Departed), null);
        AssertRefused(GroupFault.RemoveNotAllowed, Removing(uint.MaxValue, TestProofs.Departed), null);

        _scene.Leave(_budi);
        var twice = TestProofs.CommitData(_scene.Milliseconds, [], [TestProofs.Departed, TestProofs.Departed]);
        AssertRefused(GroupFault.RemoveNotAllowed, Commit(twice, [TestMls.Remove(1), TestMls.Remove(1)]), null);
        Assert.Equal((GroupVerdict.Accepted, GroupFault.None), Post(Removing(1, TestProofs.Departed), null));
    }

    [Fact]
    public void A_record_is_one_that_a_moderator_has_offered()
    {
        var record = _scene.Record(_scene.Host, TestProofs.Recording(true));
        var data = TestProofs.CommitData(_scene.Milliseconds, [], [], record);
        AssertRefused(GroupFault.RecordNotOffered, Commit(data, []), null);
        _scene.OfferRecord(_scene.Host, TestProofs.Recording(true));
        Assert.Equal((GroupVerdict.Accepted, GroupFault.None), Post(Commit(data, []), null));
    }

    [Fact]
    public void A_welcome_is_for_exactly_those_added()
    {
        var stranger = TestDevice.Of("stranger").KeyPackage(_scene.Statement.Hash);
        foreach (var welcome in new byte[]?[]
        {
            null, [], TestMls.Welcome([]), TestMls.Welcome([stranger]), TestMls.Welcome([_citra.KeyPackage, stranger]), TestMls.Welcome([_citra.KeyPackage, _citra.KeyPackage]),
            TestMls.Welcome([_citra.KeyPackage], suite: 1), Welcome[..^1], [.. Welcome, 0], TestMls.Welcome([_citra.KeyPackage], groupInfoLength: SignalingContract.WelcomeInlineMaximum),
        })
        {
            AssertRefused(GroupFault.WelcomeMissing, Commit(Data, Add), welcome);
        }

        AssertRefused(GroupFault.WelcomeMissing, Commit(TestProofs.CommitData(_scene.Milliseconds, [], []), []), Welcome);
    }

    [Fact]
    public void A_long_welcome_is_stored_first_by_the_one_who_commits_and_lives_for_a_minute()
    {
        var welcome = TestMls.Welcome([_citra.KeyPackage], groupInfoLength: 300_000);
        Assert.Equal(ErrorCode.None, Store(_budi, "budi's", welcome));
        Assert.Equal(ErrorCode.None, Store(_scene.Host, "old", welcome));
        Assert.Equal(ErrorCode.InvalidRequest, Store(_scene.Host, "wrong", welcome[..^1]));
        var commit = Commit(Data, Add);
        Assert.Equal((GroupVerdict.Refused, GroupFault.WelcomeMissing), Post(commit, null, welcomeId: "budi's"));
        _scene.Pass(60);
        Assert.Equal((GroupVerdict.Refused, GroupFault.WelcomeMissing), Post(commit, null, welcomeId: "old"));

        Assert.Equal(ErrorCode.None, Store(_scene.Host, "new", welcome));
        Assert.Equal((GroupVerdict.Refused, GroupFault.WelcomeMissing), Post(commit, Welcome, welcomeId: "new"));
        Assert.Equal((GroupVerdict.Accepted, GroupFault.None), Post(commit, null, welcomeId: "new"));
        Assert.Equal(("new", null), (_scene.ToldTo<GroupEvent.WelcomeGiven>(_citra).Single().Welcome.WelcomeId, _scene.ToldTo<GroupEvent.WelcomeGiven>(_citra).Single().Welcome.Welcome));
        Assert.Contains(_scene.Group.Memory.Welcomes, kept => kept.Id == "new");
        Assert.DoesNotContain(_scene.Group.Memory.Welcomes, kept => kept.Id == "old");
        _scene.Pass(120);
        _scene.Apply(new Pendopo.Meetings.Domain.MeetingCommand.Advance());
        Assert.Empty(_scene.Group.Memory.Welcomes);
    }

    private ErrorCode Store(Person member, string id, byte[] welcome) => _scene.Apply(new GroupCommand.StoreWelcome(member.Id, id, welcome)).Error;

    private byte[] Removing(uint leaf, byte[] reason) => Commit(TestProofs.CommitData(_scene.Milliseconds, [], [reason]), [TestMls.Remove(leaf)]);

    private byte[] Commit(byte[] data, byte[][] proposals, int? path = 1, uint sender = 0, long? epoch = null) =>
        TestMls.Commit(_scene.GroupId, epoch ?? _scene.Epoch, sender, data, proposals, path);

    private void AssertRefused(GroupFault fault, byte[] commit, byte[]? welcome)
    {
        var before = _scene.State;
        Assert.Equal((GroupVerdict.Refused, fault), Post(commit, welcome));
        Assert.Same(before, _scene.State);
    }

    private (GroupVerdict, GroupFault) Post(byte[] commit, byte[]? welcome, int? generation = null, long? epoch = null, Person? poster = null, string? welcomeId = null)
    {
        var answer = _scene.Post(poster ?? _scene.Host, commit, welcome, generation, epoch, welcomeId).Group!;
        return (answer.Verdict, answer.Fault);
    }
}
