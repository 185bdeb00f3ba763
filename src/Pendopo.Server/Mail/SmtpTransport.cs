using System.Net.Sockets;
using MailKit;
using MailKit.Net.Smtp;
using MailKit.Security;
using MimeKit;
using Pendopo.Control.Schedule;
using Pendopo.Server.Options;

namespace Pendopo.Server.Mail;

/// <summary>Hands each mail to the institution's mail server (RFC 5321). A connection per mail: there are few, and none is kept open for the next.</summary>
internal sealed class SmtpTransport(MailOptions options) : IMailTransport
{
    public async Task<MailFailure?> SendAsync(MimeMessage message, CancellationToken cancellation)
    {
        // Asking about revocation would contact the certificate authority's host: no third party learns when somebody is invited.
        using var client = new SmtpClient { Timeout = (int)options.Patience.TotalMilliseconds, CheckCertificateRevocation = false };
        try
        {
            await client.ConnectAsync(options.SmtpHost!, options.SmtpPort, SecurityOf(options.Security), cancellation);
            if (options.UserName is { } user) await client.AuthenticateAsync(user, options.Password ?? "", cancellation);
            await client.SendAsync(message, cancellation);
            await client.DisconnectAsync(quit: true, cancellation);
            return null;
        }
        catch (SmtpCommandException error)
        {
            // 4xx is "later", whatever it concerns (RFC 5321 §4.2.1).
            if ((int)error.StatusCode < 500) return MailFailure.Unreachable;
            return error.ErrorCode == SmtpErrorCode.RecipientNotAccepted ? MailFailure.RecipientRefused : MailFailure.Refused;
        }
        catch (Exception error) when (error is SmtpProtocolException or SocketException or IOException or SslHandshakeException or TimeoutException)
        {
            return MailFailure.Unreachable;
        }
        catch (Exception error) when (error is MailKit.Security.AuthenticationException or System.Security.Authentication.AuthenticationException or NotSupportedException or ServiceNotAuthenticatedException)
        {
            return MailFailure.Refused;
        }
    }

    private static SecureSocketOptions SecurityOf(MailSecurity security) => security switch
    {
        MailSecurity.Tls => SecureSocketOptions.SslOnConnect,
        MailSecurity.None => SecureSocketOptions.None,
        _ => SecureSocketOptions.StartTls,
    };
}
