using System.Diagnostics.CodeAnalysis;
using Pendopo.Rtc.Dtls;
using Pendopo.Rtc.Ice;

namespace Pendopo.Rtc.Sdp;

/// <summary>
/// A parsed and checked WebRTC offer (RFC 8829, 8839, 8840, 8842, 8843, 8851, 8853): bundle and rtcp-mux are required, every
/// m-line is UDP/TLS/RTP/SAVPF audio or video, or a refused data channel. Nothing here throws on bad input.
/// </summary>
public sealed class Offer
{
    private readonly OfferParser _parsed;
    private readonly MediaSection _tagged;

    private Offer(OfferParser parsed)
    {
        _parsed = parsed;
        var byMid = parsed.Sections.Where(section => section is { Mid: not null, IsRejected: false }).ToDictionary(section => section.Mid!, StringComparer.Ordinal);
        Bundled = parsed.Bundle.Where(byMid.ContainsKey).Select(mid => byMid[mid]).ToList();
        _tagged = Bundled[0];
        Media = parsed.Sections
            .Where(section => section is { IsRtp: true, Mid: not null })
            .Select(section => new OfferedMedia(
                section.Mid!,
                section.Kind,
                !section.IsRejected && section.Direction.HasFlag(MediaDirection.SendOnly),
                !section.IsRejected && section.Direction.HasFlag(MediaDirection.RecvOnly),
                section.IsRejected,
                CodecSelection.Usable(section).ConvertAll(codec => codec.Codec)))
            .ToList();
    }

    /// <summary>The audio and video m-lines in their order. A data channel is none.</summary>
    public IReadOnlyList<OfferedMedia> Media { get; }

    /// <summary>
    /// Credentials of the m-line that the BUNDLE group names first. Should the answer refuse that one and the next have
    /// credentials of its own, <see cref="NegotiatedSession.RemoteIce"/> differs.
    /// </summary>
    public IceCredentials Ice => _tagged.Ice;

    /// <summary>SHA-256 of the peer's certificate, 32 bytes; of the same m-line as <see cref="Ice"/>.</summary>
    public ReadOnlyMemory<byte> Fingerprint => _tagged.Fingerprint;

    internal IReadOnlyList<MediaSection> Sections => _parsed.Sections;

    /// <summary>The m-lines that are not refused, in the order of the BUNDLE group.</summary>
    internal IReadOnlyList<MediaSection> Bundled { get; }

    /// <summary>Reads an offer of at most 512 Ki characters and 256 m-lines.</summary>
    public static bool TryParse(string sdp, [NotNullWhen(true)] out Offer? offer, [NotNullWhen(false)] out SdpError? error)
    {
        ArgumentNullException.ThrowIfNull(sdp);
        var parser = new OfferParser();
        parser.TryParse(sdp);
        error = parser.Error ?? OfferChecks.Check(parser);
        offer = error is null ? new(parser) : null;
        return offer is not null;
    }

    /// <summary>Writes the answer; fails with a precise error when the plan does not fit the offer.</summary>
    public bool TryAnswer(AnswerOptions options, [NotNullWhen(true)] out NegotiatedSession? session, [NotNullWhen(false)] out SdpError? error)
    {
        ArgumentNullException.ThrowIfNull(options);
        session = null;
        if (!AnswerPlan.TryMake(this, options, out var plan, out error)) return false;

        // RFC 8842 §5.3: the answer to actpass is our choice, the answer to a fixed role its opposite.
        var role = plan.Tagged.Setup switch
        {
            SetupRole.Active => DtlsRole.Server,
            SetupRole.Passive => DtlsRole.Client,
            _ => options.Role,
        };
        session = new(
            AnswerWriter.Write(this, options, plan, role),
            plan.Tagged.Ice,
            plan.Tagged.Fingerprint,
            role,
            plan.Media.Where(media => media.Direction != MediaDirection.Inactive).Select(media => media.Negotiated).ToList());
        return true;
    }
}
