namespace Pendopo.Rtc.Srtp;

/// <summary>
/// With which instructions SRTP is computed. The results are the same to the bit; only the speed differs. The order is that
/// of speed.
/// </summary>
internal enum SrtpTier
{
    /// <summary>The platform's <c>AesGcm</c>, <c>Aes</c> and <c>IncrementalHash</c>: every machine.</summary>
    Platform,

    /// <summary>x86-64 with AES-NI, PCLMULQDQ and SSSE3; SHA-1 in eight lanes where AVX2 is there as well.</summary>
    Vector128,

    /// <summary>As <see cref="Vector128"/>, with VPCLMULQDQ on 512 bits and SHA-1 in sixteen lanes (AVX-512 BW).</summary>
    Vector512,
}
