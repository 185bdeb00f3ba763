using System.Security.Cryptography;

namespace Pendopo.Testing.Groups;

/// <summary>A founding statement (docs/e2ee.md §4), with a signature that nobody verifies.</summary>
public sealed record TestStatement(TestDevice Founder, params TestDevice[] CoHosts)
{
    public byte[] MeetingId { get; init; } = [0xAC, .. RandomNumberGenerator.GetBytes(17)];

    public byte Version { get; init; } = 1;

    public byte Kind { get; init; } = 1;

    public int Suite { get; init; } = 83;

    public string Label { get; init; } = "biasa";

    /// <summary>Bit 0: guests, bit 1: recording.</summary>
    public byte Rules { get; init; } = 3;

    /// <summary>0 none, 1 accounts, 2 confirmed, 3 anybody.</summary>
    public byte Succession { get; init; } = 3;

    public int MembersMaximum { get; init; } = 500;

    public int TicketKeys { get; init; }

    public byte[] Bytes => WireWriter.Write(writer => writer
        .Byte(Version).Fixed(MeetingId).Byte(Kind).UInt16(Suite).UInt64(1_800_000_000_000).Vector(Label).Byte(0).Byte(Rules).Byte(Succession).UInt16(MembersMaximum)
        .Fixed(Founder.Party).Vector(list => Array.ForEach(CoHosts, coHost => list.Fixed(coHost.Party))).Fixed(Founder.Key)
        .Vector(TestDevice.Filled(32, "root")).Vector([]).Vector(TestDevice.Filled(32 * TicketKeys, "ticket keys"))
        .Vector(Founder.Account is null ? [] : TestDevice.Filled(300, "founder's certificate")).Fixed(TestDevice.Filled(64, "signature")));

    public byte[] Hash => SHA256.HashData(Bytes);

    public string Text => WireWriter.Text(Bytes);

    public string MeetingIdText => WireWriter.Text(MeetingId);

    public byte[] GroupId(int generation) => WireWriter.Write(writer => writer.Fixed(Hash).UInt32((uint)generation));
}
