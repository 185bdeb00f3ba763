using System.Globalization;
using System.Text;

namespace Pendopo.Control.Schedule;

/// <summary>An invitation in words, in Indonesian and then in English: the server does not know which a mailbox reads.</summary>
internal sealed class InvitationWords(Invitation invitation)
{
    private static readonly string[] DaysId = ["Minggu", "Senin", "Selasa", "Rabu", "Kamis", "Jumat", "Sabtu"];

    private static readonly string[] MonthsId =
        ["Januari", "Februari", "Maret", "April", "Mei", "Juni", "Juli", "Agustus", "September", "Oktober", "November", "Desember"];

    private static CultureInfo English => CultureInfo.InvariantCulture;

    /// <summary>Nothing of the matter where the label forbids it.</summary>
    public string Title => invitation.Label.TitleInMail ? invitation.Title : "Rapat / Meeting";

    public string Description => string.Join("\n\n", Agenda(), $"{invitation.Link.AbsoluteUri}", $"{DoorId}\n{DoorEn}").Trim();

    private string DoorId => invitation.GuestsAllowed
        ? "Tautan ini tidak memberi hak masuk: Anda mengetuk, dan tuan rumah yang mengizinkan masuk."
        : "Rapat terbatas: hanya pemilik akun lembaga yang dapat masuk. Tautan ini tidak memberi hak masuk.";

    private string DoorEn => invitation.GuestsAllowed
        ? "This link gives no right to enter: you knock, and the host lets you in."
        : "Restricted meeting: only holders of the institution's accounts can enter. This link gives no right to enter.";

    /// <summary>"Senin, 20 April 2020 pukul 14.00 WIB"</summary>
    public static string LongDateId(DateTimeOffset local, IndonesianZone zone) => string.Create(
        English, $"{DaysId[(int)local.DayOfWeek]}, {local.Day} {MonthsId[local.Month - 1]} {local.Year} pukul {local:HH}.{local:mm} {IndonesianZones.NameOf(zone)}");

    /// <summary>"Monday, 20 April 2020, 14:00 WIB"</summary>
    public static string LongDateEn(DateTimeOffset local, IndonesianZone zone) =>
        string.Create(English, $"{local:dddd}, {local.Day} {local:MMMM} {local.Year}, {local:HH}:{local:mm} {IndonesianZones.NameOf(zone)}");

    public string Subject(MailOccasion occasion) => $"{Heads(occasion).Id}: {Title} – {LongDateId(invitation.Times.LocalStart, invitation.Times.Zone)}";

    public string Text(MailOccasion occasion)
    {
        var (id, en) = Heads(occasion);
        var isOff = occasion == MailOccasion.Cancelled;
        var text = new StringBuilder();
        Write(text, id, ("Rapat", "Waktu", "Pengundang"), LongDateId(invitation.Times.LocalStart, invitation.Times.Zone), LengthId(), RepetitionId());
        if (!isOff) text.Append('\n').Append("Masuk lewat tautan ini, seutuhnya:\n").Append(invitation.Link.AbsoluteUri).Append("\n\n").Append(DoorId).Append('\n');
        text.Append("\n----------\n\n");
        Write(text, en, ("Meeting", "Time", "Invited by"), LongDateEn(invitation.Times.LocalStart, invitation.Times.Zone), LengthEn(), RepetitionEn());
        if (!isOff) text.Append('\n').Append("Enter by this link, whole:\n").Append(invitation.Link.AbsoluteUri).Append("\n\n").Append(DoorEn).Append('\n');
        if (!isOff && Agenda() is { Length: > 0 } agenda) text.Append("\n----------\n\nAgenda\n\n").Append(agenda).Append('\n');
        return text.ToString();
    }

    private static (string Id, string En) Heads(MailOccasion occasion) => occasion switch
    {
        MailOccasion.Changed => ("Perubahan undangan rapat", "Changed invitation"),
        MailOccasion.Cancelled => ("Rapat dibatalkan", "Meeting cancelled"),
        _ => ("Undangan rapat", "Invitation to a meeting"),
    };

    private void Write(StringBuilder text, string head, (string Meeting, string Time, string By) names, string date, string length, string? repetition)
    {
        text.Append(head).Append("\n\n").Append(names.Meeting).Append(": ").Append(Title).Append('\n');
        text.Append(names.Time).Append(": ").Append(date).Append(" (").Append(length).Append(")\n");
        if (repetition is not null) text.Append(repetition).Append('\n');
        text.Append(names.By).Append(": ").Append(invitation.OrganizerName).Append('\n');
    }

    private string Agenda() => invitation.Label.TitleInMail ? invitation.Agenda : "";

    private string LengthId() => Length("jam", "menit");

    private string LengthEn() => Length(invitation.Times.DurationMinutes is >= 60 and < 120 ? "hour" : "hours", invitation.Times.DurationMinutes % 60 == 1 ? "minute" : "minutes");

    private string Length(string hour, string minute)
    {
        var (hours, minutes) = Math.DivRem(invitation.Times.DurationMinutes, 60);
        string[] parts = [hours > 0 ? $"{hours} {hour}" : "", minutes > 0 ? $"{minutes} {minute}" : ""];
        return string.Join(' ', parts.Where(part => part.Length > 0));
    }

    private string? RepetitionId() => invitation.Times.Repetition switch
    {
        Repetition.Daily => $"Setiap hari, {invitation.Times.Count} kali",
        Repetition.Weekdays => $"Setiap hari kerja, {invitation.Times.Count} kali",
        Repetition.Weekly => $"Setiap minggu, {invitation.Times.Count} kali",
        Repetition.Monthly => $"Setiap bulan, {invitation.Times.Count} kali",
        _ => null,
    };

    private string? RepetitionEn() => invitation.Times.Repetition switch
    {
        Repetition.Daily => $"Every day, {invitation.Times.Count} times",
        Repetition.Weekdays => $"Every working day, {invitation.Times.Count} times",
        Repetition.Weekly => $"Every week, {invitation.Times.Count} times",
        Repetition.Monthly => $"Every month, {invitation.Times.Count} times",
        _ => null,
    };
}

/// <summary>What a mail tells.</summary>
internal enum MailOccasion
{
    Invited,
    Changed,
    Cancelled,
}
