using Microsoft.EntityFrameworkCore;
using Pendopo.Control.Storage;

namespace Pendopo.Control.Users;

/// <summary>Makes one-time links: for the first administrator, for somebody invited, for an account whose passkeys are lost.</summary>
public sealed class IssueLink(ControlDbContext context, TimeProvider time)
{
    /// <summary>In place of any that was made before. Refused once there is an administrator.</summary>
    public async Task<(ControlError Error, IssuedLink? Link)> ForFirstAdministratorAsync(CancellationToken cancellation = default)
    {
        await using var transaction = await context.Database.BeginTransactionAsync(cancellation);
        if (await context.Accounts.AnyAsync(account => account.Role == AccountRole.Administrator, cancellation)) return (ControlError.AdministratorExists, null);
        await context.RegistrationLinks.Where(link => link.Purpose == LinkPurpose.FirstAdministrator).ExecuteDeleteAsync(cancellation);
        var issued = Issue(RegistrationLink.FirstAdministratorId, LinkPurpose.FirstAdministrator, AccountRole.Administrator, null, null, null);
        return await SaveAsync(issued, transaction, cancellation);
    }

    /// <summary>For a new account under a name that its inviter answers for: others will see it certified.</summary>
    public async Task<(ControlError Error, IssuedLink? Link)> ForInvitationAsync(
        string name, AccountRole role, AccountId invitedBy, CancellationToken cancellation = default)
    {
        if (!PersonName.TryNormalize(name, out var normalized)) return (ControlError.InvalidName, null);
        await using var transaction = await context.Database.BeginTransactionAsync(cancellation);
        return await SaveAsync(Issue(Guid.NewGuid(), LinkPurpose.Invitation, role, normalized, null, invitedBy), transaction, cancellation);
    }

    /// <summary>In place of any that the account was given before.</summary>
    /// <param name="madeBy">Null: the operator of the machine.</param>
    public async Task<(ControlError Error, IssuedLink? Link)> ForRecoveryAsync(AccountId id, AccountId? madeBy, CancellationToken cancellation = default)
    {
        await using var transaction = await context.Database.BeginTransactionAsync(cancellation);
        var account = await context.Accounts.AsNoTracking().SingleOrDefaultAsync(row => row.Id == id, cancellation);
        if (account is null) return (ControlError.AccountNotFound, null);
        await context.RegistrationLinks.Where(link => link.AccountId == id).ExecuteDeleteAsync(cancellation);
        return await SaveAsync(Issue(Guid.NewGuid(), LinkPurpose.Recovery, account.Role, account.Name, id, madeBy), transaction, cancellation);
    }

    private IssuedLink Issue(Guid id, LinkPurpose purpose, AccountRole role, string? name, AccountId? account, AccountId? madeBy)
    {
        var token = SecretToken.Create();
        var now = time.GetUtcNow();
        var link = new RegistrationLink
        {
            Id = id,
            TokenHash = SecretToken.HashOf(token),
            Purpose = purpose,
            Role = role,
            Name = name,
            AccountId = account,
            CreatedBy = madeBy,
            CreatedAt = now.ToUnixTimeMilliseconds(),
            ExpiresAt = (now + RegistrationLink.LifetimeOf(purpose)).ToUnixTimeMilliseconds(),
        };
        return new IssuedLink(link, token);
    }

    private async Task<(ControlError Error, IssuedLink? Link)> SaveAsync(
        IssuedLink issued, Microsoft.EntityFrameworkCore.Storage.IDbContextTransaction transaction, CancellationToken cancellation)
    {
        context.RegistrationLinks.Add(issued.Link);
        await context.SaveChangesAsync(cancellation);
        await transaction.CommitAsync(cancellation);
        return (ControlError.None, issued);
    }
}
