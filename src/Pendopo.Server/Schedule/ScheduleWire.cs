using Pendopo.Control.Schedule;
using Pendopo.Control.Users;
using Pendopo.Signaling;

namespace Pendopo.Server.Schedule;

/// <summary>Scheduled meetings in the forms of the wire, and back.</summary>
internal static class ScheduleWire
{
    public static ScheduledMeetingInfo ToWire(this ListedMeeting listed, DateTimeOffset now)
    {
        var meeting = listed.Meeting;
        var next = meeting.CancelledAt is null ? meeting.Times.NextAt(now)?.ToUnixTimeMilliseconds() : null;
        return new ScheduledMeetingInfo(
            meeting.Id.ToString(), meeting.Version, meeting.Uid, meeting.MeetingId, meeting.Fragment, meeting.Title, meeting.Agenda, meeting.LabelRank, meeting.GuestsAllowed,
            ToWire(meeting.Times), next, meeting.EndsAt, meeting.CancelledAt is not null, listed.OrganizerName, listed.IsOwn, [.. listed.People.Select(ToWire)]);
    }

    /// <summary>Null: a person is neither an account id nor an address, or both.</summary>
    public static MeetingDraft? ToDraft(string title, string agenda, ScheduleTimes times, IReadOnlyList<InviteeRequest> people)
    {
        var invitees = new List<Invitee>();
        foreach (var person in people)
        {
            if (ToInvitee(person) is not { } invitee) return null;
            invitees.Add(invitee);
        }

        return new MeetingDraft(title, agenda, new MeetingTimes(times.Start, times.DurationMinutes, FromWire(times.Zone), FromWire(times.Repeat), times.Count), invitees);
    }

    private static Invitee? ToInvitee(InviteeRequest? person)
    {
        if (person is null || (person.AccountId is null) == (person.Address is null)) return null;
        if (person.AccountId is null) return new Invitee(null, person.Address);
        return AccountId.TryParse(person.AccountId, out var account) ? new Invitee(account, null) : null;
    }

    private static ScheduleTimes ToWire(MeetingTimes times) => new(times.Start, times.DurationMinutes, ToWire(times.Zone), ToWire(times.Repetition), times.Count);

    private static InvitedPerson ToWire(ListedPerson person) => new(
        person.Account?.ToString(), person.Name, person.Address,
        person.Mail is not { } mail ? null : mail.IsSent ? InvitationMail.Sent : mail.WillRetry ? InvitationMail.Waiting : InvitationMail.Failed,
        person.Mail?.Failure switch
        {
            null => null,
            MailFailure.Unreachable => InvitationFailure.Unreachable,
            MailFailure.RecipientRefused => InvitationFailure.RecipientRefused,
            _ => InvitationFailure.Refused,
        });

    // An unknown number stays unknown, for the rules to refuse.
    private static IndonesianZone FromWire(ScheduleZone zone) => (IndonesianZone)zone;

    private static ScheduleZone ToWire(IndonesianZone zone) => (ScheduleZone)zone;

    private static Repetition FromWire(ScheduleRepeat repeat) => (Repetition)repeat;

    private static ScheduleRepeat ToWire(Repetition repetition) => (ScheduleRepeat)repetition;
}
