using System.Text.Encodings.Web;
using Microsoft.AspNetCore.Authentication;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using Pendopo.Control.Storage;
using Pendopo.Control.Users;
using Pendopo.Signaling;

namespace Pendopo.Server.Accounts;

/// <summary>
/// Reads who is signed in from the session's cookie. The cookie alone gives no power to change anything: such a request, and a hub connection, must
/// name the canonical origin, which a foreign page cannot, not even one on another port of this host.
/// </summary>
internal sealed class AccountAuthentication(
    IOptionsMonitor<AuthenticationSchemeOptions> options, ILoggerFactory logger, UrlEncoder encoder, IDbContextFactory<ControlDbContext> contexts,
    CanonicalOrigin origin, TimeProvider time) : AuthenticationHandler<AuthenticationSchemeOptions>(options, logger, encoder)
{
    private static readonly PathString Hubs = "/hubs";
    private static readonly PathString Api = "/api";

    protected override async Task<AuthenticateResult> HandleAuthenticateAsync()
    {
        var path = Request.Path;
        if (!path.StartsWithSegments(Api) && !path.StartsWithSegments(Hubs)) return AuthenticateResult.NoResult();
        if (AccountCookie.Read(Context) is not { } token) return AuthenticateResult.NoResult();
        var reads = HttpMethods.IsGet(Request.Method) || HttpMethods.IsHead(Request.Method);
        if ((!reads || path.StartsWithSegments(Hubs)) && !origin.IsNamedBy(Request)) return AuthenticateResult.NoResult();

        await using var context = await contexts.CreateDbContextAsync(Context.RequestAborted);
        if (await new FindSession(context, time).RunAsync(token, Context.RequestAborted) is not { } found) return AuthenticateResult.NoResult();
        var identity = new AccountIdentity(found.Account.Id, found.Account.Name, found.Account.Role, found.Session);
        return AuthenticateResult.Success(new AuthenticationTicket(identity.ToPrincipal(), Scheme.Name));
    }

    protected override Task HandleChallengeAsync(AuthenticationProperties properties) =>
        AccountProblem.Of(AccountError.NotSignedIn, "Nobody is signed in here.").ExecuteAsync(Context);

    protected override Task HandleForbiddenAsync(AuthenticationProperties properties) =>
        AccountProblem.Of(AccountError.NotAllowed, "For administrators only.").ExecuteAsync(Context);
}
