using System.Security.Cryptography;

namespace Pendopo.Rtc.Srtp;

/// <summary>What a session key is for (RFC 3711 §4.3.1 and §4.3.2).</summary>
internal enum SrtpKeyLabel : byte
{
    RtpEncryption = 0,
    RtpAuthentication = 1,
    RtpSalt = 2,
    RtcpEncryption = 3,
    RtcpAuthentication = 4,
    RtcpSalt = 5,
}

/// <summary>
/// The AES-CM pseudo-random function that turns a master key and salt into session keys (RFC 3711 §4.3.3; RFC 6188 §3 for
/// 256-bit keys). The key derivation rate is zero, as DTLS-SRTP has it, so keys are derived once.
/// </summary>
internal static class SrtpKeyDerivation
{
    /// <summary>Width of the PRF's input salt: 112 bits. Shorter salts are padded with zeros on the right (RFC 7714 §11).</summary>
    private const int PrfSaltLength = 14;

    /// <summary>The label stands seven bytes from the right, above the 48-bit index that is always zero here.</summary>
    private const int LabelOffset = 7;

    public static byte[] Derive(ReadOnlySpan<byte> masterKey, ReadOnlySpan<byte> masterSalt, SrtpKeyLabel label, int length)
    {
        Span<byte> input = stackalloc byte[16];
        input.Clear();
        masterSalt[..Math.Min(masterSalt.Length, PrfSaltLength)].CopyTo(input);
        input[LabelOffset] ^= (byte)label;

        using var aes = Aes.Create();
        aes.SetKey(masterKey);
        Span<byte> block = stackalloc byte[16];
        var output = new byte[length];
        for (var offset = 0; offset < length; offset += block.Length)
        {
            // Outputs are at most 32 bytes, so the 16-bit counter never carries.
            input[15] = (byte)(offset / block.Length);
            aes.EncryptEcb(input, block, PaddingMode.None);
            block[..Math.Min(block.Length, length - offset)].CopyTo(output.AsSpan(offset));
        }

        CryptographicOperations.ZeroMemory(block);
        CryptographicOperations.ZeroMemory(input);
        return output;
    }
}
