namespace Pendopo.Meetings.Domain.Framing;

/// <summary>Numbers of RFC 9420 and of suite 83 (docs/e2ee.md §6).</summary>
internal static class Mls
{
    public const ushort Version = 1;

    /// <summary>X-Wing, HKDF-SHA-512, AES-256-GCM, SHA-512, Ed25519.</summary>
    public const ushort Suite = 83;

    public const ushort PublicMessage = 1;
    public const ushort PrivateMessage = 2;
    public const ushort Welcome = 3;
    public const ushort KeyPackage = 5;

    public const byte Application = 1;
    public const byte Commit = 3;

    public const ushort Add = 1;
    public const ushort Remove = 3;

    /// <summary>X-Wing public key: ML-KEM-768 and X25519.</summary>
    public const int EncryptionKeyLength = 1184 + 32;

    /// <summary>X-Wing encapsulation.</summary>
    public const int KemOutputLength = 1088 + 32;

    public const int SignatureKeyLength = 32;

    public const int SignatureLength = 64;

    /// <summary>SHA-512: hashes, tags and secrets.</summary>
    public const int HashLength = 64;

    /// <summary>AES-256-GCM.</summary>
    public const int TagLength = 16;

    /// <summary>Leaf index, generation, reuse guard (RFC 9420 §6.3.2), encrypted.</summary>
    public const int SenderDataLength = 4 + 4 + 4 + TagLength;

    /// <summary>Leaf indices are below this: frames name their sender in 16 bits.</summary>
    public const uint Leaves = 1 << 16;

    /// <summary>Nodes on a path of a tree of that many leaves.</summary>
    public const int PathMaximum = 16;

    /// <summary>Reads MLSMessage up to its body.</summary>
    public static void ReadHeader(ref WireReader reader, ushort wireFormat)
    {
        reader.Require(reader.ReadUInt16() == Version);
        reader.Require(reader.ReadUInt16() == wireFormat);
    }

    /// <summary>HPKECiphertext. False where its lengths are not those of the suite; <paramref name="plaintext"/> null: of any length.</summary>
    public static bool ReadHpkeCiphertext(ref WireReader reader, int? plaintext)
    {
        var kemOutput = reader.ReadVector().Length;
        var ciphertext = reader.ReadVector().Length;
        return kemOutput == KemOutputLength && (plaintext is null ? ciphertext >= TagLength : ciphertext == plaintext + TagLength);
    }
}
