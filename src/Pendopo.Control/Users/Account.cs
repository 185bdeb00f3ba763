namespace Pendopo.Control.Users;

/// <summary>A person known to the institution. It has no password: who signs in shows a passkey of it.</summary>
public sealed class Account
{
    public required AccountId Id { get; init; }

    /// <summary>As others see it and as the identity authority certifies it; see <see cref="PersonName"/>.</summary>
    public required string Name { get; init; }

    public required AccountRole Role { get; init; }

    /// <summary>Milliseconds since 1970-01-01 UTC.</summary>
    public required long CreatedAt { get; init; }
}
