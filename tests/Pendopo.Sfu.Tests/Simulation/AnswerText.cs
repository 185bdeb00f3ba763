using System.Globalization;
using System.Net;
using Pendopo.Rtc.Ice;
using Pendopo.Rtc.Transport;

namespace Pendopo.Sfu.Tests.Simulation;

/// <summary>What a client takes out of the text of an answer.</summary>
internal sealed class AnswerText
{
    public AnswerText(string sdp)
    {
        string? fragment = null, password = null, mid = null;
        foreach (var line in sdp.Split("\r\n", StringSplitOptions.RemoveEmptyEntries))
        {
            if (Take(line, "a=ice-ufrag:", out var value)) fragment ??= value;
            else if (Take(line, "a=ice-pwd:", out value)) password ??= value;
            else if (Take(line, "a=fingerprint:sha-256 ", out value)) Fingerprint = Convert.FromHexString(value.Replace(":", "", StringComparison.Ordinal));
            else if (Take(line, "a=mid:", out value)) mid = value;
            else if (Take(line, "a=candidate:", out value)) AddCandidate(value.Split(' '));
            else if (mid is not null && Take(line, "a=ssrc-group:FID ", out value)) Ssrcs[mid] = (Number(value.Split(' ')[0]), Number(value.Split(' ')[1]));
            else if (mid is not null && Take(line, "a=ssrc:", out value)) Ssrcs.TryAdd(mid, (Number(value.Split(' ')[0]), 0));
        }

        Ice = new IceCredentials(fragment!, password!);
    }

    public IceCredentials Ice { get; }

    public byte[] Fingerprint { get; } = [];

    public List<TransportAddress> Candidates { get; } = [];

    /// <summary>What the server sends, by mid; 0 for no RTX.</summary>
    public Dictionary<string, (uint Ssrc, uint RtxSsrc)> Ssrcs { get; } = [];

    private static bool Take(string line, string prefix, out string value)
    {
        var found = line.StartsWith(prefix, StringComparison.Ordinal);
        value = found ? line[prefix.Length..] : "";
        return found;
    }

    private static uint Number(string text) => uint.Parse(text, CultureInfo.InvariantCulture);

    // foundation component protocol priority address port typ host …
    private void AddCandidate(string[] parts)
    {
        var protocol = parts[2].Equals("udp", StringComparison.OrdinalIgnoreCase) ? TransportProtocol.Udp : TransportProtocol.Tcp;
        var address = TransportAddress.From(new IPEndPoint(IPAddress.Parse(parts[4]), (int)Number(parts[5])), protocol);
        if (!Candidates.Contains(address)) Candidates.Add(address);
    }
}
