using Microsoft.EntityFrameworkCore;
using Pendopo.Control.Storage;

namespace Pendopo.Control.Organizations;

internal static class SiblingNames
{
    /// <summary>True if another child of the same parent bears the name. A parent has tens of children at most, so they are compared here, by one rule on both databases.</summary>
    public static async Task<bool> IsTakenAsync(ControlDbContext context, Organization organization, string name, CancellationToken cancellation)
    {
        var names = await context.Organizations
            .Where(row => row.ParentId == organization.ParentId && row.Id != organization.Id)
            .Select(row => row.Name)
            .ToListAsync(cancellation);
        return names.Exists(other => string.Equals(other, name, StringComparison.OrdinalIgnoreCase));
    }
}
