using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Pendopo.Rtc.Dtls;

/// <summary>The ECDSA P-256 certificate of this process, made at start, self-signed (RFC 8827 §6.5).</summary>
public sealed class DtlsCertificate : IDisposable
{
    private readonly Lock _gate = new();
    private readonly ECDsa _key;
    private readonly byte[] _der;
    private readonly byte[] _fingerprint;

    private DtlsCertificate(ECDsa key, byte[] der)
    {
        _key = key;
        _der = der;
        _fingerprint = SHA256.HashData(der);
    }

    /// <summary>SHA-256 over the DER encoding, 32 bytes.</summary>
    public ReadOnlyMemory<byte> Fingerprint => _fingerprint;

    /// <summary>The certificate, DER.</summary>
    internal byte[] Encoded => _der;

    /// <summary>
    /// Makes a key and its certificate. It is valid from yesterday, for clocks that are behind, and for five years: peers pin
    /// its fingerprint and a process may run for long.
    /// </summary>
    public static DtlsCertificate Create(TimeProvider time)
    {
        ArgumentNullException.ThrowIfNull(time);
        var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var now = time.GetUtcNow();

        // The subject says nothing about the host: every peer sees it before it has proved who it is.
        var request = new CertificateRequest("CN=webrtc", key, HashAlgorithmName.SHA256);
        using var certificate = request.CreateSelfSigned(now.AddDays(-1), now.AddYears(5));
        return new(key, certificate.RawData);
    }

    public void Dispose() => _key.Dispose();

    /// <summary>An ECDSA signature in DER. Handshake threads share the key, and <see cref="ECDsa"/> promises no thread safety.</summary>
    internal byte[] Sign(byte[] hash)
    {
        lock (_gate) return _key.SignHash(hash, DSASignatureFormat.Rfc3279DerSequence);
    }
}
