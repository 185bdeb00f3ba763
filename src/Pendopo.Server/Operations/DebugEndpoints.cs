using System.Globalization;
using System.Text.Json;
using Microsoft.AspNetCore.Http.Features;
using Pendopo.Meetings.Domain;
using Pendopo.Server.Media;
using Pendopo.Sfu.Capture;

namespace Pendopo.Server.Operations;

/// <summary>
/// The operator's view of the flows: which meetings run, what flows in one, and a capture of one peer's headers. Peers appear by id, meetings
/// by the short form of their key, as in the logs; <see cref="OperatorGate"/> stands before all of it.
/// </summary>
internal static class DebugEndpoints
{
    /// <summary>As many characters as logs show; fewer could name several meetings.</summary>
    private const int LeastPrefix = 12;

    private static readonly JsonSerializerOptions Json = StatisticsJson.CreateOptions();

    public static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet("/debug/style.css", () => Results.Text(DebugPage.Style, "text/css"));
        routes.MapGet("/debug/meetings", ListAsync);
        routes.MapGet("/debug/meetings/{meeting}", ShowAsync);
        routes.MapPost("/debug/meetings/{meeting}/peers/{peer}/capture", CaptureAsync);
    }

    private static async Task<IResult> ListAsync(HttpContext http, IMediaPlane media)
    {
        var rooms = await media.GetRoomsAsync(http.RequestAborted);
        return FormOf(http) switch
        {
            Form.Html => Results.Content(DebugPage.List(rooms, DebugWords.For(http.Request)), "text/html; charset=utf-8"),
            Form.Json => Results.Json(rooms, Json),
            _ => Results.Text(string.Concat(rooms.Select(static room => $"{new MeetingKey(room.Room).Loggable}  {room.Peers}\n"))),
        };
    }

    private static async Task<IResult> ShowAsync(HttpContext http, string meeting, IMediaPlane media)
    {
        if (await FindAsync(http, meeting, media) is not { } room) return Results.NotFound();
        if (await media.GetStatisticsAsync(room, http.RequestAborted) is not { } statistics) return Results.NotFound();
        return FormOf(http) switch
        {
            Form.Html => Results.Content(DebugPage.Meeting(statistics, DebugWords.For(http.Request)), "text/html; charset=utf-8"),
            Form.Json => Results.Json(statistics, Json),
            _ => Results.Text(DebugText.Meeting(statistics)),
        };
    }

    private static async Task CaptureAsync(HttpContext http, string meeting, string peer, double? seconds, int? bytes, IMediaPlane media, ILogger<OperatorGate> logger)
    {
        var limits = new CaptureLimits();
        if (seconds is { } given) limits = limits with { Duration = TimeSpan.FromSeconds(double.IsFinite(given) ? Math.Clamp(given, 0, 3600) : 0) };
        if (bytes is { } most) limits = limits with { Bytes = most };
        if (limits.Validate() is { } fault)
        {
            await Results.Problem(fault, statusCode: StatusCodes.Status400BadRequest).ExecuteAsync(http);
            return;
        }

        var room = await FindAsync(http, meeting, media);
        var start = room is null ? new CaptureStart(CaptureRefusal.UnknownPeer, null) : await media.StartCaptureAsync(room, peer, limits, http.RequestAborted);
        if (start.CopyAsync is null)
        {
            var status = start.Refusal == CaptureRefusal.Busy ? StatusCodes.Status409Conflict : StatusCodes.Status404NotFound;
            await Results.Problem(statusCode: status).ExecuteAsync(http);
            return;
        }

        logger.OperatorCaptures(peer, new MeetingKey(room!), limits.Duration.TotalSeconds);
        http.Response.ContentType = "application/octet-stream";
        http.Response.Headers.ContentDisposition = string.Create(CultureInfo.InvariantCulture, $"attachment; filename=\"pendopo-{new MeetingKey(room!).Loggable}.pcapng\"");
        http.Features.Get<IHttpResponseBodyFeature>()?.DisableBuffering();
        await start.CopyAsync(http.Response.Body, http.RequestAborted);
    }

    /// <summary>The room of a meeting's link id, of its key, or of the beginning of that as logs show it; null when no room or several fit.</summary>
    private static async Task<string?> FindAsync(HttpContext http, string meeting, IMediaPlane media)
    {
        var rooms = await media.GetRoomsAsync(http.RequestAborted);
        var key = MeetingId.TryParse(meeting, out var id) ? id.Key.Value : null;
        if (rooms.FirstOrDefault(room => room.Room == meeting || room.Room == key) is { } exact) return exact.Room;
        if (meeting.Length < LeastPrefix) return null;
        var beginning = rooms.Where(room => room.Room.StartsWith(meeting, StringComparison.Ordinal)).Take(2).ToList();
        return beginning.Count == 1 ? beginning[0].Room : null;
    }

    private static Form FormOf(HttpContext http)
    {
        var accept = http.Request.Headers.Accept.ToString();
        return accept.Contains("text/html", StringComparison.OrdinalIgnoreCase) ? Form.Html
            : accept.Contains("application/json", StringComparison.OrdinalIgnoreCase) ? Form.Json
            : Form.Text;
    }
}

/// <summary>How an answer is written.</summary>
internal enum Form
{
    Text,
    Html,
    Json,
}
