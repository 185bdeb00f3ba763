using System.Globalization;
using Pendopo.Control;
using Pendopo.Control.Schedule;
using Pendopo.Server.Accounts;
using Pendopo.Server.Mail;
using Pendopo.Server.Sessions;
using Pendopo.Signaling;

namespace Pendopo.Server.Schedule;

/// <summary>Scheduled meetings of whoever is signed in: list, plan, change, cancel.</summary>
internal static class ScheduleEndpoints
{
    public static void Map(IEndpointRouteBuilder routes)
    {
        var own = routes.MapGroup("/api/schedule").AddEndpointFilter(KeepFromCachesAsync).RequireAuthorization();
        own.MapGet("", ListAsync);
        own.MapPost("", PlanAsync);
        own.MapGet("/people", FindPeopleAsync);
        own.MapGet("/{id:guid}", ShowAsync);
        own.MapPut("/{id:guid}", ChangeAsync);
        own.MapDelete("/{id:guid}", CancelAsync);
    }

    private static async Task<IResult> ListAsync(HttpContext http, ListMeetings list, TimeProvider time)
    {
        var meetings = await list.RunAsync(Session.AccountOf(http)!.Id, http.RequestAborted);
        return Results.Ok(new ScheduleResponse([.. meetings.Select(meeting => meeting.ToWire(time.GetUtcNow()))]));
    }

    private static async Task<IResult> ShowAsync(HttpContext http, Guid id, ListMeetings list, TimeProvider time) =>
        await AnswerAsync(http, id, list, time, StatusCodes.Status200OK);

    private static async Task<IResult> FindPeopleAsync(HttpContext http, string? name, FindPeople find)
    {
        var own = Session.AccountOf(http)!.Id;
        var people = await find.RunAsync(name, http.RequestAborted);
        return Results.Ok(new PeopleResponse([.. people.Where(person => person.Id != own).Select(person => person.ToWire())]));
    }

    private static async Task<IResult> PlanAsync(
        HttpContext http, PlanMeetingRequest request, PlanMeeting planning, FoundersRight right, ListMeetings list, MailSettings mail, MailCourier courier, AccountLimiter limiter, TimeProvider time)
    {
        var account = Session.AccountOf(http)!.Id;
        if (!limiter.MayAct(account)) return ScheduleProblem.Of(ScheduleError.TooManyRequests);
        if (ScheduleWire.ToDraft(request.Title, request.Agenda, request.Times, request.People) is not { } draft) return ScheduleProblem.Of(ScheduleError.InvalidPeople);
        if (!draft.Times.IsSound(time.GetUtcNow())) return ScheduleProblem.Of(ScheduleError.InvalidTime);
        if (await right.FindAsync(request.MeetingId, request.Fragment, account) is not { } founded) return ScheduleProblem.Of(ScheduleError.NotFounder);
        // Before the promise: it must not shorten the one that there is.
        if (await planning.IsPlannedAsync(founded.Key, http.RequestAborted)) return ScheduleProblem.Of(ScheduleError.AlreadyScheduled);
        // First the promise, then its record: a link that is kept for nothing harms nobody.
        if (await right.KeepAsync(founded.MeetingId, draft.Times) != ErrorCode.None) return ScheduleProblem.Of(ScheduleError.Over);
        var (error, meeting) = await planning.RunAsync(account, founded, draft, mail.Frame, http.RequestAborted);
        if (error != ControlError.None) return ScheduleProblem.Of(error);
        courier.Wake();
        return await AnswerAsync(http, meeting!.Id, list, time, StatusCodes.Status201Created);
    }

    private static async Task<IResult> ChangeAsync(
        HttpContext http, Guid id, ChangeMeetingRequest request, ChangeMeeting changing, FoundersRight right, ListMeetings list, MailSettings mail, MailCourier courier,
        AccountLimiter limiter, TimeProvider time)
    {
        var account = Session.AccountOf(http)!.Id;
        if (!limiter.MayAct(account)) return ScheduleProblem.Of(ScheduleError.TooManyRequests);
        if (VersionOf(http) is not { } version) return ScheduleProblem.Of(ScheduleError.InvalidRequest, "If-Match must name the version that was seen.");
        if (ScheduleWire.ToDraft(request.Title, request.Agenda, request.Times, request.People) is not { } draft) return ScheduleProblem.Of(ScheduleError.InvalidPeople);
        if (await list.FindAsync(account, id, http.RequestAborted) is not { IsOwn: true } before) return ScheduleProblem.Of(ScheduleError.NotFound);
        if (!draft.Times.IsSound(time.GetUtcNow())) return ScheduleProblem.Of(ScheduleError.InvalidTime);
        // The longer promise until the change is recorded. A meeting that was ended for good stays so, and its organiser plans another one.
        var (old, wanted) = (before.Meeting.Times, draft.Times);
        if (await right.KeepAsync(before.Meeting.MeetingId, old.End > wanted.End ? old : wanted) != ErrorCode.None) return ScheduleProblem.Of(ScheduleError.Over);
        var (error, meeting) = await changing.RunAsync(account, id, version, draft, mail.Frame, http.RequestAborted);
        await right.KeepAsync(before.Meeting.MeetingId, error == ControlError.None ? meeting!.Times : old);
        if (error != ControlError.None) return ScheduleProblem.Of(error);
        courier.Wake();
        return await AnswerAsync(http, id, list, time, StatusCodes.Status200OK);
    }

    private static async Task<IResult> CancelAsync(
        HttpContext http, Guid id, ChangeMeeting changing, FoundersRight right, MailSettings mail, MailCourier courier, AccountLimiter limiter)
    {
        var account = Session.AccountOf(http)!.Id;
        if (!limiter.MayAct(account)) return ScheduleProblem.Of(ScheduleError.TooManyRequests);
        if (VersionOf(http) is not { } version) return ScheduleProblem.Of(ScheduleError.InvalidRequest, "If-Match must name the version that was seen.");
        var (error, meeting) = await changing.CancelAsync(account, id, version, mail.Frame, http.RequestAborted);
        if (error != ControlError.None) return ScheduleProblem.Of(error);
        await right.KeepAsync(meeting!.MeetingId, null);
        courier.Wake();
        return Results.NoContent();
    }

    private static async Task<IResult> AnswerAsync(HttpContext http, Guid id, ListMeetings list, TimeProvider time, int status)
    {
        if (await list.FindAsync(Session.AccountOf(http)!.Id, id, http.RequestAborted) is not { } listed) return ScheduleProblem.Of(ScheduleError.NotFound);
        http.Response.Headers.ETag = string.Create(CultureInfo.InvariantCulture, $"\"{listed.Meeting.Version}\"");
        return Results.Json(listed.ToWire(time.GetUtcNow()), statusCode: status);
    }

    /// <summary>One strong entity tag (RFC 9110 §13.1.1).</summary>
    private static int? VersionOf(HttpContext http)
    {
        var tag = http.Request.Headers.IfMatch.ToString();
        if (tag.Length is < 3 or > 12 || tag[0] != '"' || tag[^1] != '"') return null;
        return int.TryParse(tag.AsSpan(1, tag.Length - 2), NumberStyles.None, CultureInfo.InvariantCulture, out var version) ? version : null;
    }

    private static ValueTask<object?> KeepFromCachesAsync(EndpointFilterInvocationContext context, EndpointFilterDelegate next)
    {
        context.HttpContext.Response.Headers.CacheControl = "no-store";
        return next(context);
    }
}
