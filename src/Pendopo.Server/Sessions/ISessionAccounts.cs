using Pendopo.Server.Accounts;

namespace Pendopo.Server.Sessions;

/// <summary>Which account a request's session is signed in to.</summary>
internal interface ISessionAccounts
{
    /// <summary>The account id, 16 bytes in base64url; null: none, as for guests.</summary>
    string? AccountOf(HttpContext context);
}

/// <summary>The account that <see cref="AccountAuthentication"/> has found.</summary>
internal sealed class SignedInAccounts : ISessionAccounts
{
    public string? AccountOf(HttpContext context) => AccountIdentity.Of(context.User)?.Id.ToString();
}
