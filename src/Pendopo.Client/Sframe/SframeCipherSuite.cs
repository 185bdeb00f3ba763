namespace Pendopo.Client.Sframe;

/// <summary>
/// SFrame cipher suites by their numbers: 1 to 5 as RFC 9605 §8.1 registers them, 6 to 8 as the working group's later test vectors number the
/// same construction with AES-256 and SHA-512. The end of each name is the length of the tag in bits.
/// </summary>
public enum SframeCipherSuite : ushort
{
    Aes128CtrHmacSha256Tag80 = 1,
    Aes128CtrHmacSha256Tag64 = 2,
    Aes128CtrHmacSha256Tag32 = 3,
    Aes128GcmSha256Tag128 = 4,

    /// <summary>The suite of encrypted meetings.</summary>
    Aes256GcmSha512Tag128 = 5,

    Aes256CtrHmacSha512Tag80 = 6,
    Aes256CtrHmacSha512Tag64 = 7,
    Aes256CtrHmacSha512Tag32 = 8,
}
