namespace Pendopo.Control.Users;

public enum CeremonyKind
{
    Registration,
    SignIn,
}

/// <summary>
/// A challenge that was given to a browser and waits for its answer (WebAuthn Level 3 §13.4.3: challenges are remembered by the server). It serves
/// once, for the browser that asked, and a short time.
/// </summary>
public sealed class PasskeyCeremony
{
    /// <summary>A person may have to look for a key or a telephone.</summary>
    public static readonly TimeSpan Lifetime = TimeSpan.FromMinutes(5);

    /// <summary>Hash of what the browser names it by.</summary>
    public required string IdHash { get; init; }

    public required CeremonyKind Kind { get; init; }

    /// <summary>Hash of the secret of the browser that asked.</summary>
    public required string Browser { get; init; }

    /// <summary>What ASP.NET Core Identity wants to see again, the challenge among it.</summary>
    public required string State { get; init; }

    /// <summary>Milliseconds since 1970-01-01 UTC.</summary>
    public required long ExpiresAt { get; init; }
}
