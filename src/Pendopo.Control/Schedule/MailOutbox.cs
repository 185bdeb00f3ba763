using Microsoft.EntityFrameworkCore;
using Pendopo.Control.Storage;

namespace Pendopo.Control.Schedule;

/// <summary>The mails that are to be sent, and what became of them.</summary>
public sealed class MailOutbox(ControlDbContext context, TimeProvider time)
{
    /// <summary>A mail server that is down over night is up in the morning.</summary>
    private static readonly TimeSpan[] Retries =
        [TimeSpan.FromMinutes(1), TimeSpan.FromMinutes(5), TimeSpan.FromMinutes(30), TimeSpan.FromHours(2), TimeSpan.FromHours(8)];

    /// <summary>Sent in one go.</summary>
    private const int Batch = 50;

    private long Now => time.GetUtcNow().ToUnixTimeMilliseconds();

    public async Task<IReadOnlyList<OutgoingMail>> DueAsync(CancellationToken cancellation = default)
    {
        var now = Now;
        return await context.OutgoingMails.AsNoTracking().Where(mail => mail.DueAt != null && mail.DueAt <= now).OrderBy(mail => mail.DueAt).Take(Batch).ToListAsync(cancellation);
    }

    /// <summary>When something is next to be sent; null: nothing is.</summary>
    public async Task<DateTimeOffset?> NextAsync(CancellationToken cancellation = default) =>
        await context.OutgoingMails.Where(mail => mail.DueAt != null).MinAsync(mail => mail.DueAt, cancellation) is { } due ? DateTimeOffset.FromUnixTimeMilliseconds(due) : null;

    /// <summary>It is on its way; what it said is kept no longer.</summary>
    public Task SentAsync(Guid id, CancellationToken cancellation = default)
    {
        var now = Now;
        return context.OutgoingMails.Where(mail => mail.Id == id).ExecuteUpdateAsync(
            set => set.SetProperty(mail => mail.SentAt, now).SetProperty(mail => mail.DueAt, (long?)null).SetProperty(mail => mail.Failure, (MailFailure?)null)
                .SetProperty(mail => mail.Subject, "").SetProperty(mail => mail.Text, "").SetProperty(mail => mail.Calendar, ""), cancellation);
    }

    /// <summary>Tries again later, unless the failure is for good or it has been tried long enough.</summary>
    public async Task FailedAsync(OutgoingMail mail, MailFailure failure, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(mail);
        var mayRetry = failure != MailFailure.RecipientRefused && mail.Attempts < Retries.Length;
        long? due = mayRetry ? Now + (long)Retries[mail.Attempts].TotalMilliseconds : null;
        var (id, attempts) = (mail.Id, mail.Attempts + 1);
        // A change has perhaps taken it out of the outbox meanwhile; then it stays out.
        await context.OutgoingMails.Where(row => row.Id == id && row.DueAt != null).ExecuteUpdateAsync(
            set => set.SetProperty(row => row.DueAt, due).SetProperty(row => row.Attempts, attempts).SetProperty(row => row.Failure, failure), cancellation);
    }
}
