using System.Globalization;
using System.Net.Sockets;
using System.Text;
using Pendopo.Rtc.Transport;

namespace Pendopo.Rtc.Sdp;

/// <summary>Writes our host candidates (RFC 8839 §5.1, RFC 6544 §4.5).</summary>
internal static class CandidateLines
{
    private const uint UdpTypePreference = 126;

    /// <summary>Below UDP, as RFC 6544 §4.2 asks where UDP works too.</summary>
    private const uint TcpTypePreference = 90;

    /// <summary>RFC 6544 §4.2: direction preference of passive host candidates.</summary>
    private const uint PassivePreference = 4;

    public static void Append(StringBuilder text, IReadOnlyList<HostCandidate> candidates)
    {
        for (var i = 0; i < candidates.Count; i++)
        {
            var candidate = candidates[i];
            var protocol = candidate.Protocol == TransportProtocol.Udp ? "udp" : "tcp";
            text.Append(CultureInfo.InvariantCulture, $"a=candidate:{Foundation(candidates, i)} 1 {protocol} {Priority(candidate.Protocol, i)} ");
            text.Append(CultureInfo.InvariantCulture, $"{AddressOf(candidate)} {candidate.Port} typ host");
            if (candidate.Protocol == TransportProtocol.Tcp) text.Append(" tcptype passive");
            text.Append("\r\n");
        }

        text.Append("a=end-of-candidates\r\n");
    }

    /// <summary>The address as SDP writes it: an IPv4-mapped one as IPv4, no IPv6 zone.</summary>
    public static string AddressOf(HostCandidate candidate)
    {
        var address = candidate.Address.IsIPv4MappedToIPv6 ? candidate.Address.MapToIPv4() : candidate.Address;
        if (address.AddressFamily != AddressFamily.InterNetworkV6) return address.ToString();
        return new System.Net.IPAddress(address.GetAddressBytes()).ToString();
    }

    /// <summary>RFC 8445 §5.1.2.1 for component 1; earlier candidates are preferred.</summary>
    internal static uint Priority(TransportProtocol protocol, int index)
    {
        var (type, local) = protocol == TransportProtocol.Udp
            ? (UdpTypePreference, (uint)Math.Max(0, ushort.MaxValue - index))
            : (TcpTypePreference, (PassivePreference << 13) + (uint)Math.Max(0, 0x1fff - index));
        return (type << 24) + (local << 8) + 255;
    }

    /// <summary>Candidates of one address and protocol share it (RFC 8445 §5.1.1.3).</summary>
    private static int Foundation(IReadOnlyList<HostCandidate> candidates, int index)
    {
        for (var i = 0; i < index; i++)
        {
            if (candidates[i].Protocol == candidates[index].Protocol && candidates[i].Address.Equals(candidates[index].Address)) return i + 1;
        }

        return index + 1;
    }
}
