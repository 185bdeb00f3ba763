using System.Security.Cryptography;
using Org.BouncyCastle.Tls;
using Org.BouncyCastle.Tls.Crypto;
using Pendopo.Rtc.Srtp;
using HashAlgorithm = Org.BouncyCastle.Tls.HashAlgorithm;

namespace Pendopo.Rtc.Dtls;

/// <summary>
/// What both roles demand of a handshake (RFC 5764, RFC 8827 §6.5): one cipher family, extended master secret, a use_srtp
/// profile of ours, and a certificate whose SHA-256 is the fingerprint from the signaling. It fails closed: keys exist only
/// after the fingerprint has matched.
/// </summary>
internal sealed class DtlsNegotiation(
    SystemTlsCrypto crypto, DtlsCertificate certificate, IReadOnlyList<SrtpProfile> profiles, ReadOnlyMemory<byte> remoteFingerprint)
{
    /// <summary>
    /// The first retransmission; 1 s in RFC 6347 §4.2.4.1, which WebRTC stacks shorten since a lost flight delays the first
    /// picture. It doubles each time, so a path with a long round trip costs a few duplicates only.
    /// </summary>
    public const int InitialRetransmissionMilliseconds = 150;

    /// <summary>A ClientHello with post-quantum shares has 1.5 kB and a certificate chain a few; memory is reserved for this at once.</summary>
    public const int MaximumHandshakeMessage = 16 * 1024;

    private const string ExporterLabel = "EXTRACTOR-dtls_srtp";

    private static readonly int[] Suites =
    [
        CipherSuite.TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256,
        CipherSuite.TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384,
    ];

    private bool _peerVerified;

    public SystemTlsCrypto Crypto => crypto;

    public SrtpProfile? Profile { get; private set; }

    public SrtpKeys? Keys { get; private set; }

    /// <summary>Why we ended the handshake, in words for a log; null when it was not us.</summary>
    public string? Refusal { get; private set; }

    public static int[] CipherSuites => (int[])Suites.Clone();

    public static List<SignatureAndHashAlgorithm> SignatureAlgorithms =>
        [new(HashAlgorithm.sha256, SignatureAlgorithm.ecdsa), new(HashAlgorithm.sha384, SignatureAlgorithm.ecdsa)];

    public TlsCredentialedSigner Signer => new CertificateSigner(crypto, certificate);

    /// <summary>use_srtp as a client offers it, or with the one chosen profile as a server answers (RFC 5764 §4.1.1).</summary>
    public void AddUseSrtp(IDictionary<int, byte[]> extensions)
    {
        int[] offered = Profile is { } chosen ? [(int)chosen] : [.. profiles.Select(profile => (int)profile)];
        TlsSrtpUtilities.AddUseSrtpExtension(extensions, new UseSrtpData(offered, TlsUtilities.EmptyBytes));
    }

    /// <summary>Takes the first of our profiles that the client offers; its MKI is declined by an empty one (§4.1.3).</summary>
    public void ChooseProfile(IDictionary<int, byte[]> clientExtensions)
    {
        var offer = TlsSrtpUtilities.GetUseSrtpExtension(clientExtensions)
            ?? throw Refuse(AlertDescription.handshake_failure, "the peer does not offer SRTP");
        foreach (var profile in profiles)
        {
            if (!offer.ProtectionProfiles.Contains((int)profile)) continue;
            Profile = profile;
            return;
        }

        throw Refuse(AlertDescription.handshake_failure, "no SRTP profile in common");
    }

    /// <summary>Takes the server's choice, which must be one of our offer.</summary>
    public void AcceptProfile(IDictionary<int, byte[]> serverExtensions)
    {
        var answer = serverExtensions is null ? null : TlsSrtpUtilities.GetUseSrtpExtension(serverExtensions);
        if (answer is null) throw Refuse(AlertDescription.handshake_failure, "the peer does not answer SRTP");
        if (answer.ProtectionProfiles is not [var only] || answer.Mki is { Length: > 0 } || !profiles.Contains((SrtpProfile)only))
        {
            throw Refuse(AlertDescription.illegal_parameter, "the peer answers with an SRTP profile that was not offered");
        }

        Profile = (SrtpProfile)only;
    }

    /// <summary>Compares the peer's certificate with the fingerprint from the SDP (RFC 8122 §5), in constant time.</summary>
    public void VerifyPeer(Certificate? chain)
    {
        if (chain is null || chain.IsEmpty) throw Refuse(AlertDescription.bad_certificate, "the peer has no certificate");
        Span<byte> actual = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(chain.GetCertificateAt(0).GetEncoded(), actual);
        if (!CryptographicOperations.FixedTimeEquals(actual, remoteFingerprint.Span))
        {
            throw Refuse(AlertDescription.bad_certificate, "the peer's certificate does not match its fingerprint");
        }

        _peerVerified = true;
    }

    /// <summary>Derives the SRTP keys of both directions (RFC 5764 §4.2).</summary>
    public void Export(TlsContext context, DtlsRole role)
    {
        if (!_peerVerified || Profile is not { } profile || !context.SecurityParameters.IsExtendedMasterSecret)
        {
            throw Refuse(AlertDescription.internal_error, "the handshake is incomplete");
        }

        var key = SrtpContext.MasterKeyLength(profile);
        var salt = SrtpContext.MasterSaltLength(profile);
        var material = context.ExportKeyingMaterial(ExporterLabel, null, 2 * (key + salt));
        var clientKey = material[..key];
        var serverKey = material[key..(2 * key)];
        var clientSalt = material[(2 * key)..((2 * key) + salt)];
        var serverSalt = material[((2 * key) + salt)..];
        CryptographicOperations.ZeroMemory(material);
        Keys = role == DtlsRole.Client
            ? new(profile, clientKey, clientSalt, serverKey, serverSalt)
            : new(profile, serverKey, serverSalt, clientKey, clientSalt);
    }

    private TlsFatalAlert Refuse(short alert, string reason)
    {
        Refusal = reason;
        return new(alert, reason);
    }

    private sealed class CertificateSigner(SystemTlsCrypto crypto, DtlsCertificate certificate) : TlsCredentialedSigner
    {
        public Certificate Certificate { get; } = new([crypto.CreateCertificate(CertificateType.X509, certificate.Encoded)]);

        public SignatureAndHashAlgorithm SignatureAndHashAlgorithm { get; } = new(HashAlgorithm.sha256, SignatureAlgorithm.ecdsa);

        public byte[] GenerateRawSignature(byte[] hash) => certificate.Sign(hash);

        public TlsStreamSigner? GetStreamSigner() => null;
    }
}
