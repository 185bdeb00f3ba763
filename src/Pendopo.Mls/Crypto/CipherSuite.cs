namespace Pendopo.Mls.Crypto;

/// <summary>The cipher suites of RFC 9420 section 17.1, by their registered numbers.</summary>
public enum CipherSuite : ushort
{
    X25519Aes128GcmSha256Ed25519 = 1,
    P256Aes128GcmSha256P256 = 2,
    X25519ChaCha20Poly1305Sha256Ed25519 = 3,
    X448Aes256GcmSha512Ed448 = 4,
    P521Aes256GcmSha512P521 = 5,
    X448ChaCha20Poly1305Sha512Ed448 = 6,
    P384Aes256GcmSha384P384 = 7,
}
