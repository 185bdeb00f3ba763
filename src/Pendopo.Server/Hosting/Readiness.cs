using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Pendopo.Control.Storage;
using Pendopo.Server.Media;

namespace Pendopo.Server.Hosting;

/// <summary>Ready: the media workers answer and the database can be reached.</summary>
internal sealed class Readiness(IMediaPlane media, IDbContextFactory<ControlDbContext> contexts) : IHealthCheck
{
    public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        if (!await media.IsResponsiveAsync(cancellationToken)) return HealthCheckResult.Unhealthy("media");
        await using var database = await contexts.CreateDbContextAsync(cancellationToken);
        return await database.Database.CanConnectAsync(cancellationToken) ? HealthCheckResult.Healthy() : HealthCheckResult.Unhealthy("database");
    }
}
