namespace Pendopo.Rtc.Sdp;

/// <summary>Reads the lines of an offer into m-lines; <see cref="OfferChecks"/> then looks at the whole.</summary>
internal sealed class OfferParser
{
    /// <summary>Characters. 49 seats of Chromium need 288 000.</summary>
    public const int LongestDescription = 512 * 1024;

    /// <summary>49 seats with audio and video, and what is sent, need 102.</summary>
    public const int MostMediaLines = 256;

    private readonly HashSet<string> _bundle = new(StringComparer.Ordinal);
    private bool _hasTiming;

    public SdpError? Error { get; private set; }

    public TransportAttributes Session { get; } = new();

    public List<MediaSection> Sections { get; } = [];

    /// <summary>The mids of the BUNDLE group in its order (RFC 8843).</summary>
    public List<string> Bundle { get; } = [];

    public int BundleLine { get; private set; }

    public bool IsIceLite { get; private set; }

    public bool TryParse(string sdp)
    {
        if (sdp.Length > LongestDescription)
        {
            Error = new($"the description has {sdp.Length} characters; at most {LongestDescription} are allowed");
            return false;
        }

        var lines = new SdpLines(sdp);
        while (lines.MoveNext())
        {
            if ((TakeStructure(lines.Type, lines.Value, lines.Number) ?? TakeLine(lines.Type, lines.Value, lines.Number)) is not { } problem) continue;
            Error = new(problem, lines.Number);
            return false;
        }

        Error = lines.Problem is not null ? new(lines.Problem, lines.Number)
            : lines.Number < 3 ? new("the description ends before its s= line", lines.Number)
            : !_hasTiming ? new("there is no t= line")
            : null;
        return Error is null;
    }

    /// <summary>The order of lines (RFC 8866 §5): v, o, s, then the rest of the session, then the m-lines.</summary>
    private static string? TakeStructure(char type, ReadOnlySpan<char> value, int line)
    {
        const string head = "vos";
        if (line <= head.Length)
        {
            return type != head[line - 1] ? $"line {line} must be {head[line - 1]}=, not {type}="
                : type == 'v' && value is not "0" ? $"version {SdpText.Quote(value)} is not 0"
                : type == 'o' && !IsOrigin(value) ? "o= needs a user, two numbers, IN, IP4 or IP6, and an address"
                : null;
        }

        return head.Contains(type, StringComparison.Ordinal) ? $"a second {type}= line" : null;
    }

    private static bool IsOrigin(ReadOnlySpan<char> value)
    {
        var user = SdpText.Word(ref value);
        var id = SdpText.Word(ref value);
        var version = SdpText.Word(ref value);
        return !user.IsEmpty && IsDigits(id) && IsDigits(version) && SdpText.Word(ref value) is "IN" &&
            SdpText.Word(ref value) is "IP4" or "IP6" && !SdpText.Word(ref value).IsEmpty && value.Trim(' ').IsEmpty;

        static bool IsDigits(ReadOnlySpan<char> text) => text.Length is > 0 and <= 20 && !text.ContainsAnyExceptInRange('0', '9');
    }

    private string? TakeLine(char type, ReadOnlySpan<char> value, int line)
    {
        switch (type)
        {
            case 'v' or 'o' or 's':
                return null;
            case 'm':
                return TakeMediaLine(value, line);
            case 'a':
                var name = SdpText.Take(ref value, ':');
                if (!SdpText.IsToken(name)) return $"{SdpText.Quote(name)} is no attribute name";
                return Sections.Count > 0 ? MediaAttributes.Take(Sections[^1], name, value, line) : TakeSessionAttribute(name, value, line);
            case 't' when Sections.Count == 0:
                _hasTiming = true;
                return SdpText.TryNumber(SdpText.Word(ref value), uint.MaxValue, out _) && SdpText.TryNumber(SdpText.Word(ref value), uint.MaxValue, out _)
                    ? null
                    : "t= needs two numbers";
            case 'u' or 'e' or 'p' or 'r' or 'z' or 't':
                return Sections.Count == 0 ? null : $"{type}= stands within an m-line";
            case 'i' or 'c' or 'b' or 'k':
                return null;
            default:
                return $"{type}= is not a line of SDP";
        }
    }

    private string? TakeMediaLine(ReadOnlySpan<char> value, int line)
    {
        if (!_hasTiming) return "there is no t= line before the first m-line";
        if (Sections.Count == MostMediaLines) return $"more than {MostMediaLines} m-lines";
        var media = SdpText.Word(ref value);
        var portText = SdpText.Word(ref value);
        var protocol = SdpText.Word(ref value);
        if (!SdpText.IsToken(media)) return "the m-line names no media type";
        if (!SdpText.TryNumber(portText, ushort.MaxValue, out var port)) return $"{SdpText.Quote(portText)} is not a port";
        if (protocol.IsEmpty) return "the m-line names no protocol";
        var rest = value;
        var firstFormat = SdpText.Word(ref rest);
        if (!SdpText.IsToken(firstFormat)) return "the m-line lists no format";
        var section = new MediaSection
        {
            Line = line,
            Media = media.ToString(),
            Port = (int)port,
            Protocol = protocol.ToString(),
            FirstFormat = firstFormat.ToString(),
        };
        Sections.Add(section);
        return section.IsRtp ? TakePayloadTypes(section, value) : null;
    }

    private static string? TakePayloadTypes(MediaSection section, ReadOnlySpan<char> formats)
    {
        for (var format = SdpText.Word(ref formats); !format.IsEmpty; format = SdpText.Word(ref formats))
        {
            if (!SdpText.TryNumber(format, 127, out var payloadType)) return $"{SdpText.Quote(format)} is not a payload type";
            ref var slot = ref section.CodecByPayloadType[payloadType];
            if (slot is not null) return $"payload type {payloadType} stands twice in the m-line";
            section.Codecs.Add(slot = new((byte)payloadType));
        }

        return null;
    }

    private string? TakeSessionAttribute(ReadOnlySpan<char> name, ReadOnlySpan<char> value, int line)
    {
        if (name is "ice-lite") IsIceLite = true;
        if (name is not "group") return Session.Take(name, value, out _);
        if (SdpText.Word(ref value) is not "BUNDLE") return null;
        if (BundleLine > 0) return "a second BUNDLE group; all media shares one transport here";
        BundleLine = line;
        for (var mid = SdpText.Word(ref value); !mid.IsEmpty; mid = SdpText.Word(ref value))
        {
            if (Bundle.Count == MostMediaLines) return $"the BUNDLE group lists more than {MostMediaLines} mids";
            if (!SdpText.IsToken(mid)) return $"the BUNDLE group lists {SdpText.Quote(mid)}, which is no mid";
            var text = mid.ToString();
            if (!_bundle.Add(text)) return $"the BUNDLE group lists mid '{text}' twice";
            Bundle.Add(text);
        }

        return null;
    }
}
