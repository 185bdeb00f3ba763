using System.Diagnostics.CodeAnalysis;

namespace Pendopo.Meetings.Domain.Framing;

/// <summary>
/// Whom a chain of certificates says that it is (docs/e2ee.md §5). The server reads what it needs and checks that the parts name each other; whether
/// the certificates are of the profile and signed is the clients' to check.
/// </summary>
public sealed record ChainIdentity
{
    private const byte Sequence = 0x30;
    private const byte OctetString = 0x04;
    private const byte Boolean = 0x01;
    private const byte Version3 = 0xA0;
    private const byte Extensions = 0xA3;
    private const byte FormVersion = 1;
    private const int OrganizationMaximum = 120;

    /// <summary>SubjectPublicKeyInfo of an Ed25519 key (RFC 8410 §4) up to the key, without its own head.</summary>
    private static ReadOnlySpan<byte> Ed25519 => [0x30, 0x05, 0x06, 0x03, 0x2B, 0x65, 0x70, 0x03, 0x21, 0x00];

    /// <summary>OBJECT IDENTIFIER 2.25.333327326495318070901834229144023644788.1, whole.</summary>
    private static ReadOnlySpan<byte> PendopoLeaf =>
        [0x06, 0x15, 0x69, 0x83, 0xF5, 0xC4, 0xC1, 0x82, 0x87, 0x95, 0xA2, 0x83, 0xB9, 0x98, 0xF3, 0xC0, 0x87, 0x9A, 0xBC, 0x8A, 0xF4, 0x74, 0x01];

    /// <summary>OBJECT IDENTIFIER 2.25.333327326495318070901834229144023644788.2, whole.</summary>
    private static ReadOnlySpan<byte> PendopoDevice =>
        [0x06, 0x15, 0x69, 0x83, 0xF5, 0xC4, 0xC1, 0x82, 0x87, 0x95, 0xA2, 0x83, 0xB9, 0x98, 0xF3, 0xC0, 0x87, 0x9A, 0xBC, 0x8A, 0xF4, 0x74, 0x02];

    /// <summary>H(device key), as text.</summary>
    public required string Device { get; init; }

    public required Party Party { get; init; }

    /// <summary>H(leaf certificate), as text.</summary>
    public required string CertificateHash { get; init; }

    /// <summary>Hash of the founding statement that the leaf was made for, as text.</summary>
    public required string StatementHash { get; init; }

    /// <summary>False where a part is missing or names another key than the one beside it.</summary>
    public static bool TryRead(LeafNode leaf, [NotNullWhen(true)] out ChainIdentity? identity)
    {
        ArgumentNullException.ThrowIfNull(leaf);
        identity = null;
        if (leaf.Chain.Count is not (1 or 2)) return false;
        if (!TryReadCertificate(leaf.Chain[0].Span, PendopoLeaf, out var leafKey, out var content)) return false;
        var reader = new WireReader(content);
        reader.Require(reader.ReadByte() == FormVersion);
        var statement = reader.ReadBytes(32);
        var deviceKey = reader.ReadBytes(Mls.SignatureKeyLength);
        reader.ReadNumber();
        if (!reader.IsComplete || !leafKey.SequenceEqual(leaf.SignatureKey.Span)) return false;

        var device = WireText.HashOf(deviceKey);
        var party = new Party(PartyType.Device, device);
        if (leaf.Chain.Count == 2 && !TryReadAccount(leaf.Chain[1].Span, deviceKey, out party)) return false;
        identity = new ChainIdentity
        {
            Device = device,
            Party = party,
            CertificateHash = WireText.HashOf(leaf.Chain[0].Span),
            StatementHash = WireText.Of(statement),
        };
        return true;
    }

    private static bool TryReadAccount(ReadOnlySpan<byte> certificate, ReadOnlySpan<byte> deviceKey, out Party party)
    {
        party = default;
        if (!TryReadCertificate(certificate, PendopoDevice, out var key, out var content) || !key.SequenceEqual(deviceKey)) return false;
        var reader = new WireReader(content);
        reader.Require(reader.ReadByte() == FormVersion);
        party = new Party(PartyType.Account, WireText.Of(reader.ReadBytes(Party.AccountLength)));
        reader.ReadVector(maximum: OrganizationMaximum);
        return reader.IsComplete;
    }

    /// <summary>The subject's Ed25519 key, and what the one extension that is ours holds: an OCTET STRING within that of its value.</summary>
    private static bool TryReadCertificate(ReadOnlySpan<byte> certificate, ReadOnlySpan<byte> extensionId, out ReadOnlySpan<byte> key, out ReadOnlySpan<byte> extension)
    {
        extension = key = default;
        var whole = new DerReader(certificate);
        var body = new DerReader(whole.Read(Sequence));
        if (!whole.IsComplete) return false;
        var content = new DerReader(body.Read(Sequence));
        content.Read(Version3);
        // Serial number, signature algorithm, issuer, validity, subject.
        for (var field = 0; field < 5; field++) content.Skip();
        var publicKey = content.Read(Sequence);
        var extensions = new DerReader(new DerReader(content.Read(Extensions)).Read(Sequence));
        if (!content.IsComplete || !publicKey.StartsWith(Ed25519)) return false;
        key = publicKey[Ed25519.Length..];
        while (extensions.HasMore)
        {
            var item = new DerReader(extensions.Read(Sequence));
            var isOurs = item.Skip().SequenceEqual(extensionId);
            if (item.Next == Boolean) item.Skip();
            var value = item.Read(OctetString);
            if (!item.IsComplete) return false;
            if (isOurs && !extension.IsEmpty) return false;
            if (isOurs) extension = value;
        }

        if (!extensions.IsComplete || key.Length != Mls.SignatureKeyLength) return false;
        var inner = new DerReader(extension);
        extension = inner.Read(OctetString);
        return inner.IsComplete && !extension.IsEmpty;
    }
}
