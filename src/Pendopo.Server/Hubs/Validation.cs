using Pendopo.Meetings.Domain;
using Pendopo.Signaling;

namespace Pendopo.Server.Hubs;

/// <summary>
/// Bounds of every field that a client sends. JSON may leave any of them null, whatever the types say. Each method returns
/// what is wrong, or null.
/// </summary>
internal static partial class Validation
{
    /// <summary>Longest mid: browsers write one or two digits, RFC 8843 allows a token.</summary>
    private const int MidMaximum = 64;

    private const string BadName = "displayName must be 1 to 80 visible characters";

    public static string? Check(JoinRequest? request, out string name)
    {
        name = "";
        if (request is null) return "request is missing";
        if (!DisplayName.TryNormalize(request.DisplayName, out name)) return BadName;
        return CheckMedia(request);
    }

    /// <summary>A join without a name: of a member whom the group knows already.</summary>
    public static string? CheckMedia(JoinRequest? request)
    {
        if (request is null) return "request is missing";
        return request.Media is null ? "media is missing" : Check(request.Offer);
    }

    public static string? Check(ResumeRequest? request)
    {
        if (request is null) return "request is missing";
        if (request.ParticipantId is not { Length: > 0 and <= 64 }) return "participantId is missing or too long";
        return request.Offer is null ? null : Check(request.Offer);
    }

    public static string? Check(Offer? offer)
    {
        if (offer is null) return "offer is missing";
        if (offer.Sdp is not { Length: > 0 }) return "offer.sdp is missing";
        if (offer.Sdp.Length > SignalingContract.SdpMaximum) return "offer.sdp is too long";
        if (offer.Plan is not { } plan) return "offer.plan is missing";
        if (plan.Seats is null || plan.Voices is null) return "offer.plan.seats or voices is missing";
        if (plan.Seats.Count > SignalingContract.SeatsMaximum) return "offer.plan.seats has too many entries";
        if (plan.Voices.Count > SignalingContract.VoicesMaximum) return "offer.plan.voices has too many entries";
        if (plan.Seats.Any(seat => seat is null)) return "offer.plan.seats has an empty entry";

        string?[] sources = [plan.Microphone, plan.Camera, plan.Screen, plan.ScreenAudio];
        List<string?> mids = [.. sources.Where(mid => mid is not null)];
        foreach (var seat in plan.Seats) mids.AddRange([seat.Audio, seat.Video]);
        mids.AddRange(plan.Voices);
        if (mids.Exists(mid => mid is not { Length: > 0 and <= MidMaximum })) return "offer.plan has a mid that is empty or too long";
        return mids.Distinct().Count() == mids.Count ? null : "offer.plan names a mid twice";
    }

    public static string? Check(IReadOnlyList<ViewItem>? view)
    {
        if (view is null) return "view is missing";
        if (view.Count > SignalingContract.ViewMaximum) return "view has too many entries";
        foreach (var item in view)
        {
            if (item?.ParticipantId is not { Length: > 0 and <= 64 }) return "view has an entry without participantId";
            if (item.Height is < 0 or > SignalingContract.HeightMaximum) return "view has a height out of bounds";
            if (!Enum.IsDefined(item.Source)) return "view has an unknown source";
        }

        return null;
    }

    public static string? Check(CreateMeetingRequest? request)
    {
        if (request is null) return "request is missing";
        if (!Enum.IsDefined(request.Kind)) return "kind must be encrypted or openBroadcast";
        if ((request.Kind == MeetingKind.Encrypted) != (request.FoundingStatement is not null)) return "foundingStatement is for encrypted meetings, and needed there";
        if (request.VideoCodecs is null) return null;
        if (request.VideoCodecs.Count == 0 || request.VideoCodecs.Any(codec => !Enum.IsDefined(codec))) return "videoCodecs must name at least one known codec";
        return request.VideoCodecs.Distinct().Count() == request.VideoCodecs.Count ? null : "videoCodecs names a codec twice";
    }
}
