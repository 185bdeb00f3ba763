using System.Diagnostics.CodeAnalysis;
using Pendopo.Signaling;

namespace Pendopo.Meetings.Domain.Framing;

/// <summary>Why an Add is allowed: by ticket, or (null) because the device was in before.</summary>
/// <param name="OldLeaf">Of a return: the leaf that goes in the same commit; null: it is gone already.</param>
public sealed record AddReason(Ticket? Ticket, uint? OldLeaf);

public enum RemoveType
{
    /// <summary>Its place is gone, by the server's word.</summary>
    Departed = 1,

    /// <summary>The same device is added again.</summary>
    Replaced = 2,

    /// <summary>By a moderator's signed act.</summary>
    Removed = 3,
}

/// <param name="Removal">Of <see cref="RemoveType.Removed"/>.</param>
public sealed record RemoveReason(RemoveType Type, Removal? Removal);

/// <summary>The authenticated data of a commit (docs/e2ee.md §7).</summary>
public sealed record CommitData
{
    private const byte Version = 1;
    private const int LengthMaximum = 65_536;
    private const int RemovesMaximum = 1024;
    private const uint Gone = uint.MaxValue;

    /// <summary>The committer's estimate of meeting time, ms since 1970-01-01 UTC.</summary>
    public required long CommittedAt { get; init; }

    /// <summary>One for each Add, in order.</summary>
    public required IReadOnlyList<AddReason> Adds { get; init; }

    /// <summary>One for each Remove, in order.</summary>
    public required IReadOnlyList<RemoveReason> Removes { get; init; }

    public required StateRecord? Record { get; init; }

    public static bool TryParse(ReadOnlySpan<byte> bytes, [NotNullWhen(true)] out CommitData? data)
    {
        var reader = new WireReader(bytes);
        reader.Require(reader.ReadByte() == Version);
        var committedAt = reader.ReadNumber();
        // The register's hash is the clients' to compare.
        reader.ReadBytes(32);
        data = new CommitData
        {
            CommittedAt = committedAt,
            Adds = ReadAdds(ref reader),
            Removes = ReadRemoves(ref reader),
            Record = reader.ReadPresence() ? ReadRecord(ref reader) : null,
        };
        if (reader.IsComplete && bytes.Length <= LengthMaximum) return true;
        data = null;
        return false;
    }

    private static List<AddReason> ReadAdds(ref WireReader reader)
    {
        var reasons = new List<AddReason>();
        var list = new WireReader(reader.ReadVector());
        while (list.HasMore && reasons.Count < SignalingContract.AddsMaximum)
        {
            switch (list.ReadByte())
            {
                case 1:
                    list.Require(Ticket.TryParse(list.ReadVector(1, SignalingContract.TicketMaximum), out var ticket));
                    reasons.Add(new AddReason(ticket, null));
                    break;
                case 2:
                    var leaf = list.ReadUInt32();
                    reasons.Add(new AddReason(null, leaf == Gone ? null : leaf));
                    break;
                default:
                    list.Fail();
                    break;
            }
        }

        reader.Require(list.IsComplete);
        return reasons;
    }

    private static List<RemoveReason> ReadRemoves(ref WireReader reader)
    {
        var reasons = new List<RemoveReason>();
        var list = new WireReader(reader.ReadVector());
        while (list.HasMore && reasons.Count < RemovesMaximum)
        {
            var type = (RemoveType)list.ReadByte();
            Removal? removal = null;
            if (type == RemoveType.Removed) list.Require(Removal.TryParse(list.ReadVector(1, SignalingContract.TicketMaximum), out removal));
            list.Require(type is RemoveType.Departed or RemoveType.Replaced or RemoveType.Removed);
            reasons.Add(new RemoveReason(type, removal));
        }

        reader.Require(list.IsComplete);
        return reasons;
    }

    private static StateRecord? ReadRecord(ref WireReader reader)
    {
        reader.Require(StateRecord.TryParse(reader.ReadVector(1, SignalingContract.RecordMaximum), out var record));
        return record;
    }
}
