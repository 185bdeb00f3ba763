using System.Buffers.Binary;
using System.Security.Cryptography;

namespace Pendopo.Rtc.Srtp;

/// <summary>AEAD_AES_128_GCM and AEAD_AES_256_GCM (RFC 7714) on the platform's AES-GCM.</summary>
internal sealed class AesGcmCipher : SrtpCipher
{
    public const int SaltLength = 12;

    private const int NonceLength = 12;
    private const int GcmTagLength = 16;

    private readonly AesGcm _rtp;
    private readonly AesGcm _rtcp;
    private readonly byte[] _rtpSalt;
    private readonly byte[] _rtcpSalt;

    public AesGcmCipher(ReadOnlySpan<byte> masterKey, ReadOnlySpan<byte> masterSalt)
    {
        _rtp = CreateGcm(masterKey, masterSalt, SrtpKeyLabel.RtpEncryption);
        _rtcp = CreateGcm(masterKey, masterSalt, SrtpKeyLabel.RtcpEncryption);
        _rtpSalt = SrtpKeyDerivation.Derive(masterKey, masterSalt, SrtpKeyLabel.RtpSalt, SaltLength);
        _rtcpSalt = SrtpKeyDerivation.Derive(masterKey, masterSalt, SrtpKeyLabel.RtcpSalt, SaltLength);
    }

    /// <summary>For the published vectors, which give session keys instead of a master key.</summary>
    internal AesGcmCipher(ReadOnlySpan<byte> sessionKey, byte[] sessionSalt)
    {
        _rtp = new AesGcm(sessionKey, GcmTagLength);
        _rtcp = new AesGcm(sessionKey, GcmTagLength);
        _rtpSalt = [.. sessionSalt];
        _rtcpSalt = [.. sessionSalt];
    }

    public override int TagLength => GcmTagLength;

    public override void ProtectRtp(Span<byte> buffer, int headerLength, int length, uint ssrc, ulong index)
    {
        Span<byte> nonce = stackalloc byte[NonceLength];
        WriteRtpNonce(nonce, ssrc, index);
        var payload = buffer[headerLength..length];
        _rtp.Encrypt(nonce, payload, payload, buffer.Slice(length, GcmTagLength), buffer[..headerLength]);
    }

    public override bool UnprotectRtp(Span<byte> packet, int headerLength, uint ssrc, ulong index)
    {
        Span<byte> nonce = stackalloc byte[NonceLength];
        WriteRtpNonce(nonce, ssrc, index);
        return TryDecrypt(_rtp, nonce, packet[headerLength..^GcmTagLength], packet[^GcmTagLength..], packet[..headerLength]);
    }

    public override void ProtectRtcp(Span<byte> buffer, int length, uint ssrc, uint index)
    {
        Span<byte> nonce = stackalloc byte[NonceLength];
        Span<byte> associated = stackalloc byte[RtcpClearLength + RtcpIndexLength];
        WriteRtcpNonce(nonce, ssrc, index);
        WriteRtcpAssociated(associated, buffer, index);
        var payload = buffer[RtcpClearLength..length];
        _rtcp.Encrypt(nonce, payload, payload, buffer.Slice(length, GcmTagLength), associated);
        associated[RtcpClearLength..].CopyTo(buffer[(length + GcmTagLength)..]);
    }

    /// <summary>RFC 7714 §9.2 puts the index word after the tag.</summary>
    public override uint ReadRtcpIndexWord(ReadOnlySpan<byte> packet) => BinaryPrimitives.ReadUInt32BigEndian(packet[^RtcpIndexLength..]);

    public override bool UnprotectRtcp(Span<byte> packet, uint ssrc, uint index)
    {
        Span<byte> nonce = stackalloc byte[NonceLength];
        Span<byte> associated = stackalloc byte[RtcpClearLength + RtcpIndexLength];
        WriteRtcpNonce(nonce, ssrc, index);
        WriteRtcpAssociated(associated, packet, index);
        var sealedPart = packet[RtcpClearLength..^RtcpIndexLength];
        return TryDecrypt(_rtcp, nonce, sealedPart[..^GcmTagLength], sealedPart[^GcmTagLength..], associated);
    }

    public override void Dispose()
    {
        _rtp.Dispose();
        _rtcp.Dispose();
        CryptographicOperations.ZeroMemory(_rtpSalt);
        CryptographicOperations.ZeroMemory(_rtcpSalt);
    }

    private static AesGcm CreateGcm(ReadOnlySpan<byte> masterKey, ReadOnlySpan<byte> masterSalt, SrtpKeyLabel label)
    {
        var key = SrtpKeyDerivation.Derive(masterKey, masterSalt, label, masterKey.Length);
        var gcm = new AesGcm(key, GcmTagLength);
        CryptographicOperations.ZeroMemory(key);
        return gcm;
    }

    private static bool TryDecrypt(AesGcm gcm, ReadOnlySpan<byte> nonce, Span<byte> payload, ReadOnlySpan<byte> tag, ReadOnlySpan<byte> associated)
    {
        try
        {
            gcm.Decrypt(nonce, payload, tag, payload, associated);
            return true;
        }
        catch (AuthenticationTagMismatchException)
        {
            // The platform's only way to say that a tag is wrong. It stays inside: a forged packet is input, not a bug.
            return false;
        }
    }

    /// <summary>RFC 7714 §8.1: two zero bytes, SSRC, roll-over counter and sequence number, XOR salt.</summary>
    private void WriteRtpNonce(Span<byte> nonce, uint ssrc, ulong index)
    {
        nonce.Clear();
        BinaryPrimitives.WriteUInt32BigEndian(nonce[2..], ssrc);
        BinaryPrimitives.WriteUInt32BigEndian(nonce[6..], (uint)(index >> 16));
        BinaryPrimitives.WriteUInt16BigEndian(nonce[10..], (ushort)index);
        Xor.Into(nonce, _rtpSalt);
    }

    /// <summary>RFC 7714 §9.1: two zero bytes, SSRC, two zero bytes and the 31-bit index, XOR salt.</summary>
    private void WriteRtcpNonce(Span<byte> nonce, uint ssrc, uint index)
    {
        nonce.Clear();
        BinaryPrimitives.WriteUInt32BigEndian(nonce[2..], ssrc);
        BinaryPrimitives.WriteUInt32BigEndian(nonce[8..], index);
        Xor.Into(nonce, _rtcpSalt);
    }

    /// <summary>RFC 7714 §9.2: the clear header and the index word with its E flag.</summary>
    private static void WriteRtcpAssociated(Span<byte> associated, ReadOnlySpan<byte> packet, uint index)
    {
        packet[..RtcpClearLength].CopyTo(associated);
        BinaryPrimitives.WriteUInt32BigEndian(associated[RtcpClearLength..], RtcpEncryptedFlag | index);
    }
}
