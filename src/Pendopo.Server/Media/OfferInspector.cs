using Pendopo.Meetings.Domain;
using Pendopo.Rtc.Rtp;
using Pendopo.Signaling;

namespace Pendopo.Server.Media;

/// <summary>Learns from an offer what its sender can decode, before anybody is admitted.</summary>
internal interface IOfferInspector
{
    /// <summary>False: the offer cannot be used, and <paramref name="error"/> says why to the one who made it.</summary>
    bool TryInspect(string sdp, out MediaAbilities abilities, out string error);
}

internal sealed class OfferInspector : IOfferInspector
{
    public bool TryInspect(string sdp, out MediaAbilities abilities, out string error)
    {
        abilities = new MediaAbilities(null, null);
        error = "";
        if (!Rtc.Sdp.Offer.TryParse(sdp, out var offer, out var fault))
        {
            error = fault.ToString();
            return false;
        }

        var used = offer.Media.Where(media => !media.IsRejected).ToArray();
        abilities = new MediaAbilities(VideoOf(used), RedOf(used));
        return true;
    }

    /// <summary>What it receives counts; of one that only sends, what it can send.</summary>
    private static IReadOnlyList<VideoCodec>? VideoOf(Rtc.Sdp.OfferedMedia[] media)
    {
        var lines = LinesOf(media, MediaKind.Video);
        if (lines.Length == 0) return null;
        return [.. lines[0].Codecs.Where(codec => lines.All(line => line.Codecs.Contains(codec))).Select(MediaNames.ToContract).OfType<VideoCodec>().Distinct()];
    }

    private static bool? RedOf(Rtc.Sdp.OfferedMedia[] media)
    {
        var lines = LinesOf(media, MediaKind.Audio);
        return lines.Length == 0 ? null : lines.All(line => line.Codecs.Contains(MediaCodec.Red));
    }

    private static Rtc.Sdp.OfferedMedia[] LinesOf(Rtc.Sdp.OfferedMedia[] media, MediaKind kind)
    {
        var lines = media.Where(line => line.Kind == kind).ToArray();
        var receiving = lines.Where(line => line.PeerReceives).ToArray();
        return receiving.Length > 0 ? receiving : lines;
    }
}
