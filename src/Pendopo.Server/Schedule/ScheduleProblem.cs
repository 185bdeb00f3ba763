using System.Text.Json;
using Pendopo.Control;
using Pendopo.Signaling;

namespace Pendopo.Server.Schedule;

/// <summary>Refusals about scheduled meetings: problem documents (RFC 9457) with a code that programs understand.</summary>
internal static class ScheduleProblem
{
    public static IResult Of(ScheduleError error, string? detail = null) => Results.Problem(
        detail, statusCode: StatusOf(error), extensions: new Dictionary<string, object?> { ["error"] = JsonNamingPolicy.CamelCase.ConvertName(error.ToString()) });

    public static IResult Of(ControlError error) => Of(error switch
    {
        ControlError.InvalidTitle => ScheduleError.InvalidTitle,
        ControlError.InvalidAgenda => ScheduleError.InvalidAgenda,
        ControlError.InvalidTime => ScheduleError.InvalidTime,
        ControlError.InvalidPeople => ScheduleError.InvalidPeople,
        ControlError.MeetingOver => ScheduleError.Over,
        ControlError.VersionChanged => ScheduleError.VersionChanged,
        ControlError.MeetingScheduled => ScheduleError.AlreadyScheduled,
        ControlError.TooManyMeetings or ControlError.TooManyMails => ScheduleError.TooMany,
        _ => ScheduleError.NotFound,
    });

    private static int StatusOf(ScheduleError error) => error switch
    {
        ScheduleError.NotFounder => StatusCodes.Status403Forbidden,
        ScheduleError.NotFound => StatusCodes.Status404NotFound,
        ScheduleError.VersionChanged => StatusCodes.Status412PreconditionFailed,
        ScheduleError.Over or ScheduleError.AlreadyScheduled => StatusCodes.Status409Conflict,
        ScheduleError.TooMany or ScheduleError.TooManyRequests => StatusCodes.Status429TooManyRequests,
        _ => StatusCodes.Status400BadRequest,
    };
}
