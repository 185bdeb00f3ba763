using Microsoft.AspNetCore.SignalR;
using Pendopo.Meetings.Domain;
using Pendopo.Meetings.Grains;
using Pendopo.Server.Endpoints;
using Pendopo.Server.Media;
using Pendopo.Server.Security;
using Pendopo.Server.Sessions;
using Pendopo.Signaling;

namespace Pendopo.Server.Hubs;

/// <summary>The wire's end of a meeting: checks fields and limits, then asks the meeting. Who speaks is told by the connection.</summary>
internal sealed partial class MeetingHub(
    MeetingDirectory meetings, IMediaPlane media, IOfferInspector inspector, ConnectionRegistry registry, Gatekeeper gatekeeper,
    GroupLimiter groupLimiter, ISessionAccounts accounts, IHostApplicationLifetime lifetime) : Hub<IMeetingClient>, IMeetingHub, IGroupHub
{
    public async Task<JoinResult> Join(JoinRequest request)
    {
        if (NamesEncrypted(request, out var encrypted)) return await ConnectMediaAsync(request, encrypted);
        if (Validation.Check(request, out var name) is { } fault) return Refused(ErrorCode.InvalidRequest, fault);
        if (registry.PlaceOf(Context.ConnectionId) is not null) return Refused(ErrorCode.NotAllowed, "this connection is in a meeting already");
        if (!TryGetSession(out var session)) return Refused(ErrorCode.NotAllowed, "no session");
        var knock = gatekeeper.Knock(session.Value, Address);
        if (!knock.Allowed) return Refused(ErrorCode.TooManyRequests);
        if (!meetings.TryReadBroadcast(request.MeetingId, out var id)) return await knock.RefuseAsync(Refused(ErrorCode.MeetingNotFound));
        if (!inspector.TryInspect(request.Offer.Sdp, out var abilities, out var error)) return Refused(ErrorCode.InvalidOffer, error);

        // Registered first, so that no news of the media plane is lost on the way.
        var place = new Place(id, ParticipantId.Create());
        registry.Register(Context.ConnectionId, place);
        var reply = EnterReply.Refused(ErrorCode.Unavailable);
        try
        {
            reply = await (await meetings.OpenAsync(id)).Enter(new EnterCall(
                Door.Link, session, null, place.Participant, name, request.Media, Context.ConnectionId, request.Offer.Sdp, request.Offer.Plan, abilities));
        }
        finally
        {
            if (reply.Error != ErrorCode.None) registry.Release(Context.ConnectionId);
        }

        return await AnswerAsync(knock, place, reply);
    }

    public async Task<JoinResult> Resume(ResumeRequest request)
    {
        if (Validation.Check(request) is { } fault) return Refused(ErrorCode.InvalidRequest, fault);
        if (!TryGetSession(out var session)) return Refused(ErrorCode.NotAllowed, "no session");
        var knock = gatekeeper.Knock(session.Value, Address);
        if (!knock.Allowed) return Refused(ErrorCode.TooManyRequests);
        if (!meetings.TryRead(request.MeetingId, out var id)) return await knock.RefuseAsync(Refused(ErrorCode.MeetingNotFound));
        var place = new Place(id, new ParticipantId(request.ParticipantId));
        if (registry.PlaceOf(Context.ConnectionId) is { } held && held != place) return Refused(ErrorCode.NotAllowed, "this connection is in a meeting already");

        if (registry.WaitingPlaceOf(Context.ConnectionId) is { } waiting && waiting != place) return Refused(ErrorCode.NotAllowed, "this connection waits for a meeting already");
        MediaAbilities? abilities = null;
        if (request.Offer is not null && !inspector.TryInspect(request.Offer.Sdp, out abilities, out var error)) return Refused(ErrorCode.InvalidOffer, error);

        // A place in the lobby is noted first: whoever waits may be let in while the answer is on its way. Nothing is told by that note.
        if (id.Kind == MeetingKind.Encrypted) registry.RegisterWaiting(Context.ConnectionId, place);
        var reply = await meetings.Find(id).Resume(new ResumeCall(
            session, place.Participant, Context.ConnectionId, request.Offer?.Sdp, request.Offer?.Plan, abilities, id.Kind ?? MeetingKind.OpenBroadcast));
        if (id.Kind == MeetingKind.Encrypted && reply.Knock is null) registry.ReleaseWaiting(Context.ConnectionId);
        // Only now is it proved that the place is this session's.
        if (reply.Error == ErrorCode.None && reply.Knock is null)
        {
            registry.Register(Context.ConnectionId, place);

            // What was said while the socket was away. Where the resume brought a new connection, its own word follows.
            foreach (var demand in registry.DemandsOf(place)) await Clients.Caller.LayersWanted(demand);
        }

        return await AnswerAsync(knock, place, reply);
    }

    public async Task<NegotiateResult> Negotiate(NegotiateRequest request)
    {
        if (request is null || Validation.Check(request.Offer) is not null) return new NegotiateResult(ErrorCode.InvalidRequest, Validation.Check(request?.Offer), null);
        if (registry.PlaceOf(Context.ConnectionId) is not { } place) return new NegotiateResult(ErrorCode.NotInMeeting, null, null);
        if (!inspector.TryInspect(request.Offer.Sdp, out var abilities, out var error)) return new NegotiateResult(ErrorCode.InvalidOffer, error, null);
        return await meetings.Find(place.Meeting).Negotiate(new NegotiateCall(place.Participant, request.Offer.Sdp, request.Offer.Plan, abilities, request.Fresh));
    }

    public async Task<MediaResult> SetMedia(MediaState media)
    {
        if (media is null) return new MediaResult(ErrorCode.InvalidRequest, "media is missing", null, []);
        if (registry.PlaceOf(Context.ConnectionId) is not { } place) return new MediaResult(ErrorCode.NotInMeeting, null, null, []);
        return await meetings.Find(place.Meeting).SetMedia(place.Participant, media);
    }

    public async Task<Outcome> SetView(IReadOnlyList<ViewItem> view)
    {
        if (Validation.Check(view) is { } fault) return new Outcome(ErrorCode.InvalidRequest, fault);
        if (registry.PlaceOf(Context.ConnectionId) is not { } place) return new Outcome(ErrorCode.NotInMeeting);
        await media.SetViewAsync(place.Room, place.Participant, view);
        return new Outcome(ErrorCode.None);
    }

    public async Task<Outcome> Rest(bool resting)
    {
        if (registry.PlaceOf(Context.ConnectionId) is not { } place) return new Outcome(ErrorCode.NotInMeeting);
        await media.SetRestAsync(place.Room, place.Participant, resting);
        return new Outcome(ErrorCode.None);
    }

    public async Task<Outcome> Leave()
    {
        if (registry.Release(Context.ConnectionId) is not { } place) return new Outcome(ErrorCode.NotInMeeting);
        return new Outcome(await meetings.Find(place.Meeting).Leave(place.Participant));
    }

    public async Task<Outcome> End()
    {
        if (registry.PlaceOf(Context.ConnectionId) is not { } place) return new Outcome(ErrorCode.NotInMeeting);
        return new Outcome(await meetings.Find(place.Meeting).End(place.Participant));
    }

    public override async Task OnDisconnectedAsync(Exception? exception)
    {
        // When the server stops, places are kept as they are: the next run starts everybody's grace anew.
        if (registry.Release(Context.ConnectionId) is { } place && !lifetime.ApplicationStopping.IsCancellationRequested)
        {
            await meetings.Find(place.Meeting).LoseConnection(place.Participant, Context.ConnectionId);
        }
    }

    private System.Net.IPAddress? Address => Context.GetHttpContext()?.Connection.RemoteIpAddress;

    private bool TryGetSession(out SessionKey session)
    {
        session = default;
        return Context.GetHttpContext() is { } http && Session.TryGet(http, out session);
    }

    private async Task<JoinResult> AnswerAsync(Attempt knock, Place place, EnterReply reply)
    {
        if (reply.Error != ErrorCode.None)
        {
            var refused = Refused(reply.Error, reply.Message);
            return reply.Error is ErrorCode.MeetingNotFound or ErrorCode.NotInMeeting ? await knock.RefuseAsync(refused) : refused;
        }

        if (reply.Knock is not null) return new JoinResult(ErrorCode.None, null, reply.Participant.Value, null, null, null, reply.Knock);
        return new JoinResult(
            ErrorCode.None, null, reply.Participant.Value, reply.Meeting! with { MeetingId = place.Meeting.Value }, reply.AnswerSdp, registry.SeatsOf(place));
    }

    private static JoinResult Refused(ErrorCode error, string? message = null) => new(error, message, null, null, null, null);
}
