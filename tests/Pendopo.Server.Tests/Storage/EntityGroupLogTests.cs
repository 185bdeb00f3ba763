using Microsoft.EntityFrameworkCore;
using Orleans.Storage;
using Pendopo.Meetings.Domain;
using Pendopo.Meetings.Domain.Groups;
using Pendopo.Meetings.Grains;
using Pendopo.Server.Storage;
using Pendopo.Signaling;
using Pendopo.Testing;
using Pendopo.Testing.Groups;
using Xunit;

namespace Pendopo.Server.Tests.Storage;

public sealed class EntityGroupLogTests(PostgresFixture postgres) : IClassFixture<PostgresFixture>
{
    private const string Room = "room";

    private static readonly GrainId Id = GrainId.Create("meeting", Room);

    [Theory]
    [InlineData("sqlite")]
    [InlineData("postgres")]
    public async Task Entries_are_kept_read_in_order_and_trimmed(string database)
    {
        await using var contexts = await Contexts.OpenAsync(database, postgres);
        var log = new EntityGroupLog(contexts);
        for (var entry = 1; entry <= EpochLog.Kept + 3; entry++) await log.AppendAsync(Room, Entry(entry));
        await log.AppendAsync("another room", Entry(1));

        var headers = await log.LoadAsync(Room, 1);
        Assert.Equal(Enumerable.Range(4, EpochLog.Kept).Select(entry => (long)entry), headers.Select(header => header.Entry));
        Assert.Equal(new LogHeader(4, Entry(4).Kind, 2, 3, 1_800_000_000_004, 40), headers[0]);
        Assert.Equal([Entry(10), Entry(11), Entry(12)], await log.ReadAsync(Room, 1, 10, 12));
        Assert.Empty(await log.ReadAsync(Room, 2, 1, 100));
        await Assert.ThrowsAnyAsync<DbUpdateException>(() => log.AppendAsync(Room, Entry(10)));
    }

    [Theory]
    [InlineData("sqlite")]
    [InlineData("postgres")]
    public async Task State_and_log_are_written_together_or_not_at_all(string database)
    {
        await using var contexts = await Contexts.OpenAsync(database, postgres);
        var (storage, log) = (new EntityGrainStorage(contexts, TimeProvider.System), new EntityGroupLog(contexts));
        var state = new GrainState<StoredMeeting>(Stored(new GroupLogChange(Room, false, [Entry(1), Entry(2)])));
        await storage.WriteStateAsync("meeting", Id, state);
        Assert.Equal(2, (await log.LoadAsync(Room, 1)).Count);

        // A state that somebody else has written over takes its entry along.
        var late = new GrainState<StoredMeeting>();
        await storage.ReadStateAsync("meeting", Id, late);
        state.State = Stored(null);
        await storage.WriteStateAsync("meeting", Id, state);
        late.State = Stored(new GroupLogChange(Room, false, [Entry(3)]));
        await Assert.ThrowsAsync<InconsistentStateException>(() => storage.WriteStateAsync("meeting", Id, late));
        Assert.Equal(2, (await log.LoadAsync(Room, 1)).Count);

        // An entry that is there already takes its state along.
        var before = state.ETag;
        state.State = Stored(new GroupLogChange(Room, false, [Entry(2)]));
        await Assert.ThrowsAnyAsync<DbUpdateException>(() => storage.WriteStateAsync("meeting", Id, state));
        var read = new GrainState<StoredMeeting>();
        await storage.ReadStateAsync("meeting", Id, read);
        Assert.Equal(before, read.ETag);

        read.State = Stored(new GroupLogChange(Room, true, []));
        await storage.WriteStateAsync("meeting", Id, read);
        Assert.Empty(await log.LoadAsync(Room, 1));
    }

    private static LogEntry Entry(int entry) =>
        new(1, entry, (LogKind)(entry % Enum.GetValues<LogKind>().Length), 2, 3, 1_800_000_000_000 + entry, WireWriter.Text(TestDevice.Filled(40, $"entry {entry}")));

    private static StoredMeeting Stored(GroupLogChange? change) => new()
    {
        Meeting = new MeetingState { Kind = MeetingKind.Encrypted, FoundedAt = DateTimeOffset.UnixEpoch, CodecOrder = [VideoCodec.Vp8], VideoCodecs = [VideoCodec.Vp8] },
        LogChange = change,
    };
}
