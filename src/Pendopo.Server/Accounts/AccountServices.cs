using Microsoft.AspNetCore.Authentication;
using Pendopo.Control.Identity;
using Pendopo.Control.Storage;
using Pendopo.Control.Users;
using Pendopo.Server.Options;

namespace Pendopo.Server.Accounts;

internal static class AccountServices
{
    /// <summary>The identity authority's folder in the data folder; another body that runs it has its own elsewhere.</summary>
    private const string IdentityFolder = "identity";

    public static void AddAccounts(this IServiceCollection services, PendopoOptions options)
    {
        services.AddSingleton<CanonicalOrigin>().AddSingleton<FoundingPolicy>().AddSingleton<AccountLimiter>().AddSingleton<AccountConnections>().AddSingleton<AccountHubFilter>().AddSingleton(new Terminal(System.Console.Out));
        services.AddSingleton<IIdentityAuthority>(provider =>
            FileIdentityAuthority.Open(Path.Combine(options.DataFolder, IdentityFolder), provider.GetRequiredService<TimeProvider>()));
        services.AddIdentityCore<Account>().AddUserStore<AccountStore>();
        services.AddScoped(PasskeyDesk.CreateHandler).AddScoped<PasskeyDesk>();
        services.AddScoped<PasskeyCeremonies>().AddScoped<RegisterPasskey>().AddScoped<SignIn>();
        services.AddScoped<IssueLink>().AddScoped<FindLink>().AddScoped<ListLinks>().AddScoped<WithdrawLink>();
        services.AddScoped<ListSessions>().AddScoped<EndSession>().AddScoped<ListAccounts>();
        services.AddAuthentication(AccountIdentity.Scheme).AddScheme<AuthenticationSchemeOptions, AccountAuthentication>(AccountIdentity.Scheme, null);
        ProviderSignIn.Add(services, options);
        services.AddAuthorizationBuilder().AddPolicy(AccountEndpoints.AdministratorPolicy, policy => policy.RequireRole(nameof(AccountRole.Administrator)));
        services.AddHostedService<FirstAdministrator>().AddHostedService<ExpiredAccess>();
    }
}
