namespace Pendopo.Rtc.Tests.Sdp;

/// <summary>The smallest offer that has everything, for tests that break one thing in it.</summary>
internal static class SmallOffer
{
    public const string Ufrag = "a=ice-ufrag:abcd\r\n";
    public const string Password = "a=ice-pwd:abcdefghijklmnopqrstuv\r\n";

    public static readonly string Fingerprint = "a=fingerprint:sha-256 " + string.Join(':', Enumerable.Repeat("AB", 32)) + "\r\n";

    public static readonly string Transport = Ufrag + Password + Fingerprint + "a=setup:actpass\r\na=rtcp-mux\r\n";

    public static readonly string Text =
        "v=0\r\no=- 1 2 IN IP4 127.0.0.1\r\ns=-\r\nt=0 0\r\na=group:BUNDLE a v\r\n" +
        "m=audio 9 UDP/TLS/RTP/SAVPF 111\r\nc=IN IP4 0.0.0.0\r\na=mid:a\r\n" + Transport +
        "a=sendonly\r\na=rtpmap:111 opus/48000/2\r\n" +
        "m=video 9 UDP/TLS/RTP/SAVPF 96 97\r\nc=IN IP4 0.0.0.0\r\na=mid:v\r\n" + Transport +
        "a=sendonly\r\na=rtpmap:96 VP8/90000\r\na=rtpmap:97 rtx/90000\r\na=fmtp:97 apt=96\r\n" +
        "a=rid:q send\r\na=rid:f send\r\na=simulcast:send q;~f\r\n";

    /// <summary>Adds lines to the video m-line.</summary>
    public static string WithVideo(string lines) => Text + lines.ReplaceLineEndings("\r\n") + "\r\n";
}
