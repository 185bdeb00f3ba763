using Microsoft.EntityFrameworkCore;
using Pendopo.Meetings.Domain;
using Pendopo.Meetings.Grains;
using Pendopo.Server.Options;
using Pendopo.Server.Storage;
using Pendopo.Signaling;
using Pendopo.Testing;
using Pendopo.Testing.Groups;
using Xunit;

namespace Pendopo.Server.Tests.Storage;

public sealed class EntityFilesTests(PostgresFixture postgres) : IClassFixture<PostgresFixture>
{
    private const string Room = "room";

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("sqlite")]
    [InlineData("postgres")]
    public async Task A_file_is_read_as_it_was_stored_once_it_is_whole(string database)
    {
        await using var contexts = await Contexts.OpenAsync(database, postgres);
        var files = new EntityFiles(contexts, new SharedFileOptions(), TimeProvider.System);
        var bytes = TestDevice.Filled(600_000, "a file of three pieces");

        var name = await files.StoreAsync(Room, new MemoryStream(bytes), bytes.Length, Cancellation);
        Assert.NotNull(name);
        Assert.Null(await files.FindAsync(Room, name, Cancellation));
        await files.SealAsync(Room, name, bytes.Length);

        Assert.Equal(bytes.Length, await files.FindAsync(Room, name, Cancellation));
        Assert.Null(await files.FindAsync("another room", name, Cancellation));
        var read = new List<byte>();
        await foreach (var part in files.ReadAsync(Room, name, Cancellation)) read.AddRange(part);
        Assert.Equal(bytes, read);
    }

    [Theory]
    [InlineData("sqlite")]
    [InlineData("postgres")]
    public async Task The_room_of_a_meeting_is_counted_and_a_body_of_another_length_is_not_kept(string database)
    {
        await using var contexts = await Contexts.OpenAsync(database, postgres);
        var files = new EntityFiles(contexts, new SharedFileOptions { Maximum = 1_024, PerMeeting = 1_000 }, TimeProvider.System);

        Assert.NotNull(await files.StoreAsync(Room, new MemoryStream(new byte[600]), 600, Cancellation));
        Assert.Null(await files.StoreAsync(Room, new MemoryStream(new byte[401]), 401, Cancellation));
        Assert.Null(await files.StoreAsync(Room, new MemoryStream(new byte[300]), 400, Cancellation));
        Assert.Null(await files.StoreAsync(Room, new MemoryStream(new byte[400]), 300, Cancellation));
        Assert.Equal(400, await files.LeftAsync(Room, Cancellation));
        Assert.NotNull(await files.StoreAsync(Room, new MemoryStream(new byte[400]), 400, Cancellation));
        Assert.Equal(0, await files.LeftAsync(Room, Cancellation));
        Assert.Equal(1_000, await files.LeftAsync("another room", Cancellation));
    }

    [Theory]
    [InlineData("sqlite")]
    [InlineData("postgres")]
    public async Task Files_go_with_the_log_of_their_meeting_and_no_other(string database)
    {
        await using var contexts = await Contexts.OpenAsync(database, postgres);
        var files = new EntityFiles(contexts, new SharedFileOptions(), TimeProvider.System);
        foreach (var room in new[] { Room, "another room" })
        {
            var name = await files.StoreAsync(room, new MemoryStream(new byte[10]), 10, Cancellation);
            await files.SealAsync(room, name!, 10);
        }

        var storage = new EntityGrainStorage(contexts, TimeProvider.System);
        var state = new GrainState<StoredMeeting>(new StoredMeeting
        {
            Meeting = new MeetingState { Kind = MeetingKind.Encrypted, FoundedAt = DateTimeOffset.UnixEpoch, CodecOrder = [VideoCodec.Vp8], VideoCodecs = [VideoCodec.Vp8] },
            LogChange = new GroupLogChange(Room, true, []),
        });
        await storage.WriteStateAsync("meeting", GrainId.Create("meeting", Room), state);

        await using var context = contexts.CreateDbContext();
        Assert.Equal(["another room"], await context.GroupFiles.Select(row => row.Room).Distinct().ToListAsync(Cancellation));
    }
}
