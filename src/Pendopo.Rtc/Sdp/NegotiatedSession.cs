using Pendopo.Rtc.Dtls;
using Pendopo.Rtc.Ice;

namespace Pendopo.Rtc.Sdp;

/// <summary>The outcome of an offer: the answer to send, and what the transport and the forwarder need to know.</summary>
public sealed record NegotiatedSession(
    string AnswerSdp,
    IceCredentials RemoteIce,
    ReadOnlyMemory<byte> RemoteFingerprint,
    DtlsRole Role,
    IReadOnlyList<NegotiatedMedia> Media);
