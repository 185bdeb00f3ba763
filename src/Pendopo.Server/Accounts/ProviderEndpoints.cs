using Pendopo.Control;
using Pendopo.Control.Users;
using Pendopo.Server.Sessions;
using Pendopo.Signaling;

namespace Pendopo.Server.Accounts;

/// <summary>The way to the institution's OpenID provider, and whether one's account knows it.</summary>
internal static class ProviderEndpoints
{
    public static void Map(IEndpointRouteBuilder routes, IEndpointRouteBuilder own, ProviderSignIn provider)
    {
        if (provider.Options.Authority is null) return;
        routes.MapGet(ProviderSignIn.StartPath, StartAsync);
        own.MapGet("/provider", ShowAsync).RequireAuthorization();
        own.MapDelete("/provider", UnlinkAsync).RequireAuthorization();
    }

    /// <summary>
    /// A plain navigation. Another site may send a browser here, which does no more than sign its person in; it cannot have an account linked,
    /// since the session's cookie does not come with such a request.
    /// </summary>
    private static async Task StartAsync(HttpContext http, ProviderSignIn provider, AccountLimiter limiter, bool link = false)
    {
        if (!limiter.MayBegin(http.Connection.RemoteIpAddress))
        {
            await AccountProblem.Of(AccountError.TooManyRequests).ExecuteAsync(http);
            return;
        }

        await provider.StartAsync(http, link ? Session.AccountOf(http) : null);
    }

    private static async Task<ProviderResponse> ShowAsync(HttpContext http, LinkIdentity identities) =>
        new(await identities.IsLinkedAsync(Session.AccountOf(http)!.Id, http.RequestAborted));

    private static async Task<IResult> UnlinkAsync(HttpContext http, LinkIdentity identities, AccountLimiter limiter)
    {
        var account = Session.AccountOf(http)!;
        if (!limiter.MayAct(account.Id)) return AccountProblem.Of(AccountError.TooManyRequests);
        return await identities.UndoAsync(account.Id, http.RequestAborted) == ControlError.None
            ? Results.NoContent()
            : AccountProblem.Of(AccountError.LastWayIn, "This account has no passkey: nothing would be left to sign in with.");
    }
}
