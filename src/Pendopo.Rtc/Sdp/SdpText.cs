using System.Buffers;
using System.Globalization;
using System.Text;

namespace Pendopo.Rtc.Sdp;

/// <summary>The lexical rules of SDP (RFC 8866 §9) and ICE attributes (RFC 8839 §5).</summary>
internal static class SdpText
{
    private const string Alphanumeric = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";

    private static readonly SearchValues<char> TokenCharacters = SearchValues.Create(Alphanumeric + "!#$%&'*+-.^_`{|}~");
    private static readonly SearchValues<char> IceCharacters = SearchValues.Create(Alphanumeric + "+/");
    private static readonly SearchValues<char> RidCharacters = SearchValues.Create(Alphanumeric + "-_");

    public static bool IsToken(ReadOnlySpan<char> text) => !text.IsEmpty && !text.ContainsAnyExcept(TokenCharacters);

    public static bool IsIceText(ReadOnlySpan<char> text) => !text.ContainsAnyExcept(IceCharacters);

    public static bool IsRid(ReadOnlySpan<char> text) => !text.IsEmpty && !text.ContainsAnyExcept(RidCharacters);

    /// <summary>A decimal number of digits alone: no sign, no space.</summary>
    public static bool TryNumber(ReadOnlySpan<char> text, uint maximum, out uint value) =>
        uint.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out value) && value <= maximum;

    /// <summary>Takes the text up to the separator (or all of it) from the front of <paramref name="rest"/>.</summary>
    public static ReadOnlySpan<char> Take(scoped ref ReadOnlySpan<char> rest, char separator)
    {
        var end = rest.IndexOf(separator);
        var part = end < 0 ? rest : rest[..end];
        rest = end < 0 ? [] : rest[(end + 1)..];
        return part;
    }

    /// <summary>Takes the next word; empty at the end. Several spaces count as one.</summary>
    public static ReadOnlySpan<char> Word(scoped ref ReadOnlySpan<char> rest)
    {
        rest = rest.TrimStart(' ');
        return Take(ref rest, ' ');
    }

    /// <summary>The peer's text for a message: short, in quotation marks, without control characters.</summary>
    public static string Quote(ReadOnlySpan<char> text)
    {
        const int longest = 48;
        var quoted = new StringBuilder("'");
        foreach (var character in text[..Math.Min(longest, text.Length)])
        {
            quoted.Append(char.IsControl(character) || char.IsSurrogate(character) ? '?' : character);
        }

        return quoted.Append(text.Length > longest ? "…'" : "'").ToString();
    }
}
