using System.Globalization;
using System.Text;

namespace Pendopo.Control.Users;

/// <summary>The rules for names of people, as certificates bear them (docs/e2ee.md §5): a name that passes here passes in every client.</summary>
public static class PersonName
{
    /// <summary>Longest name in UTF-16 code units, so never more characters than that.</summary>
    public const int Maximum = 80;

    /// <summary>
    /// Trims and composes (NFC). Refuses empty and too long names and what is not seen or means nothing to others: controls, separators,
    /// private and unassigned characters, lone surrogates, and format characters except the two joiners that some scripts need.
    /// </summary>
    public static bool TryNormalize(string? text, out string name)
    {
        name = "";
        // A composed character may take several code units; the bound before normalising keeps the work small.
        if (text is null || text.Length > 4 * Maximum) return false;
        foreach (var rune in text.EnumerateRunes())
        {
            if (rune == Rune.ReplacementChar || !IsVisible(rune)) return false;
        }

        var normal = text.Normalize(NormalizationForm.FormC).Trim();
        if (normal.Length is 0 or > Maximum) return false;
        name = normal;
        return true;
    }

    /// <summary>True for what is seen and means the same to others.</summary>
    internal static bool IsVisible(Rune rune) => Rune.GetUnicodeCategory(rune) switch
    {
        UnicodeCategory.Control or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator => false,
        UnicodeCategory.PrivateUse or UnicodeCategory.OtherNotAssigned or UnicodeCategory.Surrogate => false,
        UnicodeCategory.Format => rune.Value is 0x200C or 0x200D,
        _ => true,
    };
}
