namespace Pendopo.Control.Users;

/// <summary>By whom else an account's person is known: the subject of an OpenID provider (OpenID Connect Core 1.0, section 2: the pair is unique and never reassigned).</summary>
public sealed class ExternalIdentity
{
    /// <summary>Longest issuer and subject. The standard bounds the subject at 255 ASCII characters; issuers are URLs of the operator's own settings.</summary>
    public const int Maximum = 255;

    public required string Issuer { get; init; }

    public required string Subject { get; init; }

    public required AccountId AccountId { get; init; }

    /// <summary>Milliseconds since 1970-01-01 UTC.</summary>
    public required long CreatedAt { get; init; }
}

/// <summary>Whom a provider vouches for, by a verified ID token.</summary>
/// <param name="Name">What the provider calls the person; null where it says nothing.</param>
public sealed record ExternalPerson(string Issuer, string Subject, string? Name)
{
    internal bool IsWellFormed => Issuer.Length is > 0 and <= ExternalIdentity.Maximum && Subject.Length is > 0 and <= ExternalIdentity.Maximum;
}
