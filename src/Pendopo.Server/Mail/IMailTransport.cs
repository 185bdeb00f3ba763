using MimeKit;
using Pendopo.Control.Schedule;

namespace Pendopo.Server.Mail;

/// <summary>The way out for mails.</summary>
internal interface IMailTransport
{
    /// <summary>Null: taken. A refusal is a value; only a fault of ours throws.</summary>
    Task<MailFailure?> SendAsync(MimeMessage message, CancellationToken cancellation);
}
