using System.Diagnostics.CodeAnalysis;
using Pendopo.Signaling;

namespace Pendopo.Meetings.Domain.Framing;

/// <summary>A moderator's signed act that removes a leaf and takes the return right (docs/e2ee.md §7).</summary>
public sealed record Removal
{
    /// <summary>The whole, as it was given.</summary>
    public required string Text { get; init; }

    public required string GroupId { get; init; }

    public required uint Signer { get; init; }

    public required long IssuingEpoch { get; init; }

    public required uint Leaf { get; init; }

    public required string Device { get; init; }

    public required Party Party { get; init; }

    public static bool TryParse(string? text, [NotNullWhen(true)] out Removal? removal)
    {
        removal = null;
        return WireText.TryRead(text, SignalingContract.TicketMaximum, out var bytes) && TryParse(bytes, out removal);
    }

    public static bool TryParse(ReadOnlySpan<byte> bytes, [NotNullWhen(true)] out Removal? removal)
    {
        var reader = new WireReader(bytes);
        removal = new Removal
        {
            Text = WireText.Of(bytes),
            GroupId = GroupName.Read(ref reader),
            Signer = reader.ReadUInt32(),
            IssuingEpoch = reader.ReadNumber(),
            Leaf = reader.ReadUInt32(),
            Device = WireText.Of(reader.ReadBytes(Party.DeviceLength)),
            Party = Party.Read(ref reader),
        };
        reader.ReadNumber();
        reader.ReadBytes(Mls.SignatureLength);
        if (reader.IsComplete && bytes.Length <= SignalingContract.TicketMaximum) return true;
        removal = null;
        return false;
    }
}
