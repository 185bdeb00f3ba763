namespace Pendopo.Rtc.Dtls;

/// <summary>Who sends the ClientHello: the client, <c>a=setup:active</c> (RFC 8842 §5).</summary>
public enum DtlsRole
{
    Server,
    Client,
}
