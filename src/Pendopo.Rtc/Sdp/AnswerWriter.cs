using System.Globalization;
using System.Net.Sockets;
using System.Text;
using Pendopo.Rtc.Dtls;
using Pendopo.Rtc.Transport;

namespace Pendopo.Rtc.Sdp;

/// <summary>Writes the lines of an answer (RFC 8829 §5.3). Transport attributes are repeated in each m-line, as older clients expect.</summary>
internal sealed class AnswerWriter
{
    private static readonly (RtcpFeedback Flag, string Text)[] FeedbackNames =
    [
        (RtcpFeedback.Remb, "goog-remb"),
        (RtcpFeedback.TransportCc, "transport-cc"),
        (RtcpFeedback.CcmFir, "ccm fir"),
        (RtcpFeedback.Nack, "nack"),
        (RtcpFeedback.NackPli, "nack pli"),
    ];

    private readonly StringBuilder _text = new();
    private readonly AnswerOptions _options;
    private readonly string _transport;

    private AnswerWriter(AnswerOptions options, DtlsRole role)
    {
        _options = options;
        var fingerprint = string.Join(':', Convert.ToHexString(options.Fingerprint.Span).Chunk(2).Select(pair => new string(pair)));
        _transport = $"a=ice-ufrag:{options.Ice.UsernameFragment}\r\na=ice-pwd:{options.Ice.Password}\r\n" +
            $"a=fingerprint:sha-256 {fingerprint}\r\na=setup:{(role == DtlsRole.Server ? "passive" : "active")}\r\n";
    }

    public static string Write(Offer offer, AnswerOptions options, AnswerPlan plan, DtlsRole role)
    {
        if (options.Fingerprint.Length != 32) throw new ArgumentException("The fingerprint of our certificate must be 32 bytes.", nameof(options));
        var writer = new AnswerWriter(options, role);
        writer.WriteSession(offer, plan);
        foreach (var section in offer.Sections)
        {
            if (plan.Find(section) is { } media) writer.WriteAccepted(media, section == plan.Tagged);
            else writer.WriteRefused(section);
        }

        return writer._text.ToString();
    }

    private void Line(FormattableString line) => _text.Append(line.ToString(CultureInfo.InvariantCulture)).Append("\r\n");

    private void WriteSession(Offer offer, AnswerPlan plan)
    {
        Line($"v=0");
        Line($"o=- {_options.SessionId} {_options.SessionVersion} IN IP4 0.0.0.0");
        Line($"s=-");
        Line($"t=0 0");
        Line($"a=group:BUNDLE {string.Join(' ', offer.Bundled.Where(section => plan.Find(section) is not null).Select(section => section.Mid))}");
        Line($"a=ice-lite");
        Line($"a=ice-options:ice2");
        if (plan.Media.TrueForAll(media => media.Section.AllowsMixedExtensions)) Line($"a=extmap-allow-mixed");
        Line($"a=msid-semantic: WMS *");
    }

    private void WriteRefused(MediaSection section)
    {
        Line($"m={section.Media} 0 {section.Protocol} {section.FirstFormat}");
        Line($"c=IN IP4 0.0.0.0");
        if (section.Mid is not null) Line($"a=mid:{section.Mid}");
        Line($"a=inactive");
    }

    private void WriteAccepted(PlannedMedia media, bool isTagged)
    {
        var section = media.Section;
        var formats = media.Codecs.SelectMany(usable => usable.RtxPayloadType is { } rtx ? [usable.Offered.PayloadType, rtx] : new[] { usable.Offered.PayloadType });

        // The default candidate (RFC 8839 §4.2.1.2) stands in the m-line that owns the transport; 9 means nothing elsewhere.
        var candidate = isTagged ? _options.Candidates.FirstOrDefault(each => each.Protocol == TransportProtocol.Udp) : null;
        Line($"m={section.Media} {candidate?.Port ?? 9} {section.Protocol} {string.Join(' ', formats)}");
        Line($"c=IN {(candidate is null ? "IP4 0.0.0.0" : ConnectionAddress(candidate))}");
        Line($"a=mid:{section.Mid}");
        _text.Append(_transport);
        if (isTagged) CandidateLines.Append(_text, _options.Candidates);
        Line($"a={(media.Direction == MediaDirection.Inactive ? "inactive" : media.Direction == MediaDirection.RecvOnly ? "recvonly" : "sendonly")}");
        Line($"a=rtcp-mux");
        if (section.HasReducedSize) Line($"a=rtcp-rsize");
        foreach (var extension in media.Extensions) Line($"a=extmap:{extension.Id}{AnswerDirection(extension)} {extension.Uri}");
        for (var i = 0; i < media.Codecs.Count; i++) WriteCodec(media.Codecs[i], media.Negotiated.Codecs[i].FormatParameters);
        WriteRids(media.Rids);
        if (media.Direction == MediaDirection.SendOnly) WriteSource(media);
    }

    private void WriteCodec(in UsableCodec usable, string format)
    {
        var codec = usable.Offered;
        Line($"a=rtpmap:{codec.PayloadType} {codec.Name}/{codec.ClockRate}{(codec.Channels > 1 ? "/" + codec.Channels.ToString(CultureInfo.InvariantCulture) : "")}");
        foreach (var (flag, text) in FeedbackNames)
        {
            if (codec.Feedback.HasFlag(flag)) Line($"a=rtcp-fb:{codec.PayloadType} {text}");
        }

        if (format.Length > 0) Line($"a=fmtp:{codec.PayloadType} {format}");
        if (usable.RtxPayloadType is not { } rtx) return;
        Line($"a=rtpmap:{rtx} rtx/{codec.ClockRate}");
        Line($"a=fmtp:{rtx} apt={codec.PayloadType}");
    }

    private void WriteRids(IReadOnlyList<OfferedRid> rids)
    {
        if (rids.Count == 0) return;
        foreach (var rid in rids)
        {
            // Restrictions are repeated: an answer may tighten, not drop them (RFC 8851 §6.2).
            var payloadTypes = rid.PayloadTypes is { } list ? $"pt={string.Join(',', list)}" : "";
            var restrictions = string.Join(';', new[] { payloadTypes, rid.Restrictions }.Where(part => part.Length > 0));
            Line($"a=rid:{rid.Id} recv{(restrictions.Length > 0 ? " " + restrictions : "")}");
        }

        // Layers that the peer holds back (~) are not marked here: that would ask it to hold them back.
        Line($"a=simulcast:recv {string.Join(';', rids.Select(rid => rid.Id))}");
    }

    private void WriteSource(PlannedMedia media)
    {
        var slot = media.Negotiated.Slot;
        var hasRtx = slot.RtxSsrc != 0 && media.Negotiated.Codecs.Any(codec => codec.RtxPayloadType is not null);
        Line($"a=msid:{slot.StreamId} {slot.TrackId}");
        if (hasRtx) Line($"a=ssrc-group:FID {slot.Ssrc} {slot.RtxSsrc}");
        Line($"a=ssrc:{slot.Ssrc} cname:{_options.Cname}");
        if (hasRtx) Line($"a=ssrc:{slot.RtxSsrc} cname:{_options.Cname}");
    }

    /// <summary>RFC 8285 §6: the answer to sendonly is recvonly and the other way round; without direction it means both.</summary>
    private static string AnswerDirection(OfferedExtension extension) => extension switch
    {
        { HasDirection: false } => "",
        { Direction: MediaDirection.SendOnly } => "/recvonly",
        { Direction: MediaDirection.RecvOnly } => "/sendonly",
        _ => "/sendrecv",
    };

    private static string ConnectionAddress(HostCandidate candidate)
    {
        var isIpv6 = candidate.Address is { AddressFamily: AddressFamily.InterNetworkV6, IsIPv4MappedToIPv6: false };
        return $"{(isIpv6 ? "IP6" : "IP4")} {CandidateLines.AddressOf(candidate)}";
    }
}
