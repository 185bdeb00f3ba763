namespace Pendopo.Server.Options;

/// <summary>How invitations leave. Without a mail server they are put into a folder, where an operator or a mail system picks them up.</summary>
public sealed record MailOptions
{
    /// <summary>The mailbox that mails come from; null: <c>pendopo@</c> the host where people sign in.</summary>
    public string? From { get; init; }

    /// <summary>Name or address of the mail server (SMTP); null: the folder.</summary>
    public string? SmtpHost { get; init; }

    /// <summary>587 is submission (RFC 6409); 465 with <see cref="MailSecurity.Tls"/>.</summary>
    public int SmtpPort { get; init; } = 587;

    public MailSecurity Security { get; init; } = MailSecurity.StartTls;

    /// <summary>Null: the server asks for none.</summary>
    public string? UserName { get; init; }

    public string? Password { get; init; }

    /// <summary>One file in the form of RFC 5322 per mail; null: <c>mail</c> in the data folder.</summary>
    public string? PickupFolder { get; init; }

    /// <summary>A mail server that is silent for this long is taken as down.</summary>
    public TimeSpan Patience { get; init; } = TimeSpan.FromSeconds(30);
}

public enum MailSecurity
{
    /// <summary>STARTTLS, and nothing is said before it (RFC 3207).</summary>
    StartTls,

    /// <summary>TLS from the first byte (RFC 8314).</summary>
    Tls,

    /// <summary>In the clear: for a mail server on this machine or behind a tunnel.</summary>
    None,
}
