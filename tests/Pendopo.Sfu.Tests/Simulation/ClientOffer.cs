using System.Globalization;
using System.Text;
using Pendopo.Rtc.Ice;
using Pendopo.Rtc.Rtp;

namespace Pendopo.Sfu.Tests.Simulation;

/// <summary>The text of an offer in the form that browsers write, with the plan that belongs to it.</summary>
internal sealed class ClientOffer
{
    public const byte Opus = 111;
    public const byte OpusRtx = 112;
    public const byte Red = 63;
    public const byte Vp8 = 96;
    public const byte Vp8Rtx = 97;

    /// <summary>The ids used in every m-line.</summary>
    public static readonly RtpExtensionMap Extensions = new(
        ((byte)1, RtpExtensionKind.AudioLevel),
        ((byte)3, RtpExtensionKind.TransportWideCc),
        ((byte)4, RtpExtensionKind.Mid),
        ((byte)10, RtpExtensionKind.Rid),
        ((byte)11, RtpExtensionKind.RepairedRid),
        ((byte)12, RtpExtensionKind.DependencyDescriptor),
        ((byte)13, RtpExtensionKind.VideoLayersAllocation));

    private readonly StringBuilder _text = new();
    private readonly ClientOptions _options;
    private readonly string _transport;

    public ClientOffer(ClientOptions options, IceCredentials ice, ReadOnlyMemory<byte> fingerprint, uint audioSsrc, uint videoSsrc, int version = 1)
    {
        _options = options;
        _transport =
            $"a=ice-ufrag:{ice.UsernameFragment}\r\na=ice-pwd:{ice.Password}\r\na=ice-options:trickle\r\n" +
            $"a=fingerprint:sha-256 {string.Join(':', Convert.ToHexString(fingerprint.Span).Chunk(2).Select(static pair => new string(pair)))}\r\n" +
            "a=setup:actpass\r\n";

        var mids = new List<string>();
        if (options.SendsAudio) mids.Add("mic");
        if (options.SendsVideo) mids.Add("cam");
        for (var i = 0; i < options.Seats; i++) mids.AddRange([SeatAudio(i), SeatVideo(i)]);
        for (var i = 0; i < options.Voices; i++) mids.Add(VoiceAudio(i));
        Line("v=0");
        Line($"o=- 4611731400430051336 {version.ToString(CultureInfo.InvariantCulture)} IN IP4 127.0.0.1");
        Line("s=-");
        Line("t=0 0");
        Line($"a=group:BUNDLE {string.Join(' ', mids)}");
        Line("a=extmap-allow-mixed");
        if (options.SendsAudio) WriteAudio("mic", "sendonly", audioSsrc);
        if (options.SendsVideo) WriteVideo("cam", "sendonly", videoSsrc);
        for (var i = 0; i < options.Seats; i++)
        {
            WriteAudio(SeatAudio(i), "recvonly", 0);
            WriteVideo(SeatVideo(i), "recvonly", 0);
        }

        for (var i = 0; i < options.Voices; i++) WriteAudio(VoiceAudio(i), "recvonly", 0);

        Plan = new MediaPlan
        {
            Microphone = options.SendsAudio ? "mic" : null,
            Camera = options.SendsVideo ? "cam" : null,
            Seats = [.. Enumerable.Range(0, options.Seats).Select(static i => (SeatAudio(i), SeatVideo(i)))],
            Voices = [.. Enumerable.Range(0, options.Voices).Select(VoiceAudio)],
        };
    }

    public MediaPlan Plan { get; }

    public static string SeatAudio(int seat) => $"sa{seat}";

    public static string VoiceAudio(int voice) => $"va{voice}";

    public static string SeatVideo(int seat) => $"sv{seat}";

    public override string ToString() => _text.ToString();

    private void WriteAudio(string mid, string direction, uint ssrc)
    {
        Line($"m=audio 9 UDP/TLS/RTP/SAVPF 111{(_options.AudioRtx ? " 112" : "")}{(_options.Red ? " 63" : "")}");
        WriteCommon(mid, direction);
        Line("a=extmap:1 urn:ietf:params:rtp-hdrext:ssrc-audio-level");
        Line("a=rtpmap:111 opus/48000/2");
        if (_options.TransportWideCc) Line("a=rtcp-fb:111 transport-cc");
        Line("a=fmtp:111 minptime=10;useinbandfec=1");
        if (_options.Red)
        {
            Line("a=rtpmap:63 red/48000/2");
            Line("a=fmtp:63 111/111");
        }

        if (_options.AudioRtx || _options.AudioNack) Line("a=rtcp-fb:111 nack");
        if (_options.AudioRtx)
        {
            Line("a=rtpmap:112 rtx/48000/2");
            Line("a=fmtp:112 apt=111");
        }

        if (ssrc != 0) WriteSsrcs(ssrc, _options.AudioRtx);
    }

    private void WriteVideo(string mid, string direction, uint ssrc)
    {
        Line($"m=video 9 UDP/TLS/RTP/SAVPF 96 97{(_options.H264 is { } payloadType ? $" {payloadType} {payloadType + 1}" : "")}");
        WriteCommon(mid, direction);
        Line($"a=rtpmap:96 {_options.VideoCodec.ToString().ToUpperInvariant()}/90000");
        if (_options.VideoCodec == MediaCodec.Av1) Line("a=extmap:12 https://aomediacodec.github.io/av1-rtp-spec/#dependency-descriptor-rtp-header-extension");
        if (_options.TransportWideCc) Line("a=rtcp-fb:96 transport-cc");
        Line("a=rtcp-fb:96 ccm fir");
        Line("a=rtcp-fb:96 nack");
        Line("a=rtcp-fb:96 nack pli");
        Line("a=rtpmap:97 rtx/90000");
        Line("a=fmtp:97 apt=96");
        if (_options.H264 is { } h264)
        {
            Line($"a=rtpmap:{h264} H264/90000");
            Line($"a=fmtp:{h264} packetization-mode=1;profile-level-id=42e01f");
            Line($"a=rtcp-fb:{h264} nack");
            Line($"a=rtcp-fb:{h264} nack pli");
            Line($"a=rtpmap:{h264 + 1} rtx/90000");
            Line($"a=fmtp:{h264 + 1} apt={h264}");
        }

        if (direction != "sendonly") return;
        if (_options.LayersAllocation) Line("a=extmap:13 http://www.webrtc.org/experiments/rtp-hdrext/video-layers-allocation00");
        if (_options.Simulcast && _options.Svc is null)
        {
            Line("a=extmap:10 urn:ietf:params:rtp-hdrext:sdes:rtp-stream-id");
            Line("a=extmap:11 urn:ietf:params:rtp-hdrext:sdes:repaired-rtp-stream-id");
            string[] rids = _options.LargestFirst ? ["f", "h", "q"] : ["q", "h", "f"];
            foreach (var rid in rids) Line($"a=rid:{rid} send");
            Line($"a=simulcast:send {string.Join(';', rids)}");
        }
        else
        {
            WriteSsrcs(ssrc, rtx: true);
        }
    }

    private void WriteCommon(string mid, string direction)
    {
        Line("c=IN IP4 0.0.0.0");
        Line("a=rtcp:9 IN IP4 0.0.0.0");
        _text.Append(_transport);
        Line($"a=mid:{mid}");
        if (_options.TransportWideCc) Line("a=extmap:3 http://www.ietf.org/id/draft-holmer-rmcat-transport-wide-cc-extensions-01");
        Line("a=extmap:4 urn:ietf:params:rtp-hdrext:sdes:mid");
        Line($"a={direction}");
        if (direction == "sendonly") Line($"a=msid:- {mid}");
        Line("a=rtcp-mux");
        Line("a=rtcp-rsize");
    }

    private void WriteSsrcs(uint ssrc, bool rtx)
    {
        if (rtx) Line($"a=ssrc-group:FID {ssrc} {ssrc + 100}");
        Line($"a=ssrc:{ssrc} cname:client");
        if (rtx) Line($"a=ssrc:{ssrc + 100} cname:client");
    }

    private void Line(string text) => _text.Append(text).Append("\r\n");
}
