using Microsoft.EntityFrameworkCore;
using Pendopo.Control.Storage;

namespace Pendopo.Control.Schedule;

/// <summary>Puts the mails of a change into the outbox, in the transaction of the change.</summary>
internal sealed class Announcement(ControlDbContext context, MailFrame frame, DateTimeOffset now)
{
    /// <summary>Messages of one organiser within a day: an account that somebody took must not become a source of spam.</summary>
    public const int MostPerDay = 1000;

    public async Task<ControlError> SendAsync(
        ScheduledMeeting meeting, string organizerName, IReadOnlyList<(string Address, MailOccasion Occasion)> mails, CancellationToken cancellation)
    {
        if (mails.Count == 0) return ControlError.None;
        var yesterday = (now - TimeSpan.FromDays(1)).ToUnixTimeMilliseconds();
        var written = await context.OutgoingMails.CountAsync(mail => mail.OrganizerId == meeting.OrganizerId && mail.CreatedAt > yesterday, cancellation);
        if (written + mails.Count > MostPerDay) return ControlError.TooManyMails;

        // What has not been sent of earlier versions is of no use any more.
        await context.OutgoingMails.Where(mail => mail.MeetingId == meeting.Id && mail.SentAt == null).ExecuteUpdateAsync(
            set => set.SetProperty(mail => mail.DueAt, (long?)null).SetProperty(mail => mail.Text, "").SetProperty(mail => mail.Calendar, "").SetProperty(mail => mail.Subject, ""), cancellation);
        context.OutgoingMails.AddRange(mails.Select(mail => Write(meeting, organizerName, mail.Address, mail.Occasion)));
        return ControlError.None;
    }

    private OutgoingMail Write(ScheduledMeeting meeting, string organizerName, string recipient, MailOccasion occasion)
    {
        var invitation = Invitation.Of(meeting, organizerName, recipient, frame, now);
        var words = new InvitationWords(invitation);
        var method = occasion == MailOccasion.Cancelled ? InvitationCalendar.Cancel : InvitationCalendar.Request;
        return new OutgoingMail
        {
            Id = Guid.NewGuid(),
            MeetingId = meeting.Id,
            OrganizerId = meeting.OrganizerId,
            Recipient = recipient,
            Subject = words.Subject(occasion),
            Text = words.Text(occasion),
            Calendar = InvitationCalendar.Write(invitation, method),
            Method = method,
            Version = meeting.Version,
            CreatedAt = now.ToUnixTimeMilliseconds(),
            DueAt = now.ToUnixTimeMilliseconds(),
        };
    }
}
