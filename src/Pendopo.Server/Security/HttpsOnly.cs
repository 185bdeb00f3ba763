using System.Net;
using Pendopo.Server.Options;

namespace Pendopo.Server.Security;

/// <summary>
/// Once there is HTTPS, plain HTTP from elsewhere leads there: browsers give no camera to it. Loopback stays, and so does the
/// page that helps to trust the certificate.
/// </summary>
internal static class HttpsOnly
{
    public static Task RedirectAsync(HttpContext context, RequestDelegate next, PendopoOptions options)
    {
        var request = context.Request;
        var isLocal = context.Connection.RemoteIpAddress is { } remote && IPAddress.IsLoopback(remote);
        if (request.IsHttps || isLocal || request.Path.StartsWithSegments("/ca") || request.Path.StartsWithSegments("/health")) return next(context);
        var host = options.HostName ?? request.Host.Host;
        context.Response.Redirect($"https://{host}:{options.Https.Port}{request.PathBase}{request.Path}{request.QueryString}", permanent: false, preserveMethod: true);
        return Task.CompletedTask;
    }
}
