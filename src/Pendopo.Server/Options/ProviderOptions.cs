using System.Net;

namespace Pendopo.Server.Options;

/// <summary>Signing in by the institution's own OpenID provider (OpenID Connect Core 1.0, authorization code with PKCE); off while there is no <see cref="Authority"/>.</summary>
public sealed record ProviderOptions
{
    /// <summary>The provider's issuer, under which its <c>.well-known/openid-configuration</c> lies. HTTPS; plain HTTP on loopback alone.</summary>
    public string? Authority { get; init; }

    public string ClientId { get; init; } = "pendopo";

    /// <summary>Null: a public client, which PKCE alone protects.</summary>
    public string? ClientSecret { get; init; }

    /// <summary>What the button calls the provider.</summary>
    public string Name { get; init; } = "SSO";

    /// <summary>Claim that holds the person's whole name.</summary>
    public string NameClaim { get; init; } = "name";

    /// <summary>
    /// Whom the provider vouches for gets an account at the first sign-in. Off unless the operator says so: a provider often knows more people than
    /// belong to an installation, and without it people link their accounts by themselves.
    /// </summary>
    public bool CreateAccounts { get; init; }

    /// <summary>What is wrong with these settings; empty: nothing.</summary>
    internal IEnumerable<string> Faults()
    {
        if (Authority is null) yield break;
        if (!Uri.TryCreate(Authority, UriKind.Absolute, out var uri) || uri.Query.Length + uri.Fragment.Length > 0 || !IsConfidential(uri))
        {
            yield return "Pendopo:Accounts:Provider:Authority must be the provider's issuer, an https:// address without query.";
        }

        if (string.IsNullOrWhiteSpace(ClientId)) yield return "Pendopo:Accounts:Provider:ClientId must not be empty.";
        if (string.IsNullOrWhiteSpace(NameClaim)) yield return "Pendopo:Accounts:Provider:NameClaim must not be empty.";
        if (ClientSecret is { } secret && string.IsNullOrWhiteSpace(secret)) yield return "Pendopo:Accounts:Provider:ClientSecret must not be blank; leave it out for a public client.";
        if (Name.Trim().Length is 0 or > 40) yield return "Pendopo:Accounts:Provider:Name must have 1 to 40 characters.";
    }

    private static bool IsConfidential(Uri uri) =>
        uri.Scheme == "https" || (uri.Scheme == "http" && (uri.Host == "localhost" || (IPAddress.TryParse(uri.Host.Trim('[', ']'), out var address) && IPAddress.IsLoopback(address))));
}
