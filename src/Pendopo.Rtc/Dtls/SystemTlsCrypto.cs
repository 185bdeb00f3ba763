using System.Security.Cryptography;
using Org.BouncyCastle.Asn1;
using Org.BouncyCastle.Security;
using Org.BouncyCastle.Tls;
using Org.BouncyCastle.Tls.Crypto;
using Org.BouncyCastle.Tls.Crypto.Impl.BC;
using SignatureAlgorithm = Org.BouncyCastle.Tls.SignatureAlgorithm;

namespace Pendopo.Rtc.Dtls;

/// <summary>
/// BouncyCastle's TLS cryptography with the elliptic-curve work done by the platform (OpenSSL on Linux): P-256 in managed code
/// costs several milliseconds of CPU per handshake, and a room of people joins at once.
/// </summary>
internal sealed class SystemTlsCrypto() : BcTlsCrypto(new SecureRandom())
{
    public override TlsECDomain CreateECDomain(TlsECConfig ecConfig) =>
        ecConfig.NamedGroup == NamedGroup.secp256r1 ? new P256Domain(this) : base.CreateECDomain(ecConfig);

    public override TlsCertificate CreateCertificate(short type, byte[] encoding) =>
        type == CertificateType.X509 ? new PeerCertificate(this, encoding) : base.CreateCertificate(type, encoding);

    private sealed class P256Domain(SystemTlsCrypto crypto) : TlsECDomain
    {
        public TlsAgreement CreateECDH() => new P256Agreement(crypto);
    }

    /// <summary>One ephemeral ECDH (RFC 8422 §5.10); only uncompressed points, as §5.4.1 demands.</summary>
    private sealed class P256Agreement(SystemTlsCrypto crypto) : TlsAgreement
    {
        private const int CoordinateLength = 32;
        private const int PointLength = 1 + (2 * CoordinateLength);
        private const byte Uncompressed = 4;

        private readonly ECDiffieHellman _key = ECDiffieHellman.Create(ECCurve.NamedCurves.nistP256);
        private byte[] _peer = [];

        public byte[] GenerateEphemeral()
        {
            var point = _key.ExportParameters(false).Q;
            var encoded = new byte[PointLength];
            encoded[0] = Uncompressed;
            point.X!.CopyTo(encoded, 1);
            point.Y!.CopyTo(encoded, 1 + CoordinateLength);
            return encoded;
        }

        public void ReceivePeerValue(byte[] peerValue)
        {
            if (peerValue.Length != PointLength || peerValue[0] != Uncompressed) throw new TlsFatalAlert(AlertDescription.illegal_parameter);
            _peer = peerValue;
        }

        public TlsSecret CalculateSecret()
        {
            var point = new ECPoint { X = _peer[1..(1 + CoordinateLength)], Y = _peer[(1 + CoordinateLength)..] };
            using (_key)
            {
                try
                {
                    // The import refuses a point that is not on the curve.
                    using var peer = ECDiffieHellman.Create(new ECParameters { Curve = ECCurve.NamedCurves.nistP256, Q = point });
                    return crypto.CreateSecret(_key.DeriveRawSecretAgreement(peer.PublicKey));
                }
                catch (CryptographicException exception)
                {
                    throw new TlsFatalAlert(AlertDescription.illegal_parameter, exception);
                }
            }
        }
    }

    /// <summary>
    /// Keeps the bytes as they came, since the fingerprint is over those and not over what an ASN.1 parser would write.
    /// </summary>
    private sealed class PeerCertificate(SystemTlsCrypto crypto, byte[] encoding) : BcTlsCertificate(crypto, encoding)
    {
        private readonly byte[] _encoding = encoding;

        public override byte[] GetEncoded() => _encoding;

        public override TlsVerifier CreateVerifier(short signatureAlgorithm) => signatureAlgorithm == SignatureAlgorithm.ecdsa
            ? new EcdsaVerifier(m_certificate.SubjectPublicKeyInfo.GetEncoded(Asn1Encodable.Der))
            : throw new TlsFatalAlert(AlertDescription.unsupported_certificate);
    }

    private sealed class EcdsaVerifier(byte[] publicKeyInfo) : TlsVerifier
    {
        public TlsStreamVerifier? GetStreamVerifier(DigitallySigned digitallySigned) => null;

        public bool VerifyRawSignature(DigitallySigned digitallySigned, byte[] hash)
        {
            try
            {
                using var key = ECDsa.Create();
                key.ImportSubjectPublicKeyInfo(publicKeyInfo, out _);
                return key.VerifyHash(hash, digitallySigned.Signature, DSASignatureFormat.Rfc3279DerSequence);
            }
            catch (CryptographicException exception)
            {
                throw new TlsFatalAlert(AlertDescription.bad_certificate, exception);
            }
        }
    }
}
