using System.Globalization;
using System.Text;

namespace Pendopo.Meetings.Domain;

/// <summary>The rules for what others read of what a person wrote, where the server can read it too.</summary>
public static class PlainText
{
    /// <summary>
    /// Trims and composes (NFC); refuses empty and too long names, lone surrogates, and characters that are not seen:
    /// controls, line separators, and format characters (bidirectional overrides let a name imitate another), except
    /// the joiners that some scripts and emoji need.
    /// </summary>
    /// <param name="maximum">Characters after trimming.</param>
    /// <param name="hasLines">Line feeds are let pass.</param>
    public static bool TryNormalize(string? text, int maximum, bool hasLines, out string plain)
    {
        plain = "";
        // A composed character may take several code units; the bound before normalising keeps the work small.
        if (text is null || text.Length > 4 * maximum) return false;
        foreach (var rune in text.EnumerateRunes())
        {
            if (rune == Rune.ReplacementChar) return false;
            if (hasLines && rune.Value == '\n') continue;
            var category = Rune.GetUnicodeCategory(rune);
            if (category is UnicodeCategory.Control or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator) return false;
            if (category is UnicodeCategory.Format && rune.Value is not (0x200C or 0x200D)) return false;
        }

        var normal = text.Normalize(NormalizationForm.FormC).Trim();
        if (normal.Length == 0 || normal.Length > maximum) return false;
        plain = normal;
        return true;
    }
}
