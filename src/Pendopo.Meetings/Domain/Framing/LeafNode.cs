namespace Pendopo.Meetings.Domain.Framing;

/// <summary>What the server reads of an MLS leaf node (RFC 9420 §7.2).</summary>
public sealed record LeafNode
{
    private const ushort X509 = 2;

    private const byte FromKeyPackage = 1;
    private const byte FromUpdate = 2;
    private const byte FromCommit = 3;

    /// <summary>Versions [1], suites [83], extensions [0xF0E1], no proposals, credentials [x509] (docs/e2ee.md §6).</summary>
    private static ReadOnlySpan<byte> OurCapabilities => [2, 0, 1, 2, 0, 83, 2, 0xF0, 0xE1, 0, 2, 0, 2];

    public required ReadOnlyMemory<byte> SignatureKey { get; init; }

    /// <summary>Certificates of an x509 credential, DER; empty for other credentials.</summary>
    public required IReadOnlyList<ReadOnlyMemory<byte>> Chain { get; init; }

    /// <summary>Its lengths are those of suite 83.</summary>
    public required bool FitsSuite { get; init; }

    /// <summary>Capabilities exactly ours, no extensions, an x509 credential.</summary>
    public required bool FitsProfile { get; init; }

    public required bool IsOfKeyPackage { get; init; }

    public required bool IsOfCommit { get; init; }

    /// <summary>Bytes of the chain.</summary>
    public int ChainLength => Chain.Sum(certificate => certificate.Length);

    internal static LeafNode Read(ref WireReader reader)
    {
        var encryptionKey = reader.ReadVector().Length;
        var signatureKey = reader.ReadVector();
        var chain = ReadCredential(ref reader);
        var capabilities = ReadCapabilities(ref reader);
        var source = reader.ReadByte();
        var parentHash = 0;
        switch (source)
        {
            case FromKeyPackage:
                reader.ReadUInt64();
                reader.ReadUInt64();
                break;
            case FromUpdate:
                break;
            case FromCommit:
                parentHash = reader.ReadVector().Length;
                break;
            default:
                reader.Fail();
                break;
        }

        var extensions = ReadExtensions(ref reader);
        var signature = reader.ReadVector().Length;
        return new LeafNode
        {
            SignatureKey = signatureKey.ToArray(),
            Chain = chain ?? [],
            FitsSuite = encryptionKey == Mls.EncryptionKeyLength && signatureKey.Length == Mls.SignatureKeyLength
                && parentHash is 0 or Mls.HashLength && signature == Mls.SignatureLength,
            FitsProfile = capabilities.SequenceEqual(OurCapabilities) && extensions == 0 && chain is { Count: > 0 },
            IsOfKeyPackage = source == FromKeyPackage,
            IsOfCommit = source == FromCommit,
        };
    }

    /// <summary>Reads extensions; how many bytes they have.</summary>
    internal static int ReadExtensions(ref WireReader reader)
    {
        var content = reader.ReadVector();
        var extensions = new WireReader(content);
        while (extensions.HasMore)
        {
            extensions.ReadUInt16();
            extensions.ReadVector();
        }

        reader.Require(extensions.IsComplete);
        return content.Length;
    }

    private static List<ReadOnlyMemory<byte>>? ReadCredential(ref WireReader reader)
    {
        var type = reader.ReadUInt16();
        // All credentials have the form of one vector (RFC 9420 §5.3).
        var content = reader.ReadVector();
        if (type != X509) return null;
        var certificates = new WireReader(content);
        var chain = new List<ReadOnlyMemory<byte>>();
        while (certificates.HasMore) chain.Add(certificates.ReadVector(minimum: 1).ToArray());
        reader.Require(certificates.IsComplete);
        return chain;
    }

    private static ReadOnlySpan<byte> ReadCapabilities(ref WireReader reader)
    {
        var start = reader.Position;
        for (var list = 0; list < 5; list++) reader.Require(reader.ReadVector().Length % 2 == 0);
        return reader.Since(start);
    }
}
