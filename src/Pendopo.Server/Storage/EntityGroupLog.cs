using System.Buffers.Text;
using Microsoft.EntityFrameworkCore;
using Pendopo.Control.Storage;
using Pendopo.Meetings.Domain.Groups;
using Pendopo.Meetings.Grains;
using Pendopo.Signaling;

namespace Pendopo.Server.Storage;

/// <summary>Groups' logs in the installation's own database, SQLite or PostgreSQL alike: one row for each entry that is kept.</summary>
internal sealed class EntityGroupLog(IDbContextFactory<ControlDbContext> contexts) : IGroupLogStore
{
    public async Task<IReadOnlyList<LogHeader>> LoadAsync(string room, int generation)
    {
        await using var context = await contexts.CreateDbContextAsync();
        var rows = await context.GroupEntries.AsNoTracking().Where(row => row.Room == room && row.Generation == generation).OrderBy(row => row.Entry)
            .Select(row => new { row.Entry, row.Kind, row.Epoch, row.Leaf, row.At, Size = row.Bytes.Length }).ToListAsync();
        return [.. rows.Select(row => new LogHeader(row.Entry, Enum.Parse<LogKind>(row.Kind), row.Epoch, row.Leaf, row.At, row.Size))];
    }

    public async Task<IReadOnlyList<LogEntry>> ReadAsync(string room, int generation, long first, long last)
    {
        await using var context = await contexts.CreateDbContextAsync();
        var rows = await context.GroupEntries.AsNoTracking()
            .Where(row => row.Room == room && row.Generation == generation && row.Entry >= first && row.Entry <= last).OrderBy(row => row.Entry).ToListAsync();
        return [.. rows.Select(row => new LogEntry(generation, row.Entry, Enum.Parse<LogKind>(row.Kind), row.Epoch, row.Leaf, row.At, Base64Url.EncodeToString(row.Bytes)))];
    }

    public async Task AppendAsync(string room, LogEntry entry)
    {
        await using var context = await contexts.CreateDbContextAsync();
        await using var transaction = await context.Database.BeginTransactionAsync();
        await ApplyAsync(context, new GroupLogChange(room, IsDropped: false, [entry]));
        await transaction.CommitAsync();
    }

    /// <summary>Within the caller's transaction. Two writers of one log collide in its key.</summary>
    public static async Task ApplyAsync(ControlDbContext context, GroupLogChange change)
    {
        var log = context.GroupEntries.Where(row => row.Room == change.Room);
        if (change.IsDropped)
        {
            await log.ExecuteDeleteAsync();
            // Nobody holds the files' keys any more either.
            await context.GroupFiles.Where(row => row.Room == change.Room).ExecuteDeleteAsync();
        }

        foreach (var entry in change.Appended)
        {
            context.GroupEntries.Add(new GroupEntryRow
            {
                Room = change.Room,
                Generation = entry.Generation,
                Entry = entry.Entry,
                Kind = entry.Kind.ToString(),
                Epoch = entry.Epoch,
                Leaf = entry.Leaf,
                At = entry.At,
                Bytes = Base64Url.DecodeFromChars(entry.Bytes),
            });
        }

        await context.SaveChangesAsync();
        if (change.Appended is [.., var last])
        {
            var beyond = last.Entry - EpochLog.Kept;
            await log.Where(row => row.Generation == last.Generation && row.Entry <= beyond).ExecuteDeleteAsync();
        }
    }
}
