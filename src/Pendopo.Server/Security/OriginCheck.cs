using System.Net;
using Pendopo.Server.Options;

namespace Pendopo.Server.Security;

/// <summary>
/// Lets in only requests for names that are ours (a foreign name that points to us is DNS rebinding) and, of browsers, only
/// those that our own pages make. An IP address as host cannot be rebound: it must be the one the request came in by.
/// </summary>
internal sealed class OriginCheck
{
    private readonly HashSet<string> _hosts = new(StringComparer.OrdinalIgnoreCase) { "localhost" };
    private readonly HashSet<string> _origins = new(StringComparer.OrdinalIgnoreCase);

    public OriginCheck(PendopoOptions options)
    {
        if (options.HostName is { } name) _hosts.Add(name);
        foreach (var origin in options.PublicOrigins.Append(options.SignInOrigin))
        {
            _origins.Add(origin);
            _hosts.Add(new Uri(origin).Host);
        }
    }

    public Task CheckAsync(HttpContext context, RequestDelegate next)
    {
        if (!IsOurHost(context)) return RefuseAsync(context, StatusCodes.Status421MisdirectedRequest, "This server does not answer under that name.");
        if (NeedsOwnOrigin(context.Request) && !IsOurOrigin(context.Request)) return RefuseAsync(context, StatusCodes.Status403Forbidden, "Foreign origin.");
        return next(context);
    }

    private bool IsOurHost(HttpContext context)
    {
        var host = context.Request.Host.Host;
        if (!IPAddress.TryParse(host.Trim('[', ']'), out var address)) return _hosts.Contains(host);
        if (IPAddress.IsLoopback(address) || _hosts.Contains(host)) return true;
        return context.Connection.LocalIpAddress is { } local && Plain(local).Equals(Plain(address));
    }

    /// <summary>Requests that a cookie gives power to. WHIP and WHEP look at no cookie and may come from any page.</summary>
    private static bool NeedsOwnOrigin(HttpRequest request) =>
        request.Path.StartsWithSegments("/hubs") || (request.Path.StartsWithSegments("/api") && !HttpMethods.IsGet(request.Method));

    /// <summary>Browsers send Origin with every WebSocket and POST; clients that are no browsers send none and bear no foreign cookies.</summary>
    private bool IsOurOrigin(HttpRequest request)
    {
        var origin = request.Headers.Origin.ToString();
        return origin.Length == 0 || origin.Equals($"{request.Scheme}://{request.Host}", StringComparison.OrdinalIgnoreCase) || _origins.Contains(origin);
    }

    private static Task RefuseAsync(HttpContext context, int status, string detail) =>
        Results.Problem(detail, statusCode: status).ExecuteAsync(context);

    private static IPAddress Plain(IPAddress address) => address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address;
}
