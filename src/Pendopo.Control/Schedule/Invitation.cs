namespace Pendopo.Control.Schedule;

/// <summary>All that a mail to one recipient tells.</summary>
/// <param name="Version">SEQUENCE; the same UID with a higher one replaces what a calendar has.</param>
/// <param name="Link">Whole, fragment included.</param>
/// <param name="Sender">The mailbox that the server writes from.</param>
internal sealed record Invitation(
    string Uid, int Version, string Title, string Agenda, MeetingTimes Times, LabelPolicy Label, bool GuestsAllowed, string OrganizerName, Uri Link, string Sender, string Recipient,
    DateTimeOffset WrittenAt)
{
    public static Invitation Of(ScheduledMeeting meeting, string organizerName, string recipient, MailFrame frame, DateTimeOffset now) => new(
        meeting.Uid, meeting.Version, meeting.Title, meeting.Agenda, meeting.Times, LabelPolicy.Of(meeting.LabelRank), meeting.GuestsAllowed, organizerName,
        new Uri($"{frame.Origin}/m/{meeting.MeetingId}#{meeting.Fragment}"), frame.Sender, recipient, now);
}

/// <summary>What all mails of the installation have in common.</summary>
/// <param name="Origin">Where links lead: scheme, host and port.</param>
/// <param name="Sender">A mailbox.</param>
public sealed record MailFrame(string Origin, string Sender);
