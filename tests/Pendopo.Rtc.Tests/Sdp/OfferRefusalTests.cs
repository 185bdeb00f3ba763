using Pendopo.Rtc.Sdp;
using Xunit;

namespace Pendopo.Rtc.Tests.Sdp;

public class OfferRefusalTests
{
    /// <summary>What is replaced in the small offer (first occurrence), by what, the message and its line (0: none).</summary>
    public static TheoryData<string, string, string, int> Replacements => new()
    {
        { "v=0", "v=1", "version '1' is not 0", 1 },
        { "v=0\r\n", "", "line 1 must be v=, not o=", 1 },
        { "o=- 1 2 IN IP4 127.0.0.1\r\n", "", "line 2 must be o=, not s=", 2 },
        { "o=- 1 2 IN", "o=- one 2 IN", "o= needs a user", 2 },
        { "s=-\r\n", "", "line 3 must be s=, not t=", 3 },
        { "t=0 0\r\n", "", "no t= line before the first m-line", 5 },
        { "t=0 0\r\n", "t=now\r\n", "t= needs two numbers", 4 },
        { "t=0 0\r\n", "t=0 0\r\ns=again\r\n", "a second s= line", 5 },
        { "t=0 0\r\n", "t=0 0\r\nthis is no line\r\n", "'this is no line' is not a line of the form x=value", 5 },
        { "t=0 0\r\n", "t=0 0\r\na=x:\u0001\r\n", "control characters", 5 },
        { "t=0 0\r\n", "t=0 0\r\nx=1\r\n", "x= is not a line of SDP", 5 },
        { "t=0 0\r\n", "t=0 0\r\na=\r\n", "'' is no attribute name", 5 },
        { "t=0 0\r\n", "t=0 0\r\na=ice-lite\r\n", "the peer is ICE-lite", 0 },
        { "c=IN IP4 0.0.0.0\r\n", "t=0 0\r\n", "t= stands within an m-line", 7 },
        { "a=group:BUNDLE a v\r\n", "", "no BUNDLE group", 0 },
        { "a=group:BUNDLE a v\r\n", "a=group:BUNDLE a\r\na=group:BUNDLE v\r\n", "a second BUNDLE group", 6 },
        { "BUNDLE a v", "BUNDLE a v a", "lists mid 'a' twice", 5 },
        { "BUNDLE a v", "BUNDLE a v w", "lists mid 'w', which no m-line has", 5 },
        { "BUNDLE a v", "BUNDLE a", "mid 'v' is not in the BUNDLE group", 16 },
        { "a=mid:v", "a=mid:a", "mid 'a' stands in two m-lines", 16 },
        { "a=mid:a\r\n", "", "the m-line has no a=mid", 6 },
        { "a=mid:a\r\n", "a=mid:a\r\na=mid:b\r\n", "a second a=mid", 9 },
        { "a=mid:a\r\n", "a=mid:a b\r\n", "'a b' is not a token", 8 },
        { "a=rtcp-mux\r\n", "", "mid 'a' has no a=rtcp-mux", 6 },
        { "audio 9 UDP/TLS/RTP/SAVPF", "audio 9 RTP/AVP", "protocol 'RTP/AVP' is not UDP/TLS/RTP/SAVPF", 6 },
        { "m=audio", "m=text", "media type 'text' is not audio, video or application", 6 },
        { "m=audio 9", "m=audio 70000", "'70000' is not a port", 6 },
        { "SAVPF 111", "SAVPF", "the m-line lists no format", 6 },
        { "SAVPF 111", "SAVPF 128", "'128' is not a payload type", 6 },
        { "SAVPF 111", "SAVPF 111 111", "payload type 111 stands twice", 6 },
        { SmallOffer.Ufrag, "", "mid 'a' has no a=ice-ufrag and a=ice-pwd", 6 },
        { SmallOffer.Ufrag, "a=ice-ufrag:abc\r\n", "a=ice-ufrag has 3 characters", 9 },
        { SmallOffer.Ufrag, "a=ice-ufrag:ab-d\r\n", "a=ice-ufrag has characters other than", 9 },
        { SmallOffer.Ufrag, SmallOffer.Ufrag + SmallOffer.Ufrag, "a second a=ice-ufrag", 10 },
        { SmallOffer.Password, "a=ice-pwd:short\r\n", "a=ice-pwd has 5 characters", 10 },
        { SmallOffer.Password, "a=ice-pwd:abcdefghijklmnopqrstu!\r\n", "a=ice-pwd has characters other than", 10 },
        { SmallOffer.Password, SmallOffer.Password + SmallOffer.Password, "a second a=ice-pwd", 11 },
        { "a=fingerprint:sha-256", "a=fingerprint:sha-1", "a fingerprint by 'sha-1' only", 6 },
        { ":AB\r\n", "\r\n", "needs 32 bytes in hexadecimal", 11 },
        { ":AB:", ":XY:", "needs 32 bytes in hexadecimal", 11 },
        { "a=setup:actpass\r\n", "", "mid 'a' has no a=setup", 6 },
        { "a=setup:actpass", "a=setup:holdconn", "a=setup:'holdconn' is not actpass", 12 },
        { "a=setup:actpass", "a=setup:active", "mid 'v' has another a=setup than the bundle", 16 },
        { "a=setup:actpass\r\n", "a=setup:actpass\r\na=setup:active\r\n", "a second a=setup", 13 },
        { "a=sendonly\r\n", "a=sendonly\r\na=recvonly\r\n", "two different directions", 15 },
        { "a=rtpmap:111 opus/48000/2", "a=rtpmap:111 opus", "a=rtpmap needs the form", 15 },
        { "a=rtpmap:111 opus/48000/2", "a=rtpmap:x opus/48000/2", "'x' is not a payload type", 15 },
        { "a=rtpmap:111 opus/48000/2\r\n", "a=rtpmap:111 opus/48000/2\r\na=rtpmap:111 red/48000/2\r\n", "a second a=rtpmap for payload type 111", 16 },
        { "a=fmtp:97 apt=96\r\n", "", "RTX payload type 97 has no a=fmtp", 16 },
        { "apt=96", "apt=x", "RTX payload type 97 has no valid apt", 27 },
        { "apt=96", "apt=98", "repairs payload type 98, which the m-line does not list", 27 },
        { "a=rid:f send\r\n", "", "a=simulcast sends 'f', for which there is no", 29 },
        { "a=rid:f send", "a=rid:f recv", "a=simulcast sends 'f', for which there is no", 30 },
        { "a=rid:f send", "a=rid:f both", "a=rid direction 'both' is neither", 29 },
        { "a=rid:f send", "a=rid:q send", "two a=rid lines for 'q'", 29 },
        { "a=rid:f send", "a=rid:f! send", "a=rid 'f!' has characters other than", 29 },
        { "a=rid:f send", "a=rid:abcdefghijklmnopq send", "is longer than 16 characters", 29 },
        { "a=rid:f send", "a=rid:f send pt=98", "a=rid names payload type 98, which the m-line does not list", 29 },
        { "simulcast:send q;~f", "simulcast:send q;q", "a=simulcast lists 'q' twice", 30 },
        { "simulcast:send q;~f", "simulcast: send rid=q", "a=simulcast lists 'rid=q', which is no rid", 30 },
        { "simulcast:send q;~f", "simulcast:send", "a=simulcast:send lists no stream", 30 },
        { "simulcast:send q;~f", "simulcast:send q send f", "a=simulcast has send twice", 30 },
        { "simulcast:send q;~f", "simulcast:q;f", "a=simulcast direction 'q;f' is neither", 30 },
        { "simulcast:send q;~f", "simulcast:", "a=simulcast has neither send nor recv", 30 },
        { "simulcast:send q;~f", "simulcast:send " + "1;2;3;4;5;6;7;8;9;10;11;12;13;14;15;16;17", "lists more than 16 streams", 30 },
    };

    public static TheoryData<string, string> Additions => new()
    {
        { "a=extmap:0 urn:x", "a=extmap id '0' is not in 1 to 255" },
        { "a=extmap:256 urn:x", "a=extmap id '256' is not in 1 to 255" },
        { "a=extmap:x urn:x", "a=extmap id 'x' is not in 1 to 255" },
        { "a=extmap:1", "a=extmap:1 names no extension" },
        { "a=extmap:1/upward urn:x", "a=extmap direction 'upward' is unknown" },
        { "a=extmap:1 urn:x\na=extmap:1 urn:y", "two a=extmap lines with id 1" },
        { "a=fmtp:97 apt=96", "a second a=fmtp for payload type 97" },
        { "a=rtcp-fb:300 nack", "'300' is not a payload type" },
        { "a=simulcast:send q", "a second a=simulcast" },
        { "a=ssrc:4294967296 cname:x", "a=ssrc '4294967296' is not a 32-bit number" },
        { "a=ssrc-group:", "a=ssrc-group names no semantics" },
        { "a=ssrc-group:FID 1", "a=ssrc-group:FID needs 2 SSRCs, not 1" },
        { "a=ssrc-group:FID 1 1", "a=ssrc-group lists SSRC 1 twice" },
        { "a=ssrc-group:FID 1 x", "a=ssrc-group lists 'x', which is not" },
        { "a=ssrc-group:FID 1 2", "a=ssrc-group lists SSRC 1, which has no a=ssrc line" },
        { "a=ssrc-group:FID 1 2\na=ssrc-group:FID 2 3", "an SSRC stands in two a=ssrc-group:FID lines" },
        { "a=msid:", "a=msid needs a stream id" },
        { "a=msid:a b c", "a=msid needs a stream id" },
        { "a=fingerprint:sha-256 " + "00:00:00:00:00:00:00:00:00:00:00:00:00:00:00:00:00:00:00:00:00:00:00:00:00:00:00:00:00:00:00:00", "two different sha-256 fingerprints" },
    };

    [Theory]
    [MemberData(nameof(Replacements))]
    public void A_broken_offer_is_refused_with_its_reason_and_line(string find, string replace, string message, int line)
    {
        var at = SmallOffer.Text.IndexOf(find, StringComparison.Ordinal);
        Assert.True(at >= 0, "the test replaces nothing");
        var error = Refuse(string.Concat(SmallOffer.Text.AsSpan(0, at), replace, SmallOffer.Text.AsSpan(at + find.Length)));

        Assert.Contains(message, error.Message, StringComparison.Ordinal);
        Assert.Equal(line, error.Line);
    }

    [Theory]
    [MemberData(nameof(Additions))]
    public void A_wrong_attribute_of_an_m_line_is_refused(string lines, string message)
    {
        var error = Refuse(SmallOffer.WithVideo(lines));

        Assert.Contains(message, error.Message, StringComparison.Ordinal);
        Assert.True(error.Line > 15);
    }

    [Fact]
    public void The_small_offer_itself_is_good() => SampleOffers.Parse(SmallOffer.Text);

    [Theory]
    [InlineData("", "ends before its s= line")]
    [InlineData("v=0\r\n", "ends before its s= line")]
    [InlineData("v=0\r\no=- 1 1 IN IP4 0.0.0.0\r\ns=-\r\n", "there is no t= line")]
    [InlineData("v=0\r\no=- 1 1 IN IP4 0.0.0.0\r\ns=-\r\nt=0 0\r\n", "there is no m-line")]
    public void An_offer_that_ends_early_is_refused(string sdp, string message) => Assert.Contains(message, Refuse(sdp).Message, StringComparison.Ordinal);

    [Fact]
    public void An_offer_without_any_usable_m_line_is_refused()
    {
        var error = Refuse(SmallOffer.Text.Replace("audio 9", "audio 0", StringComparison.Ordinal).Replace("video 9", "video 0", StringComparison.Ordinal));

        Assert.Contains("every m-line is refused", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_bundle_only_m_line_with_a_transport_of_its_own_is_refused()
    {
        var bundleOnly = SmallOffer.Text.Replace("m=video 9", "m=video 0", StringComparison.Ordinal) + "a=bundle-only\r\n";
        SampleOffers.Parse(bundleOnly);
        var at = bundleOnly.LastIndexOf("a=ice-ufrag:abcd", StringComparison.Ordinal);

        var credentials = Refuse(bundleOnly.Remove(at, 16).Insert(at, "a=ice-ufrag:efgh"));
        Assert.Contains("bundle-only and has other ICE credentials", credentials.Message, StringComparison.Ordinal);

        at = bundleOnly.LastIndexOf("AB:AB", StringComparison.Ordinal);
        var fingerprint = Refuse(bundleOnly.Remove(at, 5).Insert(at, "AB:AC"));
        Assert.Contains("bundle-only and has another fingerprint", fingerprint.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void One_SSRC_in_two_m_lines_is_refused()
    {
        var audio = SmallOffer.Text.Replace("a=rtpmap:111 opus/48000/2\r\n", "a=rtpmap:111 opus/48000/2\r\na=ssrc:5 cname:x\r\n", StringComparison.Ordinal);

        Assert.Contains("SSRC 5 stands in mid 'a' and mid 'v'", Refuse(audio + "a=ssrc:5 cname:x\r\n").Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Sizes_and_counts_are_bounded()
    {
        Assert.Contains("at most 524288", Refuse(SmallOffer.Text + new string('x', 512 * 1024)).Message, StringComparison.Ordinal);
        Assert.Contains("more than 256 m-lines", Refuse(SmallOffer.Text + Repeat(255, _ => "m=audio 0 UDP/TLS/RTP/SAVPF 0")).Message, StringComparison.Ordinal);
        Assert.Contains("more than 64 SSRCs", Refuse(SmallOffer.Text + Repeat(65, i => $"a=ssrc:{i} cname:x")).Message, StringComparison.Ordinal);
        Assert.Contains("more than 16 a=rid", Refuse(SmallOffer.Text + Repeat(17, i => $"a=rid:r{i} send")).Message, StringComparison.Ordinal);
        Assert.Contains("more than 64 a=extmap", Refuse(SmallOffer.Text + Repeat(65, i => $"a=extmap:{i + 1} urn:x{i}")).Message, StringComparison.Ordinal);
        Assert.Contains("too many a=ssrc-group", Refuse(SmallOffer.Text + Repeat(200, i => $"a=ssrc-group:SIM {i} {i + 1000}")).Message, StringComparison.Ordinal);

        static string Repeat(int count, Func<int, string> line) => string.Concat(Enumerable.Range(0, count).Select(i => line(i) + "\r\n"));
    }

    private static SdpError Refuse(string sdp)
    {
        Assert.False(Offer.TryParse(sdp, out var offer, out var error));
        Assert.Null(offer);
        return error!;
    }
}
