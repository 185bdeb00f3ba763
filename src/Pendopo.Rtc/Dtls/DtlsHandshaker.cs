namespace Pendopo.Rtc.Dtls;

public enum DtlsRole
{
    Server,
    Client,
}

/// <summary>
/// Runs DTLS 1.2 handshakes (RFC 6347, RFC 5764) through BouncyCastle on a bounded number of threads of its own, never on a
/// media thread, each within a time limit.
/// </summary>
public sealed class DtlsHandshaker : IDisposable
{
    public DtlsHandshaker(DtlsCertificate certificate, int maximumConcurrent, TimeSpan timeout) =>
        throw new NotSupportedException("not built yet");

    public DtlsCertificate Certificate => throw new NotSupportedException();

    /// <summary>Runs one handshake in memory, so that the first peer does not pay for cold code (84 ms of CPU).</summary>
    public void WarmUp() => throw new NotSupportedException();

    public void Dispose() => throw new NotSupportedException();
}

/// <summary>The ECDSA P-256 certificate of this process, made at start, self-signed (RFC 8827 §6.5).</summary>
public sealed class DtlsCertificate : IDisposable
{
    public static DtlsCertificate Create(TimeProvider time) => throw new NotSupportedException("not built yet");

    /// <summary>SHA-256 over the DER encoding, 32 bytes.</summary>
    public ReadOnlyMemory<byte> Fingerprint => throw new NotSupportedException();

    public void Dispose() => throw new NotSupportedException();
}
