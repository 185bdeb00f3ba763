namespace Pendopo.Testing.Groups;

/// <summary>Tickets, removals, records and the data of commits (docs/e2ee.md §7), with signatures that nobody verifies.</summary>
public static class TestProofs
{
    public const byte Host = 1;
    public const byte CoHost = 2;
    public const byte Participant = 3;

    public static byte[] Ticket(byte[] groupId, byte issuer, uint signer, long epoch, TestKeyPackage keyPackage, byte role, long expiresAt)
    {
        ArgumentNullException.ThrowIfNull(keyPackage);
        return WireWriter.Write(writer => writer
            .Vector(groupId).Byte(issuer).UInt32(signer).UInt64(epoch).Fixed(keyPackage.CertificateHash).Fixed(keyPackage.Device.Hash).Fixed(keyPackage.Device.Party)
            .Vector(keyPackage.Reference).Byte(role).UInt64(expiresAt).Fixed(TestDevice.Filled(64, $"ticket {signer}")));
    }

    public static byte[] Removal(byte[] groupId, uint signer, long epoch, uint leaf, TestDevice device, long issuedAt)
    {
        ArgumentNullException.ThrowIfNull(device);
        return WireWriter.Write(writer => writer
            .Vector(groupId).UInt32(signer).UInt64(epoch).UInt32(leaf).Fixed(device.Hash).Fixed(device.Party).UInt64(issuedAt).Fixed(TestDevice.Filled(64, "removal")));
    }

    /// <param name="changes">As <see cref="Role"/> and its like write them.</param>
    public static byte[] Record(byte[] groupId, long number, byte[] previous, uint signer, long epoch, long issuedAt, params byte[][] changes) =>
        WireWriter.Write(writer => writer
            .Vector(groupId).UInt64(number).Fixed(previous).UInt32(signer).UInt64(epoch).UInt64(issuedAt)
            .Vector(list => Array.ForEach(changes, change => list.Fixed(change))).Fixed(TestDevice.Filled(64, "record")));

    public static byte[] Recording(bool on) => [1, on ? (byte)1 : (byte)0];

    public static byte[] Label(string label, byte rank) => WireWriter.Write(writer => writer.Byte(2).Vector(label).Byte(rank));

    public static byte[] Role(TestDevice device, byte role)
    {
        ArgumentNullException.ThrowIfNull(device);
        return [3, .. device.Hash, role];
    }

    public static byte[] Guest(TestDevice device, string name)
    {
        ArgumentNullException.ThrowIfNull(device);
        return WireWriter.Write(writer => writer.Byte(4).Fixed(device.Hash).Vector(name));
    }

    public static byte[] HandOver(TestDevice device)
    {
        ArgumentNullException.ThrowIfNull(device);
        return [5, .. device.Party];
    }

    public static byte[] AddByTicket(byte[] ticket) => WireWriter.Write(writer => writer.Byte(1).Vector(ticket));

    public static byte[] AddByReturn(uint? oldLeaf) => WireWriter.Write(writer => writer.Byte(2).UInt32(oldLeaf ?? uint.MaxValue));

    public static byte[] Departed => [1];

    public static byte[] Replaced => [2];

    public static byte[] Removed(byte[] removal) => WireWriter.Write(writer => writer.Byte(3).Vector(removal));

    public static byte[] CommitData(long committedAt, IEnumerable<byte[]> adds, IEnumerable<byte[]> removes, byte[]? record = null) =>
        WireWriter.Write(writer =>
        {
            writer.Byte(1).UInt64(committedAt).Fixed(TestDevice.Filled(32, "register"));
            writer.Vector(list => { foreach (var add in adds) list.Fixed(add); });
            writer.Vector(list => { foreach (var remove in removes) list.Fixed(remove); });
            if (record is null) writer.Byte(0);
            else writer.Byte(1).Vector(record);
        });
}
