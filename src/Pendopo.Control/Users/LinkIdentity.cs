using Microsoft.EntityFrameworkCore;
using Pendopo.Control.Storage;

namespace Pendopo.Control.Users;

/// <summary>Lets a person who is signed in sign in by an OpenID provider too, or no longer.</summary>
public sealed class LinkIdentity(ControlDbContext context, TimeProvider time)
{
    /// <summary>Links the account with whom the provider vouches for, in place of another person of that provider that it was linked with.</summary>
    /// <param name="session">In which the person asked for it. One that was ended since, by signing out or by a recovery, links nothing: a way to the provider that was left open must not be a way in.</param>
    public Task<ControlError> RunAsync(AccountId id, Guid session, ExternalPerson person, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(person);
        return context.OnceMoreAfterRaceAsync(() => LinkAsync(id, session, person, cancellation));
    }

    public Task<bool> IsLinkedAsync(AccountId id, CancellationToken cancellation = default) =>
        context.ExternalIdentities.AnyAsync(row => row.AccountId == id, cancellation);

    /// <summary>Refused where nothing else is left to sign in with.</summary>
    public async Task<ControlError> UndoAsync(AccountId id, CancellationToken cancellation = default)
    {
        await using var transaction = await context.Database.BeginTransactionAsync(cancellation);
        if (!await context.Passkeys.AnyAsync(row => row.AccountId == id, cancellation)) return ControlError.LastWayIn;
        await context.ExternalIdentities.Where(row => row.AccountId == id).ExecuteDeleteAsync(cancellation);
        await transaction.CommitAsync(cancellation);
        return ControlError.None;
    }

    internal static ExternalIdentity Of(ExternalPerson person, AccountId id, DateTimeOffset now) =>
        new() { Issuer = person.Issuer, Subject = person.Subject, AccountId = id, CreatedAt = now.ToUnixTimeMilliseconds() };

    private async Task<ControlError> LinkAsync(AccountId id, Guid session, ExternalPerson person, CancellationToken cancellation)
    {
        if (!person.IsWellFormed) return ControlError.IdentityUnknown;
        var now = time.GetUtcNow();
        var moment = now.ToUnixTimeMilliseconds();
        await using var transaction = await context.Database.BeginTransactionAsync(cancellation);
        if (!await context.AccountSessions.AnyAsync(row => row.Id == session && row.AccountId == id && row.ExpiresAt > moment, cancellation)) return ControlError.SessionNotFound;
        var known = await context.ExternalIdentities.AsNoTracking()
            .SingleOrDefaultAsync(row => row.Issuer == person.Issuer && row.Subject == person.Subject, cancellation);
        if (known is not null) return known.AccountId == id ? ControlError.None : ControlError.IdentityTaken;
        await context.ExternalIdentities.Where(row => row.AccountId == id && row.Issuer == person.Issuer).ExecuteDeleteAsync(cancellation);
        context.ExternalIdentities.Add(Of(person, id, now));
        await context.SaveChangesAsync(cancellation);
        await transaction.CommitAsync(cancellation);
        return ControlError.None;
    }
}
