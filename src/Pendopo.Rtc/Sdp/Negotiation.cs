using Pendopo.Rtc.Dtls;
using Pendopo.Rtc.Ice;
using Pendopo.Rtc.Rtp;

namespace Pendopo.Rtc.Sdp;

/// <summary>What the server wants to do with one m-line of the offer.</summary>
public enum SlotPurpose : byte
{
    /// <summary>Refused: port 0 in the answer.</summary>
    Unused,

    /// <summary>The peer sends, we receive (answer: recvonly).</summary>
    Receive,

    /// <summary>We send, the peer receives (answer: sendonly) with the SSRCs given in <see cref="SlotPlan"/>.</summary>
    Send,
}

/// <summary>The plan for one m-line, by its mid.</summary>
/// <param name="StreamId">msid stream of a send slot: slots of one seat share it, so that browsers keep lips in sync.</param>
/// <param name="TrackId">msid track of a send slot.</param>
/// <param name="Ssrc">SSRC of a send slot.</param>
/// <param name="RtxSsrc">SSRC of its retransmissions; 0 for none (audio).</param>
public sealed record SlotPlan(string Mid, SlotPurpose Purpose, string StreamId = "", string TrackId = "", uint Ssrc = 0, uint RtxSsrc = 0);

/// <summary>A host candidate of ours, for the answer.</summary>
public sealed record HostCandidate(System.Net.IPAddress Address, int Port, Transport.TransportProtocol Protocol);

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
    /// </summary>
    public required IReadOnlyList<MediaCodec> VideoCodecs { get; init; }

    /// <summary>Prefer RED (RFC 2198) over plain Opus for what the peer sends.</summary>
    public bool PreferRed { get; init; }

    /// <summary>Our DTLS role for <c>a=setup:actpass</c> offers. Server (passive) is the default.</summary>
    public DtlsRole Role { get; init; } = DtlsRole.Server;

    /// <summary>CNAME of everything we send.</summary>
    public string Cname { get; init; } = "pendopo";

    /// <summary>Session id and version of the <c>o=</c> line; the version grows by one with each answer of a session.</summary>
    public ulong SessionId { get; init; }

    public ulong SessionVersion { get; init; }
}

/// <summary>One codec of an m-line with the payload types that the offer gave it.</summary>
/// <param name="RtxPayloadType">Payload type of its RTX (RFC 4588), or null.</param>
/// <param name="FormatParameters">The fmtp of the answer, verbatim.</param>
public sealed record NegotiatedCodec(MediaCodec Codec, byte PayloadType, byte? RtxPayloadType, int ClockRate, string FormatParameters);

/// <summary>One m-line both sides agreed on.</summary>
/// <param name="Rids">Simulcast layers that the peer will send, in the order of <c>a=simulcast</c>; empty without simulcast.</param>
/// <param name="RemoteSsrcs">Primary SSRCs that the offer announces for what the peer sends, with their RTX SSRC (0 if none).</param>
public sealed record NegotiatedMedia(
    string Mid,
    MediaKind Kind,
    SlotPlan Slot,
    IReadOnlyList<NegotiatedCodec> Codecs,
    RtpExtensionMap Extensions,
    IReadOnlyList<string> Rids,
    IReadOnlyList<(uint Ssrc, uint RtxSsrc)> RemoteSsrcs);

/// <summary>The outcome of an offer: the answer to send, and what the transport and the forwarder need to know.</summary>
public sealed record NegotiatedSession(
    string AnswerSdp,
    IceCredentials RemoteIce,
    ReadOnlyMemory<byte> RemoteFingerprint,
    DtlsRole Role,
    IReadOnlyList<NegotiatedMedia> Media);

/// <summary>What can be learnt of an offer before it is answered.</summary>
/// <param name="Mid">The media id.</param>
/// <param name="PeerSends">True for sendonly and sendrecv.</param>
/// <param name="PeerReceives">True for recvonly and sendrecv.</param>
/// <param name="Codecs">Codecs that the peer has for this m-line, in its order.</param>
public sealed record OfferedMedia(string Mid, MediaKind Kind, bool PeerSends, bool PeerReceives, bool IsRejected, IReadOnlyList<MediaCodec> Codecs);

/// <summary>
/// A parsed and checked WebRTC offer (RFC 8829, 8839, 8840, 8842, 8843, 8851, 8853): bundle and rtcp-mux are required, every
/// m-line is UDP/TLS/RTP/SAVPF audio or video, or a refused data channel. Nothing here throws on bad input.
/// </summary>
public sealed class Offer
{
    public static bool TryParse(string sdp, [System.Diagnostics.CodeAnalysis.NotNullWhen(true)] out Offer? offer, [System.Diagnostics.CodeAnalysis.NotNullWhen(false)] out SdpError? error) =>
        throw new NotSupportedException("not built yet");

    public IReadOnlyList<OfferedMedia> Media => throw new NotSupportedException();

    public IceCredentials Ice => throw new NotSupportedException();

    public ReadOnlyMemory<byte> Fingerprint => throw new NotSupportedException();

    /// <summary>Writes the answer; fails with a precise error when the plan does not fit the offer.</summary>
    public bool TryAnswer(AnswerOptions options, [System.Diagnostics.CodeAnalysis.NotNullWhen(true)] out NegotiatedSession? session, [System.Diagnostics.CodeAnalysis.NotNullWhen(false)] out SdpError? error) =>
        throw new NotSupportedException();
}
