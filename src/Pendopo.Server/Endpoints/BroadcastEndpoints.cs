using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using Pendopo.Meetings.Domain;
using Pendopo.Meetings.Grains;
using Pendopo.Server.Media;
using Pendopo.Server.Security;
using Pendopo.Signaling;

namespace Pendopo.Server.Endpoints;

/// <summary>
/// WHIP (RFC 9725) for publishers and WHEP for viewers of open broadcasts. The resource's address bears a secret that stands
/// for its session; together with the bearer token it lets its owner end it or restart ICE.
/// </summary>
internal sealed class BroadcastEndpoints(MeetingDirectory meetings, IOfferInspector inspector, Gatekeeper gatekeeper, EndpointTags tags)
{
    private const string SdpType = "application/sdp";
    private const string FragmentType = "application/trickle-ice-sdpfrag";

    /// <summary>An ICE fragment is a handful of lines and candidates.</summary>
    private const int FragmentMaximum = 16_384;

    /// <summary>24 bytes: 192 bits in the resource's address.</summary>
    private const int SecretBytes = 24;

    public static void Map(IEndpointRouteBuilder routes)
    {
        MapDoor(routes, "/whip", Door.Publish);
        MapDoor(routes, "/whep", Door.View);
    }

    private static void MapDoor(IEndpointRouteBuilder routes, string prefix, Door door)
    {
        routes.MapMethods(prefix + "/{meeting}", ["OPTIONS"], (HttpContext http) => Options(http, "OPTIONS, POST"));
        routes.MapMethods(prefix + "/{meeting}/{resource}", ["OPTIONS"], (HttpContext http) => Options(http, "OPTIONS, DELETE, PATCH"));
        routes.MapPost(prefix + "/{meeting}", (BroadcastEndpoints self, HttpContext http, string meeting) => self.PostAsync(http, meeting, door, prefix));
        routes.MapDelete(prefix + "/{meeting}/{resource}", (BroadcastEndpoints self, HttpContext http, string meeting, string resource) =>
            self.DeleteAsync(http, meeting, resource, door));
        routes.MapPatch(prefix + "/{meeting}/{resource}", (BroadcastEndpoints self, HttpContext http, string meeting, string resource) =>
            self.PatchAsync(http, meeting, resource, door));
    }

    private async Task<IResult> PostAsync(HttpContext http, string meeting, Door door, string prefix)
    {
        AllowOrigins(http);
        if (!HasType(http, SdpType)) return Problem(StatusCodes.Status415UnsupportedMediaType, $"The body must be {SdpType}.");
        var knock = gatekeeper.Knock(null, http.Connection.RemoteIpAddress);
        if (!knock.Allowed) return Problem(StatusCodes.Status429TooManyRequests);
        if (!meetings.TryReadBroadcast(meeting, out var id)) return await knock.RefuseAsync(NotFound());
        if (await ReadAsync(http, SignalingContract.SdpMaximum) is not { } sdp) return Problem(StatusCodes.Status413PayloadTooLarge);
        if (!inspector.TryInspect(sdp, out var abilities, out var error)) return Problem(StatusCodes.Status400BadRequest, error);

        var secret = Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(SecretBytes));
        var isPublisher = door == Door.Publish;
        var sends = new MediaState(isPublisher && abilities.Red is not null, isPublisher && abilities.Decodes is not null);
        var reply = await (await meetings.OpenAsync(id)).Enter(new EnterCall(
            door, SessionKey.Of(secret), BearerOf(http), ParticipantId.Create(), isPublisher ? "WHIP" : "WHEP", sends, null, sdp, null, abilities));
        switch (reply.Error)
        {
            case ErrorCode.None:
                http.Response.Headers.Location = $"{prefix}/{id.Value}/{secret}";
                http.Response.Headers.ETag = tags.Renew(SessionKey.Of(secret));
                return Results.Text(reply.AnswerSdp, SdpType, Encoding.UTF8, StatusCodes.Status201Created);
            case ErrorCode.MeetingNotFound or ErrorCode.MeetingEnded:
                return await knock.RefuseAsync(NotFound());
            case ErrorCode.InvalidOffer:
                return Problem(StatusCodes.Status400BadRequest, reply.Message);
            case ErrorCode.NoCommonCodec:
                return Problem(StatusCodes.Status406NotAcceptable, "No video codec that everybody in the meeting can decode.");
            default:
                http.Response.Headers.RetryAfter = "10";
                return Problem(StatusCodes.Status503ServiceUnavailable, reply.Error.ToString());
        }
    }

    private async Task<IResult> DeleteAsync(HttpContext http, string meeting, string resource, Door door)
    {
        AllowOrigins(http);
        var knock = gatekeeper.Knock(null, http.Connection.RemoteIpAddress);
        if (!knock.Allowed) return Problem(StatusCodes.Status429TooManyRequests);
        if (!meetings.TryReadBroadcast(meeting, out var id)) return await knock.RefuseAsync(NotFound());
        var session = SessionKey.Of(resource);
        if (await meetings.Find(id).CloseEndpoint(new EndpointCall(door, session, BearerOf(http))) != ErrorCode.None) return await knock.RefuseAsync(NotFound());
        return Results.Ok();
    }

    private async Task<IResult> PatchAsync(HttpContext http, string meeting, string resource, Door door)
    {
        AllowOrigins(http);
        if (!HasType(http, FragmentType)) return Problem(StatusCodes.Status415UnsupportedMediaType, $"The body must be {FragmentType}.");
        var knock = gatekeeper.Knock(null, http.Connection.RemoteIpAddress);
        if (!knock.Allowed) return Problem(StatusCodes.Status429TooManyRequests);
        if (!meetings.TryReadBroadcast(meeting, out var id)) return await knock.RefuseAsync(NotFound());
        var session = SessionKey.Of(resource);
        if (tags.Current(session) is not { } tag) return await knock.RefuseAsync(NotFound());
        if (await ReadAsync(http, FragmentMaximum) is not { } fragment) return Problem(StatusCodes.Status413PayloadTooLarge);

        // RFC 9725 §4.3.3: an ICE restart bears If-Match "*"; trickled candidates bear the session's tag.
        var match = http.Request.Headers.IfMatch.ToString();
        if (match.Length == 0) return Problem(StatusCodes.Status428PreconditionRequired, "If-Match is needed.");
        if (match != "*" && match != tag) return Problem(StatusCodes.Status412PreconditionFailed);
        var restart = await meetings.Find(id).RestartEndpoint(new EndpointCall(door, session, BearerOf(http)), fragment);
        if (restart.Error == ErrorCode.MeetingNotFound) return await knock.RefuseAsync(NotFound());
        if (restart.SdpFragment is null)
        {
            // We are ICE-lite: candidates of the peer are learnt from its checks, so trickled ones are taken and not needed.
            return match == "*" ? Problem(StatusCodes.Status400BadRequest, "The ICE restart was refused.") : Results.NoContent();
        }

        http.Response.Headers.ETag = tags.Renew(session);
        return Results.Text(restart.SdpFragment, FragmentType, Encoding.UTF8, StatusCodes.Status200OK);
    }

    private static IResult Options(HttpContext http, string methods)
    {
        AllowOrigins(http);
        http.Response.Headers.Allow = methods;
        http.Response.Headers["Accept-Post"] = SdpType;
        http.Response.Headers["Accept-Patch"] = FragmentType;
        http.Response.Headers.AccessControlAllowMethods = methods;
        http.Response.Headers.AccessControlAllowHeaders = "Authorization, Content-Type, If-Match";
        return Results.NoContent();
    }

    /// <summary>Any origin: entrance is by bearer token alone, and no cookie is ever looked at here.</summary>
    private static void AllowOrigins(HttpContext http)
    {
        http.Response.Headers.AccessControlAllowOrigin = "*";
        http.Response.Headers.AccessControlExposeHeaders = "Location, ETag, Accept-Post, Accept-Patch";
    }

    private static string? BearerOf(HttpContext http)
    {
        const string Scheme = "Bearer ";
        var header = http.Request.Headers.Authorization.ToString();
        return header.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase) ? header[Scheme.Length..].Trim() : null;
    }

    private static bool HasType(HttpContext http, string type) =>
        http.Request.ContentType is { } content && content.Split(';')[0].Trim().Equals(type, StringComparison.OrdinalIgnoreCase);

    /// <summary>The body as text, or null when it is longer than allowed.</summary>
    private static async Task<string?> ReadAsync(HttpContext http, int maximum)
    {
        if (http.Request.ContentLength > maximum) return null;
        using var reader = new StreamReader(http.Request.Body, Encoding.UTF8);
        var buffer = new char[Math.Min(maximum, http.Request.ContentLength ?? maximum) + 1];
        var length = await reader.ReadBlockAsync(buffer, http.RequestAborted);
        return length > maximum ? null : new string(buffer, 0, length);
    }

    /// <summary>Unknown meetings, other kinds, wrong tokens and foreign resources: one answer.</summary>
    private static IResult NotFound() => Problem(StatusCodes.Status404NotFound);

    private static IResult Problem(int status, string? detail = null) => Results.Problem(detail, statusCode: status);
}
