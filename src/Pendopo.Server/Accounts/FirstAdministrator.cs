using Microsoft.EntityFrameworkCore;
using Pendopo.Control;
using Pendopo.Control.Storage;
using Pendopo.Control.Users;

namespace Pendopo.Server.Accounts;

/// <summary>Where the server speaks to whoever started it, beside the log.</summary>
internal sealed record Terminal(TextWriter Writer);

/// <summary>
/// While there is no administrator, prints a one-time link at every start that makes one. It goes to the terminal and not to the log, which others
/// may read, and takes the place of the one before.
/// </summary>
internal sealed class FirstAdministrator(
    IDbContextFactory<ControlDbContext> contexts, CanonicalOrigin origin, Terminal terminal, TimeProvider time, ILogger<FirstAdministrator> logger)
    : IHostedLifecycleService
{
    public async Task StartedAsync(CancellationToken cancellationToken)
    {
        if (origin.IsElsewhere) logger.OriginIsElsewhere(origin.Value, origin.Configured);
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        var (error, issued) = await new IssueLink(context, time).ForFirstAdministratorAsync(cancellationToken);
        if (error != ControlError.None) return;
        await terminal.Writer.WriteLineAsync(
            $"""

            There is no administrator yet. Whoever opens this link, once and within 24 hours, becomes the first:

                {Wire.LinkTo(origin, issued!)}

            'pendopo user recover' prints another.

            """);
    }

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
