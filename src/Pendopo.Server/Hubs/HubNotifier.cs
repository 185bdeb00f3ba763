using Microsoft.AspNetCore.SignalR;
using Pendopo.Meetings.Domain;
using Pendopo.Meetings.Domain.Framing;
using Pendopo.Meetings.Domain.Groups;
using Pendopo.Meetings.Grains;
using Pendopo.Server.Endpoints;
using Pendopo.Server.Media;
using Pendopo.Signaling;

namespace Pendopo.Server.Hubs;

/// <summary>The meetings' voice over SignalR. A connection that is gone takes nothing, and that is no error.</summary>
internal sealed class HubNotifier(IHubContext<MeetingHub, IMeetingClient> hub, ConnectionRegistry registry, ShareDeliveries deliveries, EndpointTags tags) : IMeetingNotifier
{
    public Task MeetingChangedAsync(IReadOnlyList<string> connectionIds, MeetingChange change) => hub.Clients.Clients(connectionIds).MeetingChanged(change);

    public Task CodecsChangedAsync(IReadOnlyList<string> connectionIds, IReadOnlyList<VideoCodec> codecs) => hub.Clients.Clients(connectionIds).CodecsChanged(codecs);

    public Task MediaFailedAsync(string connectionId, string reason) => hub.Clients.Client(connectionId).MediaFailed(reason);

    public Task EndedAsync(string connectionId, EndReason reason)
    {
        registry.Release(connectionId);
        return hub.Clients.Client(connectionId).Ended(reason);
    }

    public Task GroupChangedAsync(GroupEvent news)
    {
        switch (news)
        {
            case GroupEvent.WelcomeGiven welcome:
                registry.Promote(welcome.Connection, welcome.Participant);
                break;
            case GroupEvent.Founded founded:
                registry.Promote(founded.Connection, founded.Participant);
                break;
            case GroupEvent.KnockEnded ended:
                registry.ReleaseWaiting(ended.Connection);
                break;
            case GroupEvent.OutOfStep stray:
                registry.Release(stray.Connection);
                break;
        }

        var clients = hub.Clients.Clients(news.Connections);
        return news switch
        {
            GroupEvent.LogAppended appended => clients.LogAppended(appended.Entry),
            GroupEvent.WelcomeGiven welcome => clients.Welcomed(welcome.Welcome),
            GroupEvent.KnockChanged changed => clients.KnockChanged(changed.State),
            GroupEvent.KnockEnded ended => clients.KnockChanged(ended.State),
            GroupEvent.Knocked knocked => clients.Knocked(knocked.Knock),
            GroupEvent.NoticeChanged changed => clients.NoticeChanged(changed.Notice),
            GroupEvent.KnockGone gone => clients.KnockGone(gone.Participant.Value),
            GroupEvent.WorkOffered offered => clients.WorkOffered(offered.Work),
            GroupEvent.WorkWithdrawn withdrawn => clients.WorkWithdrawn(withdrawn.WorkIds),
            GroupEvent.Voided voided => clients.EntryVoided(voided.Entry),
            GroupEvent.OutOfStep stray => clients.OutOfStep(stray.Reason),
            GroupEvent.ReceiversChanged receivers => clients.ReceiversChanged(receivers.Receivers),
            _ => Task.CompletedTask,
        };
    }

    public Task SignaledAsync(string room, ParticipantState sender, SignalType type, IReadOnlyList<ParticipantState> members, string signal)
    {
        string[] connections = [.. members
            .Where(member => member.ConnectionId is not null && (type != SignalType.Digest || registry.Receives(room, member.Id.Value, sender.Id.Value)))
            .Select(member => member.ConnectionId!)];
        return connections.Length == 0 ? Task.CompletedTask : hub.Clients.Clients(connections).SignalReceived(new GroupSignal(sender.Leaf!.Value, signal));
    }

    public Task DepartedAsync(string room, ParticipantState participant)
    {
        registry.Forget(room, participant.Id.Value);
        deliveries.Forget(room, participant.Id.Value);
        tags.Forget(participant.Session);
        return Task.CompletedTask;
    }
}
