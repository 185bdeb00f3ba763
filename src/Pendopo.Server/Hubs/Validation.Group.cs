using Pendopo.Meetings.Domain;
using Pendopo.Signaling;

namespace Pendopo.Server.Hubs;

/// <summary>Bounds of what clients say of a group. What bytes mean, and how many there may be, is the meeting's to judge.</summary>
internal static partial class Validation
{
    /// <summary>Participant ids, ids of work and Welcomes, names of faults.</summary>
    private const int IdMaximum = 64;

    /// <param name="institution">Null where none is named.</param>
    public static string? Check(KnockRequest? request, out string name, out string? institution)
    {
        (name, institution) = ("", null);
        if (request is null) return "request is missing";
        if (!DisplayName.TryNormalize(request.DisplayName, out name)) return BadName;
        if (request.Institution is not null && !DisplayName.TryNormalize(request.Institution, out institution)) return $"institution must be 1 to {SignalingContract.DisplayNameMaximum} visible characters";
        return request.KeyPackage is null ? "keyPackage is missing" : null;
    }

    /// <param name="plain">Null where it is taken back.</param>
    public static string? CheckNotice(string? notice, out string? plain)
    {
        plain = null;
        return notice is null || PlainText.TryNormalize(notice, SignalingContract.NoticeMaximum, hasLines: true, out plain)
            ? null
            : $"notice must be 1 to {SignalingContract.NoticeMaximum} visible characters, in lines";
    }

    public static string? Check(FoundGroupRequest? request)
    {
        if (request is null) return "request is missing";
        if (request.ExpectedGeneration is < 0 or int.MaxValue) return "expectedGeneration is out of bounds";
        return request.GroupId is null || request.KeyPackage is null ? "groupId or keyPackage is missing" : null;
    }

    public static string? Check(AdmitRequest? request)
    {
        if (request is null) return "request is missing";
        return request.Ticket is null ? "ticket is missing" : CheckId(request.ParticipantId, "participantId");
    }

    public static string? Check(RemoveMemberRequest? request)
    {
        if (request is null) return "request is missing";
        return request.Removal is null ? "removal is missing" : CheckId(request.ParticipantId, "participantId");
    }

    public static string? Check(CommitRequest? request)
    {
        if (request is null) return "request is missing";
        if (request.Commit is null) return "commit is missing";
        if (request.WelcomeId is not null && CheckId(request.WelcomeId, "welcomeId") is { } fault) return fault;
        if (request.WorkIds is null || request.WorkIds.Count > SignalingContract.WorkMaximum) return "workIds is missing or has too many entries";
        return request.WorkIds.Any(id => CheckId(id, "") is not null) ? "workIds has an entry that is empty or too long" : null;
    }

    public static string? Check(MessageRequest? request)
    {
        if (request?.Message is null) return "request or message is missing";
        return Enum.IsDefined(request.Kind) && request.Kind != LogKind.Commit ? null : "kind is not that of a message";
    }

    public static string? Check(ModerationRequest? request)
    {
        if (request is null) return "request is missing";
        if (!Enum.IsDefined(request.Act)) return "act is unknown";
        if (request.Act == ModerationAct.MuteAll) return request.ParticipantId is null ? null : "participantId is for acts on one person";
        return CheckId(request.ParticipantId, "participantId");
    }

    public static string? Check(ControlsChange? change)
    {
        if (change is null) return "change is missing";
        if (change.Sharing is { } sharing && !Enum.IsDefined(sharing)) return "sharing is unknown";
        if (change.PrivateChat is { } policy && !Enum.IsDefined(policy)) return "privateChat is unknown";
        return IsCount(change.MutedFrom) && IsCount(change.CameraOffFrom) ? null : "mutedFrom or cameraOffFrom is out of bounds";
    }

    private static bool IsCount(int? from) => from is null or (>= 0 and <= SignalingContract.EntryRuleMaximum);

    public static string? Check(LogRequest? request) => request is null ? "request is missing" : null;

    public static string? Check(TakeWorkRequest? request) => request is null ? "request is missing" : null;

    public static string? Check(ReportRequest? request) => request is null ? "request is missing" : CheckId(request.Fault, "fault");

    public static string? CheckId(string? id, string field) => id is { Length: > 0 and <= IdMaximum } ? null : $"{field} is missing or too long";
}
