using System.Buffers.Text;
using System.Runtime.CompilerServices;
using System.Security.Cryptography;
using Microsoft.EntityFrameworkCore;
using Pendopo.Control.Storage;
using Pendopo.Server.Options;

namespace Pendopo.Server.Storage;

/// <summary>
/// Files of meetings, as ciphertext in the installation's own database, piece by piece: no file is ever whole in memory, and none has a name that
/// somebody else chose. They go with their group's log (<see cref="EntityGroupLog"/>).
/// </summary>
internal sealed class EntityFiles(IDbContextFactory<ControlDbContext> contexts, SharedFileOptions options, TimeProvider time)
{
    /// <summary>Bytes of a piece: a row that both databases like.</summary>
    private const int PartBytes = 256 * 1024;

    /// <summary>128 bits: nobody finds a file that he was not told of, though only members may ask.</summary>
    private const int NameBytes = 16;

    private readonly Lock _lock = new();

    /// <summary>Bytes by room that are promised to uploads under way and not stored yet.</summary>
    private readonly Dictionary<string, long> _promised = [];

    /// <summary>What the room's files may still take, bytes.</summary>
    public async Task<long> LeftAsync(string room, CancellationToken cancellation) => Math.Max(0, await RestAsync(room, cancellation));

    /// <summary>Stores what the body holds under a new name; nobody can read it before it is sealed.</summary>
    /// <param name="length">What the body says that it holds, bytes.</param>
    /// <returns>The name; null where the room has no place for so much, or the body is not as long as it says.</returns>
    public async Task<string?> StoreAsync(string room, Stream body, long length, CancellationToken cancellation)
    {
        Promise(room, length);
        var open = length;
        try
        {
            // What is promised to others is counted too, so that two at once do not both take the last of it.
            if (await RestAsync(room, cancellation) < 0) return null;
            var name = Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(NameBytes));
            var buffer = new byte[PartBytes];
            var total = 0L;
            try
            {
                for (var part = GroupFileRow.Seal + 1; ; part++)
                {
                    var count = await body.ReadAtLeastAsync(buffer, PartBytes, throwOnEndOfStream: false, cancellation);
                    if (count == 0) break;
                    total += count;
                    if (total > length) break;
                    await AddAsync(Row(room, name, part, count, buffer[..count]), cancellation);
                    Promise(room, -count);
                    open -= count;
                }
            }
            catch
            {
                await DropAsync(room, name);
                throw;
            }

            if (total == length) return name;
            await DropAsync(room, name);
            return null;
        }
        finally
        {
            Promise(room, -open);
        }
    }

    /// <summary>From here on it can be read.</summary>
    public Task SealAsync(string room, string name, long length) => AddAsync(Row(room, name, GroupFileRow.Seal, length, []), CancellationToken.None);

    public async Task DropAsync(string room, string name)
    {
        await using var context = await contexts.CreateDbContextAsync();
        await context.GroupFiles.Where(row => row.Room == room && row.Name == name).ExecuteDeleteAsync();
    }

    /// <summary>Length of a file that is whole, bytes; null: there is none of that name.</summary>
    public async Task<long?> FindAsync(string room, string name, CancellationToken cancellation)
    {
        await using var context = await contexts.CreateDbContextAsync(cancellation);
        return await context.GroupFiles.Where(row => row.Room == room && row.Name == name && row.Part == GroupFileRow.Seal)
            .Select(row => (long?)row.Size).FirstOrDefaultAsync(cancellation);
    }

    /// <summary>The pieces in their order; they end early where the file is dropped meanwhile.</summary>
    public async IAsyncEnumerable<byte[]> ReadAsync(string room, string name, [EnumeratorCancellation] CancellationToken cancellation)
    {
        await using var context = await contexts.CreateDbContextAsync(cancellation);
        for (var part = GroupFileRow.Seal + 1; ; part++)
        {
            var wanted = part;
            var bytes = await context.GroupFiles.AsNoTracking().Where(row => row.Room == room && row.Name == name && row.Part == wanted)
                .Select(row => row.Bytes).FirstOrDefaultAsync(cancellation);
            if (bytes is null) yield break;
            yield return bytes;
        }
    }

    /// <summary>Below zero where more is promised than there is.</summary>
    private async Task<long> RestAsync(string room, CancellationToken cancellation)
    {
        await using var context = await contexts.CreateDbContextAsync(cancellation);
        var stored = await context.GroupFiles.Where(row => row.Room == room && row.Part != GroupFileRow.Seal).SumAsync(row => row.Size, cancellation);
        lock (_lock) return options.PerMeeting - stored - _promised.GetValueOrDefault(room);
    }

    private GroupFileRow Row(string room, string name, int part, long size, byte[] bytes) =>
        new() { Room = room, Name = name, Part = part, Size = size, At = time.GetUtcNow().ToUnixTimeMilliseconds(), Bytes = bytes };

    private async Task AddAsync(GroupFileRow row, CancellationToken cancellation)
    {
        await using var context = await contexts.CreateDbContextAsync(cancellation);
        context.GroupFiles.Add(row);
        await context.SaveChangesAsync(cancellation);
    }

    private void Promise(string room, long bytes)
    {
        lock (_lock)
        {
            var promised = _promised.GetValueOrDefault(room) + bytes;
            if (promised == 0) _promised.Remove(room);
            else _promised[room] = promised;
        }
    }
}
