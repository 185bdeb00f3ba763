using Microsoft.AspNetCore.SignalR;
using Pendopo.Meetings.Domain;
using Pendopo.Meetings.Domain.Groups;
using Pendopo.Meetings.Grains;
using Pendopo.Server.Endpoints;
using Pendopo.Server.Security;
using Pendopo.Signaling;

namespace Pendopo.Server.Hubs;

/// <summary>The wire's end of an encrypted meeting's group (docs/e2ee.md §21). Who speaks is told by the connection's place.</summary>
internal sealed partial class MeetingHub
{
    public async Task<KnockResult> Knock(KnockRequest request)
    {
        if (Validation.Check(request, out var name, out var institution) is { } fault) return NotKnocked(ErrorCode.InvalidRequest, fault);
        if (!TryGetSession(out var session)) return NotKnocked(ErrorCode.NotAllowed, "no session");
        var knock = gatekeeper.Knock(session.Value, Address);
        if (!knock.Allowed || !groupLimiter.Allows(GroupCall.Knock, session.Value)) return NotKnocked(ErrorCode.TooManyRequests);
        if (!meetings.TryRead(request.MeetingId, out var id)) return await knock.RefuseAsync(NotKnocked(ErrorCode.MeetingNotFound));
        if (id.Kind != MeetingKind.Encrypted) return NotKnocked(ErrorCode.WrongKind);
        var (member, waiting) = (registry.PlaceOf(Context.ConnectionId), registry.WaitingPlaceOf(Context.ConnectionId));
        if ((member is not null && member.Meeting != id) || (waiting is not null && waiting.Meeting != id)) return NotKnocked(ErrorCode.NotAllowed, "this connection is in another meeting");

        // Noted first, so that nobody is let in whose connection is not known. A second knock keeps the id of the first.
        var place = waiting ?? new Place(id, ParticipantId.Create());
        registry.RegisterWaiting(Context.ConnectionId, place);
        var result = NotKnocked(ErrorCode.Unavailable);
        try
        {
            result = await meetings.FindGroup(id).Knock(new GroupCommand.Knock(
                session, accounts.AccountOf(Context.GetHttpContext()!), place.Participant, Context.ConnectionId, name, request.KeyPackage, request.Ticket, institution));
        }
        finally
        {
            if (result.Error == ErrorCode.None && member is not null) registry.Release(Context.ConnectionId, member);
            if (result.Error != ErrorCode.None && waiting is null) registry.ReleaseWaiting(Context.ConnectionId);
        }

        return result.Error == ErrorCode.MeetingNotFound ? await knock.RefuseAsync(result) : result;
    }

    public async Task<FoundGroupResult> FoundGroup(FoundGroupRequest request)
    {
        if (Validation.Check(request) is { } fault) return new FoundGroupResult(ErrorCode.InvalidRequest, fault, GroupVerdict.Refused, null);
        if (!Allows(GroupCall.Knock)) return new FoundGroupResult(ErrorCode.TooManyRequests, null, GroupVerdict.Refused, null);
        if (registry.WaitingPlaceOf(Context.ConnectionId) is not { } place) return new FoundGroupResult(ErrorCode.NotInMeeting, null, GroupVerdict.Refused, null);
        return await meetings.FindGroup(place.Meeting).FoundGroup(
            new GroupCommand.FoundGroup(place.Participant, request.ExpectedGeneration, request.GroupId, request.KeyPackage));
    }

    public Task<KnockPage> ListKnocks(string? after) => AskAsync(
        GroupCall.Other, after is null ? null : Validation.CheckId(after, "after"), (group, place) => group.ListKnocks(place.Participant, after),
        (error, message) => new KnockPage(error, message, [], null));

    public Task<Outcome> Admit(AdmitRequest request) => ActAsync(
        GroupCall.Other, Validation.Check(request),
        (group, by) => group.Admit(new GroupCommand.Admit(by, new ParticipantId(request.ParticipantId), request.Ticket)));

    public Task<Outcome> Deny(string participantId) => ActAsync(
        GroupCall.Other, Validation.CheckId(participantId, "participantId"),
        (group, by) => group.Deny(new GroupCommand.Deny(by, new ParticipantId(participantId))));

    public Task<Outcome> TellWaiting(string? notice)
    {
        var fault = Validation.CheckNotice(notice, out var plain);
        return ActAsync(GroupCall.Notice, fault, (group, by) => group.TellWaiting(new GroupCommand.TellWaiting(by, plain)));
    }

    public Task<Outcome> RemoveMember(RemoveMemberRequest request) => ActAsync(
        GroupCall.Other, Validation.Check(request),
        (group, by) => group.RemoveMember(new GroupCommand.RemoveMember(by, new ParticipantId(request.ParticipantId), request.Removal)));

    public Task<Outcome> OfferRecord(string record) => ActAsync(
        GroupCall.Other, record is null ? "record is missing" : null, (group, by) => group.OfferRecord(new GroupCommand.OfferRecord(by, record!)));

    public Task<WorkResult> TakeWork(TakeWorkRequest request) => AskAsync(
        GroupCall.Other, Validation.Check(request), (group, place) => group.TakeWork(place.Participant, request), (error, message) => new WorkResult(error, message, []));

    public Task<Outcome> RefuseWork(string workId, string fault) => ActAsync(
        GroupCall.Other, Validation.CheckId(workId, "workId") ?? Validation.CheckId(fault, "fault"),
        (group, by) => group.RefuseWork(new GroupCommand.RefuseWork(by, workId)));

    public Task<CommitResult> PostCommit(CommitRequest request) => AskAsync(
        GroupCall.Commit, Validation.Check(request),
        (group, place) => group.PostCommit(new GroupCommand.PostCommit(
            place.Participant, request.Generation, request.Epoch, request.Commit, request.Welcome, request.WelcomeId)),
        (error, message) => new CommitResult(error, message, GroupVerdict.Refused, GroupFault.None, 0));

    public Task<MessageResult> PostMessage(MessageRequest request) => AskAsync(
        GroupCall.Message, Validation.Check(request),
        (group, place) => group.PostMessage(new GroupCommand.PostMessage(place.Participant, request.Generation, request.Epoch, request.Message, request.Kind)),
        (error, message) => new MessageResult(error, message, GroupVerdict.Refused, GroupFault.None, 0));

    public Task<Outcome> SendSignal(string signal) => ActAsync(
        GroupCall.Signal, signal is null ? "signal is missing" : null, (group, by) => group.SendSignal(by, signal!));

    public Task<LogPage> ReadLog(LogRequest request) => AskAsync(
        GroupCall.LogPage, Validation.Check(request), (group, place) => group.ReadLog(place.Participant, request),
        (error, message) => new LogPage(error, message, GroupFault.None, [], null));

    public Task<Outcome> ReportEntry(ReportRequest request) => ActAsync(
        GroupCall.Report, Validation.Check(request), (group, by) => group.ReportEntry(new GroupCommand.ReportEntry(by, request.Generation, request.Entry)));

    /// <summary>A join into an encrypted meeting: the media of a member. Who holds no leaf learns nothing, not even whether the meeting is there.</summary>
    private async Task<JoinResult> ConnectMediaAsync(JoinRequest request, MeetingId id)
    {
        if (Validation.CheckMedia(request) is { } fault) return Refused(ErrorCode.InvalidRequest, fault);
        if (!TryGetSession(out var session)) return Refused(ErrorCode.NotAllowed, "no session");
        var knock = gatekeeper.Knock(session.Value, Address);
        if (!knock.Allowed) return Refused(ErrorCode.TooManyRequests);
        if (registry.PlaceOf(Context.ConnectionId) is not { } place || place.Meeting != id) return Refused(ErrorCode.NotMember);
        if (!inspector.TryInspect(request.Offer.Sdp, out var abilities, out var error)) return Refused(ErrorCode.InvalidOffer, error);
        var reply = await meetings.FindGroup(id).ConnectMedia(new GroupCommand.ConnectMedia(place.Participant, request.Media, abilities), request.Offer.Sdp, request.Offer.Plan);
        return await AnswerAsync(knock, place, reply);
    }

    private static bool NamesEncrypted(JoinRequest? request, out MeetingId id) => MeetingDirectory.TryReadEncrypted(request?.MeetingId, out id);

    private Task<Outcome> ActAsync(GroupCall call, string? fault, Func<IGroupGrain, ParticipantId, Task<Outcome>> act) =>
        AskAsync(call, fault, (group, place) => act(group, place.Participant), (error, message) => new Outcome(error, message));

    /// <summary>Asks the meeting on behalf of the participant that this connection speaks for.</summary>
    private async Task<T> AskAsync<T>(GroupCall call, string? fault, Func<IGroupGrain, Place, Task<T>> ask, Func<ErrorCode, string?, T> refuse)
    {
        if (fault is not null) return refuse(ErrorCode.InvalidRequest, fault);
        if (registry.PlaceOf(Context.ConnectionId) is not { } place)
        {
            return refuse(registry.WaitingPlaceOf(Context.ConnectionId) is null ? ErrorCode.NotInMeeting : ErrorCode.NotMember, null);
        }

        if (place.Meeting.Kind != MeetingKind.Encrypted) return refuse(ErrorCode.WrongKind, null);
        return Allows(call) ? await ask(meetings.FindGroup(place.Meeting), place) : refuse(ErrorCode.TooManyRequests, null);
    }

    private bool Allows(GroupCall call) => TryGetSession(out var session) && groupLimiter.Allows(call, session.Value);

    private static KnockResult NotKnocked(ErrorCode error, string? message = null) => new(error, message, null, null, null);
}
