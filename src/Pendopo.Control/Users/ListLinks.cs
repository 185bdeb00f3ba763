using Microsoft.EntityFrameworkCore;
using Pendopo.Control.Storage;

namespace Pendopo.Control.Users;

/// <summary>Links that somebody may still use, newest first. The token of none can be had again.</summary>
public sealed class ListLinks(ControlDbContext context, TimeProvider time)
{
    /// <summary>More than an institution has open at once; who has more waits until some are used.</summary>
    private const int Most = 200;

    public async Task<IReadOnlyList<RegistrationLink>> RunAsync(CancellationToken cancellation = default)
    {
        var now = time.GetUtcNow().ToUnixTimeMilliseconds();
        return await context.RegistrationLinks.AsNoTracking()
            .Where(link => link.ExpiresAt > now && link.Purpose != LinkPurpose.FirstAdministrator)
            .OrderByDescending(link => link.CreatedAt)
            .Take(Most)
            .ToListAsync(cancellation);
    }
}
