using Microsoft.EntityFrameworkCore;

namespace Pendopo.Control.Storage;

/// <summary>Reads and writes what was decided once for the installation.</summary>
public sealed class InstallationSettings(ControlDbContext context)
{
    /// <summary>The one origin at which people sign in: passkeys are bound to its host.</summary>
    public const string CanonicalOrigin = "canonical_origin";

    /// <summary>Null while it is not decided.</summary>
    public async Task<string?> FindAsync(string name, CancellationToken cancellation = default) =>
        (await context.Settings.AsNoTracking().SingleOrDefaultAsync(row => row.Name == name, cancellation))?.Value;

    public async Task SetAsync(string name, string value, CancellationToken cancellation = default)
    {
        var row = await context.Settings.SingleOrDefaultAsync(setting => setting.Name == name, cancellation);
        if (row is null) context.Settings.Add(new SettingRow { Name = name, Value = value });
        else row.Value = value;
        await context.SaveChangesAsync(cancellation);
    }
}
