using Pendopo.Rtc.Rtp;

namespace Pendopo.Rtc.Sdp;

/// <summary>The URIs of header extensions, as <see cref="RtpExtensionKind"/> documents them.</summary>
internal static class ExtensionUris
{
    public static RtpExtensionKind KindOf(string uri) => uri switch
    {
        "urn:ietf:params:rtp-hdrext:sdes:mid" => RtpExtensionKind.Mid,
        "urn:ietf:params:rtp-hdrext:sdes:rtp-stream-id" => RtpExtensionKind.Rid,
        "urn:ietf:params:rtp-hdrext:sdes:repaired-rtp-stream-id" => RtpExtensionKind.RepairedRid,
        "urn:ietf:params:rtp-hdrext:ssrc-audio-level" => RtpExtensionKind.AudioLevel,
        "http://www.webrtc.org/experiments/rtp-hdrext/abs-send-time" => RtpExtensionKind.AbsoluteSendTime,
        "http://www.ietf.org/id/draft-holmer-rmcat-transport-wide-cc-extensions-01" => RtpExtensionKind.TransportWideCc,
        "https://aomediacodec.github.io/av1-rtp-spec/#dependency-descriptor-rtp-header-extension" => RtpExtensionKind.DependencyDescriptor,
        "urn:3gpp:video-orientation" => RtpExtensionKind.VideoOrientation,
        "http://www.webrtc.org/experiments/rtp-hdrext/playout-delay" => RtpExtensionKind.PlayoutDelay,
        "http://www.webrtc.org/experiments/rtp-hdrext/video-content-type" => RtpExtensionKind.VideoContentType,
        "http://www.webrtc.org/experiments/rtp-hdrext/color-space" => RtpExtensionKind.ColorSpace,
        "http://www.webrtc.org/experiments/rtp-hdrext/video-layers-allocation00" => RtpExtensionKind.VideoLayersAllocation,
        _ => RtpExtensionKind.None,
    };
}
