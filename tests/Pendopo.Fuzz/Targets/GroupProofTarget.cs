using Pendopo.Meetings.Domain.Framing;
using Pendopo.Signaling;
using Pendopo.Testing.Groups;

namespace Pendopo.Fuzz.Targets;

/// <summary>What of our own travels with a group: founding statements, tickets, removals, records, data of commits, signals.</summary>
public sealed class GroupProofTarget : FuzzTarget
{
    private static readonly TestStatement Statement =
        new(TestDevice.Of("sri", hasAccount: true), TestDevice.Of("budi")) { MeetingId = [0xAC, .. new byte[17]], TicketKeys = 2 };

    private static readonly byte[] GroupId = Statement.GroupId(1);

    private static readonly byte[] Ticket = TestProofs.Ticket(GroupId, 1, 2, 3, TestDevice.Of("citra").KeyPackage(Statement.Hash), TestProofs.Participant, 1_800_000_000_000);

    private static readonly byte[] Removal = TestProofs.Removal(GroupId, 2, 3, 4, TestDevice.Of("citra"), 1_800_000_000_000);

    private static readonly byte[] Record = TestProofs.Record(
        GroupId, 1, Statement.Hash, 2, 3, 1_800_000_000_000, TestProofs.Recording(true), TestProofs.Label("rahasia", 2),
        TestProofs.Role(TestDevice.Of("citra"), TestProofs.CoHost), TestProofs.Guest(TestDevice.Of("citra"), "Citra"), TestProofs.HandOver(TestDevice.Of("dewi", hasAccount: true)));

    public override string Name => "group-proof";

    public override IReadOnlyList<byte[]> Corpus { get; } =
    [
        Statement.Bytes, Ticket, Removal, Record,
        TestProofs.CommitData(1_800_000_000_000, [TestProofs.AddByTicket(Ticket), TestProofs.AddByReturn(7)], [TestProofs.Departed, TestProofs.Replaced, TestProofs.Removed(Removal)], Record),
        TestMls.Heartbeat(GroupId, 1, 2, 3), TestMls.Digest(GroupId, 1, 2, 40),
    ];

    public override IReadOnlyList<byte[]> Dictionary { get; } =
        [GroupId, [0x24, .. GroupId], [1], [2], [3], [0xFF, 0xFF, 0xFF, 0xFF], [0, 83], [0xAC], [0x40, 0x40], [0x20, 0, 0, 0, 0, 0, 0, 0]];

    public override bool Run(Span<byte> input)
    {
        var isStatement = FoundingStatement.TryParse(input, out var statement);
        if (isStatement)
        {
            Require(statement!.MeetingId.Kind == MeetingKind.Encrypted, "a statement of another kind");
            Require(statement.GroupId(3).Length == 48, "a group id of another length");
            Require(statement.RoleOf(statement.Founder) == ParticipantRole.Host, "a founder that is no host");
        }

        var isTicket = Meetings.Domain.Framing.Ticket.TryParse(input, out var ticket);
        if (isTicket) Require(Meetings.Domain.Framing.Ticket.TryParse(ticket!.Text, out var again) && again == ticket, "a ticket that reads otherwise the second time");
        var isRemoval = Meetings.Domain.Framing.Removal.TryParse(input, out var removal);
        if (isRemoval) Require(Meetings.Domain.Framing.Removal.TryParse(removal!.Text, out var again) && again == removal, "a removal that reads otherwise the second time");
        var isRecord = StateRecord.TryParse(input, out var record);
        if (isRecord)
        {
            Require(record!.Changes.Count is > 0 and <= 64, "a record of no change, or of too many");
            Require(record.Changes.SkipLast(1).All(change => change is not StateChange.Host), "a record that goes on after the host handed over");
        }

        var isData = CommitData.TryParse(input, out var data);
        if (isData)
        {
            Require(data!.Adds.Count <= SignalingContract.AddsMaximum, "more Adds than allowed");
            Require(data.Removes.All(reason => (reason.Type == RemoveType.Removed) == (reason.Removal is not null)), "a reason without its proof");
        }

        var isSignal = GroupSignalFrame.TryParse(input, out _);
        return isStatement || isTicket || isRemoval || isRecord || isData || isSignal;
    }
}
