using Org.BouncyCastle.Math.EC.Rfc8032;

namespace Pendopo.Control.Identity;

/// <summary>Ed25519 (RFC 8032) as docs/e2ee.md §2 wants it: canonical encodings, and no key of small order.</summary>
internal static class Ed25519Keys
{
    public const int PublicKeyLength = 32;
    public const int SeedLength = 32;
    public const int SignatureLength = 64;

    public static byte[] PublicKeyOf(byte[] seed)
    {
        var key = new byte[PublicKeyLength];
        Ed25519.GeneratePublicKey(seed, 0, key, 0);
        return key;
    }

    public static byte[] Sign(byte[] seed, byte[] message)
    {
        var signature = new byte[SignatureLength];
        Ed25519.Sign(seed, 0, message, 0, message.Length, signature, 0);
        return signature;
    }

    /// <summary>True for the canonical encoding of a point of the prime-order group other than its neutral element.</summary>
    public static bool IsSound(byte[] publicKey) => publicKey.Length == PublicKeyLength && Ed25519.ValidatePublicKeyFull(publicKey, 0);

    /// <summary>False for malformed input and unsound keys, too.</summary>
    public static bool Verify(byte[] publicKey, byte[] message, byte[] signature) =>
        signature.Length == SignatureLength && IsSound(publicKey) && Ed25519.Verify(signature, 0, publicKey, 0, message, 0, message.Length);
}
