using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.OpenIdConnect;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.EntityFrameworkCore;
using Microsoft.IdentityModel.Protocols.OpenIdConnect;
using Pendopo.Control;
using Pendopo.Control.Users;
using Pendopo.Server.Options;
using Pendopo.Server.Sessions;

namespace Pendopo.Server.Accounts;

/// <summary>
/// Signing in by the institution's OpenID provider. The framework's handler does the protocol; what comes of it is a session like any other, so no
/// token of the provider is kept. The way back is told to the page by the fragment of the address, which no server sees.
/// </summary>
internal sealed class ProviderSignIn(PendopoOptions options, CanonicalOrigin origin, ILogger<ProviderSignIn> log)
{
    /// <summary>Name of the authentication scheme.</summary>
    public const string Scheme = "provider";

    public const string StartPath = "/api/account/provider/start";

    /// <summary>To be entered at the provider as redirect URI, behind the canonical origin.</summary>
    public const string CallbackPath = "/api/account/provider/callback";

    private const string SignInPage = "/sign-in";
    private const string AccountPage = "/account";

    /// <summary>In the protected state of a request: the account that is to be linked, and the session in which that was asked for.</summary>
    private const string LinkItem = "link";

    private const string SessionItem = "session";

    public ProviderOptions Options => options.Accounts.Provider;

    /// <summary>What the button calls the provider; null where there is none.</summary>
    public string? Offered => Options.Authority is null ? null : Options.Name.Trim();

    public static void Add(IServiceCollection services, PendopoOptions options)
    {
        services.AddSingleton<ProviderSignIn>().AddScoped<SignInExternally>().AddScoped<LinkIdentity>();
        if (options.Accounts.Provider.Authority is null) return;
        // What it protects is the state of sign-ins under way: a restart ends those, and no key lies on the disk.
        services.AddDataProtection().UseEphemeralDataProtectionProvider();
        services.AddAuthentication().AddOpenIdConnect(Scheme, connect => Configure(connect, options.Accounts.Provider));
    }

    /// <summary>Sends the browser to the provider, and to the canonical origin before that.</summary>
    /// <param name="link">Who asks to be linked; null: somebody wants to sign in.</param>
    public async Task StartAsync(HttpContext http, AccountIdentity? link)
    {
        if ($"{http.Request.Scheme}://{http.Request.Host}" != origin.Value)
        {
            http.Response.Redirect(origin.Value + SignInPage);
            return;
        }

        var state = new AuthenticationProperties { RedirectUri = link is null ? "/" : AccountPage };
        if (link is not null) (state.Items[LinkItem], state.Items[SessionItem]) = (link.Id.ToString(), link.Session.ToString());
        try
        {
            await http.ChallengeAsync(Scheme, state);
        }
        catch (Exception error) when (error is InvalidOperationException or HttpRequestException)
        {
            // Its configuration could not be fetched: the handler throws then.
            log.ProviderUnreachable(error.GetType().Name);
            http.Response.Redirect(PageOf(link is not null) + "#provider-unreachable");
        }
    }

    private static void Configure(OpenIdConnectOptions connect, ProviderOptions provider)
    {
        connect.Authority = provider.Authority;
        connect.ClientId = provider.ClientId;
        connect.ClientSecret = provider.ClientSecret;
        connect.RequireHttpsMetadata = new Uri(provider.Authority!).Scheme == "https";
        connect.ResponseType = OpenIdConnectResponseType.Code;
        // A form posted by another site would come without the cookies that bind the answer to this browser, but for SameSite=None.
        connect.ResponseMode = OpenIdConnectResponseMode.Query;
        connect.UsePkce = true;
        connect.MapInboundClaims = false;
        connect.GetClaimsFromUserInfoEndpoint = true;
        connect.SaveTokens = false;
        connect.DisableTelemetry = true;
        connect.CallbackPath = CallbackPath;
        connect.RemoteSignOutPath = default;
        connect.SignInScheme = AccountIdentity.Scheme;
        connect.Scope.Clear();
        connect.Scope.Add("openid");
        connect.Scope.Add("profile");
        connect.ClaimActions.Clear();
        connect.ClaimActions.MapUniqueJsonKey(provider.NameClaim, provider.NameClaim);
        foreach (var cookie in new[] { connect.CorrelationCookie, connect.NonceCookie })
        {
            cookie.SameSite = SameSiteMode.Lax;
            cookie.SecurePolicy = CookieSecurePolicy.SameAsRequest;
        }

        connect.Events = new OpenIdConnectEvents
        {
            OnRedirectToIdentityProvider = context =>
            {
                context.ProtocolMessage.RedirectUri = context.HttpContext.RequestServices.GetRequiredService<CanonicalOrigin>().Value + CallbackPath;
                return Task.CompletedTask;
            },
            OnTicketReceived = context => context.HttpContext.RequestServices.GetRequiredService<ProviderSignIn>().ReceiveAsync(context),
            OnAccessDenied = context => Refuse(context, "provider-denied"),
            OnRemoteFailure = context =>
            {
                context.HttpContext.RequestServices.GetRequiredService<ProviderSignIn>().Note(context.Failure);
                return Refuse(context, "provider-failed");
            },
        };
    }

    private void Note(Exception? failure) => log.ProviderAnswerRefused(failure?.GetType().Name ?? "none");

    /// <summary>The provider's word has been verified: an account is found, made or linked.</summary>
    private async Task ReceiveAsync(TicketReceivedContext context)
    {
        var http = context.HttpContext;
        var isLink = context.Properties?.Items.ContainsKey(LinkItem) == true;
        var principal = context.Principal;
        var person = new ExternalPerson(
            principal?.FindFirst("iss")?.Value ?? "", principal?.FindFirst("sub")?.Value ?? "", principal?.FindFirst(Options.NameClaim)?.Value);
        var fragment = !isLink ? await EnterAsync(http, person)
            : LinkOf(context.Properties!) is { } link ? await LinkAsync(http, link.Account, link.Session, person)
            // Whoever asked to be linked is never signed in instead.
            : "provider-failed";
        context.Response.Redirect(fragment is null && !isLink ? "/" : $"{PageOf(isLink)}#{fragment ?? "provider-linked"}");
        context.HandleResponse();
    }

    /// <summary>The account and session of a request to link; null where either cannot be read.</summary>
    private static (AccountId Account, Guid Session)? LinkOf(AuthenticationProperties state) =>
        state.Items.TryGetValue(LinkItem, out var account) && AccountId.TryParse(account, out var id)
            && state.Items.TryGetValue(SessionItem, out var session) && Guid.TryParse(session, out var key)
            ? (id, key)
            : null;

    /// <returns>Null: signed in; else why not, for the page.</returns>
    private async Task<string?> EnterAsync(HttpContext http, ExternalPerson person)
    {
        try
        {
            var (error, started) = await http.RequestServices.GetRequiredService<SignInExternally>().RunAsync(
                person, Options.CreateAccounts, http.Request.Headers.UserAgent, http.RequestAborted);
            if (error != ControlError.None) return error == ControlError.InvalidName ? "provider-name" : "provider-unknown";
            AccountCookie.Write(http, started!.Token);
            Session.Renew(http);
            return null;
        }
        catch (DbUpdateException)
        {
            // Two windows at once are tried once more by the use case: this is another fault of the database.
            return "provider-failed";
        }
    }

    /// <returns>Null: linked; else why not, for the page.</returns>
    private static async Task<string?> LinkAsync(HttpContext http, AccountId account, Guid session, ExternalPerson person)
    {
        try
        {
            var error = await http.RequestServices.GetRequiredService<LinkIdentity>().RunAsync(account, session, person, http.RequestAborted);
            return error switch
            {
                ControlError.None => null,
                ControlError.IdentityTaken => "provider-taken",
                _ => "provider-failed",
            };
        }
        catch (DbUpdateException)
        {
            return "provider-failed";
        }
    }

    private static Task Refuse<TOptions>(HandleRequestContext<TOptions> context, string reason) where TOptions : AuthenticationSchemeOptions
    {
        context.Response.Redirect($"{SignInPage}#{reason}");
        context.HandleResponse();
        return Task.CompletedTask;
    }

    private static string PageOf(bool links) => links ? AccountPage : SignInPage;
}
