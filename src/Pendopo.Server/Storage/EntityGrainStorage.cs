using System.Text.Json;
using System.Text.Json.Serialization;
using Microsoft.EntityFrameworkCore;
using Orleans.Storage;
using Pendopo.Control.Storage;
using Pendopo.Meetings.Grains;

namespace Pendopo.Server.Storage;

/// <summary>
/// Grain state in the installation's own database, SQLite or PostgreSQL alike, as JSON. The ETag is optimistic: whoever writes
/// over a state that it has not read is refused, and Orleans then loads the grain anew. What a group's log has more or less with a state is written in
/// one transaction with it.
/// </summary>
internal sealed class EntityGrainStorage(IDbContextFactory<ControlDbContext> contexts, TimeProvider time) : IGrainStorage
{
    private static readonly JsonSerializerOptions Json = new() { Converters = { new JsonStringEnumConverter() } };

    public async Task ReadStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState)
    {
        await using var context = await contexts.CreateDbContextAsync();
        var row = await Find(context, stateName, grainId).AsNoTracking().FirstOrDefaultAsync();
        grainState.RecordExists = row is not null;
        grainState.ETag = row?.Version;
        grainState.State = row is null ? Activator.CreateInstance<T>() : JsonSerializer.Deserialize<T>(row.Payload, Json)!;
    }

    public async Task WriteStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState)
    {
        await using var context = await contexts.CreateDbContextAsync();
        var change = (grainState.State as IStoredWithLog)?.LogChange;
        await using var transaction = change is null ? null : await context.Database.BeginTransactionAsync();
        var payload = JsonSerializer.Serialize(grainState.State, Json);
        var version = Guid.NewGuid().ToString("N");
        var modified = time.GetUtcNow().ToUnixTimeMilliseconds();
        if (grainState.ETag is null)
        {
            context.GrainStates.Add(new GrainStateRow { Kind = stateName, Id = IdOf(grainId), Payload = payload, Version = version, ModifiedAt = modified });
            try
            {
                await context.SaveChangesAsync();
            }
            catch (DbUpdateException error)
            {
                if (!await Find(context, stateName, grainId).AnyAsync()) throw;
                throw new InconsistentStateException($"The state {stateName} exists already.", error);
            }
        }
        else
        {
            var known = grainState.ETag;
            var written = await Find(context, stateName, grainId).Where(row => row.Version == known).ExecuteUpdateAsync(set => set
                .SetProperty(row => row.Payload, payload)
                .SetProperty(row => row.Version, version)
                .SetProperty(row => row.ModifiedAt, modified));
            if (written == 0) throw new InconsistentStateException($"The state {stateName} was changed by somebody else.");
        }

        if (change is not null) await EntityGroupLog.ApplyAsync(context, change);
        if (transaction is not null) await transaction.CommitAsync();
        grainState.ETag = version;
        grainState.RecordExists = true;
    }

    public async Task ClearStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState)
    {
        await using var context = await contexts.CreateDbContextAsync();
        var known = grainState.ETag;
        if (known is not null)
        {
            var deleted = await Find(context, stateName, grainId).Where(row => row.Version == known).ExecuteDeleteAsync();
            if (deleted == 0) throw new InconsistentStateException($"The state {stateName} was changed by somebody else.");
        }

        grainState.ETag = null;
        grainState.RecordExists = false;
        grainState.State = Activator.CreateInstance<T>();
    }

    private static IQueryable<GrainStateRow> Find(ControlDbContext context, string stateName, GrainId grainId)
    {
        var id = IdOf(grainId);
        return context.GrainStates.Where(row => row.Kind == stateName && row.Id == id);
    }

    private static string IdOf(GrainId grainId) => grainId.ToString();
}
