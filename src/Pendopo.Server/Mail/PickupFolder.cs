using MimeKit;
using Pendopo.Control.Schedule;

namespace Pendopo.Server.Mail;

/// <summary>Puts each mail into a folder as a file (RFC 5322). A file that bears the name of a mail is whole.</summary>
internal sealed class PickupFolder(string folder) : IMailTransport
{
    public async Task<MailFailure?> SendAsync(MimeMessage message, CancellationToken cancellation)
    {
        try
        {
            Directory.CreateDirectory(folder);
            var name = Path.Combine(folder, $"{message.Date.UtcDateTime:yyyyMMddTHHmmssfff}-{Guid.NewGuid():N}");
            await message.WriteToAsync(name + ".part", cancellation);
            File.Move(name + ".part", name + ".eml");
            return null;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return MailFailure.Unreachable;
        }
    }
}
