using Pendopo.Rtc.Rtp;

namespace Pendopo.Rtc.Sdp;

/// <summary>One codec of an m-line with the payload types that the offer gave it.</summary>
/// <param name="RtxPayloadType">Payload type of its RTX (RFC 4588), or null.</param>
/// <param name="FormatParameters">The fmtp of the answer, verbatim.</param>
/// <param name="HasNack">Both sides have agreed on generic NACK (RFC 4585 §6.2.1).</param>
public sealed record NegotiatedCodec(
    MediaCodec Codec, byte PayloadType, byte? RtxPayloadType, int ClockRate, string FormatParameters, bool HasNack = false);

/// <summary>One m-line both sides agreed on.</summary>
/// <param name="Rids">
/// Simulcast layers that the peer will send, in the order of <c>a=simulcast</c>, those it holds back at first (<c>~</c>)
/// included; empty without simulcast.
/// </param>
/// <param name="RemoteSsrcs">Primary SSRCs that the offer announces for what the peer sends, with their RTX SSRC (0 if none).</param>
public sealed record NegotiatedMedia(
    string Mid,
    MediaKind Kind,
    SlotPlan Slot,
    IReadOnlyList<NegotiatedCodec> Codecs,
    RtpExtensionMap Extensions,
    IReadOnlyList<string> Rids,
    IReadOnlyList<(uint Ssrc, uint RtxSsrc)> RemoteSsrcs);
