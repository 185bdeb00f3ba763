using Microsoft.EntityFrameworkCore;
using Pendopo.Control.Storage;

namespace Pendopo.Control.Organizations;

/// <summary>An organisation and everything below it, parents before children; without an id, the whole forest.</summary>
public sealed class ListOrganizations(ControlDbContext context)
{
    public async Task<(ControlError Error, IReadOnlyList<Organization> Organizations)> RunAsync(Guid? rootId, CancellationToken cancellation = default)
    {
        IQueryable<Organization> rows = context.Organizations.AsNoTracking();
        if (rootId is not null)
        {
            var path = await rows.Where(row => row.Id == rootId).Select(row => row.Path).SingleOrDefaultAsync(cancellation);
            if (path is null) return (ControlError.OrganizationNotFound, []);
            rows = rows.Where(row => row.Path.StartsWith(path));
        }

        // Databases sort text by their own rules; the order of paths is a matter of ordinals.
        var list = await rows.ToListAsync(cancellation);
        return (ControlError.None, [.. list.OrderBy(row => row.Path, StringComparer.Ordinal)]);
    }
}
