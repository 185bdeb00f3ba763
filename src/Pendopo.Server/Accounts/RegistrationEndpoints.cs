using Pendopo.Control;
using Pendopo.Control.Storage;
using Pendopo.Control.Users;
using Pendopo.Signaling;

namespace Pendopo.Server.Accounts;

/// <summary>What a one-time link opens: a look at what it is for, and the registration of a passkey.</summary>
internal static class RegistrationEndpoints
{
    public static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapPost("/link", ShowAsync);
        routes.MapPost("/registration/options", BeginAsync);
        routes.MapPost("/registration", RegisterAsync);
    }

    private static async Task<IResult> ShowAsync(HttpContext http, LinkRequest request, FindLink links, AccountLimiter limiter)
    {
        var (refusal, link) = await FindAsync(http, request.Token, links, limiter);
        return refusal ?? Results.Ok(new LinkResponse(Wire.ToWire(link!.Purpose), Wire.ToWire(link.Role), link.Name, link.ExpiresAt));
    }

    private static async Task<IResult> BeginAsync(HttpContext http, RegistrationOptionsRequest request, FindLink links, PasskeyDesk desk, AccountLimiter limiter)
    {
        if (!limiter.MayBegin(http.Connection.RemoteIpAddress)) return AccountProblem.Of(AccountError.TooManyRequests);
        var (refusal, link) = await FindAsync(http, request.Token, links, limiter);
        if (refusal is not null) return refusal;
        if (!PersonName.TryNormalize(link!.Name ?? request.Name, out var name)) return AccountProblem.Of(AccountError.InvalidRequest, "name must be 1 to 80 visible characters");
        var begun = await desk.BeginRegistrationAsync(http, link, name);
        return begun is null ? AccountEndpoints.NoBrowser() : Results.Ok(begun);
    }

    private static async Task<IResult> RegisterAsync(
        HttpContext http, RegistrationRequest request, FindLink links, RegisterPasskey registering, PasskeyDesk desk, AccountLimiter limiter,
        AccountConnections connections, CanonicalOrigin origin, ControlDbContext context, ILogger<PasskeyDesk> logger)
    {
        if (PasskeyDesk.CredentialIdOf(request.Credential) is not { } credential) return AccountProblem.Of(AccountError.InvalidRequest, "credential is missing, too long or no JSON");
        var (refusal, link) = await FindAsync(http, request.Token, links, limiter);
        if (refusal is not null) return refusal;
        var address = http.Connection.RemoteIpAddress;
        if (await desk.EndRegistrationAsync(http, request.Ceremony, request.Credential) is not { } made)
        {
            limiter.CountFailure(address, credential);
            return AccountProblem.Of(AccountError.PasskeyRefused, "The answer of the authenticator does not hold.");
        }

        var (error, started) = await registering.RunAsync(
            request.Token, made.Account, made.Name, made.Passkey, origin.Value, http.Request.Headers.UserAgent, http.RequestAborted);
        if (error != ControlError.None)
        {
            limiter.CountFailure(address, request.Token);
            return LinkInvalid();
        }

        await origin.LoadAsync(context, http.RequestAborted);
        logger.PasskeyRegistered(link!.Purpose, started!.Account.Id);
        return AccountEndpoints.Enter(http, started, connections, origin);
    }

    private static async Task<(IResult? Refusal, RegistrationLink? Link)> FindAsync(HttpContext http, string? token, FindLink links, AccountLimiter limiter)
    {
        var address = http.Connection.RemoteIpAddress;
        var subject = token ?? "";
        if (!limiter.MayTry(address, subject)) return (AccountProblem.Of(AccountError.TooManyRequests), null);
        var (error, link) = await links.RunAsync(token, http.RequestAborted);
        if (error == ControlError.None) return (null, link);
        limiter.CountFailure(address, subject);
        return (LinkInvalid(), null);
    }

    private static IResult LinkInvalid() => AccountProblem.Of(AccountError.LinkInvalid, "This link is unknown, was used, or its time is over.");
}
