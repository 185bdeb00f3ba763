namespace Pendopo.Testing.Groups;

/// <summary>MLS messages of suite 83 in the right framing (RFC 9420 §6, §12), with keys, tags and ciphertexts that mean nothing.</summary>
public static class TestMls
{
    private const int HashLength = 64;

    /// <param name="path">Null: none; else how many nodes it has above the leaf.</param>
    /// <param name="proposals">As <see cref="Add"/> and <see cref="Remove"/> write them.</param>
    public static byte[] Commit(byte[] groupId, long epoch, uint sender, byte[] data, IEnumerable<byte[]> proposals, int? path, TestKeyPackage? owner = null, byte senderType = 1) =>
        WireWriter.Write(writer =>
        {
            writer.UInt16(1).UInt16(1).Vector(groupId).UInt64(epoch).Byte(senderType);
            if (senderType is 1 or 2) writer.UInt32(sender);
            writer.Vector(data).Byte(3);
            writer.Vector(list => { foreach (var proposal in proposals) list.Fixed(proposal); });
            writer.Byte(path is null ? 0 : 1);
            if (path is { } nodes) Path(writer, nodes, owner ?? TestDevice.Of("committer").KeyPackage(new byte[32]));
            writer.Vector(TestDevice.Filled(64, $"signature {epoch} {sender}")).Vector(TestDevice.Filled(HashLength, $"confirmation {epoch} {sender}"));
            if (senderType == 1) writer.Vector(TestDevice.Filled(HashLength, "membership"));
        });

    public static byte[] Add(TestKeyPackage keyPackage)
    {
        ArgumentNullException.ThrowIfNull(keyPackage);
        return [1, 0, 1, .. keyPackage.Body];
    }

    public static byte[] Remove(uint leaf) => WireWriter.Write(writer => writer.Byte(1).UInt16(3).UInt32(leaf));

    public static byte[] Welcome(IEnumerable<TestKeyPackage> added, int groupInfoLength = 2000, int suite = 83) => WireWriter.Write(writer => writer
        .UInt16(1).UInt16(3).UInt16(suite)
        .Vector(list => { foreach (var keyPackage in added) HpkeCiphertext(list.Vector(keyPackage.Reference), 150); })
        .Vector(TestDevice.Filled(groupInfoLength, "group info")));

    public static byte[] Message(byte[] groupId, long epoch, byte contentType = 1, byte[]? data = null, int length = 300) => WireWriter.Write(writer => writer
        .UInt16(1).UInt16(2).Vector(groupId).UInt64(epoch).Byte(contentType).Vector(data ?? []).Vector(TestDevice.Filled(28, "sender")).Vector(TestDevice.Filled(length, "content")));

    public static byte[] Heartbeat(byte[] groupId, uint leaf, long sequence, long epoch) => WireWriter.Write(writer => writer
        .Byte(1).Vector(groupId).UInt32(leaf).UInt64(sequence).UInt64(epoch).Vector(TestDevice.Filled(HashLength, "transcript")).Fixed(TestDevice.Filled(64, "signal")));

    public static byte[] Digest(byte[] groupId, uint leaf, long sequence, int frames) => WireWriter.Write(writer => writer
        .Byte(2).Vector(groupId).UInt32(leaf).UInt64(sequence).UInt64(1).UInt64(2).UInt64(3).Vector(TestDevice.Filled(8 * frames, "tags")).Fixed(TestDevice.Filled(64, "signal")));

    private static void Path(WireWriter writer, int nodes, TestKeyPackage owner)
    {
        TestDevice.LeafNode(writer, owner.LeafKey, owner.Chain, "path", source: WireWriter.Write(parent => parent.Byte(3).Vector(TestDevice.Filled(HashLength, "parent"))));
        writer.Vector(TestDevice.Filled(64, "leaf signature"));
        writer.Vector(list =>
        {
            for (var node = 0; node < nodes; node++)
            {
                list.Vector(TestDevice.Filled(TestDevice.EncryptionKeyLength, $"node {node}")).Vector(secrets => HpkeCiphertext(secrets, HashLength + 16));
            }
        });
    }

    private static void HpkeCiphertext(WireWriter writer, int length) =>
        writer.Vector(TestDevice.Filled(1120, "kem output")).Vector(TestDevice.Filled(length, "ciphertext"));
}
