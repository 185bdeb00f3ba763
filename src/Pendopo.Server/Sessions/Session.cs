using System.Buffers.Text;
using System.Security.Cryptography;
using Pendopo.Meetings.Domain;
using Pendopo.Server.Accounts;

namespace Pendopo.Server.Sessions;

/// <summary>
/// A browser's session: a random cookie that is not an account. It says only "the same browser as before", which is what
/// coming back to one's place needs. Who is signed in there, if anybody, stands beside it (<see cref="AccountOf"/>).
/// </summary>
internal static class Session
{
    /// <summary>The prefix binds the cookie to this host and to HTTPS; plain HTTP on loopback cannot bear it.</summary>
    private const string SecureName = "__Host-pendopo";

    private const string PlainName = "pendopo";

    /// <summary>24 bytes: 192 bits.</summary>
    private const int RandomBytes = 24;

    private const int Length = 32;

    /// <summary>Gives a session to whoever comes without one by GET.</summary>
    public static Task EnsureAsync(HttpContext context, RequestDelegate next)
    {
        if (HttpMethods.IsGet(context.Request.Method) && !TryGet(context, out _) && WantsSession(context.Request.Path)) Renew(context);
        return next(context);
    }

    /// <summary>
    /// Gives another session in place of the one that the browser has. At each change of who is signed in: on a shared computer nobody may act in
    /// meetings as whoever sat there before.
    /// </summary>
    public static void Renew(HttpContext context) => context.Response.Cookies.Append(
        NameFor(context), Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(RandomBytes)), new CookieOptions
        {
            HttpOnly = true,
            Secure = context.Request.IsHttps,
            // Links in mails lead here from other sites: with Strict each would come without the cookie, and get another that ends one's place in a meeting.
            SameSite = SameSiteMode.Lax,
            Path = "/",
            IsEssential = true,
        });

    /// <summary>The account that is signed in with this session; null: none, as guests are.</summary>
    public static AccountIdentity? AccountOf(HttpContext context) => AccountIdentity.Of(context.User);

    public static bool TryGet(HttpContext context, out SessionKey session)
    {
        session = default;
        if (!context.Request.Cookies.TryGetValue(NameFor(context), out var value) || value.Length != Length) return false;
        if (!value.All(character => char.IsAsciiLetterOrDigit(character) || character is '-' or '_')) return false;
        session = SessionKey.Of(value);
        return true;
    }

    /// <summary>Pages and the API; not assets (which are cached) and not endpoints with tokens of their own.</summary>
    private static bool WantsSession(PathString path) =>
        path == "/" || path == Endpoints.WebClient.TestPage || path.StartsWithSegments("/m") || path.StartsWithSegments("/api") || Endpoints.WebClient.AccountPages.Contains(path.Value);

    private static string NameFor(HttpContext context) => context.Request.IsHttps ? SecureName : PlainName;
}
