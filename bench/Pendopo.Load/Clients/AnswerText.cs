using System.Text;
using Pendopo.Rtc.Ice;

namespace Pendopo.Load.Clients;

/// <summary>Answers a server's offer: takes everything, receives, is the DTLS client.</summary>
internal static class AnswerText
{
    public static string Write(SessionText offer, IceCredentials ice, ReadOnlyMemory<byte> fingerprint, string candidates)
    {
        var text = new StringBuilder("v=0\r\no=- 4611731400430051337 1 IN IP4 127.0.0.1\r\ns=-\r\nt=0 0\r\n");
        text.Append($"a=group:BUNDLE {string.Join(' ', offer.Media.Select(static media => media.Mid))}\r\n");
        var transport = OfferText.Transport(ice, fingerprint, "active");
        foreach (var media in offer.Media)
        {
            text.Append($"m={media.Kind} 9 UDP/TLS/RTP/SAVPF {string.Join(' ', media.PayloadTypes)}\r\nc=IN IP4 0.0.0.0\r\n");
            text.Append(transport).Append(candidates).Append($"a=mid:{media.Mid}\r\n");
            foreach (var line in media.Formats) text.Append(line).Append("\r\n");
            text.Append("a=recvonly\r\na=rtcp-mux\r\n");
        }

        return text.ToString();
    }
}
