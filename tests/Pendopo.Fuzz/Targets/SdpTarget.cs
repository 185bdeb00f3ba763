using System.Net;
using System.Reflection;
using System.Text;
using Pendopo.Rtc.Rtp;
using Pendopo.Rtc.Sdp;
using Pendopo.Rtc.Transport;

namespace Pendopo.Fuzz.Targets;

/// <summary>Offers of real clients: reading, and answering those that are good.</summary>
public sealed class SdpTarget : FuzzTarget
{
    private static readonly Assembly Here = typeof(SdpTarget).Assembly;

    private static readonly AnswerOptions Options = new()
    {
        Ice = new("localFRAG", "localPassword0123456789+/"),
        Fingerprint = new byte[32],
        Candidates = [new(IPAddress.Loopback, 5000, TransportProtocol.Udp), new(IPAddress.IPv6Loopback, 443, TransportProtocol.Tcp)],
        Slots = [],
        VideoCodecs = [MediaCodec.Vp8, MediaCodec.Vp9, MediaCodec.Av1, MediaCodec.H264],
        AllowRed = true,
    };

    public override string Name => "sdp";

    public override bool IsText => true;

    public override IReadOnlyList<byte[]> Corpus { get; } = Offers(static _ => true);

    public override IReadOnlyList<byte[]> Dictionary { get; } = Tokens(
        "a=", "\r\n", "\n\n", "m=video 0 UDP/TLS/RTP/SAVPF 96", "a=bundle-only\n", "a=mid:0\n", "a=group:BUNDLE 0 1\n", "a=rid:q send pt=96\n", "a=simulcast:send ~q,h;f recv r\n",
        "a=ssrc-group:FID 1 2\n", "a=ssrc-group:SIM 1 2 3\n", "a=ssrc:1 cname:x\n", "a=extmap:15/recvonly urn:3gpp:video-orientation\n", "a=extmap-allow-mixed\n", "a=setup:active\n",
        "a=rtcp-fb:* nack\n", "a=fmtp:97 apt=96\n", "a=rtpmap:96 VP8/90000\n", "packetization-mode=1;profile-level-id=42e01f", "255", "4294967296", "-1", ";", "~", "/", "\u00e9", "\0");

    public override bool Run(Span<byte> input)
    {
        var text = Encoding.UTF8.GetString(input);
        if (!Offer.TryParse(text, out var offer, out var error))
        {
            Require(error.Message.Length is > 0 and < 300 && error.Line >= 0, "an error that does not tell");
            return false;
        }

        Require(offer.Fingerprint.Length == 32 && offer.Ice.Password.Length >= 22, "an offer without its transport");
        uint ssrc = 1000;
        var slots = offer.Media.Where(media => !media.IsRejected && media.Codecs.Count > 0).Select(media => media.PeerSends
            ? new SlotPlan(media.Mid, SlotPurpose.Receive)
            : new SlotPlan(media.Mid, SlotPurpose.Send, "stream", "track", ++ssrc, ++ssrc)).ToList();
        if (!offer.TryAnswer(Options with { Slots = slots }, out var session, out error))
        {
            Require(error.Message.Length is > 0 and < 300, "an error that does not tell");
            return true;
        }

        Require(session.AnswerSdp.Split("\r\nm=").Length == LinesOfMedia(text) + 1, "an answer with other m-lines than the offer");
        Require(session.AnswerSdp.AsSpan().Count('\n') == session.AnswerSdp.AsSpan().Count("\r\n"), "a value of the offer has broken a line of the answer");
        foreach (var media in session.Media) Require(media.Codecs.Count > 0, "an m-line without a codec");
        return true;
    }

    /// <summary>The offers of real clients whose name is wanted.</summary>
    internal static IReadOnlyList<byte[]> Offers(Func<string, bool> wanted) =>
        Here.GetManifestResourceNames().Where(wanted).Order(StringComparer.Ordinal).Select(ReadResource).ToList();

    private static int LinesOfMedia(string text) => text.Split('\n').Count(line => line.StartsWith("m=", StringComparison.Ordinal));

    private static byte[] ReadResource(string name)
    {
        using var stream = Here.GetManifestResourceStream(name)!;
        var bytes = new byte[stream.Length];
        stream.ReadExactly(bytes);
        return bytes;
    }

    internal static IReadOnlyList<byte[]> Tokens(params string[] tokens) => tokens.Select(Encoding.UTF8.GetBytes).ToList();
}
