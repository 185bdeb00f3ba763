using Pendopo.Meetings.Domain.Framing;
using Pendopo.Signaling;
using Pendopo.Testing.Groups;
using Xunit;

namespace Pendopo.Meetings.Tests.Domain.Framing;

public sealed class FramingTests
{
    private static readonly TestStatement Statement = new(TestDevice.Of("sri", hasAccount: true), TestDevice.Of("budi")) { TicketKeys = 2 };

    private static readonly byte[] GroupId = Statement.GroupId(3);

    private static readonly TestKeyPackage Guest = TestDevice.Of("citra").KeyPackage(Statement.Hash);

    private static readonly TestKeyPackage Account = TestDevice.Of("dewi", hasAccount: true).KeyPackage(Statement.Hash);

    private static byte[] Ticket => TestProofs.Ticket(GroupId, 1, 4, 7, Guest, TestProofs.CoHost, 1_800_000_000_000);

    private static byte[] Removal => TestProofs.Removal(GroupId, 4, 7, 9, TestDevice.Of("citra"), 1_800_000_000_000);

    private static byte[] Record => TestProofs.Record(
        GroupId, 2, new byte[32], 4, 7, 0, TestProofs.Recording(true), TestProofs.Label("rahasia", 9), TestProofs.Role(TestDevice.Of("citra"), 2), TestProofs.Guest(TestDevice.Of("citra"), "Citra"),
        TestProofs.HandOver(TestDevice.Of("dewi", hasAccount: true)));

    private delegate bool Parser(ReadOnlySpan<byte> bytes);

    /// <summary>Every structure whole; and none with an end that is missing or too much.</summary>
    [Fact]
    public void Every_structure_is_read_whole_and_only_whole()
    {
        var data = TestProofs.CommitData(5, [TestProofs.AddByTicket(Ticket), TestProofs.AddByReturn(3)], [TestProofs.Departed, TestProofs.Removed(Removal)], Record);
        foreach (var (parse, bytes) in new (Parser, byte[])[]
        {
            (input => FoundingStatement.TryParse(input, out _), Statement.Bytes),
            (input => Pendopo.Meetings.Domain.Framing.Ticket.TryParse(input, out _), Ticket),
            (input => Pendopo.Meetings.Domain.Framing.Removal.TryParse(input, out _), Removal),
            (input => StateRecord.TryParse(input, out _), Record),
            (input => CommitData.TryParse(input, out _), data),
            (input => GroupSignalFrame.TryParse(input, out _), TestMls.Heartbeat(GroupId, 3, 4, 5)),
            (input => GroupSignalFrame.TryParse(input, out _), TestMls.Digest(GroupId, 3, 4, 50)),
            (input => KeyPackage.TryParse(input, out _), Account.Message),
            (input => WelcomeMessage.TryParse(input, out _), TestMls.Welcome([Guest, Account])),
            (input => ApplicationMessage.TryParse(input, out _), TestMls.Message(GroupId, 5)),
            (input => CommitMessage.TryParse(input, out _), TestMls.Commit(GroupId, 5, 2, data, [TestMls.Remove(1), TestMls.Add(Guest)], path: 1)),
        })
        {
            Assert.True(parse(bytes));
            Assert.False(parse([.. bytes, 0]));
            for (var length = 0; length < bytes.Length; length++) Assert.False(parse(bytes.AsSpan(0, length)), $"the first {length} of {bytes.Length} bytes");
        }
    }

    [Fact]
    public void A_statement_says_what_was_written()
    {
        Assert.True(FoundingStatement.TryParse(Statement.Text, out var statement));
        Assert.Equal(Statement.MeetingIdText, statement.MeetingId.Value);
        Assert.Equal((true, true, Succession.Anybody, 500, 2), (statement.GuestsAllowed, statement.RecordingAllowed, statement.Succession, statement.MembersMaximum, statement.TicketKeys));
        Assert.Equal(new Party(PartyType.Account, WireWriter.Text(Statement.Founder.Account)), statement.Founder);
        Assert.Equal([new Party(PartyType.Device, WireWriter.Text(TestDevice.Of("budi").Hash))], statement.CoHosts);
        Assert.Equal(WireWriter.Text(GroupId), statement.GroupId(3));
        Assert.Equal((ParticipantRole.Host, ParticipantRole.CoHost), (statement.RoleOf(statement.Founder), statement.RoleOf(statement.CoHosts[0])));
        Assert.Null(statement.RoleOf(new Party(PartyType.Device, WireWriter.Text(TestDevice.Of("eka").Hash))));
    }

    [Fact]
    public void A_statement_of_another_form_kind_or_suite_is_refused()
    {
        var guest = new TestStatement(TestDevice.Of("sri"));
        foreach (var wrong in new[]
        {
            guest with { Version = 2 }, guest with { Kind = 2 }, guest with { Suite = 1 }, guest with { Rules = 4 }, guest with { Succession = 4 },
            guest with { MembersMaximum = 0 }, guest with { MembersMaximum = 501 }, guest with { Label = "" }, guest with { Label = "Biasa" }, guest with { Label = new string('a', 65) },
            guest with { TicketKeys = 5 }, guest with { MeetingId = [0xB0, .. new byte[17]] }, guest with { MeetingId = [0x98, .. new byte[17]] },
            new TestStatement(TestDevice.Of("sri"), TestDevice.Of("sri")), new TestStatement(TestDevice.Of("sri"), TestDevice.Of("budi"), TestDevice.Of("budi")),
            new TestStatement(TestDevice.Of("sri"), [.. Enumerable.Range(0, 33).Select(index => TestDevice.Of($"co-host {index}"))]),
        })
        {
            Assert.False(FoundingStatement.TryParse(wrong.Text, out _));
        }

        Assert.True(FoundingStatement.TryParse(guest.Text, out _));
        // The founder's device is the key that signs.
        var bytes = guest.Bytes;
        var key = bytes.AsSpan().IndexOf(guest.Founder.Key);
        bytes[key] ^= 1;
        Assert.False(FoundingStatement.TryParse(bytes, out _));
    }

    [Fact]
    public void Proofs_say_what_was_written()
    {
        Assert.True(Pendopo.Meetings.Domain.Framing.Ticket.TryParse(WireWriter.Text(Ticket), out var ticket));
        Assert.Equal((TicketIssuer.Member, 4U, 7L, ParticipantRole.CoHost, 1_800_000_000_000), (ticket.Issuer, ticket.Signer, ticket.IssuingEpoch, ticket.Role, ticket.ExpiresAt));
        Assert.Equal((WireWriter.Text(GroupId), WireWriter.Text(Guest.Reference), WireWriter.Text(Ticket)), (ticket.GroupId, ticket.KeyPackageReference, ticket.Text));
        Assert.True(Pendopo.Meetings.Domain.Framing.Removal.TryParse(WireWriter.Text(Removal), out var removal));
        Assert.Equal((9U, WireWriter.Text(TestDevice.Of("citra").Hash)), (removal.Leaf, removal.Device));
        Assert.True(StateRecord.TryParse(WireWriter.Text(Record), out var record));
        var (citra, dewi) = (WireWriter.Text(TestDevice.Of("citra").Hash), new Party(PartyType.Account, WireWriter.Text(Account.Device.Account!)));
        Assert.Equal(
            [new StateChange.Recording(true), new StateChange.Label(9), new StateChange.Role(citra, ParticipantRole.CoHost), new StateChange.Guest(citra), new StateChange.Host(dewi)], record.Changes);

        Assert.False(Pendopo.Meetings.Domain.Framing.Ticket.TryParse(TestProofs.Ticket(GroupId, 4, 0, 0, Guest, 3, 0), out _));
        Assert.False(Pendopo.Meetings.Domain.Framing.Ticket.TryParse(TestProofs.Ticket(GroupId, 1, 0, 0, Guest, 4, 0), out _));
        Assert.False(Pendopo.Meetings.Domain.Framing.Ticket.TryParse(TestProofs.Ticket(GroupId[1..], 1, 0, 0, Guest, 3, 0), out _));
        Assert.False(StateRecord.TryParse(TestProofs.Record(GroupId, 1, new byte[32], 0, 0, 0), out _));
        Assert.False(StateRecord.TryParse(TestProofs.Record(GroupId, 1, new byte[32], 0, 0, 0, changes: [[6, 1]]), out _));
        // After it the signer is no host.
        Assert.False(StateRecord.TryParse(TestProofs.Record(GroupId, 1, new byte[32], 0, 0, 0, TestProofs.HandOver(TestDevice.Of("dewi")), TestProofs.Recording(true)), out _));
        Assert.False(StateRecord.TryParse(TestProofs.Record(GroupId, 1, new byte[32], 0, 0, 0, changes: [[5, 3, .. new byte[32]]]), out _));
        Assert.False(StateRecord.TryParse(TestProofs.Record(GroupId, 1, new byte[32], 0, 0, 0, changes: [[1, 2]]), out _));
        Assert.False(StateRecord.TryParse(TestProofs.Record(GroupId, 1, new byte[32], 0, 0, 0, changes: [.. Enumerable.Repeat(TestProofs.Recording(true), 65)]), out _));
    }

    [Fact]
    public void A_chain_says_whose_it_is_and_its_parts_fit_each_other()
    {
        Assert.True(ChainIdentity.TryRead(Parse(Guest).Leaf, out var guest));
        Assert.Equal(new Party(PartyType.Device, guest.Device), guest.Party);
        Assert.Equal((WireWriter.Text(Guest.CertificateHash), WireWriter.Text(Statement.Hash)), (guest.CertificateHash, guest.StatementHash));
        Assert.True(ChainIdentity.TryRead(Parse(Account).Leaf, out var account));
        Assert.Equal(new Party(PartyType.Account, WireWriter.Text(Account.Device.Account)), account.Party);

        var leaf = Parse(Account).Leaf;
        Assert.False(ChainIdentity.TryRead(leaf with { SignatureKey = new byte[32] }, out _));
        Assert.False(ChainIdentity.TryRead(leaf with { Chain = [] }, out _));
        Assert.False(ChainIdentity.TryRead(leaf with { Chain = [leaf.Chain[1]] }, out _));
        Assert.False(ChainIdentity.TryRead(leaf with { Chain = [leaf.Chain[0], leaf.Chain[0]] }, out _));
        Assert.False(ChainIdentity.TryRead(leaf with { Chain = [leaf.Chain[0], Parse(TestDevice.Of("eka", hasAccount: true).KeyPackage(Statement.Hash)).Leaf.Chain[1]] }, out _));
        for (var length = 0; length < leaf.Chain[0].Length; length++) Assert.False(ChainIdentity.TryRead(leaf with { Chain = [leaf.Chain[0][..length]] }, out _));
        Assert.False(ChainIdentity.TryRead(leaf with { Chain = [(byte[])[.. leaf.Chain[0].Span, 0]] }, out _));
    }

    [Fact]
    public void A_key_package_of_another_profile_is_seen()
    {
        Assert.True(Parse(Guest).FitsProfile);
        Assert.Equal(WireWriter.Text(Guest.Reference), Parse(Guest).Reference());
        Assert.Equal(Guest.Text, KeyPackage.TextOf(Guest.Body));
        // Version, suite, capabilities.
        foreach (var (at, value) in new[] { (1, 2), (3, 1), (Guest.Body.AsSpan().IndexOf((byte[])[2, 0xF0, 0xE1]) + 2, 0xE2) })
        {
            byte[] changed = [.. Guest.Message];
            changed[4 + at] = (byte)value;
            Assert.True(KeyPackage.TryParse(changed, out var keyPackage));
            Assert.False(keyPackage.FitsProfile);
        }

        var large = new TestDevice(new string('x', 70)).KeyPackage(Statement.Hash);
        Assert.True(Parse(large).FitsProfile);
        var tooLarge = WireWriter.Write(writer => TestDevice.LeafNode(writer, Guest.LeafKey, [Guest.Chain[0], new byte[4096]], "x", [1, .. new byte[16]]));
        var message = WireWriter.Write(writer => writer.UInt16(1).UInt16(5).UInt16(1).UInt16(83).Vector(new byte[1216]).Fixed(tooLarge).Vector(new byte[64]).Vector([]).Vector(new byte[64]));
        Assert.True(KeyPackage.TryParse(message, out var long_));
        Assert.False(long_.FitsProfile);
    }

    [Fact]
    public void A_commit_of_other_lengths_than_the_suites_is_malformed()
    {
        var good = TestMls.Commit(GroupId, 1, 0, [], [], path: 16);
        Assert.True(CommitMessage.TryParse(good, out _));
        Assert.False(CommitMessage.TryParse(TestMls.Commit(GroupId, 1, 0, [], [], path: 17), out _));
        foreach (var (whole, half) in new[] { ((byte[])[0x40, 64], (byte[])[0x3F]), ([0x44, 0xC0], [0x44, 0xBF]) })
        {
            var at = good.AsSpan().LastIndexOf(whole);
            byte[] changed = [.. good[..at], .. half, .. good[(at + whole.Length)..]];
            Assert.False(CommitMessage.TryParse(changed, out _));
        }
    }

    [Theory]
    [InlineData("40 05 00 00 00 00 00")]
    [InlineData("80 00 00 05 00 00 00 00 00")]
    [InlineData("C0 00 00 00 00 00 00 00")]
    [InlineData("05 00 00 00 00")]
    [InlineData("40")]
    [InlineData("")]
    public void A_length_is_in_its_shortest_form_and_within_the_input(string hex)
    {
        var reader = new WireReader(Convert.FromHexString(hex.Replace(" ", "", StringComparison.Ordinal)));
        Assert.True(reader.ReadVector().IsEmpty);
        Assert.True(reader.Failed);
        Assert.Equal((0, 0U, 0UL, false), (reader.ReadByte(), reader.ReadUInt32(), reader.ReadUInt64(), reader.IsComplete));
    }

    [Theory]
    [InlineData(63)]
    [InlineData(64)]
    [InlineData(16_383)]
    [InlineData(16_384)]
    public void Vectors_of_every_form_of_length_are_read(int length)
    {
        var reader = new WireReader(WireWriter.Write(writer => writer.Vector(new byte[length])));
        Assert.Equal(length, reader.ReadVector().Length);
        Assert.True(reader.IsComplete);
    }

    [Theory]
    [InlineData("AAAA", true)]
    [InlineData("AA", true)]
    [InlineData("AB", false)]
    [InlineData("AA==", false)]
    [InlineData("A", false)]
    [InlineData("AA A", false)]
    [InlineData("AA+A", false)]
    [InlineData("", false)]
    [InlineData(null, false)]
    [InlineData("AAAAAAAA", false)]
    public void Text_has_one_form(string? text, bool isGood) => Assert.Equal(isGood, WireText.TryRead(text, 4, out _));

    private static KeyPackage Parse(TestKeyPackage keyPackage)
    {
        Assert.True(KeyPackage.TryParse(keyPackage.Message, out var parsed));
        return parsed;
    }
}
