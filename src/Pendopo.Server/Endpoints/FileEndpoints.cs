using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Http.Features;
using Pendopo.Server.Options;
using Pendopo.Server.Security;
using Pendopo.Server.Sessions;
using Pendopo.Server.Storage;
using Pendopo.Signaling;

namespace Pendopo.Server.Endpoints;

/// <summary>
/// Files of an encrypted meeting, for its members alone and as ciphertext alone (docs/e2ee.md §17). To everybody else a file, a meeting and their absence
/// answer alike.
/// </summary>
internal static partial class FileEndpoints
{
    private const string Binary = "application/octet-stream";

    public static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet("/api/meetings/{meeting}/files", GetRoomAsync);
        routes.MapPost("/api/meetings/{meeting}/files", StoreAsync);
        routes.MapGet("/api/meetings/{meeting}/files/{file}", GetAsync);
    }

    private static async Task<IResult> GetRoomAsync(HttpContext http, string meeting, MeetingDirectory meetings, Gatekeeper gatekeeper, EntityFiles files, SharedFileOptions options)
    {
        var knock = Knock(http, gatekeeper);
        if (!knock.Allowed) return Results.Problem(statusCode: StatusCodes.Status429TooManyRequests);
        if (await FindAsync(http, meeting, meetings) is not { } member) return await knock.RefuseAsync(NotFound());
        http.Response.Headers.CacheControl = "no-store";
        return Results.Ok(new FileRoom(options.Maximum, await files.LeftAsync(member.Room, http.RequestAborted)));
    }

    private static async Task<IResult> StoreAsync(HttpContext http, string meeting, MeetingDirectory meetings, Gatekeeper gatekeeper, EntityFiles files, SharedFileOptions options)
    {
        var knock = Knock(http, gatekeeper);
        if (!knock.Allowed) return Results.Problem(statusCode: StatusCodes.Status429TooManyRequests);
        if (http.Request.ContentType != Binary) return Results.Problem($"The body must be {Binary}.", statusCode: StatusCodes.Status415UnsupportedMediaType);
        if (http.Request.ContentLength is not > 0) return Results.Problem("The body's length must be told.", statusCode: StatusCodes.Status411LengthRequired);
        if (await FindAsync(http, meeting, meetings) is not { } member) return await knock.RefuseAsync(NotFound());
        var length = http.Request.ContentLength.Value;
        if (length > options.LongestCiphertext) return Results.Problem(statusCode: StatusCodes.Status413PayloadTooLarge);
        // The limit of all other requests is that of a message.
        http.Features.GetRequiredFeature<IHttpMaxRequestBodySizeFeature>().MaxRequestBodySize = length;
        if (await files.StoreAsync(member.Room, http.Request.Body, length, http.RequestAborted) is not { } name)
        {
            return Results.Problem("The meeting's files have no place for it.", statusCode: StatusCodes.Status507InsufficientStorage);
        }

        await files.SealAsync(member.Room, name, length);
        // A meeting that ended meanwhile has dropped its files: this one must not stay behind.
        if (await FindAsync(http, meeting, meetings) != member)
        {
            await files.DropAsync(member.Room, name);
            return await knock.RefuseAsync(NotFound());
        }

        return Results.Created($"/api/meetings/{meeting}/files/{name}", new StoredFile(name));
    }

    private static async Task<IResult> GetAsync(HttpContext http, string meeting, string file, MeetingDirectory meetings, Gatekeeper gatekeeper, EntityFiles files)
    {
        var knock = Knock(http, gatekeeper);
        if (!knock.Allowed) return Results.Problem(statusCode: StatusCodes.Status429TooManyRequests);
        if (!FileName().IsMatch(file) || await FindAsync(http, meeting, meetings) is not { } member
            || await files.FindAsync(member.Room, file, http.RequestAborted) is not { } length)
        {
            return await knock.RefuseAsync(NotFound());
        }

        // Nothing is to be made of it but bytes, whoever opens the address.
        http.Response.Headers.CacheControl = "no-store";
        http.Response.Headers.ContentDisposition = "attachment";
        http.Response.ContentType = Binary;
        http.Response.ContentLength = length;
        await foreach (var part in files.ReadAsync(member.Room, file, http.RequestAborted)) await http.Response.Body.WriteAsync(part, http.RequestAborted);
        return Results.Empty;
    }

    /// <summary>Whom the session makes of the request, at this moment; null: no member.</summary>
    private static async Task<FileMember?> FindAsync(HttpContext http, string meeting, MeetingDirectory meetings)
    {
        if (!Session.TryGet(http, out var session) || !MeetingDirectory.TryReadEncrypted(meeting, out var id)) return null;
        return await meetings.FindGroup(id).FindGeneration(session) is { } generation ? new FileMember(id.Key.Value, generation) : null;
    }

    private static Attempt Knock(HttpContext http, Gatekeeper gatekeeper) =>
        gatekeeper.Knock(Session.TryGet(http, out var session) ? session.Value : null, http.Connection.RemoteIpAddress);

    private static IResult NotFound() => Results.Problem(statusCode: StatusCodes.Status404NotFound);

    /// <summary>128 bits in base64url: the last character holds two of them.</summary>
    [GeneratedRegex(@"\A[A-Za-z0-9_-]{21}[AQgw]\z")]
    private static partial Regex FileName();

    private sealed record FileMember(string Room, int Generation);
}
