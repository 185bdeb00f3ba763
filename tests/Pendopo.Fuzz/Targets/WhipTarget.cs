using System.Net;
using System.Text;
using Pendopo.Rtc.Dtls;
using Pendopo.Rtc.Ice;
using Pendopo.Rtc.Rtp;
using Pendopo.Rtc.Sdp;
using Pendopo.Rtc.Transport;
using Pendopo.Sfu;
using Pendopo.Sfu.Negotiation;

namespace Pendopo.Fuzz.Targets;

/// <summary>
/// What WHIP and WHEP clients post and patch (RFC 9725 §4.2, §4.3.3): an offer without a plan, which is answered twice as if it
/// came again, and behind a line of dashes a fragment that restarts ICE.
/// </summary>
public sealed class WhipTarget : FuzzTarget
{
    private const string Separator = "\n----\n";

    private static readonly HostCandidate[] Candidates = [new(IPAddress.Loopback, 5000, TransportProtocol.Udp), new(IPAddress.IPv6Loopback, 443, TransportProtocol.Tcp)];

    public override string Name => "whip";

    public override bool IsText => true;

    public override IReadOnlyList<byte[]> Corpus { get; } =
        SdpTarget.Offers(static name => name.Contains("whip", StringComparison.Ordinal) || name.Contains("whep", StringComparison.Ordinal))
            .Select(static offer => (byte[])[.. offer, .. Encoding.UTF8.GetBytes(Separator), .. SdpFragmentTarget.Chromium])
            .ToList();

    public override IReadOnlyList<byte[]> Dictionary { get; } = SdpTarget.Tokens(
        Separator, "a=sendonly\r\n", "a=recvonly\r\n", "a=sendrecv\r\n", "a=inactive\r\n", "a=mid:0\r\n", "a=mid:\r\n", "a=group:BUNDLE 0 1\r\n", "a=setup:passive\r\n", "a=setup:active\r\n",
        "m=video 9 UDP/TLS/RTP/SAVPF 96\r\n", "m=application 9 UDP/DTLS/SCTP webrtc-datachannel\r\n", "a=ice-ufrag:abcd\r\n", "a=ice-pwd:abcdefghijklmnopqrstuv\r\n", "a=ice-options:trickle\r\n", "\0");

    public override bool Run(Span<byte> input)
    {
        var body = Encoding.UTF8.GetString(input);
        var end = body.IndexOf(Separator, StringComparison.Ordinal);
        var offered = end < 0 ? body : body[..end];
        var negotiation = new PeerNegotiation(new Random(1).NextBytes);
        if (!Answer(negotiation, offered, out var answer)) return false;
        Require(Answer(negotiation, offered, out var again), "an offer that is answered once only");
        Require(answer.Split("\r\nm=").Length == again.Split("\r\nm=").Length, "two answers of different form");
        if (end < 0 || !SdpFragment.TryParse(body[(end + Separator.Length)..], out var fragment, out _) || fragment.Ice is not { } remote) return true;
        var local = IceCredentials.Generate();
        negotiation.Restart(local, remote);
        Require(SdpFragment.TryParse(fragment.WriteRestart(local, Candidates), out var written, out _) && written.Ice == local, "a restart that cannot be read");
        return true;
    }

    private static bool Answer(PeerNegotiation negotiation, string sdp, out string answer)
    {
        answer = "";
        if (!Offer.TryParse(sdp, out var offer, out _)) return false;
        var request = new MediaOffer("room", "peer", sdp, Plan: null, [MediaCodec.Vp8], AllowRed: false);
        if (!negotiation.TryAnswer(offer, request, DtlsRole.Server, new byte[32], Candidates, out var session, out _, out var error))
        {
            Require(error.Length is > 0 and < 500, "an error that does not tell");
            return false;
        }

        answer = session.AnswerSdp;
        Require(negotiation.Plan.Seats.Count <= 1, "more seats than a WHEP client can have");
        return true;
    }
}
