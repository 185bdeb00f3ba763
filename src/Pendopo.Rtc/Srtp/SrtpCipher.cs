using System.Runtime.CompilerServices;

[assembly: InternalsVisibleTo("Pendopo.Rtc.Tests")]
[assembly: InternalsVisibleTo("Pendopo.Fuzz")]
[assembly: InternalsVisibleTo("Pendopo.Benchmarks")]

namespace Pendopo.Rtc.Srtp;

/// <summary>
/// The cryptographic part of one profile under the session keys of one direction: stateless towards indices, no allocation.
/// With which instructions it computes is the <see cref="SrtpTier"/>'s matter.
/// </summary>
internal abstract class SrtpCipher : IDisposable
{
    /// <summary>Bytes of the SRTCP word that carries the E flag and the 31-bit index.</summary>
    public const int RtcpIndexLength = 4;

    /// <summary>RTCP's first header and sender SSRC, which stay in the clear (RFC 3711 §3.4).</summary>
    public const int RtcpClearLength = 8;

    public const uint RtcpEncryptedFlag = 0x8000_0000;

    public abstract int TagLength { get; }

    /// <summary>
    /// Encrypts the payload to behind the header that stands in <c>packet[..headerLength]</c>, and appends the tag; the room was
    /// checked. The payload may be where it goes to, and else must not overlap the packet. What the packet has beyond the tag
    /// is working room.
    /// </summary>
    public abstract void ProtectRtp(Span<byte> packet, int headerLength, ReadOnlySpan<byte> payload, uint ssrc, ulong index);

    /// <summary>
    /// As <see cref="ProtectRtp(Span{byte}, int, ReadOnlySpan{byte}, uint, ulong)"/>, but the tag may be left to the batch.
    /// </summary>
    public virtual unsafe void ProtectRtp(byte* packet, int capacity, int headerLength, ReadOnlySpan<byte> payload, uint ssrc, ulong index, SrtpTagBatch tags) =>
        ProtectRtp(new Span<byte>(packet, capacity), headerLength, payload, ssrc, index);

    /// <summary>Checks the tag at the end and decrypts; on failure the payload's content is undefined.</summary>
    public abstract bool UnprotectRtp(Span<byte> packet, int headerLength, uint ssrc, ulong index);

    /// <summary>Encrypts and appends tag and index word in the profile's order.</summary>
    public abstract void ProtectRtcp(Span<byte> buffer, int length, uint ssrc, uint index);

    /// <summary>The word with the E flag and index; where it stands depends on the profile.</summary>
    public abstract uint ReadRtcpIndexWord(ReadOnlySpan<byte> packet);

    public abstract bool UnprotectRtcp(Span<byte> packet, uint ssrc, uint index);

    /// <summary>Asks for the keys' memory ahead of <see cref="ProtectRtp(Span{byte}, int, ReadOnlySpan{byte}, uint, ulong)"/>, a step of pointers at each call.</summary>
    /// <param name="step">0 to 2.</param>
    public virtual void Prefetch(int step)
    {
    }

    public abstract void Dispose();

    public static SrtpCipher Create(SrtpProfile profile, ReadOnlySpan<byte> masterKey, ReadOnlySpan<byte> masterSalt, SrtpTier tier) => profile switch
    {
        SrtpProfile.Aes128CmHmacSha1Tag80 => new AesCmHmacCipher(masterKey, masterSalt, tier),
        SrtpProfile.AeadAes128Gcm or SrtpProfile.AeadAes256Gcm => new AesGcmCipher(masterKey, masterSalt, tier),
        _ => throw new ArgumentOutOfRangeException(nameof(profile), profile, "Unknown SRTP profile."),
    };
}
