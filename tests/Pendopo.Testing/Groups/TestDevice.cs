using System.Security.Cryptography;
using System.Text;
using Org.BouncyCastle.Crypto.Parameters;
using Org.BouncyCastle.Crypto.Signers;

namespace Pendopo.Testing.Groups;

/// <summary>Somebody's device, with all keys from its name: the same name gives the same bytes. Signatures of certificates and key packages are real.</summary>
/// <param name="account">16 bytes; null: a guest.</param>
public sealed class TestDevice(string name, byte[]? account = null)
{
    /// <summary>X-Wing public key.</summary>
    public const int EncryptionKeyLength = 1216;

    private const int Suite = 83;

    private static readonly Ed25519PrivateKeyParameters Authority = new(SHA256.HashData("authority"u8));

    private readonly Ed25519PrivateKeyParameters _key = new(SHA256.HashData(Encoding.UTF8.GetBytes("device " + name)));

    public string Name { get; } = name;

    public byte[]? Account { get; } = account;

    public byte[] Key => _key.GeneratePublicKey().GetEncoded();

    /// <summary>H(device key).</summary>
    public byte[] Hash => SHA256.HashData(Key);

    /// <summary>Party of docs/e2ee.md §4.</summary>
    public byte[] Party => Account is null ? [2, .. Hash] : [1, .. Account];

    public static TestDevice Of(string name, bool hasAccount = false) => new(name, hasAccount ? SHA256.HashData(Encoding.UTF8.GetBytes("account " + name))[..16] : null);

    /// <param name="number">Another number, another leaf.</param>
    public TestKeyPackage KeyPackage(byte[] statementHash, int number = 0)
    {
        var leafKey = new Ed25519PrivateKeyParameters(SHA256.HashData(Encoding.UTF8.GetBytes($"leaf {Name} {number}")));
        var leafPublic = leafKey.GeneratePublicKey().GetEncoded();
        var content = WireWriter.Write(writer => writer.Byte(1).Fixed(statementHash).Fixed(Key).UInt64(1_800_000_000_000 + number));
        byte[][] chain = [TestCertificate.Create(Name, leafPublic, TestCertificate.Leaf, content, _key)];
        if (Account is not null)
        {
            var device = WireWriter.Write(writer => writer.Byte(1).Fixed(Account).Vector("Sekretariat"));
            chain = [.. chain, TestCertificate.Create(Name, Key, TestCertificate.Device, device, Authority)];
        }

        var leaf = WireWriter.Write(writer => LeafNode(writer, leafPublic, chain, $"{Name} {number}", source: [1, .. new byte[16]]));
        leaf = WireWriter.Write(writer => writer.Fixed(leaf).Vector(Sign(leafKey, "MLS 1.0 LeafNodeTBS", leaf)));
        var unsigned = WireWriter.Write(writer => writer.UInt16(1).UInt16(Suite).Vector(Filled(EncryptionKeyLength, $"init {Name} {number}")).Fixed(leaf).Vector([]));
        var body = WireWriter.Write(writer => writer.Fixed(unsigned).Vector(Sign(leafKey, "MLS 1.0 KeyPackageTBS", unsigned)));
        return new TestKeyPackage(this, body, SHA256.HashData(chain[0]), chain, leafPublic);
    }

    /// <summary>A leaf node without its signature.</summary>
    public static void LeafNode(WireWriter writer, byte[] leafKey, byte[][] chain, string seed, byte[] source) => writer
        .Vector(Filled(EncryptionKeyLength, "encryption " + seed)).Vector(leafKey)
        .UInt16(2).Vector(list => Array.ForEach(chain, certificate => list.Vector(certificate)))
        .Vector(0, 1).Vector(0, Suite).Vector(0xF0, 0xE1).Vector([]).Vector(0, 2)
        .Fixed(source).Vector([]);

    /// <summary>Bytes that look random and are the same for the same seed.</summary>
    public static byte[] Filled(int length, string seed)
    {
        var bytes = new byte[length];
        for (var at = 0; at < length; at += 32) SHA256.HashData(Encoding.UTF8.GetBytes($"{seed} {at}")).AsSpan(0, Math.Min(32, length - at)).CopyTo(bytes.AsSpan(at));
        return bytes;
    }

    private static byte[] Sign(Ed25519PrivateKeyParameters key, string label, byte[] content) => Sign(key, WireWriter.Write(writer => writer.Vector(label).Vector(content)));

    internal static byte[] Sign(Ed25519PrivateKeyParameters key, byte[] message)
    {
        var signer = new Ed25519Signer();
        signer.Init(forSigning: true, key);
        signer.BlockUpdate(message, 0, message.Length);
        return signer.GenerateSignature();
    }
}

/// <param name="Body">KeyPackage without the head of its message.</param>
public sealed record TestKeyPackage(TestDevice Device, byte[] Body, byte[] CertificateHash, byte[][] Chain, byte[] LeafKey)
{
    public byte[] Message => [0, 1, 0, 5, .. Body];

    public string Text => WireWriter.Text(Message);

    /// <summary>KeyPackageRef (RFC 9420 §5.2).</summary>
    public byte[] Reference => SHA512.HashData(WireWriter.Write(writer => writer.Vector("MLS 1.0 KeyPackage Reference").Vector(Body)));
}
