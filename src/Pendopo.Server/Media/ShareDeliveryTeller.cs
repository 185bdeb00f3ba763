using Microsoft.AspNetCore.SignalR;
using Pendopo.Server.Hubs;
using Pendopo.Signaling;

namespace Pendopo.Server.Media;

/// <summary>Tells those who share a screen to whom it is delivered: once a second at most, so that a hall of wavering lines costs nobody anything.</summary>
internal sealed class ShareDeliveryTeller(
    ShareDeliveries deliveries, ConnectionRegistry registry, IHubContext<MeetingHub, IMeetingClient> hub, TimeProvider time) : BackgroundService
{
    public static readonly TimeSpan Period = TimeSpan.FromSeconds(1);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Period, time);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            foreach (var (connection, delivery) in deliveries.Take(registry.ConnectionOf)) await hub.Clients.Client(connection).ShareDelivered(delivery);
        }
    }
}
