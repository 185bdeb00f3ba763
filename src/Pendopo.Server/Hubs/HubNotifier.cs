using Microsoft.AspNetCore.SignalR;
using Pendopo.Meetings.Domain;
using Pendopo.Meetings.Grains;
using Pendopo.Server.Endpoints;
using Pendopo.Signaling;

namespace Pendopo.Server.Hubs;

/// <summary>The meetings' voice over SignalR. A connection that is gone takes nothing, and that is no error.</summary>
internal sealed class HubNotifier(IHubContext<MeetingHub, IMeetingClient> hub, ConnectionRegistry registry, EndpointTags tags) : IMeetingNotifier
{
    public Task MeetingChangedAsync(IReadOnlyList<string> connectionIds, MeetingChange change) => hub.Clients.Clients(connectionIds).MeetingChanged(change);

    public Task RenegotiationNeededAsync(IReadOnlyList<string> connectionIds, RenegotiationReason reason) =>
        hub.Clients.Clients(connectionIds).RenegotiationNeeded(reason);

    public Task MediaFailedAsync(string connectionId, string reason) => hub.Clients.Client(connectionId).MediaFailed(reason);

    public Task EndedAsync(string connectionId, EndReason reason)
    {
        registry.Release(connectionId);
        return hub.Clients.Client(connectionId).Ended(reason);
    }

    public Task DepartedAsync(string room, ParticipantState participant)
    {
        registry.Forget(room, participant.Id.Value);
        tags.Forget(participant.Session);
        return Task.CompletedTask;
    }
}
