using Pendopo.Rtc.Rtp;

namespace Pendopo.Rtc.Sdp;

/// <summary>What can be learnt of an audio or video m-line before it is answered.</summary>
/// <param name="Mid">The media id.</param>
/// <param name="PeerSends">True for sendonly and sendrecv.</param>
/// <param name="PeerReceives">True for recvonly and sendrecv.</param>
/// <param name="IsRejected">Port 0 without <c>a=bundle-only</c>: the peer does not use it (any more).</param>
/// <param name="Codecs">Codecs that the peer has for this m-line in a form that we forward, in its order.</param>
public sealed record OfferedMedia(string Mid, MediaKind Kind, bool PeerSends, bool PeerReceives, bool IsRejected, IReadOnlyList<MediaCodec> Codecs);
