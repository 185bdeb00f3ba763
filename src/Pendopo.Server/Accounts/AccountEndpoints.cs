using Pendopo.Control;
using Pendopo.Control.Users;
using Pendopo.Server.Sessions;
using Pendopo.Signaling;

namespace Pendopo.Server.Accounts;

/// <summary>What a person does with the own account: sign in and out, look where else it is signed in.</summary>
internal static class AccountEndpoints
{
    public const string AdministratorPolicy = "administrator";

    public static void MapAccounts(this IEndpointRouteBuilder routes)
    {
        var provider = routes.ServiceProvider.GetRequiredService<ProviderSignIn>();
        var own = routes.MapGroup("/api/account").AddEndpointFilter(KeepFromCachesAsync);
        own.MapGet("", ShowAsync);
        own.MapPost("/sign-out", SignOutAsync);
        own.MapGet("/sessions", ListSessionsAsync).RequireAuthorization();
        own.MapDelete("/sessions/{id:guid}", EndSessionAsync).RequireAuthorization();
        own.MapDelete("/sessions", EndOtherSessionsAsync).RequireAuthorization();
        var door = own.MapGroup("").AddEndpointFilter(RequireOriginAsync);
        door.MapPost("/sign-in/options", BeginSignInAsync);
        door.MapPost("/sign-in", SignInAsync);
        RegistrationEndpoints.Map(door);
        ProviderEndpoints.Map(routes, own, provider);
        var all = routes.MapGroup("/api/accounts").AddEndpointFilter(KeepFromCachesAsync).RequireAuthorization(AdministratorPolicy);
        AdministrationEndpoints.Map(all);
        IdentityEndpoints.Map(routes.MapGroup("/api/identity").AddEndpointFilter(KeepFromCachesAsync));
    }

    /// <summary>Begins the session in the browser: its cookie, and nothing left of the one before.</summary>
    public static IResult Enter(HttpContext http, StartedSession started, AccountConnections connections, CanonicalOrigin origin)
    {
        connections.Close(started.Ended);
        AccountCookie.Write(http, started.Token);
        Session.Renew(http);
        var provider = http.RequestServices.GetRequiredService<ProviderSignIn>();
        return Results.Ok(new AccountResponse(started.Account.ToWire(), origin.Value, Founded: true, MayFound: true, provider.Offered));
    }

    private static async Task<AccountResponse> ShowAsync(HttpContext http, CanonicalOrigin origin, ProviderSignIn provider, FoundingPolicy policy)
    {
        var account = Session.AccountOf(http);
        var founded = account is not null || await policy.HasAdministratorAsync(http.RequestAborted);
        return new AccountResponse(account?.ToWire(), origin.Value, founded, await policy.MayFoundAsync(account is not null, http.RequestAborted), provider.Offered);
    }

    private static async Task<IResult> BeginSignInAsync(HttpContext http, PasskeyDesk desk, AccountLimiter limiter)
    {
        if (!limiter.MayBegin(http.Connection.RemoteIpAddress)) return AccountProblem.Of(AccountError.TooManyRequests);
        var begun = await desk.BeginSignInAsync(http);
        return begun is null ? NoBrowser() : Results.Ok(begun);
    }

    private static async Task<IResult> SignInAsync(
        HttpContext http, SignInRequest request, PasskeyDesk desk, SignIn signIn, AccountLimiter limiter, AccountConnections connections, CanonicalOrigin origin)
    {
        if (PasskeyDesk.CredentialIdOf(request.Credential) is not { } credential) return AccountProblem.Of(AccountError.InvalidRequest, "credential is missing, too long or no JSON");
        var address = http.Connection.RemoteIpAddress;
        if (!limiter.MayTry(address, credential)) return AccountProblem.Of(AccountError.TooManyRequests);
        if (await desk.EndSignInAsync(http, request.Ceremony, request.Credential) is { } known)
        {
            var (error, started) = await signIn.RunAsync(known.Account, known.Passkey, AccountCookie.Read(http), http.Request.Headers.UserAgent, http.RequestAborted);
            if (error == ControlError.None) return Enter(http, started!, connections, origin);
        }

        limiter.CountFailure(address, credential);
        return AccountProblem.Of(AccountError.PasskeyRefused, "This passkey is not known here, or its answer does not hold.");
    }

    private static async Task<IResult> SignOutAsync(HttpContext http, EndSession ending, AccountConnections connections)
    {
        if (Session.AccountOf(http) is { } account)
        {
            await ending.RunAsync(account.Id, account.Session, http.RequestAborted);
            connections.Close([account.Session]);
            Session.Renew(http);
        }

        AccountCookie.Delete(http);
        return Results.NoContent();
    }

    private static async Task<SessionsResponse> ListSessionsAsync(HttpContext http, ListSessions list)
    {
        var account = Session.AccountOf(http)!;
        var sessions = await list.RunAsync(account.Id, http.RequestAborted);
        return new SessionsResponse([.. sessions.Select(session => new SessionInfo(
            session.Id.ToString(), session.Id == account.Session, session.UserAgent, session.CreatedAt, session.SeenAt, session.ExpiresAt))]);
    }

    private static async Task<IResult> EndSessionAsync(HttpContext http, Guid id, EndSession ending, AccountLimiter limiter, AccountConnections connections)
    {
        var account = Session.AccountOf(http)!;
        if (!limiter.MayAct(account.Id)) return AccountProblem.Of(AccountError.TooManyRequests);
        if (await ending.RunAsync(account.Id, id, http.RequestAborted) != ControlError.None) return AccountProblem.Of(AccountError.NotFound);
        connections.Close([id]);
        if (id == account.Session)
        {
            AccountCookie.Delete(http);
            Session.Renew(http);
        }

        return Results.NoContent();
    }

    private static async Task<IResult> EndOtherSessionsAsync(HttpContext http, EndSession ending, AccountLimiter limiter, AccountConnections connections)
    {
        var account = Session.AccountOf(http)!;
        if (!limiter.MayAct(account.Id)) return AccountProblem.Of(AccountError.TooManyRequests);
        connections.Close(await ending.AllButAsync(account.Id, account.Session, http.RequestAborted));
        return Results.NoContent();
    }

    public static IResult NoBrowser() => AccountProblem.Of(AccountError.InvalidRequest, "A session is needed: open a page or /api/status first.");

    private static async ValueTask<object?> RequireOriginAsync(EndpointFilterInvocationContext context, EndpointFilterDelegate next)
    {
        var origin = context.HttpContext.RequestServices.GetRequiredService<CanonicalOrigin>();
        return origin.IsNamedBy(context.HttpContext.Request) ? await next(context) : AccountProblem.WrongOrigin(origin);
    }

    private static ValueTask<object?> KeepFromCachesAsync(EndpointFilterInvocationContext context, EndpointFilterDelegate next)
    {
        context.HttpContext.Response.Headers.CacheControl = "no-store";
        return next(context);
    }
}
