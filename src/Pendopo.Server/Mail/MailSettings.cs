using Pendopo.Control.Schedule;
using Pendopo.Server.Accounts;
using Pendopo.Server.Options;

namespace Pendopo.Server.Mail;

/// <summary>What mails of this installation say of it.</summary>
internal sealed class MailSettings(PendopoOptions options, CanonicalOrigin origin)
{
    private const string Folder = "mail";

    public string Sender => options.Mail.From ?? $"pendopo@{origin.Host}";

    /// <summary>Links lead to the one origin at which people sign in.</summary>
    public MailFrame Frame => new(origin.Value, Sender);

    public static IMailTransport CreateTransport(PendopoOptions options) => options.Mail.SmtpHost is null
        ? new PickupFolder(options.Mail.PickupFolder ?? Path.Combine(options.DataFolder, Folder))
        : new SmtpTransport(options.Mail);
}
