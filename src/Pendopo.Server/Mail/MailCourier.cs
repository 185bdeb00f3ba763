using Microsoft.EntityFrameworkCore;
using Pendopo.Control.Schedule;
using Pendopo.Control.Storage;

namespace Pendopo.Server.Mail;

/// <summary>Sends what is in the outbox: at once when something is put into it, later what could not be sent. A mail may go twice when the process dies in between; calendars take it once.</summary>
internal sealed class MailCourier(IDbContextFactory<ControlDbContext> contexts, IMailTransport transport, MailSettings settings, TimeProvider time, ILogger<MailCourier> logger)
    : BackgroundService
{
    /// <summary>However far away the next mail is, somebody may have set the clock.</summary>
    private static readonly TimeSpan LongestPause = TimeSpan.FromHours(1);

    private static readonly TimeSpan ShortestPause = TimeSpan.FromSeconds(1);

    private readonly SemaphoreSlim _news = new(0);

    /// <summary>Something was put into the outbox.</summary>
    public void Wake() => _news.Release();

    /// <summary>Sends all that is due; returns how many have left.</summary>
    public async Task<int> DeliverDueAsync(CancellationToken cancellation = default)
    {
        var sent = 0;
        while (true)
        {
            await using var context = await contexts.CreateDbContextAsync(cancellation);
            var outbox = new MailOutbox(context, time);
            var due = await outbox.DueAsync(cancellation);
            if (due.Count == 0) return sent;
            foreach (var mail in due)
            {
                if (await transport.SendAsync(MailComposer.Compose(mail, settings.Sender, time.GetUtcNow()), cancellation) is { } failure)
                {
                    logger.MailFailed(failure, mail.Attempts + 1);
                    await outbox.FailedAsync(mail, failure, cancellation);
                }
                else
                {
                    await outbox.SentAsync(mail.Id, cancellation);
                    sent++;
                }
            }
        }
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (true)
        {
            await DeliverDueAsync(stoppingToken);
            var pause = await PauseAsync(stoppingToken);
            using var over = new CancellationTokenSource(pause, time);
            using var either = CancellationTokenSource.CreateLinkedTokenSource(over.Token, stoppingToken);
            try
            {
                await _news.WaitAsync(either.Token);
            }
            catch (OperationCanceledException) when (!stoppingToken.IsCancellationRequested)
            {
                // The pause is over.
            }
        }
    }

    private async Task<TimeSpan> PauseAsync(CancellationToken cancellation)
    {
        await using var context = await contexts.CreateDbContextAsync(cancellation);
        if (await new MailOutbox(context, time).NextAsync(cancellation) is not { } next) return LongestPause;
        return TimeSpan.FromTicks(Math.Clamp((next - time.GetUtcNow()).Ticks, ShortestPause.Ticks, LongestPause.Ticks));
    }
}
