using Microsoft.AspNetCore.SignalR;
using Pendopo.Signaling;

namespace Pendopo.Server.Hubs;

/// <summary>
/// Tells every client that the server stops, before its connections are closed. It registers after everything else has
/// started, because callbacks of the stopping token run in reverse order.
/// </summary>
internal sealed class StopNotice(
    IHubContext<MeetingHub, IMeetingClient> hub, ConnectionRegistry registry, IHostApplicationLifetime lifetime, ILogger<StopNotice> logger) : IHostedLifecycleService
{
    /// <summary>A restart of the process takes about this long.</summary>
    private const int RetryAfterMilliseconds = 1000;

    /// <summary>A client that does not take the message must not hold up the stop.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(1);

    /// <summary>
    /// Between the write and the closing of the sockets, which is not graceful: the framework closes them as soon as this
    /// returns, and what lies in a socket's pipe then is lost. Loopback and LAN take far less.
    /// </summary>
    private static readonly TimeSpan Flush = TimeSpan.FromMilliseconds(250);

    private CancellationTokenRegistration _registration;

    public Task StartedAsync(CancellationToken cancellationToken)
    {
        _registration = lifetime.ApplicationStopping.Register(Tell);
        return Task.CompletedTask;
    }

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppedAsync(CancellationToken cancellationToken)
    {
        _registration.Dispose();
        return Task.CompletedTask;
    }

    private void Tell()
    {
        logger.Stopping(registry.Count);
        if (registry.Count == 0) return;
        hub.Clients.All.ServerStopping(RetryAfterMilliseconds).Wait(Patience);
        Thread.Sleep(Flush);
    }
}
