namespace Pendopo.Control.Users;

/// <summary>One browser in which an account is signed in. Only the hash of its token is stored, so the database lets nobody in.</summary>
public sealed class AccountSession
{
    /// <summary>Longest description of a browser that is kept.</summary>
    public const int UserAgentMaximum = 300;

    /// <summary>Ends after this time whatever happens: a month, so that a stolen cookie dies, and people sign in rarely.</summary>
    public static readonly TimeSpan Lifetime = TimeSpan.FromDays(30);

    /// <summary>Ends after this time without a visit: holidays are longer, a forgotten browser is not.</summary>
    public static readonly TimeSpan IdleLifetime = TimeSpan.FromDays(7);

    /// <summary>Visits are noted at this distance: each note is a write.</summary>
    public static readonly TimeSpan NoteEvery = TimeSpan.FromMinutes(5);

    public required Guid Id { get; init; }

    public required AccountId AccountId { get; init; }

    /// <summary>See <see cref="SecretToken"/>.</summary>
    public required string TokenHash { get; init; }

    /// <summary>Milliseconds since 1970-01-01 UTC, as all times here.</summary>
    public required long CreatedAt { get; init; }

    public required long SeenAt { get; init; }

    public required long ExpiresAt { get; init; }

    /// <summary>What the browser calls itself, for the person to know it again; nothing relies on it.</summary>
    public required string UserAgent { get; init; }

    /// <summary>When a session that was made then and is seen now will end.</summary>
    internal static long ExpiryOf(long createdAt, long now) =>
        Math.Min(createdAt + (long)Lifetime.TotalMilliseconds, now + (long)IdleLifetime.TotalMilliseconds);
}
