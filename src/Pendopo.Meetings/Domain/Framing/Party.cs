namespace Pendopo.Meetings.Domain.Framing;

public enum PartyType
{
    Account = 1,

    /// <summary>A guest: H(device key).</summary>
    Device = 2,
}

/// <summary>Who somebody is (docs/e2ee.md §4).</summary>
/// <param name="Id">16 or 32 bytes, as text.</param>
public readonly record struct Party(PartyType Type, string Id)
{
    public const int AccountLength = 16;

    public const int DeviceLength = 32;

    public override string ToString() => $"({Type})";

    internal static Party Read(ref WireReader reader)
    {
        var type = (PartyType)reader.ReadByte();
        reader.Require(type is PartyType.Account or PartyType.Device);
        return new Party(type, WireText.Of(reader.ReadBytes(type == PartyType.Account ? AccountLength : DeviceLength)));
    }
}
