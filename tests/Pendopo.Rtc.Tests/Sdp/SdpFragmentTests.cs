using System.Net;
using Pendopo.Rtc.Ice;
using Pendopo.Rtc.Sdp;
using Pendopo.Rtc.Transport;
using Xunit;

namespace Pendopo.Rtc.Tests.Sdp;

public class SdpFragmentTests
{
    private const string Restart =
        "a=ice-options:trickle ice2\r\na=group:BUNDLE 0 1\r\nm=audio 9 UDP/TLS/RTP/SAVPF 111\r\na=mid:0\r\n" +
        "a=ice-ufrag:ysXw\r\na=ice-pwd:vw5LmwG4y/e6dPP/zAP9Gp5k\r\n" +
        "a=candidate:1387637174 1 udp 2122260223 192.0.2.1 61764 typ host generation 0 ufrag EsAw network-id 1\r\n" +
        "m=video 0 UDP/TLS/RTP/SAVPF 96\r\na=mid:1\r\n";

    [Fact]
    public void A_restart_brings_credentials_and_is_answered_with_ours()
    {
        Assert.True(SdpFragment.TryParse(Restart, out var fragment, out var error), error?.ToString());
        Assert.Equal(new IceCredentials("ysXw", "vw5LmwG4y/e6dPP/zAP9Gp5k"), fragment.Ice);
        Assert.Equal("0", fragment.Mid);

        var answer = fragment.WriteRestart(new("ours", "oursOursOursOursOursOurs"), [new(IPAddress.Parse("::ffff:192.0.2.7"), 7000, TransportProtocol.Udp)]);

        Assert.Equal(
            "a=ice-lite\r\na=ice-options:ice2\r\na=group:BUNDLE 0\r\nm=audio 9 UDP/TLS/RTP/SAVPF 111\r\na=mid:0\r\n" +
            "a=ice-ufrag:ours\r\na=ice-pwd:oursOursOursOursOursOurs\r\n" +
            "a=candidate:1 1 udp 2130706431 192.0.2.7 7000 typ host\r\na=end-of-candidates\r\n",
            answer);
        Assert.True(SdpFragment.TryParse(answer, out var parsed, out _));
        Assert.Equal("ours", parsed.Ice?.UsernameFragment);
    }

    [Fact]
    public void Credentials_may_stand_before_the_first_m_line_or_be_missing()
    {
        Assert.True(SdpFragment.TryParse("a=ice-ufrag:abcd\na=ice-pwd:abcdefghijklmnopqrstuv\n", out var session, out _));
        Assert.Equal("abcd", session.Ice?.UsernameFragment);
        Assert.Contains("m=audio 9 ", session.WriteRestart(session.Ice!, []), StringComparison.Ordinal);

        Assert.True(SdpFragment.TryParse("m=audio 9 RTP/AVP 0\r\na=mid:0\r\na=end-of-candidates\r\n", out var candidates, out _));
        Assert.Null(candidates.Ice);
    }

    [Theory]
    [InlineData("a=ice-ufrag:abcd\r\n", "must come together", 0)]
    [InlineData("a=ice-ufrag:a\r\n", "a=ice-ufrag has 1 characters", 1)]
    [InlineData("m=audio 9\r\n", "the m-line needs", 1)]
    [InlineData("m=audio 9 RTP/AVP 0\r\na=mid:\r\n", "is not a token", 2)]
    [InlineData("v=0\r\n", "v= does not belong", 1)]
    [InlineData("{\"candidate\":1}", "not a line of the form", 1)]
    public void A_broken_fragment_is_refused(string text, string message, int line)
    {
        Assert.False(SdpFragment.TryParse(text, out _, out var error));
        Assert.Contains(message, error.Message, StringComparison.Ordinal);
        Assert.Equal(line, error.Line);
    }

    [Fact]
    public void A_fragment_is_bounded()
    {
        Assert.False(SdpFragment.TryParse(new string('a', 70_000), out _, out var error));
        Assert.Contains("at most 65536", error.Message, StringComparison.Ordinal);
    }
}
