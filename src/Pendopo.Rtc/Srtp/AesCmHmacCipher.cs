using System.Buffers.Binary;
using System.Security.Cryptography;

namespace Pendopo.Rtc.Srtp;

/// <summary>AES_CM_128_HMAC_SHA1_80 (RFC 3711 §4.1.1, §4.2.1) on the platform's AES and HMAC.</summary>
internal sealed class AesCmHmacCipher : SrtpCipher
{
    public const int KeyLength = 16;
    public const int SaltLength = 14;

    private const int HmacTagLength = 10;
    private const int HmacKeyLength = 20;

    private readonly CounterMode _rtp;
    private readonly CounterMode _rtcp;
    private readonly IncrementalHash _rtpHmac;
    private readonly IncrementalHash _rtcpHmac;

    public AesCmHmacCipher(ReadOnlySpan<byte> masterKey, ReadOnlySpan<byte> masterSalt)
    {
        _rtp = CreateCounterMode(masterKey, masterSalt, SrtpKeyLabel.RtpEncryption, SrtpKeyLabel.RtpSalt);
        _rtcp = CreateCounterMode(masterKey, masterSalt, SrtpKeyLabel.RtcpEncryption, SrtpKeyLabel.RtcpSalt);
        _rtpHmac = CreateHmac(masterKey, masterSalt, SrtpKeyLabel.RtpAuthentication);
        _rtcpHmac = CreateHmac(masterKey, masterSalt, SrtpKeyLabel.RtcpAuthentication);
    }

    public override int TagLength => HmacTagLength;

    public override void ProtectRtp(Span<byte> packet, int headerLength, ReadOnlySpan<byte> payload, uint ssrc, ulong index)
    {
        var length = headerLength + payload.Length;
        payload.CopyTo(packet[headerLength..]);
        _rtp.Apply(packet[headerLength..length], ssrc, index);
        Span<byte> digest = stackalloc byte[HMACSHA1.HashSizeInBytes];
        AuthenticateRtp(packet[..length], index, digest);
        digest[..HmacTagLength].CopyTo(packet[length..]);
    }

    public override bool UnprotectRtp(Span<byte> packet, int headerLength, uint ssrc, ulong index)
    {
        var authenticated = packet[..^HmacTagLength];
        Span<byte> digest = stackalloc byte[HMACSHA1.HashSizeInBytes];
        AuthenticateRtp(authenticated, index, digest);
        if (!CryptographicOperations.FixedTimeEquals(digest[..HmacTagLength], packet[^HmacTagLength..])) return false;
        _rtp.Apply(authenticated[headerLength..], ssrc, index);
        return true;
    }

    public override void ProtectRtcp(Span<byte> buffer, int length, uint ssrc, uint index)
    {
        _rtcp.Apply(buffer[RtcpClearLength..length], ssrc, index);
        BinaryPrimitives.WriteUInt32BigEndian(buffer[length..], RtcpEncryptedFlag | index);
        var authenticated = length + RtcpIndexLength;
        Span<byte> digest = stackalloc byte[HMACSHA1.HashSizeInBytes];
        AuthenticateRtcp(buffer[..authenticated], digest);
        digest[..HmacTagLength].CopyTo(buffer[authenticated..]);
    }

    /// <summary>RFC 3711 §3.4 puts the index word before the tag.</summary>
    public override uint ReadRtcpIndexWord(ReadOnlySpan<byte> packet) =>
        BinaryPrimitives.ReadUInt32BigEndian(packet[^(HmacTagLength + RtcpIndexLength)..]);

    public override bool UnprotectRtcp(Span<byte> packet, uint ssrc, uint index)
    {
        var authenticated = packet[..^HmacTagLength];
        Span<byte> digest = stackalloc byte[HMACSHA1.HashSizeInBytes];
        AuthenticateRtcp(authenticated, digest);
        if (!CryptographicOperations.FixedTimeEquals(digest[..HmacTagLength], packet[^HmacTagLength..])) return false;
        _rtcp.Apply(authenticated[RtcpClearLength..^RtcpIndexLength], ssrc, index);
        return true;
    }

    public override void Dispose()
    {
        _rtp.Dispose();
        _rtcp.Dispose();
        _rtpHmac.Dispose();
        _rtcpHmac.Dispose();
    }

    private static CounterMode CreateCounterMode(ReadOnlySpan<byte> masterKey, ReadOnlySpan<byte> masterSalt, SrtpKeyLabel keyLabel, SrtpKeyLabel saltLabel)
    {
        var key = SrtpKeyDerivation.Derive(masterKey, masterSalt, keyLabel, KeyLength);
        var salt = SrtpKeyDerivation.Derive(masterKey, masterSalt, saltLabel, SaltLength);
        var mode = new CounterMode(key, salt);
        CryptographicOperations.ZeroMemory(key);
        CryptographicOperations.ZeroMemory(salt);
        return mode;
    }

    private static IncrementalHash CreateHmac(ReadOnlySpan<byte> masterKey, ReadOnlySpan<byte> masterSalt, SrtpKeyLabel label)
    {
        var key = SrtpKeyDerivation.Derive(masterKey, masterSalt, label, HmacKeyLength);
        var hmac = IncrementalHash.CreateHMAC(HashAlgorithmName.SHA1, key);
        CryptographicOperations.ZeroMemory(key);
        return hmac;
    }

    /// <summary>RFC 3711 §4.2: the roll-over counter is authenticated though it is not sent.</summary>
    private void AuthenticateRtp(ReadOnlySpan<byte> packet, ulong index, Span<byte> digest)
    {
        Span<byte> rollover = stackalloc byte[4];
        BinaryPrimitives.WriteUInt32BigEndian(rollover, (uint)(index >> 16));
        _rtpHmac.AppendData(packet);
        _rtpHmac.AppendData(rollover);
        _rtpHmac.GetHashAndReset(digest);
    }

    private void AuthenticateRtcp(ReadOnlySpan<byte> packet, Span<byte> digest)
    {
        _rtcpHmac.AppendData(packet);
        _rtcpHmac.GetHashAndReset(digest);
    }
}
