using System.Globalization;
using System.Net;
using Pendopo.Rtc.Ice;

namespace Pendopo.Load.Clients;

/// <summary>One m-line of a server's description: the numbers that the load needs.</summary>
internal sealed class MediaText(string kind, IReadOnlyList<byte> payloadTypes)
{
    public string Kind { get; } = kind;

    public IReadOnlyList<byte> PayloadTypes { get; } = payloadTypes;

    public string Mid { get; set; } = "";

    public uint Ssrc { get; set; }

    public uint RtxSsrc { get; set; }

    /// <summary>Lines that an answer repeats: formats, feedback, extensions.</summary>
    public List<string> Formats { get; } = [];

    public Dictionary<string, byte> Extensions { get; } = [];

    public byte TransportWideCc => Extensions.GetValueOrDefault(OfferText.TransportWideCcUri);
}

/// <summary>What a client takes out of the text of a server's offer or answer.</summary>
internal sealed class SessionText
{
    public SessionText(string sdp)
    {
        string? fragment = null, password = null;
        foreach (var line in sdp.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
        {
            if (Take(line, "m=", out var value)) AddMedia(value.Split(' '));
            else if (Take(line, "a=ice-ufrag:", out value)) fragment ??= value;
            else if (Take(line, "a=ice-pwd:", out value)) password ??= value;
            else if (Take(line, "a=fingerprint:sha-256 ", out value)) Fingerprint = Convert.FromHexString(value.Replace(":", "", StringComparison.Ordinal));
            else if (Take(line, "a=candidate:", out value)) AddCandidate(value.Split(' '));
            else if (Media.Count > 0) AddAttribute(Media[^1], line);
        }

        if (fragment is null || password is null || Fingerprint.Length != 32) throw new FormatException($"The server's description lacks ICE or DTLS:\n{sdp}");
        Ice = new IceCredentials(fragment, password);
    }

    public IceCredentials Ice { get; }

    public byte[] Fingerprint { get; } = [];

    /// <summary>UDP only.</summary>
    public List<IPEndPoint> Candidates { get; } = [];

    public List<MediaText> Media { get; } = [];

    private static void AddAttribute(MediaText media, string line)
    {
        if (Take(line, "a=mid:", out var value))
        {
            media.Mid = value;
        }
        else if (Take(line, "a=ssrc-group:FID ", out value))
        {
            var pair = value.Split(' ');
            (media.Ssrc, media.RtxSsrc) = (Number(pair[0]), Number(pair[1]));
        }
        else if (Take(line, "a=ssrc:", out value))
        {
            if (media.Ssrc == 0) media.Ssrc = Number(value.Split(' ')[0]);
        }
        else if (Take(line, "a=extmap:", out value))
        {
            var parts = value.Split(' ');
            media.Extensions[parts[1]] = (byte)Number(parts[0].Split('/')[0]);
            media.Formats.Add(line);
        }
        else if (line.StartsWith("a=rtpmap:", StringComparison.Ordinal) || line.StartsWith("a=fmtp:", StringComparison.Ordinal)
            || line.StartsWith("a=rtcp-fb:", StringComparison.Ordinal))
        {
            media.Formats.Add(line);
        }
    }

    private static bool Take(string line, string prefix, out string value)
    {
        var found = line.StartsWith(prefix, StringComparison.Ordinal);
        value = found ? line[prefix.Length..] : "";
        return found;
    }

    private static uint Number(string text) => uint.Parse(text, CultureInfo.InvariantCulture);

    private void AddMedia(string[] parts) => Media.Add(new MediaText(parts[0], [.. parts.Skip(3).Select(static part => (byte)Number(part))]));

    // foundation component protocol priority address port typ host …
    private void AddCandidate(string[] parts)
    {
        if (!parts[2].Equals("udp", StringComparison.OrdinalIgnoreCase) || !IPAddress.TryParse(parts[4], out var address)) return;
        var candidate = new IPEndPoint(address, (int)Number(parts[5]));
        if (!Candidates.Contains(candidate)) Candidates.Add(candidate);
    }
}
