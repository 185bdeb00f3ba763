using Pendopo.Rtc.Ice;
using Pendopo.Rtc.Rtp;

namespace Pendopo.Rtc.Sdp;

/// <summary>What a payload type of the offer stands for.</summary>
internal sealed class OfferedCodec(byte payloadType)
{
    public byte PayloadType { get; } = payloadType;

    /// <summary>Encoding name as written; empty for a static payload type without <c>a=rtpmap</c>.</summary>
    public string Name { get; set; } = "";

    public uint ClockRate { get; set; }

    public uint Channels { get; set; } = 1;

    /// <summary><c>a=fmtp</c>; null if there was none.</summary>
    public string? Format { get; set; }

    public int FormatLine { get; set; }

    public RtcpFeedback Feedback { get; set; }

    public bool Is(string name, uint clockRate) => ClockRate == clockRate && Name.Equals(name, StringComparison.OrdinalIgnoreCase);
}

/// <summary>The feedback messages that we understand (RFC 4585, RFC 5104 and the two bandwidth drafts).</summary>
[Flags]
internal enum RtcpFeedback : byte
{
    None = 0,
    Nack = 1,
    NackPli = 2,
    CcmFir = 4,
    TransportCc = 8,
    Remb = 16,
}

/// <summary>An <c>a=extmap</c> line; <see cref="Kind"/> is None for a URI that we do not know.</summary>
internal readonly record struct OfferedExtension(int Id, MediaDirection Direction, bool HasDirection, RtpExtensionKind Kind, string Uri);

/// <summary>An <c>a=rid</c> line (RFC 8851).</summary>
/// <param name="PayloadTypes">Of <c>pt=</c>; null if not restricted.</param>
/// <param name="Restrictions">The other restrictions, verbatim, separated by semicolons.</param>
internal sealed record OfferedRid(string Id, bool IsSend, IReadOnlyList<byte>? PayloadTypes, string Restrictions);

/// <summary>One m-line of an offer with its attributes.</summary>
internal sealed class MediaSection
{
    public required int Line { get; init; }

    /// <summary>audio, video, application.</summary>
    public required string Media { get; init; }

    public required int Port { get; init; }

    public required string Protocol { get; init; }

    /// <summary>The first format, to be repeated when the m-line is refused.</summary>
    public required string FirstFormat { get; init; }

    public bool IsRtp => Media is "audio" or "video";

    public MediaKind Kind => Media == "video" ? MediaKind.Video : MediaKind.Audio;

    public string? Mid { get; set; }

    public bool IsBundleOnly { get; set; }

    public bool HasRtcpMux { get; set; }

    public bool HasReducedSize { get; set; }

    public TransportAttributes Attributes { get; } = new();

    /// <summary>Payload types in the order of the m-line.</summary>
    public List<OfferedCodec> Codecs { get; } = [];

    public OfferedCodec?[] CodecByPayloadType { get; } = new OfferedCodec?[128];

    public List<OfferedExtension> Extensions { get; } = [];

    public Dictionary<string, OfferedRid> Rids { get; } = new(StringComparer.Ordinal);

    /// <summary>The first alternative of each stream of <c>a=simulcast:send</c>.</summary>
    public List<string> SimulcastSend { get; } = [];

    public int SimulcastLine { get; set; }

    /// <summary>SSRCs in the order of their first <c>a=ssrc</c>.</summary>
    public List<uint> Ssrcs { get; } = [];

    public HashSet<uint> SsrcSet { get; } = [];

    /// <summary>FID groups: primary SSRC to the SSRC of its retransmissions (RFC 4588 §8.7, RFC 5576).</summary>
    public Dictionary<uint, uint> RtxByPrimary { get; } = [];

    /// <summary>Members of SIM groups in order.</summary>
    public List<uint> SimulcastSsrcs { get; } = [];

    /// <summary>All members of FID and SIM groups with the line of the group.</summary>
    public List<(uint Ssrc, int Line)> GroupedSsrcs { get; } = [];

    /// <summary>Port 0 means refused, but for a bundle-only m-line of a first offer (RFC 8843 §6).</summary>
    public bool IsRejected => Port == 0 && !IsBundleOnly;

    // Filled in when the whole offer is checked.
    public IceCredentials Ice { get; set; } = new("", "");

    public byte[] Fingerprint { get; set; } = [];

    public SetupRole Setup { get; set; }

    public MediaDirection Direction { get; set; } = MediaDirection.SendRecv;

    public bool AllowsMixedExtensions { get; set; }
}
