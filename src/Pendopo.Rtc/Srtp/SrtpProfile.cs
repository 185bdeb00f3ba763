namespace Pendopo.Rtc.Srtp;

/// <summary>SRTP protection profiles by their DTLS-SRTP code points (RFC 5764 §4.1.2, RFC 7714 §14.2).</summary>
public enum SrtpProfile
{
    Aes128CmHmacSha1Tag80 = 0x0001,
    AeadAes128Gcm = 0x0007,
    AeadAes256Gcm = 0x0008,
}

/// <summary>The keys of both directions, as exported from the DTLS handshake (RFC 5764 §4.2). Owns its secrets.</summary>
public sealed record SrtpKeys(SrtpProfile Profile, byte[] LocalKey, byte[] LocalSalt, byte[] RemoteKey, byte[] RemoteSalt);
