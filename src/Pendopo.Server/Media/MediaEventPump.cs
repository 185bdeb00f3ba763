using Microsoft.AspNetCore.SignalR;
using Pendopo.Meetings.Domain;
using Pendopo.Meetings.Grains;
using Pendopo.Server.Diagnosis;
using Pendopo.Server.Hubs;
using Pendopo.Sfu;
using Pendopo.Signaling;

namespace Pendopo.Server.Media;

/// <summary>
/// Carries what happens in the media plane to whom it concerns: seats and speakers straight to the connections (they are many
/// and change nothing that is stored), paths to the meeting.
/// </summary>
internal sealed class MediaEventPump(
    IMediaPlane media, IGrainFactory grains, IHubContext<MeetingHub, IMeetingClient> hub, ConnectionRegistry registry,
    ShareDeliveries deliveries, ILogger<MediaEventPump> logger) : BackgroundService
{
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await foreach (var happened in media.Events.ReadAllAsync(stoppingToken))
        {
            if (TestRooms.IsTest(happened.Room)) continue; // no meeting, nobody to tell
            try
            {
                await CarryAsync(happened);
            }
            catch (Exception error) when (!stoppingToken.IsCancellationRequested)
            {
                // One event that cannot be told must not stop those of every other room.
                logger.MediaEventLost(happened.GetType().Name, new MeetingKey(happened.Room), error);
            }
        }
    }

    private async Task CarryAsync(MediaEvent happened)
    {
        switch (happened)
        {
            case MediaEvent.SeatsChanged seats:
                var map = MediaNames.ToContract(seats);
                registry.Remember(seats.Room, seats.Peer, map);
                deliveries.Note(seats.Room, seats.Peer, map);
                if (registry.ConnectionOf(seats.Room, seats.Peer) is { } connection) await hub.Clients.Client(connection).SeatsChanged(map);
                break;
            case MediaEvent.LayersWanted layers:
                var demand = MediaNames.ToContract(layers);
                registry.Remember(layers.Room, layers.Peer, demand);
                if (registry.ConnectionOf(layers.Room, layers.Peer) is { } owner) await hub.Clients.Client(owner).LayersWanted(demand);
                break;
            case MediaEvent.SpeakersChanged speakers:
                await hub.Clients.Clients(registry.ConnectionsOf(speakers.Room)).SpeakersChanged(speakers.Speakers);
                break;
            case MediaEvent.RedundancyChanged redundancy:
                if (registry.ConnectionOf(redundancy.Room, redundancy.Peer) is { } sender) await hub.Clients.Client(sender).RedundancyChanged(redundancy.IsWanted);
                break;
            case MediaEvent.Connected connected:
                logger.MediaConnected(new MeetingKey(connected.Room), connected.Peer, connected.Ice.TotalMilliseconds, connected.Dtls.TotalMilliseconds);
                deliveries.ChangePath(connected.Room, connected.Peer, isSilent: false);
                await Meeting(connected).ChangePath(new ParticipantId(connected.Peer), lost: false);
                break;
            case MediaEvent.Disconnected disconnected:
                deliveries.ChangePath(disconnected.Room, disconnected.Peer, isSilent: true);
                await Meeting(disconnected).ChangePath(new ParticipantId(disconnected.Peer), lost: true);
                if (registry.ConnectionOf(disconnected.Room, disconnected.Peer) is { } client) await hub.Clients.Client(client).RenegotiationNeeded(RenegotiationReason.IceRestart);
                break;
            case MediaEvent.Failed failed:
                logger.MediaFailed(new MeetingKey(failed.Room), failed.Peer, failed.Reason);
                await Meeting(failed).FailMedia(new ParticipantId(failed.Peer), failed.Reason);
                break;
        }
    }

    private IMeetingGrain Meeting(MediaEvent happened) => grains.GetGrain<IMeetingGrain>(happened.Room);
}
