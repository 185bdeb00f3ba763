using System.Diagnostics.CodeAnalysis;
using System.Text;
using Pendopo.Rtc.Ice;

namespace Pendopo.Rtc.Sdp;

/// <summary>
/// A fragment of <c>application/trickle-ice-sdpfrag</c> (RFC 8840 §9), which WHIP and WHEP clients send by PATCH to add
/// candidates or to restart ICE (RFC 9725 §4.3.1). As an ICE-lite agent we need no candidates of the peer, so only its
/// credentials count: other ones than before mean a restart.
/// </summary>
/// <param name="Ice">The peer's credentials; null if the fragment carries none.</param>
/// <param name="MediaLine">The first m-line's value, repeated in our fragment; null if there was none.</param>
/// <param name="Mid">The mid of that m-line; null if it has none.</param>
public sealed record SdpFragment(IceCredentials? Ice, string? MediaLine, string? Mid)
{
    /// <summary>Characters: thousands of candidates.</summary>
    private const int LongestFragment = 64 * 1024;

    private const string DefaultMediaLine = "audio 9 UDP/TLS/RTP/SAVPF 0";

    public static bool TryParse(string text, [NotNullWhen(true)] out SdpFragment? fragment, [NotNullWhen(false)] out SdpError? error)
    {
        ArgumentNullException.ThrowIfNull(text);
        fragment = null;
        if (text.Length > LongestFragment)
        {
            error = new($"the fragment has {text.Length} characters; at most {LongestFragment} are allowed");
            return false;
        }

        var session = new TransportAttributes();
        var media = new TransportAttributes();
        string? mediaLine = null, mid = null;
        var mediaLines = 0;
        var lines = new SdpLines(text);
        while (lines.MoveNext())
        {
            string? problem = null;
            var value = lines.Value;
            if (lines.Type == 'm')
            {
                mediaLines++;
                if (!IsMediaLine(value)) problem = "the m-line needs a media type, a port, a protocol and a format";
                else mediaLine ??= value.ToString();
            }
            else if (lines.Type == 'a')
            {
                var name = SdpText.Take(ref value, ':');
                // Several m-lines of one bundle share a transport; the first one speaks for it.
                if (mediaLines < 2) problem = (mediaLines == 0 ? session : media).Take(name, value, out _);
                if (mediaLines == 1 && name is "mid" && mid is null)
                {
                    if (SdpText.IsToken(value)) mid = value.ToString();
                    else problem = $"a=mid:{SdpText.Quote(value)} is not a token";
                }
            }
            else
            {
                problem = $"{lines.Type}= does not belong into a fragment";
            }

            if (problem is null) continue;
            error = new(problem, lines.Number);
            return false;
        }

        var ice = media.CredentialsOr(session);
        var hasPart = media.UsernameFragment ?? media.Password ?? session.UsernameFragment ?? session.Password;
        error = lines.Problem is not null ? new(lines.Problem, lines.Number)
            : ice is null && hasPart is not null ? new("a=ice-ufrag and a=ice-pwd must come together")
            : null;
        if (error is not null) return false;
        fragment = new(ice, mediaLine, mid);
        return true;
    }

    /// <summary>Our side of an ICE restart, as the body of the answer to a PATCH.</summary>
    public string WriteRestart(IceCredentials local, IReadOnlyList<HostCandidate> candidates)
    {
        ArgumentNullException.ThrowIfNull(local);
        ArgumentNullException.ThrowIfNull(candidates);
        var text = new StringBuilder("a=ice-lite\r\na=ice-options:ice2\r\n");
        if (Mid is not null) text.Append("a=group:BUNDLE ").Append(Mid).Append("\r\n");
        text.Append("m=").Append(MediaLine ?? DefaultMediaLine).Append("\r\n");
        if (Mid is not null) text.Append("a=mid:").Append(Mid).Append("\r\n");
        text.Append("a=ice-ufrag:").Append(local.UsernameFragment).Append("\r\n");
        text.Append("a=ice-pwd:").Append(local.Password).Append("\r\n");
        CandidateLines.Append(text, candidates);
        return text.ToString();
    }

    private static bool IsMediaLine(ReadOnlySpan<char> value) =>
        SdpText.IsToken(SdpText.Word(ref value)) && SdpText.TryNumber(SdpText.Word(ref value), ushort.MaxValue, out _) &&
        !SdpText.Word(ref value).IsEmpty && !SdpText.Word(ref value).IsEmpty;
}
