namespace Pendopo.Signaling;

public enum AccountRole
{
    Member,

    /// <summary>May invite people and give them new links.</summary>
    Administrator,
}

/// <summary>What a one-time link is for.</summary>
public enum LinkPurpose
{
    /// <summary>Makes the first administrator.</summary>
    FirstAdministrator,

    /// <summary>Makes the account of somebody invited.</summary>
    Invitation,

    /// <summary>Gives an account a new passkey in place of all it has.</summary>
    Recovery,
}

/// <summary>Why a request about accounts was refused: <c>error</c> of the problem document.</summary>
public enum AccountError
{
    /// <summary>A field is missing or out of bounds.</summary>
    InvalidRequest,

    /// <summary>Nobody is signed in here.</summary>
    NotSignedIn,

    /// <summary>For administrators only.</summary>
    NotAllowed,

    /// <summary>People sign in at one origin, and this is another; <c>origin</c> of the problem document names the right one.</summary>
    WrongOrigin,

    /// <summary>The one-time link is unknown, used or past its time.</summary>
    LinkInvalid,

    /// <summary>The passkey is unknown here or its answer does not hold; begin anew.</summary>
    PasskeyRefused,

    /// <summary>There is no such account, session or link.</summary>
    NotFound,
    TooManyRequests,

    /// <summary>Nothing else would be left to sign in with.</summary>
    LastWayIn,

    /// <summary>The device's clock is more than 5 minutes off.</summary>
    ClockOff,

    /// <summary>The device key is unsound, or the signature does not prove its possession.</summary>
    ProofRefused,
}

/// <param name="Id">16 bytes in base64url.</param>
public sealed record AccountInfo(string Id, string Name, AccountRole Role);

/// <summary>Answer of <c>GET /api/account</c>: who is signed in here.</summary>
/// <param name="Account">Null: nobody.</param>
/// <param name="Origin">The one origin at which people sign in, in the form of the Origin header.</param>
/// <param name="Founded">False: there is no administrator yet, so nobody can sign in.</param>
/// <param name="MayFound">Whoever asks may found meetings. Guests may where there is no administrator yet, or where the institution lets them.</param>
/// <param name="Provider">Name of the institution's OpenID provider, by which people can sign in too; null: there is none.</param>
public sealed record AccountResponse(AccountInfo? Account, string Origin, bool Founded, bool MayFound, string? Provider = null);

/// <summary>Answer of <c>GET /api/account/provider</c>.</summary>
/// <param name="Linked">The account's person can sign in by the provider.</param>
public sealed record ProviderResponse(bool Linked);

/// <summary>A WebAuthn ceremony that has begun.</summary>
/// <param name="Ceremony">Names it in the request that ends it; good once, for this browser, for 5 minutes.</param>
/// <param name="Options">PublicKeyCredentialCreationOptionsJSON or PublicKeyCredentialRequestOptionsJSON (WebAuthn Level 3), as text.</param>
public sealed record CeremonyResponse(string Ceremony, string Options);

/// <summary>Body of <c>POST /api/account/sign-in</c>.</summary>
/// <param name="Credential">AuthenticationResponseJSON, as text.</param>
public sealed record SignInRequest(string Ceremony, string Credential);

/// <summary>Body of <c>POST /api/account/link</c>.</summary>
/// <param name="Token">Fragment of the one-time link.</param>
public sealed record LinkRequest(string Token);

/// <param name="Name">The name that the account has or will have; null: the person says it.</param>
/// <param name="ExpiresAt">Milliseconds since 1970-01-01 UTC.</param>
public sealed record LinkResponse(LinkPurpose Purpose, AccountRole Role, string? Name, long ExpiresAt);

/// <summary>Body of <c>POST /api/account/registration/options</c>.</summary>
/// <param name="Name">1 to 80 characters; counts only where the link has none.</param>
public sealed record RegistrationOptionsRequest(string Token, string? Name = null);

/// <summary>Body of <c>POST /api/account/registration</c>.</summary>
/// <param name="Credential">RegistrationResponseJSON, as text.</param>
public sealed record RegistrationRequest(string Token, string Ceremony, string Credential);

/// <param name="Current">The one that asks.</param>
/// <param name="UserAgent">What the browser called itself at sign-in.</param>
public sealed record SessionInfo(string Id, bool Current, string UserAgent, long CreatedAt, long SeenAt, long ExpiresAt);

/// <summary>Answer of <c>GET /api/account/sessions</c>, last seen first.</summary>
public sealed record SessionsResponse(IReadOnlyList<SessionInfo> Sessions);

/// <summary>Answer of <c>GET /api/accounts</c>: a page in the order in which accounts were made.</summary>
/// <param name="Next">Value of <c>after</c> for the next page; null: this is the last.</param>
public sealed record AccountsResponse(IReadOnlyList<AccountInfo> Accounts, string? Next);

/// <summary>Body of <c>POST /api/accounts/invitations</c>.</summary>
/// <param name="Name">Of the person, who cannot change it: the administrator answers for it.</param>
public sealed record InvitationRequest(string Name, AccountRole Role);

/// <summary>A new one-time link.</summary>
/// <param name="Link">The whole link with its secret, which is not to be had again.</param>
public sealed record IssuedLinkResponse(string Id, string Link, long ExpiresAt);

public sealed record LinkInfo(string Id, LinkPurpose Purpose, string? Name, AccountRole Role, long CreatedAt, long ExpiresAt);

/// <summary>Answer of <c>GET /api/accounts/links</c>: links that may still be used, newest first.</summary>
public sealed record LinksResponse(IReadOnlyList<LinkInfo> Links);

/// <summary>Body of <c>POST /api/identity/device-certificates</c>.</summary>
/// <param name="DeviceKey">Ed25519 public key, base64url.</param>
/// <param name="At">When the device signed: milliseconds since 1970-01-01 UTC.</param>
/// <param name="Proof">Sign(device key, "device", account id ‖ device key ‖ uint64 at), base64url.</param>
public sealed record DeviceCertificateRequest(string DeviceKey, long At, string Proof);

/// <param name="Certificate">DER, base64url.</param>
/// <param name="Root">Ed25519 public key of the identity authority, base64url.</param>
public sealed record DeviceCertificateResponse(string Certificate, string Root);

/// <summary>Answer of <c>GET /api/identity/root</c>.</summary>
/// <param name="Root">Ed25519 public key of the identity authority, base64url.</param>
public sealed record IdentityRootResponse(string Root);
