using Pendopo.Control.Users;

namespace Pendopo.Control.Schedule;

/// <summary>What an organiser says of a meeting, as it came.</summary>
public sealed record MeetingDraft(string? Title, string? Agenda, MeetingTimes Times, IReadOnlyList<Invitee> People);

/// <summary>Exactly one of the two is given.</summary>
public sealed record Invitee(AccountId? Account, string? Address);

/// <summary>A draft that has been found sound.</summary>
internal sealed record CheckedDraft(string Title, string Agenda, MeetingTimes Times, IReadOnlyList<Invitee> People)
{
    /// <summary>More are a public event, which a link on a page serves better.</summary>
    public const int MostPeople = 100;

    public static ControlError Check(MeetingDraft draft, DateTimeOffset now, out CheckedDraft? sound)
    {
        sound = null;
        if (!MeetingText.TryTitle(draft.Title, out var title)) return ControlError.InvalidTitle;
        if (!MeetingText.TryAgenda(draft.Agenda, out var agenda)) return ControlError.InvalidAgenda;
        if (!draft.Times.IsSound(now)) return ControlError.InvalidTime;
        if (draft.People.Count > MostPeople) return ControlError.InvalidPeople;
        var people = new Dictionary<string, Invitee>(StringComparer.Ordinal);
        foreach (var person in draft.People)
        {
            if (Read(person) is not { } read) return ControlError.InvalidPeople;
            people.TryAdd(KeyOf(read), read);
        }

        sound = new CheckedDraft(title, agenda, draft.Times, [.. people.Values]);
        return ControlError.None;
    }

    public static string KeyOf(Invitee person) => person.Account?.ToString() ?? MailAddress.KeyOf(person.Address!);

    private static Invitee? Read(Invitee person)
    {
        if (person.Account is not null) return person.Address is null ? person : null;
        return MailAddress.TryParse(person.Address, out var address) ? new Invitee(null, address) : null;
    }
}
