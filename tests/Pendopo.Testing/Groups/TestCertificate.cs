using System.Text;
using Org.BouncyCastle.Crypto.Parameters;

namespace Pendopo.Testing.Groups;

/// <summary>Certificates of docs/e2ee.md §5, in DER.</summary>
public static class TestCertificate
{
    /// <summary>Last byte of the OID of the extension pendopoLeaf.</summary>
    public const byte Leaf = 1;

    /// <summary>Last byte of the OID of the extension pendopoDevice.</summary>
    public const byte Device = 2;

    private static readonly byte[] Ed25519 = Element(0x30, [0x06, 0x03, 0x2B, 0x65, 0x70]);

    private static readonly byte[] KeyUsage = Element(0x30, [0x06, 0x03, 0x55, 0x1D, 0x0F, 0x01, 0x01, 0xFF, 0x04, 0x04, 0x03, 0x02, 0x07, 0x80]);

    private static readonly byte[] Arc =
        [0x69, 0x83, 0xF5, 0xC4, 0xC1, 0x82, 0x87, 0x95, 0xA2, 0x83, 0xB9, 0x98, 0xF3, 0xC0, 0x87, 0x9A, 0xBC, 0x8A, 0xF4, 0x74];

    public static byte[] Create(string name, byte[] publicKey, byte extension, byte[] content, Ed25519PrivateKeyParameters signer)
    {
        ArgumentNullException.ThrowIfNull(publicKey);
        var subject = Element(0x30, Element(0x31, Element(0x30, [0x06, 0x03, 0x55, 0x04, 0x03, .. Element(0x0C, Encoding.UTF8.GetBytes(name))])));
        var validity = Element(0x30, [.. Element(0x17, "270101000000Z"u8.ToArray()), .. Element(0x17, "270102000000Z"u8.ToArray())]);
        var ours = Element(0x30, [.. Element(0x06, [.. Arc, extension]), 0x01, 0x01, 0xFF, .. Element(0x04, Element(0x04, content))]);
        var body = Element(0x30,
        [
            0xA0, 0x03, 0x02, 0x01, 0x02, .. Element(0x02, TestDevice.Filled(16, name).Select(value => (byte)(value & 0x7F | 1)).ToArray()), .. Ed25519,
            .. subject, .. validity, .. subject, .. Element(0x30, [.. Ed25519, .. Element(0x03, [0, .. publicKey])]), .. Element(0xA3, Element(0x30, [.. KeyUsage, .. ours])),
        ]);
        return Element(0x30, [.. body, .. Ed25519, .. Element(0x03, [0, .. TestDevice.Sign(signer, body)])]);
    }

    public static byte[] Element(byte tag, byte[] content)
    {
        ArgumentNullException.ThrowIfNull(content);
        byte[] length = content.Length switch
        {
            < 0x80 => [(byte)content.Length],
            < 0x100 => [0x81, (byte)content.Length],
            _ => [0x82, (byte)(content.Length >> 8), (byte)content.Length],
        };
        return [tag, .. length, .. content];
    }
}
