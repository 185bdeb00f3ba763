using System.Net;
using Pendopo.Rtc.Ice;
using Pendopo.Rtc.Rtp;
using Pendopo.Rtc.Sdp;
using Pendopo.Rtc.Transport;
using Pendopo.Testing;
using Xunit;

namespace Pendopo.Rtc.Tests.Sdp;

/// <summary>
/// Offers of Chromium 156, Firefox ESR 153 and aiortc 1.4, as they wrote them, but for host addresses. "meeting": one microphone,
/// one camera with layers q, h, f, and 4 seats; "whip" and "whep": one audio and one video m-line; "mixed": whip and a
/// data channel; "data": a data channel alone.
/// </summary>
internal static class SampleOffers
{
    public static readonly IReadOnlyList<MediaCodec> AllVideo = [MediaCodec.Vp8, MediaCodec.Vp9, MediaCodec.Av1, MediaCodec.H264];

    public static string Folder { get; } = Path.Combine(Repository.Root, "tests", "Pendopo.Rtc.Tests", "Sdp", "Offers");

    public static IEnumerable<string> Names => Directory.GetFiles(Folder, "*.sdp").Select(path => Path.GetFileNameWithoutExtension(path)).Order(StringComparer.Ordinal);

    /// <summary>With CRLF, as on the wire.</summary>
    public static string Read(string name) => File.ReadAllText(Path.Combine(Folder, name + ".sdp")).ReplaceLineEndings("\r\n");

    public static Offer Parse(string sdp)
    {
        Assert.True(Offer.TryParse(sdp, out var offer, out var error), error?.ToString());
        return offer;
    }

    public static NegotiatedSession Answer(Offer offer, AnswerOptions options)
    {
        Assert.True(offer.TryAnswer(options, out var session, out var error), error?.ToString());
        return session;
    }

    /// <summary>Receives what the peer sends and sends where it receives.</summary>
    public static AnswerOptions OptionsFor(Offer offer) => new()
    {
        Ice = new IceCredentials("localFRAG", "localPassword0123456789+/"),
        Fingerprint = Enumerable.Range(0, 32).Select(value => (byte)value).ToArray(),
        Candidates =
        [
            new(IPAddress.Parse("192.0.2.10"), 5000, TransportProtocol.Udp),
            new(IPAddress.Parse("2001:db8::10"), 5000, TransportProtocol.Udp),
            new(IPAddress.Parse("192.0.2.10"), 443, TransportProtocol.Tcp),
        ],
        Slots = offer.Media.Where(media => !media.IsRejected).Select(SlotFor).ToList(),
        VideoCodecs = AllVideo,
        SessionId = 77,
        SessionVersion = 3,
    };

    /// <summary>The lines of the m-line with that mid, without line ends.</summary>
    public static string[] Section(string sdp, string mid) =>
        sdp.Split("\r\nm=").Skip(1).Single(section => section.Contains($"\r\na=mid:{mid}\r\n", StringComparison.Ordinal)).TrimEnd().Split("\r\n");

    private static SlotPlan SlotFor(OfferedMedia media, int index) => media.PeerSends
        ? new(media.Mid, SlotPurpose.Receive)
        : new(media.Mid, SlotPurpose.Send, $"seat-{index / 2}", $"track-{index}", 1000 + (uint)index, media.Kind == MediaKind.Video ? 2000 + (uint)index : 0);
}
