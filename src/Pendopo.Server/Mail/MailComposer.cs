using System.Text;
using MimeKit;
using Pendopo.Control.Schedule;

namespace Pendopo.Server.Mail;

/// <summary>Makes a message of a mail in the outbox: plain text, the calendar as an alternative that mail programs offer to accept, and as a file for the others.</summary>
internal static class MailComposer
{
    private const string SenderName = "Pendopo";

    public static MimeMessage Compose(OutgoingMail mail, string sender, DateTimeOffset now)
    {
        var message = new MimeMessage
        {
            Subject = mail.Subject,
            Date = now,
            MessageId = $"{mail.Id:N}@{sender[(sender.LastIndexOf('@') + 1)..]}",
        };
        message.From.Add(new MailboxAddress(SenderName, sender));
        message.To.Add(new MailboxAddress("", mail.Recipient));
        // No answers of machines to a machine (RFC 3834).
        message.Headers.Add("Auto-Submitted", "auto-generated");
        var words = new TextPart("plain");
        words.SetText(Encoding.UTF8, mail.Text);
        message.Body = new Multipart("mixed") { new MultipartAlternative { words, Calendar(mail) }, File(mail) };
        return message;
    }

    /// <summary>RFC 6047 §2.4: the method stands in the content type too.</summary>
    private static TextPart Calendar(OutgoingMail mail)
    {
        var part = new TextPart("calendar");
        part.SetText(Encoding.UTF8, mail.Calendar);
        part.ContentType.Parameters.Add("method", mail.Method);
        part.ContentTransferEncoding = ContentEncoding.Base64;
        return part;
    }

    private static MimePart File(OutgoingMail mail)
    {
        var part = new MimePart("application", "ics")
        {
            Content = new MimeContent(new MemoryStream(Encoding.UTF8.GetBytes(mail.Calendar))),
            ContentDisposition = new ContentDisposition(ContentDisposition.Attachment) { FileName = "rapat.ics" },
            ContentTransferEncoding = ContentEncoding.Base64,
        };
        part.ContentType.Name = "rapat.ics";
        return part;
    }
}
