using System.Text.Json;
using Microsoft.AspNetCore.Identity;
using Pendopo.Control.Users;
using Pendopo.Server.Sessions;
using Pendopo.Signaling;
using LinkPurpose = Pendopo.Control.Users.LinkPurpose;

namespace Pendopo.Server.Accounts;

/// <summary>
/// Begins and ends WebAuthn ceremonies. ASP.NET Core Identity verifies what authenticators give; what it wants to remember lies in the database and
/// serves once, where its own cookie could be sent twice.
/// </summary>
internal sealed class PasskeyDesk(IPasskeyHandler<Account> passkeys, PasskeyCeremonies ceremonies, ILogger<PasskeyDesk> logger)
{
    /// <summary>Longest answer of an authenticator; without attestation they take about 1 kB.</summary>
    private const int CredentialMaximum = 16_384;

    /// <summary>Null: the browser has no session yet.</summary>
    public async Task<CeremonyResponse?> BeginSignInAsync(HttpContext http)
    {
        if (!Session.TryGet(http, out var browser)) return null;
        var begun = await passkeys.MakeRequestOptionsAsync(null, http);
        var id = await ceremonies.OpenAsync(CeremonyKind.SignIn, browser.Value, begun.AssertionState ?? "", http.RequestAborted);
        return new CeremonyResponse(id, begun.RequestOptionsJson);
    }

    /// <summary>Null: the browser has no session yet.</summary>
    /// <param name="name">As the person will be called.</param>
    public async Task<CeremonyResponse?> BeginRegistrationAsync(HttpContext http, RegistrationLink link, string name)
    {
        if (!Session.TryGet(http, out var browser)) return null;
        var account = link.Purpose == LinkPurpose.Recovery && link.AccountId is { } known ? known : AccountId.Create();
        var begun = await passkeys.MakeCreationOptionsAsync(new PasskeyUserEntity { Id = account.ToString(), Name = name, DisplayName = name }, http);
        var id = await ceremonies.OpenAsync(CeremonyKind.Registration, browser.Value, begun.AttestationState ?? "", http.RequestAborted);
        return new CeremonyResponse(id, begun.CreationOptionsJson);
    }

    /// <summary>Whose passkey answered, and the passkey with its new counter; null for an answer that does not hold.</summary>
    public async Task<(AccountId Account, UserPasskeyInfo Passkey)?> EndSignInAsync(HttpContext http, string? ceremony, string credential)
    {
        if (!Session.TryGet(http, out var browser)) return null;
        if (await ceremonies.TakeAsync(ceremony, CeremonyKind.SignIn, browser.Value, http.RequestAborted) is not { } state) return null;
        var result = await passkeys.PerformAssertionAsync(new PasskeyAssertionContext { HttpContext = http, CredentialJson = credential, AssertionState = state });
        if (result.Succeeded) return (result.User.Id, result.Passkey);
        logger.PasskeyRefused(result.Failure.Message);
        return null;
    }

    /// <summary>The new passkey with the account and name that it was made for; null for an answer that does not hold.</summary>
    public async Task<(AccountId Account, string Name, UserPasskeyInfo Passkey)?> EndRegistrationAsync(HttpContext http, string? ceremony, string credential)
    {
        if (!Session.TryGet(http, out var browser)) return null;
        if (await ceremonies.TakeAsync(ceremony, CeremonyKind.Registration, browser.Value, http.RequestAborted) is not { } state) return null;
        var result = await passkeys.PerformAttestationAsync(new PasskeyAttestationContext { HttpContext = http, CredentialJson = credential, AttestationState = state });
        if (result.Succeeded && AccountId.TryParse(result.UserEntity.Id, out var account)) return (account, result.UserEntity.DisplayName, result.Passkey);
        logger.PasskeyRefused(result.Failure?.Message ?? "no account id");
        return null;
    }

    /// <summary>The credential id that an answer names, for limits; null for what is no answer at all.</summary>
    public static string? CredentialIdOf(string? credential)
    {
        if (credential is not { Length: > 0 and <= CredentialMaximum }) return null;
        try
        {
            using var document = JsonDocument.Parse(credential);
            return document.RootElement.ValueKind == JsonValueKind.Object && document.RootElement.TryGetProperty("id", out var id) && id.ValueKind == JsonValueKind.String
                ? id.GetString() : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    /// <summary>Identity's verifier for the origin that holds now.</summary>
    public static IPasskeyHandler<Account> CreateHandler(IServiceProvider services)
    {
        var origin = services.GetRequiredService<CanonicalOrigin>();
        return new PasskeyHandler<Account>(services.GetRequiredService<UserManager<Account>>(), Microsoft.Extensions.Options.Options.Create(new IdentityPasskeyOptions
        {
            ServerDomain = origin.Host,
            // The browser's word, signed by the authenticator: exactly our page, and not framed by another.
            ValidateOrigin = context => ValueTask.FromResult(context is { CrossOrigin: false, TopOrigin: null } && context.Origin == origin.Value),
            // A passkey is all that people sign in with, so having the device is not enough.
            UserVerificationRequirement = "required",
            // People type no name: the authenticator knows the account.
            ResidentKeyRequirement = "required",
            AttestationConveyancePreference = "none",
            AuthenticatorTimeout = PasskeyCeremony.Lifetime,
        }));
    }
}
