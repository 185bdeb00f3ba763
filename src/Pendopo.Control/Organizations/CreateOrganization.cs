using Microsoft.EntityFrameworkCore;
using Pendopo.Control.Storage;

namespace Pendopo.Control.Organizations;

/// <summary>Founds an organisation: a root, or one below another.</summary>
public sealed class CreateOrganization(ControlDbContext context)
{
    public async Task<(ControlError Error, Organization? Organization)> RunAsync(string name, Guid? parentId, CancellationToken cancellation = default)
    {
        var parent = parentId is null ? null : await context.Organizations.SingleOrDefaultAsync(row => row.Id == parentId, cancellation);
        if (parentId is not null && parent is null) return (ControlError.OrganizationNotFound, null);
        var error = Organization.TryCreate(Guid.CreateVersion7(), name, parent, out var organization);
        if (error != ControlError.None) return (error, null);
        if (await SiblingNames.IsTakenAsync(context, organization!, organization!.Name, cancellation)) return (ControlError.NameTaken, null);
        context.Organizations.Add(organization);
        await context.SaveChangesAsync(cancellation);
        return (ControlError.None, organization);
    }
}
