using System.Formats.Asn1;
using System.Security.Cryptography;
using System.Text;
using Pendopo.Control.Users;

namespace Pendopo.Control.Identity;

/// <summary>
/// What a device certificate says, and its one encoding: DER X.509 v3 (RFC 5280) with Ed25519 (RFC 8410) in exactly the profile of docs/e2ee.md §5.
/// Clients write what they have read once more and refuse what differs by a byte.
/// </summary>
/// <param name="Serial">16 bytes, the first from 0x01 to 0x7F, so that the integer is positive and of 16 bytes.</param>
/// <param name="NotBefore">Whole seconds count.</param>
/// <param name="NotAfter">At most 24 hours later.</param>
internal sealed record DeviceCertificate(
    byte[] Serial, DateTimeOffset NotBefore, DateTimeOffset NotAfter, string Name, byte[] DeviceKey, AccountId Account, string Organization)
{
    public const int SerialLength = 16;

    /// <summary>Longest name of an organisation in bytes of UTF-8.</summary>
    public const int OrganizationMaximum = 120;

    /// <summary>pendopoDevice, below the arc of a UUID (ITU-T X.667).</summary>
    private const string PendopoDevice = "2.25.333327326495318070901834229144023644788.2";

    private const string Ed25519 = "1.3.101.112";
    private const string CommonName = "2.5.4.3";
    private const string BasicConstraints = "2.5.29.19";
    private const string KeyUsage = "2.5.29.15";

    /// <summary>RFC 5280 §4.1.2.5: UTCTime until 2049.</summary>
    private const int LastYearOfUtcTime = 2049;

    private static readonly Asn1Tag Version = new(TagClass.ContextSpecific, 0);
    private static readonly Asn1Tag Extensions = new(TagClass.ContextSpecific, 3);

    /// <summary>The whole certificate.</summary>
    /// <param name="root">Public key of the signer.</param>
    /// <param name="sign">Makes its Ed25519 signature, 64 bytes.</param>
    public byte[] Encode(byte[] root, Func<byte[], byte[]> sign)
    {
        var toBeSigned = EncodeToBeSigned(root);
        var writer = new AsnWriter(AsnEncodingRules.DER);
        using (writer.PushSequence())
        {
            writer.WriteEncodedValue(toBeSigned);
            WriteAlgorithm(writer);
            writer.WriteBitString(sign(toBeSigned));
        }

        return writer.Encode();
    }

    /// <summary>The common name of a signer that is known by its key only.</summary>
    public static string NameOf(byte[] key) => Convert.ToHexStringLower(SHA256.HashData(key).AsSpan(0, 20));

    private byte[] EncodeToBeSigned(byte[] root)
    {
        var writer = new AsnWriter(AsnEncodingRules.DER);
        using (writer.PushSequence())
        {
            using (writer.PushSequence(Version)) writer.WriteInteger(2);
            writer.WriteInteger(Serial);
            WriteAlgorithm(writer);
            WriteName(writer, NameOf(root));
            using (writer.PushSequence())
            {
                WriteTime(writer, NotBefore);
                WriteTime(writer, NotAfter);
            }

            WriteName(writer, Name);
            using (writer.PushSequence())
            {
                WriteAlgorithm(writer);
                writer.WriteBitString(DeviceKey);
            }

            using (writer.PushSequence(Extensions))
            using (writer.PushSequence())
            {
                WriteExtension(writer, BasicConstraints, value =>
                {
                    using var _ = value.PushSequence();
                    value.WriteBoolean(true);
                    value.WriteInteger(0);
                });

                // keyCertSign is bit 5; the two bits after it are unused.
                WriteExtension(writer, KeyUsage, value => value.WriteBitString([0x04], unusedBitCount: 2));
                WriteExtension(writer, PendopoDevice, value => value.WriteOctetString(EncodeDevice()));
            }
        }

        return writer.Encode();
    }

    /// <summary>struct { uint8 version = 1; opaque account_id[16]; opaque organization&lt;V&gt;; }</summary>
    private byte[] EncodeDevice()
    {
        List<byte> bytes = [1, .. Account.ToBytes()];
        SignedContent.WriteVector(bytes, Encoding.UTF8.GetBytes(Organization));
        return [.. bytes];
    }

    private static void WriteAlgorithm(AsnWriter writer)
    {
        using var _ = writer.PushSequence();
        writer.WriteObjectIdentifier(Ed25519);
    }

    private static void WriteName(AsnWriter writer, string commonName)
    {
        using var name = writer.PushSequence();
        using var set = writer.PushSetOf();
        using var attribute = writer.PushSequence();
        writer.WriteObjectIdentifier(CommonName);
        writer.WriteCharacterString(UniversalTagNumber.UTF8String, commonName);
    }

    private static void WriteTime(AsnWriter writer, DateTimeOffset time)
    {
        var whole = DateTimeOffset.FromUnixTimeSeconds(time.ToUnixTimeSeconds());
        if (whole.Year <= LastYearOfUtcTime) writer.WriteUtcTime(whole, LastYearOfUtcTime);
        else writer.WriteGeneralizedTime(whole, omitFractionalSeconds: true);
    }

    private static void WriteExtension(AsnWriter writer, string id, Action<AsnWriter> writeValue)
    {
        var value = new AsnWriter(AsnEncodingRules.DER);
        writeValue(value);
        using var _ = writer.PushSequence();
        writer.WriteObjectIdentifier(id);
        writer.WriteBoolean(true);
        writer.WriteOctetString(value.Encode());
    }
}
