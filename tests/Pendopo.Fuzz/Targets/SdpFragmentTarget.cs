using System.Net;
using System.Text;
using Pendopo.Rtc.Sdp;
using Pendopo.Rtc.Transport;

namespace Pendopo.Fuzz.Targets;

/// <summary>Fragments of trickle ICE: reading, and answering a restart.</summary>
public sealed class SdpFragmentTarget : FuzzTarget
{
    /// <summary>What a browser sends.</summary>
    internal static readonly byte[] Chromium = SdpTarget.Tokens(
        "a=ice-options:trickle ice2\r\na=group:BUNDLE 0 1\r\nm=audio 9 UDP/TLS/RTP/SAVPF 111\r\na=mid:0\r\na=ice-ufrag:ysXw\r\n" +
        "a=ice-pwd:vw5LmwG4y/e6dPP/zAP9Gp5k\r\na=candidate:1 1 udp 2122260223 192.0.2.1 61764 typ host\r\nm=video 0 UDP/TLS/RTP/SAVPF 96\r\na=mid:1\r\n")[0];

    public override string Name => "sdpfrag";

    public override bool IsText => true;

    public override IReadOnlyList<byte[]> Corpus { get; } = SdpTarget.Tokens(
        Encoding.UTF8.GetString(Chromium),
        "a=ice-ufrag:abcd\na=ice-pwd:abcdefghijklmnopqrstuv\n",
        "m=audio 9 RTP/AVP 0\r\na=mid:0\r\na=end-of-candidates\r\n");

    public override IReadOnlyList<byte[]> Dictionary { get; } = SdpTarget.Tokens("a=", "m=audio 9 RTP/AVP 0\n", "a=mid:", "a=ice-ufrag:abcd\n", "a=ice-pwd:abcdefghijklmnopqrstuv\n", "\n", "v=0\n");

    public override bool Run(Span<byte> input)
    {
        if (!SdpFragment.TryParse(Encoding.UTF8.GetString(input), out var fragment, out var error))
        {
            Require(error.Message.Length is > 0 and < 300, "an error that does not tell");
            return false;
        }

        var answer = fragment.WriteRestart(new("ours", "oursOursOursOursOursOurs"), [new(IPAddress.Loopback, 5000, TransportProtocol.Udp)]);
        Require(SdpFragment.TryParse(answer, out var again, out _) && again.Ice?.UsernameFragment == "ours" && again.Mid == fragment.Mid, "an answer that cannot be read");
        return true;
    }
}
