namespace Pendopo.Meetings.Domain.Framing;

/// <summary>What the server reads of an application message that came as PrivateMessage (RFC 9420 §6.3). Who sent it is encrypted.</summary>
public sealed record ApplicationMessage
{
    /// <summary>As text.</summary>
    public required string GroupId { get; init; }

    public required long Epoch { get; init; }

    /// <summary>False for what is no MLSMessage with exactly one such message, bears authenticated data, or has lengths that suite 83 does not have.</summary>
    public static bool TryParse(ReadOnlySpan<byte> message, out ApplicationMessage application)
    {
        var reader = new WireReader(message);
        Mls.ReadHeader(ref reader, Mls.PrivateMessage);
        var groupId = reader.ReadVector();
        var epoch = reader.ReadNumber();
        reader.Require(reader.ReadByte() == Mls.Application);
        reader.ReadVector(maximum: 0);
        reader.ReadVector(Mls.SenderDataLength, Mls.SenderDataLength);
        reader.ReadVector(minimum: Mls.TagLength);
        application = new ApplicationMessage { GroupId = WireText.Of(groupId), Epoch = epoch };
        return reader.IsComplete;
    }
}
