using System.Security.Claims;
using Microsoft.AspNetCore.SignalR;
using Pendopo.Control.Users;

namespace Pendopo.Server.Accounts;

/// <summary>Who is signed in, as a request or a hub connection proved it when it began.</summary>
/// <param name="Session">The session of that browser; see <see cref="AccountSession"/>.</param>
internal sealed record AccountIdentity(AccountId Id, string Name, AccountRole Role, Guid Session)
{
    /// <summary>Name of the authentication scheme, and of the cookie's owner in claims.</summary>
    public const string Scheme = "account";

    private const string SessionClaim = "sid";

    public ClaimsPrincipal ToPrincipal() => new(new ClaimsIdentity(
        [
            new Claim(ClaimTypes.NameIdentifier, Id.ToString()),
            new Claim(ClaimTypes.Name, Name),
            new Claim(ClaimTypes.Role, Role.ToString()),
            new Claim(SessionClaim, Session.ToString()),
        ],
        Scheme));

    /// <summary>Null for who is not signed in.</summary>
    public static AccountIdentity? Of(ClaimsPrincipal? user)
    {
        if (user?.Identity is not { IsAuthenticated: true, AuthenticationType: Scheme }) return null;
        if (!AccountId.TryParse(user.FindFirstValue(ClaimTypes.NameIdentifier), out var id)) return null;
        if (!Guid.TryParse(user.FindFirstValue(SessionClaim), out var session) || !Enum.TryParse<AccountRole>(user.FindFirstValue(ClaimTypes.Role), out var role)) return null;
        return new AccountIdentity(id, user.FindFirstValue(ClaimTypes.Name) ?? "", role, session);
    }
}

internal static class AccountHubContext
{
    /// <summary>The account for which a hub connection speaks; null for guests.</summary>
    public static AccountIdentity? Account(this HubCallerContext context) => AccountIdentity.Of(context.User);
}
