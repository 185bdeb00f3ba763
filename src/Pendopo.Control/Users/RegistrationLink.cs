namespace Pendopo.Control.Users;

/// <summary>What a one-time link is for.</summary>
public enum LinkPurpose
{
    /// <summary>Makes the first administrator of the installation.</summary>
    FirstAdministrator,

    /// <summary>Makes the account of somebody whom an administrator invites.</summary>
    Invitation,

    /// <summary>Gives an account a new passkey in place of all it has.</summary>
    Recovery,
}

/// <summary>A one-time link by which a passkey is registered. It is gone once used; only its token's hash is stored.</summary>
public sealed class RegistrationLink
{
    /// <summary>
    /// Id of the link for the first administrator. It is always the same, so that the database's primary key lets there be one at most.
    /// </summary>
    public static readonly Guid FirstAdministratorId = new("00000000-0000-0000-0000-000000000001");

    public required Guid Id { get; init; }

    public required string TokenHash { get; init; }

    public required LinkPurpose Purpose { get; init; }

    /// <summary>Of the account that it makes or recovers.</summary>
    public required AccountRole Role { get; init; }

    /// <summary>The name that the account has or will have; null: the person says it, as the first administrator does.</summary>
    public required string? Name { get; init; }

    /// <summary>The account to recover.</summary>
    public required AccountId? AccountId { get; init; }

    /// <summary>The administrator who made it; null: the operator of the machine.</summary>
    public required AccountId? CreatedBy { get; init; }

    /// <summary>Milliseconds since 1970-01-01 UTC, as the next.</summary>
    public required long CreatedAt { get; init; }

    public required long ExpiresAt { get; init; }

    /// <summary>An invitation may wait for somebody's return from a journey; the others are for a person who waits at the screen.</summary>
    public static TimeSpan LifetimeOf(LinkPurpose purpose) => purpose == LinkPurpose.Invitation ? TimeSpan.FromDays(7) : TimeSpan.FromHours(24);
}

/// <summary>A link with its secret, which is shown once and never again.</summary>
public sealed record IssuedLink(RegistrationLink Link, string Token);
