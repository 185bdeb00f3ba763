using Microsoft.EntityFrameworkCore;
using Pendopo.Control.Storage;

namespace Pendopo.Control.Users;

/// <summary>What a one-time link is good for, without using it.</summary>
public sealed class FindLink(ControlDbContext context, TimeProvider time)
{
    public async Task<(ControlError Error, RegistrationLink? Link)> RunAsync(string? token, CancellationToken cancellation = default)
    {
        if (!SecretToken.IsWellFormed(token)) return (ControlError.LinkInvalid, null);
        var hash = SecretToken.HashOf(token!);
        var now = time.GetUtcNow().ToUnixTimeMilliseconds();
        var link = await context.RegistrationLinks.AsNoTracking().SingleOrDefaultAsync(row => row.TokenHash == hash && row.ExpiresAt > now, cancellation);
        return link is null ? (ControlError.LinkInvalid, null) : (ControlError.None, link);
    }
}
