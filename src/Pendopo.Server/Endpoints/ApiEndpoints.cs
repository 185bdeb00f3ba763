using System.Buffers.Text;
using System.Net;
using System.Reflection;
using System.Security.Cryptography;
using System.Text.Json;
using Microsoft.AspNetCore.Diagnostics.HealthChecks;
using Pendopo.Meetings.Domain;
using Pendopo.Server.Accounts;
using Pendopo.Server.Hubs;
using Pendopo.Server.Media;
using Pendopo.Server.Security;
using Pendopo.Server.Sessions;
using Pendopo.Signaling;

namespace Pendopo.Server.Endpoints;

/// <summary>Founding a meeting, status, health.</summary>
internal static class ApiEndpoints
{
    /// <summary>24 bytes: 192 bits, carried in an Authorization header.</summary>
    private const int TokenBytes = 24;

    private const string BadBody =
        "The body must be {kind, videoCodecs?, foundingStatement?}. kind is encrypted or openBroadcast and has no default; videoCodecs lists vp8, vp9, av1, h264.";

    private static readonly string Build =
        typeof(ApiEndpoints).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion ?? "unknown";

    public static void MapApi(this IEndpointRouteBuilder routes)
    {
        routes.MapPost("/api/meetings", CreateAsync);
        GroupEndpoints.Map(routes);
        FileEndpoints.Map(routes);
        routes.MapGet("/api/status", (IMediaPlane media) => new StatusResponse(Build, media.EndPoints.All(endPoint => IPAddress.IsLoopback(endPoint.Address))));
        routes.MapHealthChecks("/health/live", new HealthCheckOptions { Predicate = _ => false });
        routes.MapHealthChecks("/health/ready");
    }

    private static async Task<IResult> CreateAsync(
        HttpContext http, MeetingDirectory meetings, KnockLimiter limiter, ISessionAccounts accounts, FoundingPolicy policy)
    {
        if (!http.Request.HasJsonContentType()) return Results.Problem("The body must be application/json.", statusCode: StatusCodes.Status415UnsupportedMediaType);
        if (await ReadAsync(http) is not { } request) return Results.Problem(BadBody, statusCode: StatusCodes.Status400BadRequest);
        if (Validation.Check(request) is { } fault) return Results.Problem(fault, statusCode: StatusCodes.Status400BadRequest);
        if (!Session.TryGet(http, out var session)) return Results.Problem("A session is needed: open a page or /api/status first.", statusCode: StatusCodes.Status401Unauthorized);
        if (!limiter.MayCreate(session.Value, http.Connection.RemoteIpAddress)) return Results.Problem(statusCode: StatusCodes.Status429TooManyRequests);

        if (!await policy.MayFoundAsync(accounts.AccountOf(http) is not null, http.RequestAborted))
        {
            return GroupEndpoints.Refused(StatusCodes.Status403Forbidden, ErrorCode.NotSignedIn, "Here only people who are signed in found meetings.");
        }

        if (request.Kind == MeetingKind.Encrypted) return await GroupEndpoints.FoundAsync(http, request, session, meetings, accounts);
        var id = MeetingId.CreateBroadcast();
        var (publish, view) = (CreateToken(), CreateToken());
        await meetings.Find(id).Create(new MeetingCommand.Create(
            MeetingKind.OpenBroadcast, session, request.VideoCodecs ?? MeetingRules.DefaultVideoCodecs, TokenHash.Of(publish), TokenHash.Of(view)));
        var path = $"/m/{id.Value}";
        return Results.Created(path, new CreateMeetingResponse(id.Value, path, publish, view));
    }

    /// <summary>Null for what is no request: the caller is told the form, since the framework's own refusal says nothing.</summary>
    private static async Task<CreateMeetingRequest?> ReadAsync(HttpContext http)
    {
        try
        {
            return await http.Request.ReadFromJsonAsync<CreateMeetingRequest>(http.RequestAborted);
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static string CreateToken() => Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(TokenBytes));
}
