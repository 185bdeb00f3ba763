namespace Pendopo.Rtc.Rtp;

/// <summary>The RTP header extensions that the server reads, writes or passes on.</summary>
public enum RtpExtensionKind : byte
{
    None,

    /// <summary>urn:ietf:params:rtp-hdrext:sdes:mid (RFC 8843)</summary>
    Mid,

    /// <summary>urn:ietf:params:rtp-hdrext:sdes:rtp-stream-id (RFC 8852)</summary>
    Rid,

    /// <summary>urn:ietf:params:rtp-hdrext:sdes:repaired-rtp-stream-id (RFC 8852)</summary>
    RepairedRid,

    /// <summary>urn:ietf:params:rtp-hdrext:ssrc-audio-level (RFC 6464)</summary>
    AudioLevel,

    /// <summary>http://www.webrtc.org/experiments/rtp-hdrext/abs-send-time</summary>
    AbsoluteSendTime,

    /// <summary>http://www.ietf.org/id/draft-holmer-rmcat-transport-wide-cc-extensions-01</summary>
    TransportWideCc,

    /// <summary>https://aomediacodec.github.io/av1-rtp-spec/#dependency-descriptor-rtp-header-extension</summary>
    DependencyDescriptor,

    /// <summary>urn:3gpp:video-orientation</summary>
    VideoOrientation,

    /// <summary>http://www.webrtc.org/experiments/rtp-hdrext/playout-delay</summary>
    PlayoutDelay,

    /// <summary>http://www.webrtc.org/experiments/rtp-hdrext/video-content-type</summary>
    VideoContentType,

    /// <summary>http://www.webrtc.org/experiments/rtp-hdrext/color-space</summary>
    ColorSpace,

    /// <summary>http://www.webrtc.org/experiments/rtp-hdrext/video-layers-allocation00</summary>
    VideoLayersAllocation,
}

/// <summary>The negotiated ids of header extensions of one m-line (or bundle): id ↔ kind. Immutable after set-up.</summary>
public sealed class RtpExtensionMap
{
    private readonly RtpExtensionKind[] _kinds = new RtpExtensionKind[256];
    private readonly byte[] _ids = new byte[Enum.GetValues<RtpExtensionKind>().Length];

    public RtpExtensionMap(params ReadOnlySpan<(byte Id, RtpExtensionKind Kind)> entries)
    {
        foreach (var (id, kind) in entries)
        {
            _kinds[id] = kind;
            _ids[(int)kind] = id;
        }
    }

    /// <summary>What an id means; <see cref="RtpExtensionKind.None"/> if it was not negotiated.</summary>
    public RtpExtensionKind Kind(byte id) => _kinds[id];

    /// <summary>True if both were negotiated to the same ids: a header made for one serves the other.</summary>
    public bool HasSameIds(RtpExtensionMap other) => _ids.AsSpan().SequenceEqual(other._ids);

    /// <summary>The id of a kind; 0 if it was not negotiated.</summary>
    public byte Id(RtpExtensionKind kind) => _ids[(int)kind];
}
