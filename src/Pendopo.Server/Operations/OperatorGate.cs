using System.Net;
using System.Text;

namespace Pendopo.Server.Operations;

/// <summary>
/// Stands before the operator's pages. To anybody who does not come from this machine itself they do not exist (404); who does needs the
/// operator's token: without one 401, with a wrong one 403.
/// </summary>
/// <remarks>
/// A request that a proxy passed on counts as coming from elsewhere even when the proxy runs here: loopback is then everybody's
/// address. A browser gives the token as the password of HTTP Basic. It sends that by itself with any later request, those that foreign
/// pages make included, so Basic opens only what changes nothing; the rest needs Bearer, which no foreign page can add.
/// </remarks>
internal sealed class OperatorGate(OperatorToken token, ILogger<OperatorGate> logger)
{
    private static readonly PathString[] Guarded = ["/debug", "/metrics", "/operator"];

    /// <summary>What proxies add, also after the framework has read it.</summary>
    private static readonly string[] ProxyHeaders = ["Forwarded", "Via", "X-Forwarded-For", "X-Forwarded-Host", "X-Forwarded-Proto", "X-Original-For", "X-Real-IP"];

    public Task CheckAsync(HttpContext context, RequestDelegate next)
    {
        var request = context.Request;
        if (!Array.Exists(Guarded, path => request.Path.StartsWithSegments(path))) return next(context);
        if (!IsLocal(context)) return RefuseAsync(context, StatusCodes.Status404NotFound);
        context.Response.Headers.CacheControl = "no-store";
        if (TokenOf(request) is not { } given)
        {
            context.Response.Headers.WWWAuthenticate = IsSafe(request) ? "Basic realm=\"Pendopo operator\", charset=\"UTF-8\"" : "Bearer";
            return RefuseAsync(context, StatusCodes.Status401Unauthorized);
        }

        if (token.Matches(given)) return next(context);
        logger.OperatorRefused();
        return RefuseAsync(context, StatusCodes.Status403Forbidden);
    }

    private static bool IsLocal(HttpContext context)
    {
        var (connection, request) = (context.Connection, context.Request);
        if (connection.RemoteIpAddress is not { } remote || !IPAddress.IsLoopback(remote)) return false;
        if (connection.LocalIpAddress is not { } local || !IPAddress.IsLoopback(local)) return false;
        if (Array.Exists(ProxyHeaders, request.Headers.ContainsKey)) return false;
        var host = request.Host.Host;
        return host.Equals("localhost", StringComparison.OrdinalIgnoreCase) || (IPAddress.TryParse(host.Trim('[', ']'), out var named) && IPAddress.IsLoopback(named));
    }

    private static bool IsSafe(HttpRequest request) => HttpMethods.IsGet(request.Method) || HttpMethods.IsHead(request.Method);

    private static string? TokenOf(HttpRequest request)
    {
        var header = request.Headers.Authorization.ToString();
        if (header.StartsWith("Bearer ", StringComparison.OrdinalIgnoreCase)) return header["Bearer ".Length..].Trim();
        if (!IsSafe(request) || !header.StartsWith("Basic ", StringComparison.OrdinalIgnoreCase)) return null;
        var bytes = new byte[header.Length];
        if (!Convert.TryFromBase64String(header["Basic ".Length..].Trim(), bytes, out var length)) return null;
        var pair = Encoding.UTF8.GetString(bytes, 0, length);
        var colon = pair.IndexOf(':', StringComparison.Ordinal);
        return colon < 0 ? null : pair[(colon + 1)..];
    }

    private static Task RefuseAsync(HttpContext context, int status)
    {
        context.Response.StatusCode = status;
        return Task.CompletedTask;
    }
}
