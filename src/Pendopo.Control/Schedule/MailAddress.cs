using System.Diagnostics.CodeAnalysis;

namespace Pendopo.Control.Schedule;

/// <summary>
/// An address that mail is sent to. Stricter than RFC 5321 on purpose: a dot-atom of ASCII at a domain of at least two labels; no quotes, comments,
/// address literals or lists, so that nothing in it can become a header or a second recipient.
/// </summary>
public static class MailAddress
{
    /// <summary>RFC 5321 §4.5.3.1, less the angle brackets.</summary>
    public const int Maximum = 254;

    private const int LocalMaximum = 64;
    private const int LabelMaximum = 63;
    private const string AtomSigns = "!#$%&'*+-/=?^_`{|}~";

    /// <summary>Trims, and writes the domain in lower case. Nothing else is derived from the domain, here or anywhere.</summary>
    public static bool TryParse(string? text, [NotNullWhen(true)] out string? address)
    {
        address = null;
        if (text is null || text.Length > 2 * Maximum) return false;
        var trimmed = text.Trim(' ');
        var at = trimmed.LastIndexOf('@');
        if (trimmed.Length > Maximum || at is < 1 or > LocalMaximum) return false;
        var (local, domain) = (trimmed[..at], trimmed[(at + 1)..].ToLowerInvariant());
        if (!Array.TrueForAll(local.Split('.'), IsAtom)) return false;
        var labels = domain.Split('.');
        if (labels.Length < 2 || !Array.TrueForAll(labels, IsLabel) || labels[^1].All(char.IsAsciiDigit)) return false;
        address = $"{local}@{domain}";
        return true;
    }

    /// <summary>What tells two people apart: hardly any host has two mailboxes that differ in case alone.</summary>
    public static string KeyOf(string address) => address.ToLowerInvariant();

    private static bool IsAtom(string part) => part.Length > 0 && part.All(character => char.IsAsciiLetterOrDigit(character) || AtomSigns.Contains(character, StringComparison.Ordinal));

    private static bool IsLabel(string label) =>
        label.Length is > 0 and <= LabelMaximum && label.All(character => char.IsAsciiLetterOrDigit(character) || character == '-') && label[0] != '-' && label[^1] != '-';
}
