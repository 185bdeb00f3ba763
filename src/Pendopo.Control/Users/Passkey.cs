using Microsoft.AspNetCore.Identity;

namespace Pendopo.Control.Users;

/// <summary>
/// A passkey of an account (WebAuthn Level 3, credential record). Attestation is not asked for, so there is none to keep.
/// </summary>
public sealed class Passkey
{
    /// <summary>Longest credential id in bytes (WebAuthn Level 3 §4).</summary>
    public const int CredentialIdMaximum = 1023;

    public required byte[] CredentialId { get; init; }

    public required AccountId AccountId { get; init; }

    /// <summary>COSE_Key (RFC 9052).</summary>
    public required byte[] PublicKey { get; init; }

    /// <summary>Milliseconds since 1970-01-01 UTC.</summary>
    public required long CreatedAt { get; init; }

    /// <summary>Milliseconds since 1970-01-01 UTC of the last sign-in with it.</summary>
    public required long UsedAt { get; set; }

    /// <summary>The authenticator's counter; 0 for those that keep none.</summary>
    public required long SignCount { get; set; }

    /// <summary>How the browser may reach the authenticator, separated by spaces.</summary>
    public required string Transports { get; init; }

    /// <summary>True: it may be copied to other devices of the same person, as password managers do.</summary>
    public required bool IsBackupEligible { get; init; }

    public required bool IsBackedUp { get; set; }

    /// <summary>Of what an authenticator has just given, for an account.</summary>
    public static Passkey Of(AccountId account, UserPasskeyInfo info, long now)
    {
        ArgumentNullException.ThrowIfNull(info);
        return new Passkey
        {
            CredentialId = info.CredentialId,
            AccountId = account,
            PublicKey = info.PublicKey,
            CreatedAt = now,
            UsedAt = now,
            SignCount = info.SignCount,
            Transports = string.Join(' ', (info.Transports ?? []).Where(IsTransport)),
            IsBackupEligible = info.IsBackupEligible,
            IsBackedUp = info.IsBackedUp,
        };
    }

    /// <summary>In the form that ASP.NET Core Identity verifies with. Only passkeys whose user was verified are ever stored.</summary>
    public UserPasskeyInfo ToInfo() => new(
        CredentialId, PublicKey, DateTimeOffset.FromUnixTimeMilliseconds(CreatedAt), (uint)SignCount,
        Transports.Length == 0 ? [] : Transports.Split(' '), isUserVerified: true, IsBackupEligible, IsBackedUp, attestationObject: [], clientDataJson: []);

    /// <summary>The values of AuthenticatorTransport; others come from the client and mean nothing to us.</summary>
    private static bool IsTransport(string value) => value is "usb" or "nfc" or "ble" or "smart-card" or "hybrid" or "internal";
}
