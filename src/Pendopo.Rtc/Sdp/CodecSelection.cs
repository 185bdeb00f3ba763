using System.Globalization;
using Pendopo.Rtc.Rtp;

namespace Pendopo.Rtc.Sdp;

/// <summary>A codec that both sides have, with the payload type chosen for it.</summary>
internal readonly record struct UsableCodec(MediaCodec Codec, OfferedCodec Offered, byte? RtxPayloadType);

/// <summary>
/// Chooses one payload type per codec. Since nothing is transcoded, only the forms are taken that every decoder of a codec
/// has: VP9 profile 0, AV1 profile 0 (Main), H.264 baseline with packetization mode 1.
/// </summary>
internal static class CodecSelection
{
    /// <summary>Bit of constraint_set1_flag in the second byte of profile-level-id: baseline that is also constrained.</summary>
    private const int ConstraintSet1 = 0x40;

    /// <summary>Each codec once, in the order of the offer.</summary>
    public static List<UsableCodec> Usable(MediaSection section)
    {
        var rtx = RtxByPayloadType(section);
        List<(UsableCodec Usable, int Rank)> found = [];
        foreach (var offered in section.Codecs)
        {
            var (codec, rank) = Identify(section.Kind, offered);
            if (codec == MediaCodec.None) continue;
            var index = found.FindIndex(entry => entry.Usable.Codec == codec);
            var entry = (new UsableCodec(codec, offered, rtx[offered.PayloadType]), rank);
            if (index < 0) found.Add(entry);
            else if (rank < found[index].Rank) found[index] = entry;
        }

        var codecs = found.ConvertAll(entry => entry.Usable);
        var opus = codecs.Find(usable => usable.Codec == MediaCodec.Opus);
        codecs.RemoveAll(usable => usable.Codec == MediaCodec.Red && !IsRedOf(usable.Offered.Format, opus.Offered?.PayloadType));
        return codecs;
    }

    /// <summary>The fmtp of the answer: what we as receiver ask for, and the parameters that tell which form was chosen.</summary>
    public static string AnswerFormat(in UsableCodec usable, bool peerSends)
    {
        var offered = usable.Offered.Format;
        List<string> parameters = [];
        switch (usable.Codec)
        {
            case MediaCodec.Opus:
                if (FormatParameters.TryGetNumber(offered, "minptime", 120, out var shortest)) parameters.Add($"minptime={shortest}");
                parameters.Add("useinbandfec=1");
                if (peerSends) parameters.Add("usedtx=1");
                break;
            case MediaCodec.Red:
                return offered!;
            case MediaCodec.Vp9:
                AddNumber("profile-id");
                break;
            case MediaCodec.Av1:
                AddNumber("level-idx");
                AddNumber("profile");
                AddNumber("tier");
                break;
            case MediaCodec.H264:
                // Both sides must say it for it to hold (RFC 6184 §8.2.2).
                if (FormatParameters.TryGet(offered, "level-asymmetry-allowed", out var asymmetry) && asymmetry is "1") parameters.Add("level-asymmetry-allowed=1");
                parameters.Add("packetization-mode=1");
                if (FormatParameters.TryGet(offered, "profile-level-id", out var profile)) parameters.Add($"profile-level-id={profile}");
                break;
        }

        return string.Join(';', parameters);

        void AddNumber(string key)
        {
            if (FormatParameters.TryGetNumber(offered, key, 255, out var value)) parameters.Add($"{key}={value}");
        }
    }

    private static byte?[] RtxByPayloadType(MediaSection section)
    {
        var rtx = new byte?[128];
        foreach (var codec in section.Codecs)
        {
            if (!codec.Name.Equals("rtx", StringComparison.OrdinalIgnoreCase) || IsTakenByRtcp(codec.PayloadType)) continue;
            if (!FormatParameters.TryGetNumber(codec.Format, "apt", 127, out var associated)) continue;
            if (section.CodecByPayloadType[associated]?.ClockRate == codec.ClockRate) rtx[associated] ??= codec.PayloadType;
        }

        return rtx;
    }

    /// <summary>With rtcp-mux these payload types, the marker bit set, look like RTCP (RFC 5761 §4).</summary>
    private static bool IsTakenByRtcp(byte payloadType) => payloadType is >= 64 and <= 95;

    /// <summary>The codec and, where a codec comes in several good forms, a rank: lower is better.</summary>
    private static (MediaCodec Codec, int Rank) Identify(MediaKind kind, OfferedCodec offered)
    {
        if (IsTakenByRtcp(offered.PayloadType)) return default;
        var stereo = offered.Channels == 2;
        if (kind == MediaKind.Audio)
        {
            return offered.Is("opus", 48000) && stereo ? (MediaCodec.Opus, 0)
                : offered.Is("red", 48000) && stereo ? (MediaCodec.Red, 0)
                : default;
        }

        return offered.Is("VP8", 90000) ? (MediaCodec.Vp8, 0)
            : offered.Is("VP9", 90000) && IsProfileZero(offered.Format, "profile-id") ? (MediaCodec.Vp9, 0)
            : offered.Is("AV1", 90000) && IsProfileZero(offered.Format, "profile") ? (MediaCodec.Av1, 0)
            : offered.Is("H264", 90000) && H264Rank(offered.Format) is { } rank ? (MediaCodec.H264, rank)
            : default;
    }

    private static bool IsProfileZero(string? format, string key) => !FormatParameters.TryGet(format, key, out var profile) || profile is "0";

    private static int? H264Rank(string? format)
    {
        const int plainBaseline = 1, constrainedBaseline = 0;
        if (!FormatParameters.TryGet(format, "packetization-mode", out var mode) || mode is not "1") return null;
        // Without it baseline at level 1 is meant (RFC 6184 §8.1).
        if (!FormatParameters.TryGet(format, "profile-level-id", out var text)) return plainBaseline;
        if (text.Length != 6 || !int.TryParse(text, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var id)) return null;
        if (id >> 16 != 0x42) return null;
        return ((id >> 8) & ConstraintSet1) != 0 ? constrainedBaseline : plainBaseline;
    }

    /// <summary>RED's fmtp lists the payload types of its levels (RFC 2198 §5); all must be the Opus that we take.</summary>
    private static bool IsRedOf(string? format, byte? opus)
    {
        if (string.IsNullOrEmpty(format) || opus is null) return false;
        foreach (var level in format.AsSpan().Split('/'))
        {
            if (!SdpText.TryNumber(format.AsSpan(level), 127, out var payloadType) || payloadType != opus) return false;
        }

        return true;
    }
}
