using System.Runtime.CompilerServices;

[assembly: InternalsVisibleTo("Pendopo.Rtc.Tests")]

namespace Pendopo.Rtc.Srtp;

/// <summary>
/// The cryptographic part of one profile under the session keys of one direction: stateless towards indices, in place, no
/// allocation. Where a faster primitive exists for a machine, it is another subclass.
/// </summary>
internal abstract class SrtpCipher : IDisposable
{
    /// <summary>Bytes of the SRTCP word that carries the E flag and the 31-bit index.</summary>
    public const int RtcpIndexLength = 4;

    /// <summary>RTCP's first header and sender SSRC, which stay in the clear (RFC 3711 §3.4).</summary>
    public const int RtcpClearLength = 8;

    public const uint RtcpEncryptedFlag = 0x8000_0000;

    public abstract int TagLength { get; }

    /// <summary>Encrypts <c>buffer[headerLength..length]</c> and appends the tag; the room was checked.</summary>
    public abstract void ProtectRtp(Span<byte> buffer, int headerLength, int length, uint ssrc, ulong index);

    /// <summary>Checks the tag at the end and decrypts; on failure the payload's content is undefined.</summary>
    public abstract bool UnprotectRtp(Span<byte> packet, int headerLength, uint ssrc, ulong index);

    /// <summary>Encrypts and appends tag and index word in the profile's order.</summary>
    public abstract void ProtectRtcp(Span<byte> buffer, int length, uint ssrc, uint index);

    /// <summary>The word with the E flag and index; where it stands depends on the profile.</summary>
    public abstract uint ReadRtcpIndexWord(ReadOnlySpan<byte> packet);

    public abstract bool UnprotectRtcp(Span<byte> packet, uint ssrc, uint index);

    public abstract void Dispose();

    public static SrtpCipher Create(SrtpProfile profile, ReadOnlySpan<byte> masterKey, ReadOnlySpan<byte> masterSalt) => profile switch
    {
        SrtpProfile.Aes128CmHmacSha1Tag80 => new AesCmHmacCipher(masterKey, masterSalt),
        SrtpProfile.AeadAes128Gcm or SrtpProfile.AeadAes256Gcm => new AesGcmCipher(masterKey, masterSalt),
        _ => throw new ArgumentOutOfRangeException(nameof(profile), profile, "Unknown SRTP profile."),
    };
}
