using System.Text;
using Pendopo.Control.Users;

namespace Pendopo.Control.Schedule;

/// <summary>The rules for what an organiser writes about a meeting. What passes is plain text: mails, calendars and pages show it as it is.</summary>
public static class MeetingText
{
    /// <summary>Longest title in UTF-16 code units.</summary>
    public const int TitleMaximum = 120;

    public const int AgendaMaximum = 4000;

    /// <summary>One line, not empty, with nothing unseen in it.</summary>
    public static bool TryTitle(string? text, out string title) => TryNormalize(text, TitleMaximum, mayBreak: false, out title) && title.Length > 0;

    /// <summary>Any number of lines, or nothing.</summary>
    public static bool TryAgenda(string? text, out string agenda) => TryNormalize(text, AgendaMaximum, mayBreak: true, out agenda);

    private static bool TryNormalize(string? text, int maximum, bool mayBreak, out string normal)
    {
        normal = "";
        if (text is null || text.Length > 4 * maximum) return false;
        var lines = text.ReplaceLineEndings("\n");
        foreach (var rune in lines.EnumerateRunes())
        {
            if (rune.Value == '\n' && mayBreak) continue;
            if (rune == Rune.ReplacementChar || !PersonName.IsVisible(rune)) return false;
        }

        var composed = lines.Normalize(NormalizationForm.FormC).Trim();
        if (composed.Length > maximum) return false;
        normal = composed;
        return true;
    }
}
