using System.Buffers.Binary;
using System.Security.Cryptography;

namespace Pendopo.Rtc.Srtp;

/// <summary>AES_CM_128_HMAC_SHA1_80 (RFC 3711 §4.1.1, §4.2.1).</summary>
internal sealed class AesCmHmacCipher : SrtpCipher
{
    public const int KeyLength = 16;
    public const int SaltLength = 14;
    public const int HmacTagLength = 10;

    private readonly CounterMode _rtp;
    private readonly CounterMode _rtcp;
    private readonly HmacSha1 _rtpHmac;
    private readonly HmacSha1 _rtcpHmac;

    public AesCmHmacCipher(ReadOnlySpan<byte> masterKey, ReadOnlySpan<byte> masterSalt, SrtpTier tier)
    {
        _rtp = CreateCounterMode(masterKey, masterSalt, SrtpKeyLabel.RtpEncryption, SrtpKeyLabel.RtpSalt, tier);
        _rtcp = CreateCounterMode(masterKey, masterSalt, SrtpKeyLabel.RtcpEncryption, SrtpKeyLabel.RtcpSalt, tier);
        _rtpHmac = CreateHmac(masterKey, masterSalt, SrtpKeyLabel.RtpAuthentication);
        _rtcpHmac = CreateHmac(masterKey, masterSalt, SrtpKeyLabel.RtcpAuthentication);
    }

    public override int TagLength => HmacTagLength;

    public override void ProtectRtp(Span<byte> packet, int headerLength, ReadOnlySpan<byte> payload, uint ssrc, ulong index)
    {
        _rtp.Apply(payload, packet[headerLength..], ssrc, index);
        var length = headerLength + payload.Length;
        Span<byte> digest = stackalloc byte[HmacSha1.DigestLength];
        _rtpHmac.Compute(packet, length, (uint)(index >> 16), digest);
        digest[..HmacTagLength].CopyTo(packet[length..]);
    }

    public override unsafe void ProtectRtp(byte* packet, int capacity, int headerLength, ReadOnlySpan<byte> payload, uint ssrc, ulong index, SrtpTagBatch tags)
    {
        var room = new Span<byte>(packet, capacity);
        _rtp.Apply(payload, room[headerLength..], ssrc, index);
        var length = headerLength + payload.Length;
        var rollover = (uint)(index >> 16);
        if (tags.TryAdd(_rtpHmac, packet, length, rollover)) return;
        Span<byte> digest = stackalloc byte[HmacSha1.DigestLength];
        _rtpHmac.Compute(room, length, rollover, digest);
        digest[..HmacTagLength].CopyTo(room[length..]);
    }

    public override bool UnprotectRtp(Span<byte> packet, int headerLength, uint ssrc, ulong index)
    {
        // The roll-over counter takes the tag's place for a moment.
        Span<byte> tag = stackalloc byte[HmacTagLength];
        Span<byte> digest = stackalloc byte[HmacSha1.DigestLength];
        var length = packet.Length - HmacTagLength;
        packet[length..].CopyTo(tag);
        _rtpHmac.Compute(packet, length, (uint)(index >> 16), digest);
        tag.CopyTo(packet[length..]);
        if (!CryptographicOperations.FixedTimeEquals(digest[..HmacTagLength], tag)) return false;
        var payload = packet[headerLength..length];
        _rtp.Apply(payload, payload, ssrc, index);
        return true;
    }

    public override void ProtectRtcp(Span<byte> buffer, int length, uint ssrc, uint index)
    {
        var payload = buffer[RtcpClearLength..length];
        _rtcp.Apply(payload, payload, ssrc, index);
        BinaryPrimitives.WriteUInt32BigEndian(buffer[length..], RtcpEncryptedFlag | index);
        var authenticated = length + RtcpIndexLength;
        Span<byte> digest = stackalloc byte[HmacSha1.DigestLength];
        _rtcpHmac.Compute(buffer[..authenticated], digest);
        digest[..HmacTagLength].CopyTo(buffer[authenticated..]);
    }

    /// <summary>RFC 3711 §3.4 puts the index word before the tag.</summary>
    public override uint ReadRtcpIndexWord(ReadOnlySpan<byte> packet) =>
        BinaryPrimitives.ReadUInt32BigEndian(packet[^(HmacTagLength + RtcpIndexLength)..]);

    public override bool UnprotectRtcp(Span<byte> packet, uint ssrc, uint index)
    {
        var authenticated = packet[..^HmacTagLength];
        Span<byte> digest = stackalloc byte[HmacSha1.DigestLength];
        _rtcpHmac.Compute(authenticated, digest);
        if (!CryptographicOperations.FixedTimeEquals(digest[..HmacTagLength], packet[^HmacTagLength..])) return false;
        var payload = authenticated[RtcpClearLength..^RtcpIndexLength];
        _rtcp.Apply(payload, payload, ssrc, index);
        return true;
    }

    public override void Dispose()
    {
        _rtp.Dispose();
        _rtcp.Dispose();
        _rtpHmac.Dispose();
        _rtcpHmac.Dispose();
    }

    private static CounterMode CreateCounterMode(ReadOnlySpan<byte> masterKey, ReadOnlySpan<byte> masterSalt, SrtpKeyLabel keyLabel,
        SrtpKeyLabel saltLabel, SrtpTier tier)
    {
        var key = SrtpKeyDerivation.Derive(masterKey, masterSalt, keyLabel, KeyLength);
        var salt = SrtpKeyDerivation.Derive(masterKey, masterSalt, saltLabel, SaltLength);
        var mode = CounterMode.Create(key, salt, tier);
        CryptographicOperations.ZeroMemory(key);
        CryptographicOperations.ZeroMemory(salt);
        return mode;
    }

    private static HmacSha1 CreateHmac(ReadOnlySpan<byte> masterKey, ReadOnlySpan<byte> masterSalt, SrtpKeyLabel label)
    {
        var key = SrtpKeyDerivation.Derive(masterKey, masterSalt, label, HmacSha1.KeyLength);
        var hmac = new HmacSha1(key);
        CryptographicOperations.ZeroMemory(key);
        return hmac;
    }
}
