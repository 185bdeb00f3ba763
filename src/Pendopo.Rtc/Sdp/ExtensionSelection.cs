using Pendopo.Rtc.Rtp;

namespace Pendopo.Rtc.Sdp;

/// <summary>Chooses the header extensions of one m-line, with the ids of the offer (RFC 8285 §6).</summary>
internal static class ExtensionSelection
{
    /// <summary>Ids above this need the two-byte form, which may stand beside the one-byte form only with a=extmap-allow-mixed.</summary>
    private const int HighestOneByteId = 14;

    public static List<OfferedExtension> Select(MediaSection section, bool peerSends, bool hasSimulcast)
    {
        List<OfferedExtension> chosen = [];
        var needed = peerSends ? MediaDirection.SendOnly : MediaDirection.RecvOnly;
        foreach (var extension in section.Extensions)
        {
            if (!IsWanted(extension.Kind, peerSends, hasSimulcast) || (extension.Direction & needed) == 0) continue;
            if (extension.Id > (section.AllowsMixedExtensions ? byte.MaxValue : HighestOneByteId)) continue;
            if (!chosen.Exists(other => other.Kind == extension.Kind)) chosen.Add(extension);
        }

        return chosen;
    }

    public static RtpExtensionMap ToMap(List<OfferedExtension> extensions) =>
        new(extensions.ConvertAll(extension => ((byte)extension.Id, extension.Kind)).ToArray());

    private static bool IsWanted(RtpExtensionKind kind, bool peerSends, bool hasSimulcast) => kind switch
    {
        RtpExtensionKind.None => false,
        RtpExtensionKind.Rid or RtpExtensionKind.RepairedRid => peerSends && hasSimulcast,
        RtpExtensionKind.VideoLayersAllocation => peerSends,
        _ => true,
    };
}
