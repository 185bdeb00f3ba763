using System.Diagnostics.CodeAnalysis;

namespace Pendopo.Rtc.Sdp;

/// <summary>Reads the attribute lines of one m-line; every method returns what is wrong, or null.</summary>
internal static class MediaAttributes
{
    // Far above what browsers write (6 SSRCs for simulcast with RTX, 3 rids, 14 extensions), and it bounds memory.
    private const int MostSsrcs = 64;
    private const int MostRids = 16;
    private const int MostExtensions = 64;

    /// <summary>The one-byte form of header extensions carries 16 bytes (RFC 8285 §4.2).</summary>
    private const int LongestRid = 16;

    private const int LongestMid = 64;

    public static string? Take(MediaSection section, ReadOnlySpan<char> name, ReadOnlySpan<char> value, int line)
    {
        switch (name)
        {
            case "mid": return TakeMid(section, value);
            case "rtpmap": return TakeRtpMap(section, value);
            case "fmtp": return TakeFormat(section, value, line);
            case "rtcp-fb": return TakeFeedback(section, value);
            case "extmap": return TakeExtension(section, value);
            case "rid": return TakeRid(section, value);
            case "simulcast": return TakeSimulcast(section, value, line);
            case "ssrc": return TakeSsrc(section, value);
            case "ssrc-group": return TakeSsrcGroup(section, value, line);
            case "msid": return TakeMsid(value);
            case "rtcp-mux":
            case "rtcp-mux-only":
                section.HasRtcpMux = true;
                return null;
            case "rtcp-rsize":
                section.HasReducedSize = true;
                return null;
            case "bundle-only":
                section.IsBundleOnly = true;
                return null;
            default:
                return section.Attributes.Take(name, value, out _);
        }
    }

    private static string? TakeMid(MediaSection section, ReadOnlySpan<char> value)
    {
        if (section.Mid is not null) return "a second a=mid in one m-line";
        if (!SdpText.IsToken(value) || value.Length > LongestMid) return $"a=mid:{SdpText.Quote(value)} is not a token of at most {LongestMid} characters";
        section.Mid = value.ToString();
        return null;
    }

    /// <summary>False if the payload type is malformed; a well-formed one that the m-line does not list gives no codec (JSEP ignores such lines).</summary>
    private static bool TryCodec(MediaSection section, ReadOnlySpan<char> text, out OfferedCodec? codec, [NotNullWhen(false)] out string? problem)
    {
        codec = null;
        problem = null;
        if (SdpText.TryNumber(text, 127, out var payloadType))
        {
            codec = section.CodecByPayloadType[payloadType];
            return true;
        }

        problem = $"{SdpText.Quote(text)} is not a payload type";
        return false;
    }

    private static string? TakeRtpMap(MediaSection section, ReadOnlySpan<char> value)
    {
        if (!section.IsRtp) return null;
        if (!TryCodec(section, SdpText.Word(ref value), out var codec, out var problem)) return problem;
        var encoding = SdpText.Word(ref value);
        var name = SdpText.Take(ref encoding, '/');
        var clock = SdpText.Take(ref encoding, '/');
        uint channels = 1;
        if (!SdpText.IsToken(name) || !SdpText.TryNumber(clock, 10_000_000, out var rate) || rate == 0 ||
            (!encoding.IsEmpty && !SdpText.TryNumber(encoding, 255, out channels)))
        {
            return "a=rtpmap needs the form <payload type> <encoding>/<clock rate>[/<channels>]";
        }

        if (codec is null) return null;
        if (codec.Name.Length > 0) return $"a second a=rtpmap for payload type {codec.PayloadType}";
        codec.Name = name.ToString();
        codec.ClockRate = rate;
        codec.Channels = channels;
        return null;
    }

    private static string? TakeFormat(MediaSection section, ReadOnlySpan<char> value, int line)
    {
        if (!section.IsRtp) return null;
        if (!TryCodec(section, SdpText.Word(ref value), out var codec, out var problem)) return problem;
        if (codec is null) return null;
        if (codec.Format is not null) return $"a second a=fmtp for payload type {codec.PayloadType}";
        codec.Format = value.Trim(' ').ToString();
        codec.FormatLine = line;
        return null;
    }

    private static string? TakeFeedback(MediaSection section, ReadOnlySpan<char> value)
    {
        if (!section.IsRtp) return null;
        var target = SdpText.Word(ref value);
        OfferedCodec? codec = null;
        if (target is not "*" && !TryCodec(section, target, out codec, out var problem)) return problem;
        var feedback = value.Trim(' ') switch
        {
            "nack" => RtcpFeedback.Nack,
            "nack pli" => RtcpFeedback.NackPli,
            "ccm fir" => RtcpFeedback.CcmFir,
            "transport-cc" => RtcpFeedback.TransportCc,
            "goog-remb" => RtcpFeedback.Remb,
            _ => RtcpFeedback.None,
        };
        if (feedback == RtcpFeedback.None) return null;
        if (codec is not null) codec.Feedback |= feedback;
        if (target is "*") section.Codecs.ForEach(each => each.Feedback |= feedback);
        return null;
    }

    private static string? TakeExtension(MediaSection section, ReadOnlySpan<char> value)
    {
        if (section.Extensions.Count == MostExtensions) return $"more than {MostExtensions} a=extmap lines in one m-line";
        var target = SdpText.Word(ref value);
        var number = SdpText.Take(ref target, '/');
        // 4096 to 4351 stand for "an id of your choice" (RFC 8285 §7); such offers are well formed, and not taken up.
        if (!SdpText.TryNumber(number, 4351, out var id) || id is 0 or (> 255 and < 4096))
        {
            return $"a=extmap id {SdpText.Quote(number)} is not in 1 to 255";
        }

        MediaDirection? direction = target switch
        {
            "" or "sendrecv" => MediaDirection.SendRecv,
            "sendonly" => MediaDirection.SendOnly,
            "recvonly" => MediaDirection.RecvOnly,
            "inactive" => MediaDirection.Inactive,
            _ => null,
        };
        if (direction is null) return $"a=extmap direction {SdpText.Quote(target)} is unknown";
        var uri = SdpText.Word(ref value).ToString();
        if (uri.Length == 0) return $"a=extmap:{id} names no extension";
        foreach (var other in section.Extensions)
        {
            if (other.Id == id) return $"two a=extmap lines with id {id}";
        }

        section.Extensions.Add(new((int)id, direction.Value, !target.IsEmpty, ExtensionUris.KindOf(uri), uri));
        return null;
    }

    private static string? TakeRid(MediaSection section, ReadOnlySpan<char> value)
    {
        if (section.Rids.Count == MostRids) return $"more than {MostRids} a=rid lines in one m-line";
        var id = SdpText.Word(ref value);
        if (!SdpText.IsRid(id)) return $"a=rid {SdpText.Quote(id)} has characters other than letters, digits, - and _";
        if (id.Length > LongestRid) return $"a=rid {SdpText.Quote(id)} is longer than {LongestRid} characters";
        var direction = SdpText.Word(ref value);
        if (direction is not ("send" or "recv")) return $"a=rid direction {SdpText.Quote(direction)} is neither send nor recv";

        List<byte>? payloadTypes = null;
        List<string> restrictions = [];
        var rest = value.Trim(' ');
        while (!rest.IsEmpty)
        {
            var restriction = SdpText.Take(ref rest, ';').Trim(' ');
            if (!restriction.StartsWith("pt=", StringComparison.Ordinal))
            {
                restrictions.Add(restriction.ToString());
                continue;
            }

            payloadTypes ??= [];
            var list = restriction[3..];
            while (!list.IsEmpty)
            {
                var number = SdpText.Take(ref list, ',');
                if (!TryCodec(section, number, out var codec, out var problem)) return problem;
                if (codec is null) return $"a=rid names payload type {number}, which the m-line does not list";
                if (!payloadTypes.Contains(codec.PayloadType)) payloadTypes.Add(codec.PayloadType);
            }
        }

        var name = id.ToString();
        return section.Rids.TryAdd(name, new(name, direction is "send", payloadTypes, string.Join(';', restrictions)))
            ? null
            : $"two a=rid lines for '{name}'";
    }

    /// <summary>RFC 8853 §5.1: streams by semicolons, alternatives by commas, <c>~</c> for one that starts paused.</summary>
    private static string? TakeSimulcast(MediaSection section, ReadOnlySpan<char> value, int line)
    {
        if (section.SimulcastLine > 0) return "a second a=simulcast in one m-line";
        section.SimulcastLine = line;
        bool hasSend = false, hasReceive = false;
        for (var direction = SdpText.Word(ref value); !direction.IsEmpty; direction = SdpText.Word(ref value))
        {
            var isSend = direction is "send";
            if (!isSend && direction is not "recv") return $"a=simulcast direction {SdpText.Quote(direction)} is neither send nor recv";
            if (isSend ? hasSend : hasReceive) return $"a=simulcast has {direction} twice";
            hasSend |= isSend;
            hasReceive |= !isSend;

            var streams = SdpText.Word(ref value);
            if (streams.IsEmpty) return $"a=simulcast:{direction} lists no stream";
            if (streams.Count(';') >= MostRids) return $"a=simulcast lists more than {MostRids} streams";
            do
            {
                var stream = SdpText.Take(ref streams, ';');
                var rid = SdpText.Take(ref stream, ',');
                if (rid is ['~', ..]) rid = rid[1..];
                if (!SdpText.IsRid(rid)) return $"a=simulcast lists {SdpText.Quote(rid)}, which is no rid";
                if (!isSend) continue;
                var name = rid.ToString();
                if (section.SimulcastSend.Contains(name)) return $"a=simulcast lists '{name}' twice";
                section.SimulcastSend.Add(name);
            }
            while (!streams.IsEmpty);
        }

        return hasSend || hasReceive ? null : "a=simulcast has neither send nor recv";
    }

    private static string? TakeSsrc(MediaSection section, ReadOnlySpan<char> value)
    {
        var number = SdpText.Word(ref value);
        if (!SdpText.TryNumber(number, uint.MaxValue, out var ssrc)) return $"a=ssrc {SdpText.Quote(number)} is not a 32-bit number";
        if (!section.SsrcSet.Add(ssrc)) return null;
        if (section.Ssrcs.Count == MostSsrcs) return $"more than {MostSsrcs} SSRCs in one m-line";
        section.Ssrcs.Add(ssrc);
        return null;
    }

    private static string? TakeSsrcGroup(MediaSection section, ReadOnlySpan<char> value, int line)
    {
        var semantics = SdpText.Word(ref value);
        if (!SdpText.IsToken(semantics)) return "a=ssrc-group names no semantics";
        if (semantics is not ("FID" or "SIM")) return null;
        List<uint> members = [];
        for (var number = SdpText.Word(ref value); !number.IsEmpty; number = SdpText.Word(ref value))
        {
            if (!SdpText.TryNumber(number, uint.MaxValue, out var ssrc)) return $"a=ssrc-group lists {SdpText.Quote(number)}, which is not a 32-bit number";
            if (members.Contains(ssrc)) return $"a=ssrc-group lists SSRC {ssrc} twice";
            if (members.Count == MostSsrcs) return $"a=ssrc-group lists more than {MostSsrcs} SSRCs";
            members.Add(ssrc);
        }

        if (section.GroupedSsrcs.Count + members.Count > 4 * MostSsrcs) return "too many a=ssrc-group lines in one m-line";
        foreach (var ssrc in members) section.GroupedSsrcs.Add((ssrc, line));
        if (semantics is "SIM")
        {
            section.SimulcastSsrcs.AddRange(members);
            return null;
        }

        if (members.Count != 2) return $"a=ssrc-group:FID needs 2 SSRCs, not {members.Count}";
        foreach (var (primary, rtx) in section.RtxByPrimary)
        {
            if (members.Contains(primary) || members.Contains(rtx)) return "an SSRC stands in two a=ssrc-group:FID lines";
        }

        section.RtxByPrimary.Add(members[0], members[1]);
        return null;
    }

    /// <summary>RFC 8830 §2. What the peer calls its tracks is not used; the signaling names them.</summary>
    private static string? TakeMsid(ReadOnlySpan<char> value)
    {
        var stream = SdpText.Word(ref value);
        var track = SdpText.Word(ref value);
        return SdpText.IsToken(stream) && (track.IsEmpty || SdpText.IsToken(track)) && value.Trim(' ').IsEmpty
            ? null
            : "a=msid needs a stream id and at most one track id, both tokens";
    }
}
