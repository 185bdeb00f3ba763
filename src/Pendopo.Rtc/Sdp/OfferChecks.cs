namespace Pendopo.Rtc.Sdp;

/// <summary>The rules that concern several lines of an offer at once.</summary>
internal static class OfferChecks
{
    public const string Protocol = "UDP/TLS/RTP/SAVPF";

    public static SdpError? Check(OfferParser offer) =>
        offer.Sections.Count == 0 ? new("there is no m-line")
        : offer.IsIceLite ? new("the peer is ICE-lite, as we are, so nobody would check the path")
        : CheckMids(offer) ?? CheckBundle(offer) ?? CheckSections(offer) ?? CheckSsrcs(offer);

    private static SdpError? CheckMids(OfferParser offer)
    {
        var mids = new HashSet<string>(StringComparer.Ordinal);
        foreach (var section in offer.Sections)
        {
            if (section.Mid is null && !section.IsRejected) return new("the m-line has no a=mid", section.Line);
            if (section.Mid is not null && !mids.Add(section.Mid)) return new($"mid '{section.Mid}' stands in two m-lines", section.Line);
        }

        foreach (var mid in offer.Bundle)
        {
            if (!mids.Contains(mid)) return new($"the BUNDLE group lists mid '{mid}', which no m-line has", offer.BundleLine);
        }

        return null;
    }

    private static SdpError? CheckBundle(OfferParser offer)
    {
        if (offer.BundleLine == 0) return new("there is no BUNDLE group (RFC 8843)");
        var bundled = offer.Bundle.ToHashSet(StringComparer.Ordinal);
        foreach (var section in offer.Sections)
        {
            if (!section.IsRejected && !bundled.Contains(section.Mid!)) return new($"mid '{section.Mid}' is not in the BUNDLE group", section.Line);
        }

        return null;
    }

    private static SdpError? CheckSections(OfferParser offer)
    {
        MediaSection? tagged = null;
        foreach (var section in offer.Sections.OrderBy(section => section.Mid is null ? int.MaxValue : offer.Bundle.IndexOf(section.Mid)))
        {
            if (section.IsRejected) continue;
            if ((CheckMediaLine(section) ?? TakeTransport(section, offer.Session)) is { } problem) return problem;

            // A first offer may give each m-line a transport of its own, to be used where bundling is refused (RFC 8843
            // §7.2.1); aiortc does. Bundle-only m-lines never have one, so other values there can only be a mistake.
            if (tagged is not null && section.IsBundleOnly && section.Ice != tagged.Ice)
            {
                return new($"mid '{section.Mid}' is bundle-only and has other ICE credentials than the bundle", section.Line);
            }

            if (tagged is not null && section.IsBundleOnly && !section.Fingerprint.AsSpan().SequenceEqual(tagged.Fingerprint))
            {
                return new($"mid '{section.Mid}' is bundle-only and has another fingerprint than the bundle", section.Line);
            }

            if (tagged is not null && section.Setup != tagged.Setup)
            {
                return new($"mid '{section.Mid}' has another a=setup than the bundle", section.Line);
            }

            tagged ??= section;
            if (section.IsRtp && CheckMedia(section) is { } mediaProblem) return mediaProblem;
        }

        return tagged is null ? new("every m-line is refused") : null;
    }

    private static SdpError? CheckMediaLine(MediaSection section) =>
        section.Media == "application" ? null
        : !section.IsRtp ? new($"media type {SdpText.Quote(section.Media)} is not audio, video or application", section.Line)
        : section.Protocol != Protocol ? new($"protocol {SdpText.Quote(section.Protocol)} is not {Protocol}", section.Line)
        : !section.HasRtcpMux ? new($"mid '{section.Mid}' has no a=rtcp-mux", section.Line)
        : null;

    private static SdpError? TakeTransport(MediaSection section, TransportAttributes session)
    {
        var own = section.Attributes;
        if (own.CredentialsOr(session) is not { } ice) return new($"mid '{section.Mid}' has no a=ice-ufrag and a=ice-pwd", section.Line);
        if ((own.Fingerprint ?? session.Fingerprint) is not { } fingerprint)
        {
            var other = own.OtherHash ?? session.OtherHash;
            return other is null
                ? new($"mid '{section.Mid}' has no a=fingerprint", section.Line)
                : new($"mid '{section.Mid}' has a fingerprint by {other} only; sha-256 is needed", section.Line);
        }

        if ((own.Setup ?? session.Setup) is not { } setup) return new($"mid '{section.Mid}' has no a=setup", section.Line);
        section.Ice = ice;
        section.Fingerprint = fingerprint;
        section.Setup = setup;
        section.Direction = own.Direction ?? session.Direction ?? MediaDirection.SendRecv;
        section.AllowsMixedExtensions = own.AllowsMixedExtensions || session.AllowsMixedExtensions;
        return null;
    }

    private static SdpError? CheckMedia(MediaSection section)
    {
        foreach (var codec in section.Codecs)
        {
            if (!codec.Name.Equals("rtx", StringComparison.OrdinalIgnoreCase)) continue;
            if (codec.Format is null) return new($"RTX payload type {codec.PayloadType} has no a=fmtp with apt", section.Line);
            if (!FormatParameters.TryGetNumber(codec.Format, "apt", 127, out var associated))
            {
                return new($"RTX payload type {codec.PayloadType} has no valid apt", codec.FormatLine);
            }

            if (section.CodecByPayloadType[associated] is null)
            {
                return new($"RTX payload type {codec.PayloadType} repairs payload type {associated}, which the m-line does not list", codec.FormatLine);
            }
        }

        foreach (var rid in section.SimulcastSend)
        {
            if (!section.Rids.TryGetValue(rid, out var line) || !line.IsSend)
            {
                return new($"a=simulcast sends '{rid}', for which there is no a=rid:{rid} send", section.SimulcastLine);
            }
        }

        foreach (var (ssrc, line) in section.GroupedSsrcs)
        {
            if (!section.SsrcSet.Contains(ssrc)) return new($"a=ssrc-group lists SSRC {ssrc}, which has no a=ssrc line", line);
        }

        return null;
    }

    private static SdpError? CheckSsrcs(OfferParser offer)
    {
        var owners = new Dictionary<uint, MediaSection>();
        foreach (var section in offer.Sections)
        {
            if (section.IsRejected) continue;
            foreach (var ssrc in section.Ssrcs)
            {
                if (!owners.TryAdd(ssrc, section)) return new($"SSRC {ssrc} stands in mid '{owners[ssrc].Mid}' and mid '{section.Mid}'", section.Line);
            }
        }

        return null;
    }
}
