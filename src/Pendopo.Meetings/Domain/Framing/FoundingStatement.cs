using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using Pendopo.Signaling;

namespace Pendopo.Meetings.Domain.Framing;

/// <summary>Who may become co-host when no moderator is left.</summary>
public enum Succession
{
    None = 0,
    Accounts = 1,

    /// <summary>Accounts and confirmed guests.</summary>
    Confirmed = 2,
    Anybody = 3,
}

/// <summary>What the founder signed (docs/e2ee.md §4). The signature and the founder's certificate are the clients' to verify.</summary>
public sealed record FoundingStatement
{
    private const byte Version = 1;
    private const byte EncryptedKind = 1;
    private const int LabelMaximum = 64;
    private const int CoHostsMaximum = 32;
    private const int MembersLimit = 500;
    private const int RootsMaximum = 8;
    private const int TicketKeysMaximum = 4;
    private const int KeyLength = 32;
    private const byte GuestsRule = 1;
    private const byte RecordingRule = 2;

    public required MeetingId MeetingId { get; init; }

    public required byte LabelRank { get; init; }

    public required bool GuestsAllowed { get; init; }

    public required bool RecordingAllowed { get; init; }

    public required Succession Succession { get; init; }

    public required int MembersMaximum { get; init; }

    public required Party Founder { get; init; }

    public required IReadOnlyList<Party> CoHosts { get; init; }

    /// <summary>Organisation keys that may admit.</summary>
    public required int TicketKeys { get; init; }

    /// <summary>SHA-256 of the whole: what the link's fragment says.</summary>
    public required ReadOnlyMemory<byte> Hash { get; init; }

    public static bool TryParse(string? text, [NotNullWhen(true)] out FoundingStatement? statement)
    {
        statement = null;
        return WireText.TryRead(text, SignalingContract.StatementMaximum, out var bytes) && TryParse(bytes, out statement);
    }

    public static bool TryParse(ReadOnlySpan<byte> bytes, [NotNullWhen(true)] out FoundingStatement? statement)
    {
        var reader = new WireReader(bytes);
        reader.Require(reader.ReadByte() == Version);
        reader.Require(MeetingId.TryParse(WireText.Of(reader.ReadBytes(MeetingId.Length)), out var id) && id.Kind == MeetingKind.Encrypted);
        reader.Require(reader.ReadByte() == EncryptedKind);
        reader.Require(reader.ReadUInt16() == Mls.Suite);
        reader.ReadNumber();
        reader.Require(StateRecord.IsLabel(reader.ReadVector(1, LabelMaximum)));
        var labelRank = reader.ReadByte();
        var rules = reader.ReadByte();
        reader.Require(rules <= (GuestsRule | RecordingRule));
        var succession = (Succession)reader.ReadByte();
        reader.Require(succession <= Succession.Anybody);
        int membersMaximum = reader.ReadUInt16();
        reader.Require(membersMaximum is >= 1 and <= MembersLimit);
        var founder = Party.Read(ref reader);
        var coHosts = ReadCoHosts(ref reader);
        reader.Require(coHosts.Append(founder).Distinct().Count() == coHosts.Count + 1);
        var founderKey = reader.ReadBytes(KeyLength);
        reader.Require(founder.Type == PartyType.Account || founder.Id == WireText.HashOf(founderKey));
        CountKeys(ref reader, RootsMaximum);
        CountKeys(ref reader, RootsMaximum);
        var ticketKeys = CountKeys(ref reader, TicketKeysMaximum);
        var certificate = reader.ReadVector();
        reader.Require(certificate.IsEmpty == (founder.Type == PartyType.Device));
        reader.ReadBytes(Mls.SignatureLength);
        statement = null;
        if (!reader.IsComplete || bytes.Length > SignalingContract.StatementMaximum) return false;
        statement = new FoundingStatement
        {
            MeetingId = id,
            LabelRank = labelRank,
            GuestsAllowed = (rules & GuestsRule) != 0,
            RecordingAllowed = (rules & RecordingRule) != 0,
            Succession = succession,
            MembersMaximum = membersMaximum,
            Founder = founder,
            CoHosts = coHosts,
            TicketKeys = ticketKeys,
            Hash = SHA256.HashData(bytes),
        };
        return true;
    }

    /// <summary>The rank that the statement itself gives; null: none.</summary>
    public ParticipantRole? RoleOf(Party party) => party == Founder ? ParticipantRole.Host : CoHosts.Contains(party) ? ParticipantRole.CoHost : null;

    /// <summary>Id of a generation's group, as text.</summary>
    public string GroupId(int generation) => GroupName.Of(Hash.Span, generation);

    private static List<Party> ReadCoHosts(ref WireReader reader)
    {
        var parties = new List<Party>();
        var list = new WireReader(reader.ReadVector());
        while (list.HasMore && parties.Count < CoHostsMaximum) parties.Add(Party.Read(ref list));
        reader.Require(list.IsComplete);
        return parties;
    }

    private static int CountKeys(ref WireReader reader, int maximum)
    {
        var length = reader.ReadVector(maximum: maximum * KeyLength).Length;
        reader.Require(length % KeyLength == 0);
        return length / KeyLength;
    }
}
