using System.Text;
using Pendopo.Rtc.Ice;
using Pendopo.Rtc.Rtp;

namespace Pendopo.Load.Clients;

/// <summary>What one client sends and receives.</summary>
internal sealed record OfferShape
{
    public bool Sends { get; init; }

    /// <summary>RIDs of the simulcast encodings; empty: one encoding, announced by its SSRC.</summary>
    public IReadOnlyList<string> Rids { get; init; } = [];

    /// <summary>Seats to receive: an audio and a video m-line each.</summary>
    public int Seats { get; init; }

    /// <summary>Audio-only m-lines to receive.</summary>
    public int Voices { get; init; }

    public bool TransportWideCc { get; init; } = true;
}

/// <summary>Writes the offer of a browser-like client: Opus and VP8 with RTX, everything bundled.</summary>
internal static class OfferText
{
    public const string TransportWideCcUri = "http://www.ietf.org/id/draft-holmer-rmcat-transport-wide-cc-extensions-01";
    public const byte Opus = 111;
    public const byte Vp8 = 96;
    public const byte Vp8Rtx = 97;
    public const string Microphone = "mic";
    public const string Camera = "cam";

    /// <summary>The ids used in every m-line.</summary>
    public static readonly RtpExtensionMap Extensions = new(
        ((byte)1, RtpExtensionKind.AudioLevel),
        ((byte)3, RtpExtensionKind.TransportWideCc),
        ((byte)4, RtpExtensionKind.Mid),
        ((byte)10, RtpExtensionKind.Rid));

    public static string SeatAudio(int seat) => $"sa{seat}";

    public static string SeatVideo(int seat) => $"sv{seat}";

    public static string Voice(int voice) => $"v{voice}";

    public static string Write(OfferShape shape, IceCredentials ice, ReadOnlyMemory<byte> fingerprint, uint audioSsrc, uint videoSsrc)
    {
        var text = new StringBuilder();
        var transport = Transport(ice, fingerprint, "actpass");
        var mids = new List<string>();
        if (shape.Sends) mids.AddRange([Microphone, Camera]);
        for (var i = 0; i < shape.Seats; i++) mids.AddRange([SeatAudio(i), SeatVideo(i)]);
        for (var i = 0; i < shape.Voices; i++) mids.Add(Voice(i));

        text.Append("v=0\r\no=- 4611731400430051336 1 IN IP4 127.0.0.1\r\ns=-\r\nt=0 0\r\n");
        text.Append($"a=group:BUNDLE {string.Join(' ', mids)}\r\na=extmap-allow-mixed\r\na=msid-semantic: WMS\r\n");
        foreach (var mid in mids)
        {
            var isVideo = mid == Camera || mid.StartsWith("sv", StringComparison.Ordinal);
            var isSent = mid is Microphone or Camera;
            text.Append(isVideo ? "m=video 9 UDP/TLS/RTP/SAVPF 96 97\r\n" : "m=audio 9 UDP/TLS/RTP/SAVPF 111\r\n");
            text.Append("c=IN IP4 0.0.0.0\r\na=rtcp:9 IN IP4 0.0.0.0\r\n").Append(transport).Append($"a=mid:{mid}\r\n");
            if (shape.TransportWideCc) text.Append($"a=extmap:3 {TransportWideCcUri}\r\n");
            text.Append("a=extmap:4 urn:ietf:params:rtp-hdrext:sdes:mid\r\n");
            text.Append(isSent ? "a=sendonly\r\na=msid:- " + mid + "\r\n" : "a=recvonly\r\n");
            text.Append("a=rtcp-mux\r\na=rtcp-rsize\r\n");
            if (isVideo) AppendVideo(text, shape, isSent, videoSsrc);
            else AppendAudio(text, shape, isSent, audioSsrc);
        }

        return text.ToString();
    }

    /// <summary>The lines of ICE and DTLS that every m-line has.</summary>
    public static string Transport(IceCredentials ice, ReadOnlyMemory<byte> fingerprint, string setup) =>
        $"a=ice-ufrag:{ice.UsernameFragment}\r\na=ice-pwd:{ice.Password}\r\n" +
        $"a=fingerprint:sha-256 {string.Join(':', Convert.ToHexString(fingerprint.Span).Chunk(2).Select(static pair => new string(pair)))}\r\n" +
        $"a=setup:{setup}\r\n";

    private static void AppendAudio(StringBuilder text, OfferShape shape, bool isSent, uint ssrc)
    {
        text.Append("a=extmap:1 urn:ietf:params:rtp-hdrext:ssrc-audio-level\r\na=rtpmap:111 opus/48000/2\r\n");
        if (shape.TransportWideCc) text.Append("a=rtcp-fb:111 transport-cc\r\n");
        text.Append("a=fmtp:111 minptime=10;useinbandfec=1\r\n");
        if (isSent) text.Append($"a=ssrc:{ssrc} cname:load\r\n");
    }

    private static void AppendVideo(StringBuilder text, OfferShape shape, bool isSent, uint ssrc)
    {
        text.Append("a=rtpmap:96 VP8/90000\r\n");
        if (shape.TransportWideCc) text.Append("a=rtcp-fb:96 transport-cc\r\n");
        text.Append("a=rtcp-fb:96 ccm fir\r\na=rtcp-fb:96 nack\r\na=rtcp-fb:96 nack pli\r\na=rtpmap:97 rtx/90000\r\na=fmtp:97 apt=96\r\n");
        if (!isSent) return;
        if (shape.Rids.Count == 0)
        {
            text.Append($"a=ssrc-group:FID {ssrc} {ssrc + 100}\r\na=ssrc:{ssrc} cname:load\r\na=ssrc:{ssrc + 100} cname:load\r\n");
            return;
        }

        text.Append("a=extmap:10 urn:ietf:params:rtp-hdrext:sdes:rtp-stream-id\r\n");
        foreach (var rid in shape.Rids) text.Append($"a=rid:{rid} send\r\n");
        text.Append($"a=simulcast:send {string.Join(';', shape.Rids)}\r\n");
    }
}
