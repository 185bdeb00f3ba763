using Org.BouncyCastle.Tls;

namespace Pendopo.Rtc.Dtls;

/// <summary>The server's side of the handshake, in BouncyCastle's terms.</summary>
internal sealed class SrtpTlsServer(DtlsNegotiation negotiation, Action<short, short> alertReceived)
    : DefaultTlsServer(negotiation.Crypto)
{
    public override bool IgnoreCorruptDtlsRecords => true;

    // The session's own clock bounds the handshake, since this one would follow jumps of the wall clock.
    public override int GetHandshakeTimeoutMillis() => 0;

    public override int GetHandshakeResendTimeMillis() => DtlsNegotiation.InitialRetransmissionMilliseconds;

    public override int GetMaxHandshakeMessageSize() => DtlsNegotiation.MaximumHandshakeMessage;

    public override bool RequiresExtendedMasterSecret() => true;

    public override int[] GetSupportedGroups() => [NamedGroup.secp256r1];

    public override void ProcessClientExtensions(IDictionary<int, byte[]> clientExtensions)
    {
        base.ProcessClientExtensions(clientExtensions);
        negotiation.ChooseProfile(clientExtensions ?? new Dictionary<int, byte[]>());
    }

    public override IDictionary<int, byte[]> GetServerExtensions()
    {
        var extensions = TlsExtensionsUtilities.EnsureExtensionsInitialised(base.GetServerExtensions());
        negotiation.AddUseSrtp(extensions);
        return extensions;
    }

    public override CertificateRequest GetCertificateRequest() =>
        new([ClientCertificateType.ecdsa_sign], DtlsNegotiation.SignatureAlgorithms, null);

    public override void NotifyClientCertificate(Certificate clientCertificate) => negotiation.VerifyPeer(clientCertificate);

    public override void NotifyAlertReceived(short alertLevel, short alertDescription) =>
        alertReceived(alertLevel, alertDescription);

    public override void NotifyHandshakeComplete()
    {
        base.NotifyHandshakeComplete();
        negotiation.Export(m_context, DtlsRole.Server);
    }

    protected override ProtocolVersion[] GetSupportedVersions() => ProtocolVersion.DTLSv12.Only();

    protected override int[] GetSupportedCipherSuites() => DtlsNegotiation.CipherSuites;

    protected override TlsCredentialedSigner GetECDsaSignerCredentials() => negotiation.Signer;
}

/// <summary>The client's side of the handshake, in BouncyCastle's terms.</summary>
internal sealed class SrtpTlsClient(DtlsNegotiation negotiation, Action<short, short> alertReceived)
    : DefaultTlsClient(negotiation.Crypto), TlsAuthentication
{
    public override bool IgnoreCorruptDtlsRecords => true;

    public override int GetHandshakeTimeoutMillis() => 0;

    public override int GetHandshakeResendTimeMillis() => DtlsNegotiation.InitialRetransmissionMilliseconds;

    public override int GetMaxHandshakeMessageSize() => DtlsNegotiation.MaximumHandshakeMessage;

    public override bool RequiresExtendedMasterSecret() => true;

    public override IDictionary<int, byte[]> GetClientExtensions()
    {
        var extensions = TlsExtensionsUtilities.EnsureExtensionsInitialised(base.GetClientExtensions());
        negotiation.AddUseSrtp(extensions);
        return extensions;
    }

    public override void ProcessServerExtensions(IDictionary<int, byte[]> serverExtensions)
    {
        base.ProcessServerExtensions(serverExtensions);
        negotiation.AcceptProfile(serverExtensions);
    }

    public override TlsAuthentication GetAuthentication() => this;

    public void NotifyServerCertificate(TlsServerCertificate serverCertificate) => negotiation.VerifyPeer(serverCertificate.Certificate);

    public TlsCredentials? GetClientCredentials(CertificateRequest certificateRequest) =>
        certificateRequest.CertificateTypes.Contains(ClientCertificateType.ecdsa_sign) ? negotiation.Signer : null;

    public override void NotifyAlertReceived(short alertLevel, short alertDescription) =>
        alertReceived(alertLevel, alertDescription);

    public override void NotifyHandshakeComplete()
    {
        base.NotifyHandshakeComplete();
        negotiation.Export(m_context, DtlsRole.Client);
    }

    protected override ProtocolVersion[] GetSupportedVersions() => ProtocolVersion.DTLSv12.Only();

    protected override int[] GetSupportedCipherSuites() => DtlsNegotiation.CipherSuites;

    protected override IList<int> GetSupportedGroups(IList<int> namedGroupRoles) => [NamedGroup.secp256r1];

    protected override IList<SignatureAndHashAlgorithm> GetSupportedSignatureAlgorithms() => DtlsNegotiation.SignatureAlgorithms;
}
