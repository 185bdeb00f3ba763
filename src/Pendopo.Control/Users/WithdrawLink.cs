using Microsoft.EntityFrameworkCore;
using Pendopo.Control.Storage;

namespace Pendopo.Control.Users;

/// <summary>Makes a link that was not used yet worthless.</summary>
public sealed class WithdrawLink(ControlDbContext context)
{
    public async Task<ControlError> RunAsync(Guid id, CancellationToken cancellation = default)
    {
        var deleted = await context.RegistrationLinks.Where(link => link.Id == id && link.Purpose != LinkPurpose.FirstAdministrator).ExecuteDeleteAsync(cancellation);
        return deleted == 0 ? ControlError.LinkInvalid : ControlError.None;
    }
}
