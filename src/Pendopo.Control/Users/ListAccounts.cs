using Microsoft.EntityFrameworkCore;
using Pendopo.Control.Storage;

namespace Pendopo.Control.Users;

/// <summary>The accounts of the installation, page by page in the order in which they were made.</summary>
public sealed class ListAccounts(ControlDbContext context)
{
    public const int PageSize = 100;

    /// <param name="after">The last account of the page before; null: from the beginning. An account that is gone begins anew.</param>
    public async Task<IReadOnlyList<Account>> RunAsync(AccountId? after, CancellationToken cancellation = default)
    {
        var accounts = context.Accounts.AsNoTracking();
        var last = after is null ? null : await accounts.SingleOrDefaultAsync(row => row.Id == after, cancellation);

        // Those made in the same millisecond as the last are few; they are told apart here, by one rule on both databases.
        var since = last?.CreatedAt ?? long.MinValue;
        var page = await accounts.Where(row => row.CreatedAt > since).OrderBy(row => row.CreatedAt).Take(PageSize).ToListAsync(cancellation);
        if (page.Count == PageSize)
        {
            var end = page[^1].CreatedAt;
            page.RemoveAll(row => row.CreatedAt == end);
            page.AddRange(await accounts.Where(row => row.CreatedAt == end).ToListAsync(cancellation));
        }

        return page;
    }

    /// <summary>All administrators: there are few.</summary>
    public async Task<IReadOnlyList<Account>> AdministratorsAsync(CancellationToken cancellation = default) =>
        await context.Accounts.AsNoTracking().Where(row => row.Role == AccountRole.Administrator).OrderBy(row => row.CreatedAt).ToListAsync(cancellation);
}
