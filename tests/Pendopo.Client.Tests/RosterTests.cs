using Pendopo.Signaling;
using Xunit;

namespace Pendopo.Client.Tests;

public sealed class RosterTests
{
    [Fact]
    public void Changes_are_applied_in_order_and_old_ones_are_ignored()
    {
        var roster = new Roster();
        roster.Reset(new MeetingSnapshot("m", MeetingKind.OpenBroadcast, 4, 0, [Person("a", 1)], [], false));
        Assert.Equal(RosterStep.Applied, roster.Apply(new MeetingChange(5, [Person("b", 2)], [], null, null)));
        Assert.Equal(RosterStep.Old, roster.Apply(new MeetingChange(5, [], ["b"], null, null)));
        Assert.Equal(["a", "b"], roster.Participants.Select(participant => participant.Id));
        Assert.Equal(RosterStep.Applied, roster.Apply(new MeetingChange(6, [], ["a"], null, null)));
        Assert.Equal(["b"], roster.Participants.Select(participant => participant.Id));
    }

    [Fact]
    public void A_gap_changes_nothing_and_is_told()
    {
        var roster = new Roster();
        roster.Reset(new MeetingSnapshot("m", MeetingKind.OpenBroadcast, 4, 0, [Person("a", 1)], [], false));
        Assert.Equal(RosterStep.Missed, roster.Apply(new MeetingChange(6, [], ["a"], null, null)));
        Assert.Single(roster.Participants);
    }

    [Fact]
    public void A_change_that_overtakes_the_whole_is_applied_after_it()
    {
        var roster = new Roster();
        Assert.Equal(RosterStep.Early, roster.Apply(new MeetingChange(5, [Person("b", 2)], [], null, null)));
        Assert.Equal(RosterStep.Early, roster.Apply(new MeetingChange(4, [Person("c", 3)], [], null, null)));
        Assert.Empty(roster.Participants);
        roster.Reset(new MeetingSnapshot("m", MeetingKind.OpenBroadcast, 4, 0, [Person("a", 1)], [], false));
        Assert.Equal(["a", "b"], roster.Participants.Select(participant => participant.Id));
        Assert.Equal(5, roster.Revision);
    }

    private static Participant Person(string id, long joinedAt) =>
        new(id, id, ParticipantRole.Participant, new MediaState(true, true), ConnectionState.Connected, joinedAt);
}
