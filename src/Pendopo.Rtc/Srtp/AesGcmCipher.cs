using System.Buffers.Binary;
using System.Runtime.Intrinsics;
using System.Security.Cryptography;

namespace Pendopo.Rtc.Srtp;

/// <summary>AEAD_AES_128_GCM and AEAD_AES_256_GCM (RFC 7714).</summary>
internal sealed class AesGcmCipher : SrtpCipher
{
    public const int SaltLength = GcmKey.NonceLength;

    private readonly GcmKey _rtp;
    private readonly GcmKey _rtcp;
    private Vector128<byte> _rtpSalt;
    private Vector128<byte> _rtcpSalt;

    public AesGcmCipher(ReadOnlySpan<byte> masterKey, ReadOnlySpan<byte> masterSalt, SrtpTier tier)
    {
        _rtp = CreateKey(masterKey, masterSalt, SrtpKeyLabel.RtpEncryption, tier);
        _rtcp = CreateKey(masterKey, masterSalt, SrtpKeyLabel.RtcpEncryption, tier);
        _rtpSalt = CreateSalt(masterKey, masterSalt, SrtpKeyLabel.RtpSalt);
        _rtcpSalt = CreateSalt(masterKey, masterSalt, SrtpKeyLabel.RtcpSalt);
    }

    private AesGcmCipher(GcmKey rtp, GcmKey rtcp, Vector128<byte> salt)
    {
        _rtp = rtp;
        _rtcp = rtcp;
        _rtpSalt = _rtcpSalt = salt;
    }

    public override int TagLength => GcmKey.TagLength;

    /// <summary>For the published vectors, which give session keys instead of a master key.</summary>
    internal static AesGcmCipher FromSessionKey(ReadOnlySpan<byte> key, ReadOnlySpan<byte> salt, SrtpTier tier) =>
        new(GcmKey.Create(key, tier), GcmKey.Create(key, tier), Widen(salt));

    public override void ProtectRtp(Span<byte> packet, int headerLength, ReadOnlySpan<byte> payload, uint ssrc, ulong index) =>
        _rtp.Seal(Nonce(_rtpSalt, ssrc, index), packet[..headerLength], payload, packet[headerLength..]);

    public override bool UnprotectRtp(Span<byte> packet, int headerLength, uint ssrc, ulong index) =>
        _rtp.Open(Nonce(_rtpSalt, ssrc, index), packet[..headerLength], packet[headerLength..]);

    public override void ProtectRtcp(Span<byte> buffer, int length, uint ssrc, uint index)
    {
        Span<byte> associated = stackalloc byte[RtcpClearLength + RtcpIndexLength];
        WriteRtcpAssociated(associated, buffer, index);
        _rtcp.Seal(Nonce(_rtcpSalt, ssrc, index), associated, buffer[RtcpClearLength..length], buffer[RtcpClearLength..(length + GcmKey.TagLength)]);
        associated[RtcpClearLength..].CopyTo(buffer[(length + GcmKey.TagLength)..]);
    }

    /// <summary>RFC 7714 §9.2 puts the index word after the tag.</summary>
    public override uint ReadRtcpIndexWord(ReadOnlySpan<byte> packet) => BinaryPrimitives.ReadUInt32BigEndian(packet[^RtcpIndexLength..]);

    public override bool UnprotectRtcp(Span<byte> packet, uint ssrc, uint index)
    {
        Span<byte> associated = stackalloc byte[RtcpClearLength + RtcpIndexLength];
        WriteRtcpAssociated(associated, packet, index);
        return _rtcp.Open(Nonce(_rtcpSalt, ssrc, index), associated, packet[RtcpClearLength..^RtcpIndexLength]);
    }

    public override void Prefetch(int step)
    {
        if (step == 0) CacheLines.Fetch(this);
        else if (step == 1) CacheLines.Fetch(_rtp);
        else _rtp.Prefetch();
    }

    public override void Dispose()
    {
        _rtp.Dispose();
        _rtcp.Dispose();
        _rtpSalt = _rtcpSalt = default;
    }

    private static GcmKey CreateKey(ReadOnlySpan<byte> masterKey, ReadOnlySpan<byte> masterSalt, SrtpKeyLabel label, SrtpTier tier)
    {
        var bytes = SrtpKeyDerivation.Derive(masterKey, masterSalt, label, masterKey.Length);
        var key = GcmKey.Create(bytes, tier);
        CryptographicOperations.ZeroMemory(bytes);
        return key;
    }

    private static Vector128<byte> CreateSalt(ReadOnlySpan<byte> masterKey, ReadOnlySpan<byte> masterSalt, SrtpKeyLabel label)
    {
        var bytes = SrtpKeyDerivation.Derive(masterKey, masterSalt, label, SaltLength);
        var salt = Widen(bytes);
        CryptographicOperations.ZeroMemory(bytes);
        return salt;
    }

    private static Vector128<byte> Widen(ReadOnlySpan<byte> salt)
    {
        Span<byte> wide = stackalloc byte[Vector128<byte>.Count];
        wide.Clear();
        salt.CopyTo(wide);
        return Vector128.Create<byte>(wide);
    }

    /// <summary>
    /// RFC 7714 §8.1 and §9.1: two zero bytes, the SSRC and the index in six bytes, XOR salt. The index is the roll-over counter
    /// and sequence number, or SRTCP's 31-bit index, whose upper two bytes are zero.
    /// </summary>
    private static Vector128<byte> Nonce(Vector128<byte> salt, uint ssrc, ulong index)
    {
        var high = BinaryPrimitives.ReverseEndianness(((ulong)ssrc << 16) | (index >> 32));
        var low = BinaryPrimitives.ReverseEndianness((uint)index);
        return Vector128.Create(high, low).AsByte() ^ salt;
    }

    /// <summary>RFC 7714 §9.2: the clear header and the index word with its E flag.</summary>
    private static void WriteRtcpAssociated(Span<byte> associated, ReadOnlySpan<byte> packet, uint index)
    {
        packet[..RtcpClearLength].CopyTo(associated);
        BinaryPrimitives.WriteUInt32BigEndian(associated[RtcpClearLength..], RtcpEncryptedFlag | index);
    }
}
