using System.Diagnostics.CodeAnalysis;
using Pendopo.Rtc.Rtp;

namespace Pendopo.Rtc.Sdp;

/// <summary>One accepted m-line of the answer.</summary>
/// <param name="Direction">From our side: recvonly, sendonly or inactive.</param>
internal sealed record PlannedMedia(
    MediaSection Section,
    MediaDirection Direction,
    NegotiatedMedia Negotiated,
    IReadOnlyList<UsableCodec> Codecs,
    IReadOnlyList<OfferedExtension> Extensions,
    IReadOnlyList<OfferedRid> Rids);

/// <summary>Fits the wishes of the server to the offer.</summary>
internal sealed class AnswerPlan
{
    private readonly Dictionary<MediaSection, PlannedMedia> _bySection = [];

    private AnswerPlan(MediaSection tagged) => Tagged = tagged;

    /// <summary>The first accepted m-line of the BUNDLE group: its transport carries everything (RFC 8843 §7.3.1).</summary>
    public MediaSection Tagged { get; }

    /// <summary>In the order of the offer.</summary>
    public List<PlannedMedia> Media { get; } = [];

    public PlannedMedia? Find(MediaSection section) => _bySection.GetValueOrDefault(section);

    public static bool TryMake(Offer offer, AnswerOptions options, [NotNullWhen(true)] out AnswerPlan? plan, [NotNullWhen(false)] out SdpError? error)
    {
        plan = null;
        if (!TrySlots(offer, options, out var slots, out error)) return false;
        if (offer.Bundled.FirstOrDefault(section => slots.ContainsKey(section.Mid!)) is not { } tagged)
        {
            error = new("the plan uses no m-line of the offer");
            return false;
        }

        if (options.Candidates.Count == 0)
        {
            error = new("the answer would have no candidate");
            return false;
        }

        var made = new AnswerPlan(tagged);
        foreach (var section in offer.Sections)
        {
            if (section.Mid is null || !slots.TryGetValue(section.Mid, out var slot)) continue;
            if (!TryPlan(section, slot, options, out var media, out error)) return false;
            made.Media.Add(media);
            made._bySection.Add(section, media);
        }

        plan = made;
        return true;
    }

    private static bool TrySlots(Offer offer, AnswerOptions options, out Dictionary<string, SlotPlan> slots, [NotNullWhen(false)] out SdpError? error)
    {
        slots = new(StringComparer.Ordinal);
        error = null;
        var sections = offer.Sections.Where(section => section.Mid is not null).ToDictionary(section => section.Mid!, StringComparer.Ordinal);
        var ssrcs = new HashSet<uint>();
        var named = new HashSet<string>(StringComparer.Ordinal);
        foreach (var slot in options.Slots)
        {
            var problem = !sections.TryGetValue(slot.Mid, out var section) ? $"the plan names mid {SdpText.Quote(slot.Mid)}, which the offer does not have"
                : !named.Add(slot.Mid) ? $"the plan names mid '{slot.Mid}' twice"
                : slot.Purpose == SlotPurpose.Unused ? null
                : CheckSlot(section, slot, ssrcs);
            if (problem is not null)
            {
                error = new(problem, section?.Line ?? 0);
                return false;
            }

            if (slot.Purpose != SlotPurpose.Unused) slots.Add(slot.Mid, slot);
        }

        return true;
    }

    private static string? CheckSlot(MediaSection section, SlotPlan slot, HashSet<uint> ssrcs)
    {
        if (section.IsRejected) return $"the plan uses mid '{slot.Mid}', which the peer refuses";
        if (!section.IsRtp) return $"the plan uses mid '{slot.Mid}', which is neither audio nor video";
        if (slot.Purpose == SlotPurpose.Receive)
        {
            return section.Direction == MediaDirection.RecvOnly ? $"the plan receives on mid '{slot.Mid}', where the peer does not send" : null;
        }

        return section.Direction == MediaDirection.SendOnly ? $"the plan sends on mid '{slot.Mid}', where the peer does not receive"
            : !SdpText.IsToken(slot.StreamId) || !SdpText.IsToken(slot.TrackId) ? $"the plan sends on mid '{slot.Mid}' without stream and track ids that are tokens"
            : slot.Ssrc == 0 ? $"the plan sends on mid '{slot.Mid}' without an SSRC"
            : !ssrcs.Add(slot.Ssrc) || (slot.RtxSsrc != 0 && !ssrcs.Add(slot.RtxSsrc)) ? $"the plan of mid '{slot.Mid}' uses an SSRC a second time"
            : null;
    }

    private static bool TryPlan(MediaSection section, SlotPlan slot, AnswerOptions options, [NotNullWhen(true)] out PlannedMedia? media, [NotNullWhen(false)] out SdpError? error)
    {
        media = null;
        error = null;
        var peerSends = slot.Purpose == SlotPurpose.Receive;
        var codecs = Order(CodecSelection.Usable(section), section.Kind, options, peerSends);
        if (!codecs.Exists(usable => usable.Codec != MediaCodec.Red))
        {
            error = new($"mid '{section.Mid}' has no codec in common", section.Line);
            return false;
        }

        var direction = section.Direction == MediaDirection.Inactive ? MediaDirection.Inactive
            : peerSends ? MediaDirection.RecvOnly
            : MediaDirection.SendOnly;
        var rids = peerSends && section.Kind == MediaKind.Video ? Rids(section, codecs) : [];
        var extensions = ExtensionSelection.Select(section, peerSends, rids.Count > 0);
        var negotiated = new NegotiatedMedia(
            section.Mid!,
            section.Kind,
            slot,
            codecs.ConvertAll(usable => new NegotiatedCodec(
                usable.Codec, usable.Offered.PayloadType, usable.RtxPayloadType, (int)usable.Offered.ClockRate, CodecSelection.AnswerFormat(usable, peerSends),
                usable.Offered.Feedback.HasFlag(RtcpFeedback.Nack))),
            ExtensionSelection.ToMap(extensions),
            rids.ConvertAll(rid => rid.Id),
            peerSends ? RemoteSsrcs(section) : []);
        media = new(section, direction, negotiated, codecs, extensions, rids);
        return true;
    }

    private static List<UsableCodec> Order(List<UsableCodec> usable, MediaKind kind, AnswerOptions options, bool peerSends)
    {
        if (kind == MediaKind.Audio)
        {
            if (peerSends && !options.AllowRed) usable.RemoveAll(static codec => codec.Codec == MediaCodec.Red);
            return usable.OrderBy(static codec => codec.Codec != MediaCodec.Opus).ToList();
        }

        var preferred = Pick(options.VideoCodecs);
        return !peerSends ? preferred.Union(usable).ToList() : preferred.Count == 0 ? [] : preferred.Union(Pick(options.FurtherVideoCodecs)).ToList();

        List<UsableCodec> Pick(IReadOnlyList<MediaCodec> codecs) =>
            codecs.Distinct().SelectMany(codec => usable.Where(candidate => candidate.Codec == codec)).ToList();
    }

    /// <summary>The layers that can be sent with what was agreed; a single one is still named, the peer asked for it.</summary>
    private static List<OfferedRid> Rids(MediaSection section, List<UsableCodec> codecs)
    {
        var kept = codecs.Select(usable => usable.Offered.PayloadType).ToHashSet();
        List<OfferedRid> rids = [];
        foreach (var name in section.SimulcastSend)
        {
            var rid = section.Rids[name];
            var payloadTypes = rid.PayloadTypes?.Where(kept.Contains).ToList();
            if (payloadTypes is not { Count: 0 }) rids.Add(rid with { PayloadTypes = payloadTypes });
        }

        return rids;
    }

    /// <summary>Simulcast order first where a SIM group gives one, then as announced; RTX sources stand beside theirs.</summary>
    private static List<(uint Ssrc, uint RtxSsrc)> RemoteSsrcs(MediaSection section)
    {
        var rtx = section.RtxByPrimary.Values.ToHashSet();
        return section.SimulcastSsrcs.Union(section.Ssrcs)
            .Where(ssrc => !rtx.Contains(ssrc))
            .Select(ssrc => (ssrc, section.RtxByPrimary.GetValueOrDefault(ssrc)))
            .ToList();
    }
}
