using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using Pendopo.Signaling;

namespace Pendopo.Meetings.Domain.Framing;

/// <summary>One change of a state record.</summary>
public abstract record StateChange
{
    public sealed record Recording(bool On) : StateChange;

    public sealed record Label(byte Rank) : StateChange;

    public sealed record Role(string Device, ParticipantRole NewRole) : StateChange;

    /// <summary>A moderator confirms a guest.</summary>
    public sealed record Guest(string Device) : StateChange;

    /// <summary>The host hands over; the last change of its record, since its signer is no host after it.</summary>
    public sealed record Host(Party Party) : StateChange;
}

/// <summary>What a moderator changes during a meeting, chained by hash (docs/e2ee.md §7).</summary>
public sealed record StateRecord
{
    private const int ChangesMaximum = 64;
    private const int LabelMaximum = 64;

    /// <summary>80 characters of UTF-8.</summary>
    private const int NameMaximum = 320;

    private static readonly SearchValues<byte> LabelCharacters = SearchValues.Create("abcdefghijklmnopqrstuvwxyz0123456789-"u8);

    /// <summary>The whole, as it was given.</summary>
    public required string Text { get; init; }

    public required string GroupId { get; init; }

    /// <summary>1, 2, …</summary>
    public required long Number { get; init; }

    /// <summary>Hash of the record before, or of the founding statement.</summary>
    public required string Previous { get; init; }

    public required uint Signer { get; init; }

    public required long IssuingEpoch { get; init; }

    public required IReadOnlyList<StateChange> Changes { get; init; }

    /// <summary>Hash of this record, for the next one.</summary>
    public required string Hash { get; init; }

    public static bool TryParse(string? text, [NotNullWhen(true)] out StateRecord? record)
    {
        record = null;
        return WireText.TryRead(text, SignalingContract.RecordMaximum, out var bytes) && TryParse(bytes, out record);
    }

    public static bool TryParse(ReadOnlySpan<byte> bytes, [NotNullWhen(true)] out StateRecord? record)
    {
        var reader = new WireReader(bytes);
        var groupId = GroupName.Read(ref reader);
        var number = reader.ReadNumber();
        var previous = reader.ReadBytes(32);
        var signer = reader.ReadUInt32();
        var issuingEpoch = reader.ReadNumber();
        // Its time is the clients' to judge.
        reader.ReadNumber();
        record = new StateRecord
        {
            Text = WireText.Of(bytes),
            GroupId = groupId,
            Number = number,
            Previous = WireText.Of(previous),
            Signer = signer,
            IssuingEpoch = issuingEpoch,
            Changes = ReadChanges(ref reader),
            Hash = WireText.HashOf(bytes),
        };
        reader.ReadBytes(Mls.SignatureLength);
        if (reader.IsComplete && bytes.Length <= SignalingContract.RecordMaximum) return true;
        record = null;
        return false;
    }

    /// <summary>Id of a classification label, as statements and records name it.</summary>
    internal static bool IsLabel(ReadOnlySpan<byte> label) => label.Length > 0 && !label.ContainsAnyExcept(LabelCharacters);

    private static List<StateChange> ReadChanges(ref WireReader reader)
    {
        var changes = new List<StateChange>();
        var list = new WireReader(reader.ReadVector(minimum: 1));
        while (list.HasMore)
        {
            list.Require(changes.Count == 0 || changes[^1] is not StateChange.Host);
            switch (list.ReadByte())
            {
                case 1:
                    changes.Add(new StateChange.Recording(list.ReadPresence()));
                    break;
                case 2:
                    list.Require(IsLabel(list.ReadVector(1, LabelMaximum)));
                    changes.Add(new StateChange.Label(list.ReadByte()));
                    break;
                case 3:
                    changes.Add(new StateChange.Role(WireText.Of(list.ReadBytes(Party.DeviceLength)), Ticket.ReadRole(ref list)));
                    break;
                case 4:
                    changes.Add(new StateChange.Guest(WireText.Of(list.ReadBytes(Party.DeviceLength))));
                    // Which names may be confirmed is the clients' rule (docs/e2ee.md §18).
                    list.ReadVector(1, NameMaximum);
                    break;
                case 5:
                    changes.Add(new StateChange.Host(Party.Read(ref list)));
                    break;
                default:
                    list.Fail();
                    break;
            }
        }

        reader.Require(list.IsComplete && changes.Count is > 0 and <= ChangesMaximum);
        return changes;
    }
}
