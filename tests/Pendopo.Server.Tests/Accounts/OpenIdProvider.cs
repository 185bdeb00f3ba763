using System.Collections.Immutable;
using System.Security.Claims;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using OpenIddict.Abstractions;
using static OpenIddict.Abstractions.OpenIddictConstants;
using static OpenIddict.Server.OpenIddictServerEvents;

namespace Pendopo.Server.Tests.Accounts;

/// <summary>An institution's OpenID provider on a port of its own: OpenIddict without a database, which signs in whoever is set, without asking.</summary>
internal sealed class OpenIdProvider : IAsyncDisposable
{
    public const string ClientId = "pendopo";
    public const string Secret = "only-for-this-test";

    private readonly WebApplication _app;

    private OpenIdProvider(WebApplication app) => _app = app;

    public string Authority => _app.Urls.Single() + "/";

    /// <summary>Where the only client lives that is registered here.</summary>
    public string Origin { get; set; } = "";

    /// <summary>Who sits at the browser.</summary>
    public string Subject { get; set; } = "19850101";

    public string? Name { get; set; } = "Budi Santoso";

    /// <summary>What the person does at the provider.</summary>
    public bool Denies { get; set; }

    public static async Task<OpenIdProvider> StartAsync(CancellationToken cancellation)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        OpenIdProvider? provider = null;
        builder.Services.AddOpenIddict().AddServer(server =>
        {
            server.EnableDegradedMode();
            server.SetAuthorizationEndpointUris("authorize").SetTokenEndpointUris("token");
            server.AllowAuthorizationCodeFlow().RequireProofKeyForCodeExchange();
            server.RegisterScopes(Scopes.Profile);
            server.AddEphemeralEncryptionKey().AddEphemeralSigningKey();
            server.UseAspNetCore().DisableTransportSecurityRequirement();
            server.AddEventHandler<ValidateAuthorizationRequestContext>(handler => handler.UseInlineHandler(context =>
            {
                if (context.ClientId != ClientId || context.RedirectUri != provider!.Origin + "/api/account/provider/callback") context.Reject(Errors.InvalidClient);
                return default;
            }));
            server.AddEventHandler<ValidateTokenRequestContext>(handler => handler.UseInlineHandler(context =>
            {
                if (context.ClientId != ClientId || context.ClientSecret != Secret) context.Reject(Errors.InvalidClient);
                return default;
            }));
            server.AddEventHandler<HandleAuthorizationRequestContext>(handler => handler.UseInlineHandler(context =>
            {
                if (provider!.Denies) context.Reject(Errors.AccessDenied);
                else context.Principal = provider.Principal();
                return default;
            }));
        });
        var app = builder.Build();
        app.UseRouting();
        app.UseAuthentication();
        provider = new OpenIdProvider(app);
        await app.StartAsync(cancellation);
        return provider;
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    private ClaimsPrincipal Principal()
    {
        var identity = new ClaimsIdentity("test");
        identity.SetClaim(Claims.Subject, Subject).SetClaim(Claims.Name, Name);
        identity.SetScopes(Scopes.OpenId, Scopes.Profile);
        identity.SetDestinations(_ => ImmutableArray.Create(Destinations.IdentityToken));
        return new ClaimsPrincipal(identity);
    }
}
