using System.Text.Json.Serialization;
using Microsoft.Extensions.Logging;
using Pendopo.Meetings.Domain;
using Pendopo.Meetings.Domain.Groups;
using Pendopo.Signaling;

namespace Pendopo.Meetings.Grains;

/// <summary>The shell of <see cref="Meeting"/>: loads, applies, stores, and then tells the world.</summary>
public sealed partial class MeetingGrain(
    [PersistentState("meeting", MeetingGrain.StorageName)] IPersistentState<StoredMeeting> storage,
    IGroupLogStore logs,
    IMediaNode media,
    IMeetingNotifier notifier,
    MeetingRules rules,
    TimeProvider time,
    ILogger<MeetingGrain> logger) : Grain, IMeetingGrain, IGroupGrain
{
    /// <summary>Name of the grain storage.</summary>
    public const string StorageName = "meetings";

    private Meeting _meeting = new(null, rules);
    private IGrainTimer? _timer;

    private string Room => this.GetPrimaryKeyString();

    private MeetingKey Key => new(Room);

    public override async Task OnActivateAsync(CancellationToken cancellationToken)
    {
        var stored = storage.State.Meeting;
        if (stored is { IsSound: false })
        {
            // Neither kind may be made of it, so it is as if it were not there.
            logger.StateUnsound(Key);
            stored = null;
        }

        _meeting = new Meeting(await WithLogAsync(stored), rules);
        if (_meeting.State is not null) await ApplyAsync(new MeetingCommand.StartMediaRun(media.Run));
    }

    public async Task<ErrorCode> Create(MeetingCommand.Create command)
    {
        var decision = await ApplyAsync(command);
        if (!decision.Accepted) return decision.Error;
        await ApplyAsync(new MeetingCommand.StartMediaRun(media.Run));
        logger.MeetingFounded(Key, command.Kind);
        return ErrorCode.None;
    }

    public Task<EnterReply> Enter(EnterCall call) => WithMediaAsync(
        new MeetingCommand.Enter(call.Entrance, call.NewId, call.DisplayName, call.Media, call.ConnectionId, call.Abilities),
        call.Sdp, call.Plan, call.ConnectionId, fresh: true);

    public Task<EnterReply> Resume(ResumeCall call) => WithMediaAsync(
        new MeetingCommand.Resume(call.Session, call.Participant, call.ConnectionId, call.Abilities, call.Kind),
        call.Sdp, call.Plan, call.ConnectionId, fresh: true);

    public async Task<NegotiateResult> Negotiate(NegotiateCall call)
    {
        var reply = await WithMediaAsync(
            new MeetingCommand.ChangeAbilities(call.Participant, call.Abilities), call.Sdp, call.Plan, exceptConnection: null, call.Fresh);
        return new NegotiateResult(reply.Error, reply.Message, reply.AnswerSdp);
    }

    public async Task<MediaResult> SetMedia(ParticipantId participant, MediaState media)
    {
        var decision = await ApplyAsync(new MeetingCommand.SetMedia(participant, media));
        return new MediaResult(decision.Error, decision.Message, decision.Subject?.Media, decision.Cuts ?? []);
    }

    public Task LoseConnection(ParticipantId participant, string connectionId) =>
        ApplyAsync(new MeetingCommand.LoseConnection(participant, connectionId));

    public async Task<ErrorCode> Leave(ParticipantId participant) => (await ApplyAsync(new MeetingCommand.Leave(participant))).Error;

    public async Task<ErrorCode> End(ParticipantId by) => (await ApplyAsync(new MeetingCommand.End(by))).Error;

    public async Task<ErrorCode> Schedule(MeetingKeep? keep)
    {
        var error = (await ApplyAsync(new MeetingCommand.Schedule(keep))).Error;
        return error == ErrorCode.MeetingNotFound ? RefuseUnknown() : error;
    }

    public async Task<ErrorCode> CloseEndpoint(EndpointCall call)
    {
        if (FindEndpoint(call) is not { } endpoint) return RefuseUnknown();
        return (await ApplyAsync(new MeetingCommand.Leave(endpoint.Id))).Error;
    }

    public async Task<EndpointRestart> RestartEndpoint(EndpointCall call, string sdpFragment)
    {
        if (FindEndpoint(call) is not { } endpoint) return new EndpointRestart(RefuseUnknown(), null);
        var answer = await media.RestartIceAsync(Room, endpoint.Id, sdpFragment);
        return answer is null ? new EndpointRestart(ErrorCode.InvalidOffer, null) : new EndpointRestart(ErrorCode.None, answer);
    }

    public Task ChangePath(ParticipantId participant, bool lost) => ApplyAsync(new MeetingCommand.ChangePath(participant, lost));

    public async Task FailMedia(ParticipantId participant, string reason)
    {
        var decision = await ApplyAsync(new MeetingCommand.FailMedia(participant));
        if (decision.Subject?.ConnectionId is { } connection) await notifier.MediaFailedAsync(connection, reason);
    }

    /// <summary>
    /// A command that an offer comes with. Members are told of other codecs before the newcomer's connection is made, so that
    /// senders switch first; everything else is told after the state is stored. Refused media undo the command.
    /// </summary>
    private async Task<EnterReply> WithMediaAsync(MeetingCommand command, string? sdp, OfferPlan? plan, string? exceptConnection, bool fresh)
    {
        var before = _meeting.State;
        var decision = _meeting.Apply(command, time.GetUtcNow());
        if (!decision.Accepted)
        {
            await CommitAsync(before, decision);
            return EnterReply.Refused(decision.Error == ErrorCode.MeetingNotFound ? RefuseUnknown() : decision.Error);
        }

        if (decision.Group?.Waiting is { } waiting)
        {
            // Who waits gets nothing: no media, no roster.
            await CommitAsync(before, decision);
            if (IsLetIn(waiting.State)) await media.ExpectAsync(Room);
            return new EnterReply(ErrorCode.None, null, waiting.Id, null, null, waiting.State);
        }

        var subject = decision.Subject!;
        foreach (var codecs in decision.Events.OfType<MeetingEvent.CodecsChanged>()) await TellCodecsAsync(codecs);
        MediaReply? reply = null;
        if (sdp is not null)
        {
            var request = RequestFor(subject, sdp, plan);
            reply = fresh ? await media.ConnectAsync(request) : await media.RenegotiateAsync(request);
            if (reply.AnswerSdp is null)
            {
                // Whoever was told of other codecs goes back to the old ones.
                _meeting = new Meeting(before, rules);
                foreach (var told in decision.Events.OfType<MeetingEvent.CodecsChanged>()) await TellCodecsAsync(told with { VideoCodecs = before!.VideoCodecs });
                logger.OfferRefused(Key, subject.Id, reply.Error ?? "");
                return EnterReply.Refused(ErrorCode.InvalidOffer, reply.Error);
            }

            await media.SetPublishingAsync(Room, subject.Id, subject.Media);
        }

        await CommitAsync(before, decision, exceptConnection, codecsTold: true);
        return new EnterReply(ErrorCode.None, null, subject.Id, Snapshot(), reply?.AnswerSdp);
    }

    private async Task<MeetingDecision> ApplyAsync(MeetingCommand command)
    {
        var before = _meeting.State;
        var decision = _meeting.Apply(command, time.GetUtcNow());
        await CommitAsync(before, decision);
        return decision;
    }

    /// <summary>Stores the new state, then tells what happened. A state that cannot be stored never was.</summary>
    private async Task CommitAsync(MeetingState? before, MeetingDecision decision, string? exceptConnection = null, bool codecsTold = false)
    {
        if (!ReferenceEquals(before, _meeting.State))
        {
            try
            {
                await StoreAsync(before, decision);
            }
            catch
            {
                _meeting = new Meeting(before, rules);
                throw;
            }
        }

        foreach (var happened in decision.Events) await TellAsync(happened, exceptConnection, codecsTold);
        SetTimer();
    }

    private async Task TellAsync(MeetingEvent happened, string? exceptConnection, bool codecsTold)
    {
        switch (happened)
        {
            case MeetingEvent.Changed changed:
                string[] connections = [.. _meeting.State?.Participants.Select(participant => participant.ConnectionId)
                    .OfType<string>().Where(connection => connection != exceptConnection) ?? []];
                if (connections.Length > 0) await notifier.MeetingChangedAsync(connections, changed.Change);
                break;
            case MeetingEvent.CodecsChanged codecs when !codecsTold:
                await TellCodecsAsync(codecs);
                break;
            case MeetingEvent.PublishingChanged publishing:
                await media.SetPublishingAsync(Room, publishing.Id, publishing.Media);
                break;
            case MeetingEvent.Departed departed:
                logger.ParticipantDeparted(Key, departed.Participant.Id);
                await media.DisconnectAsync(Room, departed.Participant.Id);
                await notifier.DepartedAsync(Room, departed.Participant);
                break;
            case MeetingEvent.ConnectionClosed closed:
                await notifier.EndedAsync(closed.ConnectionId, closed.Reason);
                break;
            case MeetingEvent.Ended ended:
                logger.MeetingEnded(Key, ended.Reason);
                await media.CloseRoomAsync(Room);
                break;
            case GroupEvent news:
                await TellGroupAsync(news);
                break;
        }
    }

    private Task TellCodecsAsync(MeetingEvent.CodecsChanged codecs) =>
        notifier.CodecsChangedAsync([.. codecs.Members.Select(member => member.ConnectionId).OfType<string>()], codecs.VideoCodecs);

    /// <summary>A client can be told to switch, so it negotiates all that it may be told; an endpoint is held to what its one answer says.</summary>
    private MediaRequest RequestFor(ParticipantState subject, string sdp, OfferPlan? plan)
    {
        var state = _meeting.State!;
        return subject.Role == ParticipantRole.Endpoint
            ? new MediaRequest(Room, subject.Id, sdp, plan, state.VideoCodecs, [], state.Red)
            : new MediaRequest(Room, subject.Id, sdp, plan, state.VideoCodecs, CodecAgreement.Further(state.CodecOrder, state.VideoCodecs), AllowRed: true);
    }

    private ParticipantState? FindEndpoint(EndpointCall call) => Admission.EndpointOf(_meeting.State, call.Door.ToEntrance(call.Session, call.Token));

    /// <summary>Guessed ids must not fill the memory with activations.</summary>
    private ErrorCode RefuseUnknown()
    {
        if (_meeting.State is null) DeactivateOnIdle();
        return ErrorCode.MeetingNotFound;
    }

    private MeetingSnapshot Snapshot()
    {
        var state = _meeting.State!;
        return new MeetingSnapshot(
            "", state.Kind, state.Revision, state.FoundedAt.ToUnixTimeMilliseconds(),
            [.. state.Participants.Select(participant => participant.ToContract())], state.VideoCodecs, state.Red,
            GroupQueries.HeadOf(state, time.GetUtcNow()), state.Group is null ? null : state.Receivers, state.Controls);
    }

    /// <summary>Only short times need a timer: those of empty and ended meetings take effect when somebody next asks.</summary>
    private void SetTimer()
    {
        _timer?.Dispose();
        _timer = null;
        if (_meeting.State?.Group?.Memory.Lobby.Count > 0) DelayDeactivation(rules.WaitingMaximum);
        if (_meeting.Deadline is not { Reason: MeetingDeadlineReason.GraceOver or MeetingDeadlineReason.GroupTimeOver } deadline) return;
        var due = deadline.At - time.GetUtcNow();
        _timer = this.RegisterGrainTimer(
            static (self, _) => self.ApplyAsync(new MeetingCommand.Advance()),
            this,
            new GrainTimerCreationOptions(due > TimeSpan.Zero ? due : TimeSpan.Zero, Timeout.InfiniteTimeSpan) { KeepAlive = true });
    }
}

/// <summary>What is stored of a meeting.</summary>
public sealed record StoredMeeting : IStoredWithLog
{
    public MeetingState? Meeting { get; init; }

    [JsonIgnore]
    public GroupLogChange? LogChange { get; init; }
}
