using Pendopo.Rtc.Dtls;
using Pendopo.Rtc.Ice;
using Pendopo.Rtc.Rtp;

namespace Pendopo.Rtc.Sdp;

public sealed record AnswerOptions
{
    public required IceCredentials Ice { get; init; }

    /// <summary>SHA-256 of our certificate.</summary>
    public required ReadOnlyMemory<byte> Fingerprint { get; init; }

    public required IReadOnlyList<HostCandidate> Candidates { get; init; }

    /// <summary>One entry per m-line of the offer that is used; m-lines not named are refused.</summary>
    public required IReadOnlyList<SlotPlan> Slots { get; init; }

    /// <summary>
    /// Video codecs in order of preference: the answer lists what both sides have in this order, so the peer sends the first.
    /// Send slots also list what the peer has beyond these, since the codec there is the sender's choice.
    /// </summary>
    public required IReadOnlyList<MediaCodec> VideoCodecs { get; init; }

    /// <summary>
    /// Listed behind <see cref="VideoCodecs"/>: the peer is ready to send them when it is told. An m-line with none of
    /// <see cref="VideoCodecs"/> is refused all the same.
    /// </summary>
    public IReadOnlyList<MediaCodec> FurtherVideoCodecs { get; init; } = [];

    /// <summary>
    /// Let the peer send RED (RFC 2198): it is listed after Opus, which it sends until it is told to use RED. What the peer receives
    /// lists RED in any case.
    /// </summary>
    public bool AllowRed { get; init; }

    /// <summary>Our DTLS role for <c>a=setup:actpass</c> offers. Server (passive) is the default.</summary>
    public DtlsRole Role { get; init; } = DtlsRole.Server;

    /// <summary>CNAME of everything we send.</summary>
    public string Cname { get; init; } = "pendopo";

    /// <summary>Session id and version of the <c>o=</c> line; the version grows by one with each answer of a session.</summary>
    public ulong SessionId { get; init; }

    public ulong SessionVersion { get; init; }
}
