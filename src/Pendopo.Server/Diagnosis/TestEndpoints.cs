using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Http.Metadata;
using Pendopo.Server.Media;
using Pendopo.Server.Sessions;

namespace Pendopo.Server.Diagnosis;

/// <summary>What the page at <c>/test</c> asks for: a media connection to nobody, and bytes to measure. Nothing of it is kept or logged.</summary>
internal static class TestEndpoints
{
    /// <summary>Bytes of a measured transfer, each way: some seconds of a weak line, a blink of a good one.</summary>
    private const int TransferBytes = 2_000_000;

    /// <summary>A test's offer has one line of media.</summary>
    private const int OfferMaximum = 32_768;

    private const string SdpType = "application/sdp";

    public static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapPost("/api/test/media", ConnectAsync).WithMetadata(new SizeLimit(OfferMaximum));
        routes.MapGet("/api/test/download", DownloadAsync);
        routes.MapPost("/api/test/upload", UploadAsync).WithMetadata(new SizeLimit(TransferBytes));
    }

    private static async Task<IResult> ConnectAsync(HttpContext http, TestRooms rooms, TestLimiter limiter, IOfferInspector inspector)
    {
        if (Refuse(http, limiter) is { } refusal) return refusal;
        if (http.Request.ContentType != SdpType) return Results.Problem($"The body must be {SdpType}.", statusCode: StatusCodes.Status415UnsupportedMediaType);
        if (http.Request.ContentLength is not <= OfferMaximum) return Results.Problem(statusCode: StatusCodes.Status413PayloadTooLarge);
        using var reader = new StreamReader(http.Request.Body, Encoding.UTF8);
        var sdp = await reader.ReadToEndAsync(http.RequestAborted);
        if (!inspector.TryInspect(sdp, out _, out var error)) return Results.Problem(error, statusCode: StatusCodes.Status400BadRequest);
        return await rooms.OpenAsync(sdp) switch
        {
            null => Results.Problem("Too many tests run at the moment.", statusCode: StatusCodes.Status503ServiceUnavailable),
            { AnswerSdp: { } answer } => Results.Text(answer, SdpType, Encoding.UTF8),
            var refused => Results.Problem(refused.Error, statusCode: StatusCodes.Status400BadRequest),
        };
    }

    /// <summary>Random bytes, which no proxy on the way can make smaller.</summary>
    private static async Task DownloadAsync(HttpContext http, TestLimiter limiter)
    {
        if (Refuse(http, limiter) is { } refusal)
        {
            await refusal.ExecuteAsync(http);
            return;
        }

        http.Response.Headers.CacheControl = "no-store";
        http.Response.ContentType = "application/octet-stream";
        http.Response.ContentLength = TransferBytes;
        var buffer = new byte[50_000];
        for (var sent = 0; sent < TransferBytes; sent += buffer.Length)
        {
            RandomNumberGenerator.Fill(buffer);
            await http.Response.Body.WriteAsync(buffer, http.RequestAborted);
        }
    }

    private static async Task<IResult> UploadAsync(HttpContext http, TestLimiter limiter)
    {
        if (Refuse(http, limiter) is { } refusal) return refusal;
        await http.Request.Body.CopyToAsync(Stream.Null, http.RequestAborted);
        return Results.NoContent();
    }

    private static IResult? Refuse(HttpContext http, TestLimiter limiter)
    {
        if (!Session.TryGet(http, out var session)) return Results.Problem("A session is needed: open a page first.", statusCode: StatusCodes.Status401Unauthorized);
        return limiter.Allows(session, http.Connection.RemoteIpAddress) ? null : Results.Problem(statusCode: StatusCodes.Status429TooManyRequests);
    }

    private sealed record SizeLimit(long? MaxRequestBodySize) : IRequestSizeLimitMetadata;
}
