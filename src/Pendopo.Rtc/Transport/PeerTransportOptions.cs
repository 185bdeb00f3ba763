using Pendopo.Rtc.Dtls;
using Pendopo.Rtc.Ice;
using Pendopo.Rtc.Srtp;

namespace Pendopo.Rtc.Transport;

/// <summary>Everything a transport needs to know, from the offer and the answer.</summary>
/// <param name="Local">Our ICE credentials.</param>
/// <param name="Remote">The peer's ICE credentials.</param>
/// <param name="RemoteFingerprint">SHA-256 of the peer's certificate, 32 bytes, from <c>a=fingerprint</c>.</param>
/// <param name="Role">Our DTLS role.</param>
/// <param name="Profiles">SRTP profiles in order of preference.</param>
public sealed record PeerTransportOptions(
    IceCredentials Local,
    IceCredentials Remote,
    ReadOnlyMemory<byte> RemoteFingerprint,
    DtlsRole Role,
    IReadOnlyList<SrtpProfile> Profiles)
{
    /// <summary>A server is controlled (ICE-lite); a client of ours controls.</summary>
    public IceRole IceRole { get; init; } = IceRole.Controlled;

    /// <summary>The peer's candidates, best first; used by the controlling role only.</summary>
    public IReadOnlyList<TransportAddress> RemoteCandidates { get; init; } = [];

    /// <summary>The timers of ICE.</summary>
    public IceOptions Ice { get; init; } = IceOptions.Default;
}
