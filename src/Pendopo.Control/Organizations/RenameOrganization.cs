using Microsoft.EntityFrameworkCore;
using Pendopo.Control.Storage;

namespace Pendopo.Control.Organizations;

/// <summary>Gives an organisation another name. Its id and its place stay.</summary>
public sealed class RenameOrganization(ControlDbContext context)
{
    public async Task<ControlError> RunAsync(Guid id, string name, CancellationToken cancellation = default)
    {
        if (!Organization.TryNormalize(name, out var normalized)) return ControlError.InvalidName;
        var organization = await context.Organizations.SingleOrDefaultAsync(row => row.Id == id, cancellation);
        if (organization is null) return ControlError.OrganizationNotFound;
        if (await SiblingNames.IsTakenAsync(context, organization, normalized, cancellation)) return ControlError.NameTaken;
        var error = organization.TryRename(normalized);
        if (error == ControlError.None) await context.SaveChangesAsync(cancellation);
        return error;
    }
}
