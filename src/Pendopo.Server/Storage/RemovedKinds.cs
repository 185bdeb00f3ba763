using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Pendopo.Control.Storage;

namespace Pendopo.Server.Storage;

/// <summary>
/// Meetings that a database still holds of the kind that is no more: people who met without end-to-end encryption. They are deleted before anything is
/// served, since nothing may be made of them, least of all one of the two kinds there are. Only that kind is deleted, by its name: a kind that this
/// build does not know may be one of a newer build.
/// </summary>
internal static class RemovedKinds
{
    private const string Clear = "Meeting";

    /// <summary>How many were deleted.</summary>
    public static async Task<int> DropAsync(ControlDbContext context, ILogger logger, CancellationToken cancellation = default)
    {
        // The text alone could stand elsewhere in a state, so what has it is read.
        var candidates = await context.GrainStates.AsNoTracking().Where(row => row.Kind == "meeting" && row.Payload.Contains("\"" + Clear + "\""))
            .Select(row => new { row.Id, row.Payload }).ToListAsync(cancellation);
        var dropped = 0;
        foreach (var id in candidates.Where(row => IsClear(row.Payload)).Select(row => row.Id))
        {
            dropped += await context.GrainStates.Where(row => row.Kind == "meeting" && row.Id == id).ExecuteDeleteAsync(cancellation);
        }

        if (dropped > 0) logger.ClearMeetingsDropped(dropped);
        return dropped;
    }

    private static bool IsClear(string payload)
    {
        using var state = JsonDocument.Parse(payload);
        return state.RootElement.TryGetProperty("Meeting", out var meeting) && meeting.ValueKind == JsonValueKind.Object
            && meeting.TryGetProperty("Kind", out var kind) && kind.ValueKind == JsonValueKind.String && kind.ValueEquals(Clear);
    }
}
