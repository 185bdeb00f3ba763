using Pendopo.Control.Users;

namespace Pendopo.Server.Accounts;

/// <summary>The cookie that carries a session's secret. No script reads it, no other site sends it, and no other host can set it.</summary>
internal static class AccountCookie
{
    /// <summary>The prefix binds the cookie to this host and to HTTPS; plain HTTP on loopback cannot bear it.</summary>
    private const string SecureName = "__Host-pendopo-account";

    private const string PlainName = "pendopo-account";

    public static string? Read(HttpContext context) => context.Request.Cookies.TryGetValue(NameFor(context), out var value) ? value : null;

    public static void Write(HttpContext context, string token) => context.Response.Cookies.Append(NameFor(context), token, Options(context, AccountSession.Lifetime));

    public static void Delete(HttpContext context) => context.Response.Cookies.Append(NameFor(context), "", Options(context, TimeSpan.Zero));

    private static string NameFor(HttpContext context) => context.Request.IsHttps ? SecureName : PlainName;

    private static CookieOptions Options(HttpContext context, TimeSpan lifetime) => new()
    {
        HttpOnly = true,
        Secure = context.Request.IsHttps,
        SameSite = SameSiteMode.Strict,
        Path = "/",
        IsEssential = true,
        MaxAge = lifetime,
    };
}
