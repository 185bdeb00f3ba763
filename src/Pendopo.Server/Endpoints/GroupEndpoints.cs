using System.Buffers.Text;
using Microsoft.AspNetCore.Mvc;
using Pendopo.Meetings.Domain;
using Pendopo.Meetings.Domain.Framing;
using Pendopo.Server.Security;
using Pendopo.Server.Sessions;
using Pendopo.Signaling;

namespace Pendopo.Server.Endpoints;

/// <summary>Encrypted meetings over HTTP: founding, the founding statement, and Welcomes too long for the hub (docs/e2ee.md §21).</summary>
internal static class GroupEndpoints
{
    private const string Binary = "application/octet-stream";

    public static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet("/api/meetings/{meeting}/founding", GetStatementAsync);
        routes.MapPost("/api/meetings/{meeting}/welcomes", StoreWelcomeAsync).WithMetadata(new RequestSizeLimitAttribute(SignalingContract.WelcomeMaximum));
        routes.MapGet("/api/meetings/{meeting}/welcomes/{welcome}", GetWelcomeAsync);
    }

    /// <summary>Founds the meeting that a statement names. The id is the founder's to make, so it may be in use.</summary>
    public static async Task<IResult> FoundAsync(HttpContext http, CreateMeetingRequest request, SessionKey session, MeetingDirectory meetings, ISessionAccounts accounts)
    {
        if (!FoundingStatement.TryParse(request.FoundingStatement, out var statement))
        {
            return Refused(StatusCodes.Status400BadRequest, ErrorCode.StatementRefused, "The founding statement is malformed, or of another kind or suite.");
        }

        // A founder by account is signed in to it; one by device to none.
        var account = accounts.AccountOf(http);
        if (statement.Founder.Type == PartyType.Account && account is null) return Refused(StatusCodes.Status403Forbidden, ErrorCode.NotSignedIn, "The founder's account is not signed in.");
        if (account != (statement.Founder.Type == PartyType.Account ? statement.Founder.Id : null))
        {
            return Refused(StatusCodes.Status403Forbidden, ErrorCode.StatementRefused, "The founding statement is another founder's.");
        }

        var id = statement.MeetingId;
        var outcome = await meetings.Find(id).Create(new MeetingCommand.Create(
            MeetingKind.Encrypted, session, request.VideoCodecs ?? MeetingRules.DefaultVideoCodecs, Statement: request.FoundingStatement));
        if (outcome != ErrorCode.None) return Refused(StatusCodes.Status409Conflict, ErrorCode.IdInUse, "The meeting id is in use.");
        var path = $"/m/{id.Value}";
        return Results.Created(path, new CreateMeetingResponse(id.Value, path, null, null));
    }

    /// <summary>The one thing that everybody with the link gets. What is unknown and what is of another kind answers alike.</summary>
    private static async Task<IResult> GetStatementAsync(HttpContext http, string meeting, MeetingDirectory meetings, Gatekeeper gatekeeper)
    {
        var knock = Knock(http, gatekeeper);
        if (!knock.Allowed) return Results.Problem(statusCode: StatusCodes.Status429TooManyRequests);
        if (!MeetingDirectory.TryReadEncrypted(meeting, out var id) || await meetings.FindGroup(id).FindStatement() is not { } statement) return await knock.RefuseAsync(NotFound());
        http.Response.Headers.CacheControl = "no-store";
        return Results.Bytes(Base64Url.DecodeFromChars(statement), Binary);
    }

    private static async Task<IResult> StoreWelcomeAsync(HttpContext http, string meeting, MeetingDirectory meetings, Gatekeeper gatekeeper)
    {
        if (!Session.TryGet(http, out var session)) return Results.Problem(statusCode: StatusCodes.Status401Unauthorized);
        var knock = Knock(http, gatekeeper);
        if (!knock.Allowed) return Results.Problem(statusCode: StatusCodes.Status429TooManyRequests);
        if (http.Request.ContentType != Binary) return Results.Problem($"The body must be {Binary}.", statusCode: StatusCodes.Status415UnsupportedMediaType);
        if (!MeetingDirectory.TryReadEncrypted(meeting, out var id)) return await knock.RefuseAsync(NotFound());
        if (await ReadAsync(http) is not { } welcome) return Results.Problem(statusCode: StatusCodes.Status413PayloadTooLarge);
        var reply = await meetings.FindGroup(id).StoreWelcome(session, welcome);
        return reply.Error switch
        {
            ErrorCode.None => Results.Created($"/api/meetings/{id.Value}/welcomes/{reply.WelcomeId}", new StoredWelcome(reply.WelcomeId!)),
            ErrorCode.InvalidRequest => Results.Problem("The body is no Welcome of this suite.", statusCode: StatusCodes.Status400BadRequest),
            ErrorCode.Unavailable => Results.Problem(statusCode: StatusCodes.Status503ServiceUnavailable),
            _ => await knock.RefuseAsync(NotFound()),
        };
    }

    private static async Task<IResult> GetWelcomeAsync(HttpContext http, string meeting, string welcome, MeetingDirectory meetings, Gatekeeper gatekeeper)
    {
        var knock = Knock(http, gatekeeper);
        if (!knock.Allowed) return Results.Problem(statusCode: StatusCodes.Status429TooManyRequests);
        if (!MeetingDirectory.TryReadEncrypted(meeting, out var id) || !Session.TryGet(http, out var session)) return await knock.RefuseAsync(NotFound());
        if (await meetings.FindGroup(id).FindWelcome(session, welcome) is not { } bytes) return await knock.RefuseAsync(NotFound());
        http.Response.Headers.CacheControl = "no-store";
        return Results.Bytes(bytes, Binary);
    }

    private static Attempt Knock(HttpContext http, Gatekeeper gatekeeper) =>
        gatekeeper.Knock(Session.TryGet(http, out var session) ? session.Value : null, http.Connection.RemoteIpAddress);

    /// <summary>The body, or null when it is longer than allowed.</summary>
    private static async Task<byte[]?> ReadAsync(HttpContext http)
    {
        if (http.Request.ContentLength is not (> 0 and <= SignalingContract.WelcomeMaximum) and not null) return null;
        var buffer = new byte[(int)(http.Request.ContentLength ?? SignalingContract.WelcomeMaximum) + 1];
        var length = await http.Request.Body.ReadAtLeastAsync(buffer, buffer.Length, throwOnEndOfStream: false, http.RequestAborted);
        return length is 0 || length == buffer.Length ? null : buffer[..length];
    }

    private static IResult NotFound() => Results.Problem(statusCode: StatusCodes.Status404NotFound);

    /// <summary>A problem that names the wire contract's code.</summary>
    public static IResult Refused(int status, ErrorCode error, string detail) =>
        Results.Problem(detail, statusCode: status, extensions: new Dictionary<string, object?> { ["error"] = error });
}
