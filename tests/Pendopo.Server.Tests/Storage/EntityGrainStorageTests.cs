using Microsoft.EntityFrameworkCore;
using Orleans.Storage;
using Pendopo.Control.Storage;
using Pendopo.Meetings.Domain;
using Pendopo.Meetings.Grains;
using Pendopo.Server.Storage;
using Pendopo.Signaling;
using Pendopo.Testing;
using Xunit;

namespace Pendopo.Server.Tests.Storage;

public sealed class EntityGrainStorageTests(PostgresFixture postgres) : IClassFixture<PostgresFixture>
{
    private static readonly GrainId Id = GrainId.Create("meeting", "key");

    [Theory]
    [InlineData("sqlite")]
    [InlineData("postgres")]
    public async Task A_state_is_written_read_replaced_and_cleared(string database)
    {
        await using var contexts = await OpenAsync(database);
        var storage = new EntityGrainStorage(contexts, TimeProvider.System);
        var empty = new GrainState<StoredMeeting>();
        await storage.ReadStateAsync("meeting", Id, empty);
        Assert.False(empty.RecordExists);
        Assert.Null(empty.State!.Meeting);

        var written = new GrainState<StoredMeeting>(SomeMeeting("Sri"));
        await storage.WriteStateAsync("meeting", Id, written);
        written.State = SomeMeeting("Budi");
        await storage.WriteStateAsync("meeting", Id, written);
        var read = new GrainState<StoredMeeting>();
        await storage.ReadStateAsync("meeting", Id, read);

        Assert.Equal("Budi", read.State!.Meeting!.Participants[0].DisplayName);
        Assert.Equal(written.State!.Meeting!.Participants[0].Media, read.State.Meeting.Participants[0].Media);
        Assert.Equal(written.ETag, read.ETag);
        await storage.ClearStateAsync("meeting", Id, read);
        await storage.ReadStateAsync("meeting", Id, written);
        Assert.False(written.RecordExists);
    }

    [Theory]
    [InlineData("sqlite")]
    [InlineData("postgres")]
    public async Task Who_has_not_read_the_last_state_cannot_write_over_it(string database)
    {
        await using var contexts = await OpenAsync(database);
        var storage = new EntityGrainStorage(contexts, TimeProvider.System);
        var first = new GrainState<StoredMeeting>(SomeMeeting("Sri"));
        await storage.WriteStateAsync("meeting", Id, first);
        var late = new GrainState<StoredMeeting>();
        await storage.ReadStateAsync("meeting", Id, late);
        await storage.WriteStateAsync("meeting", Id, first);

        await Assert.ThrowsAsync<InconsistentStateException>(() => storage.WriteStateAsync("meeting", Id, late));
        await Assert.ThrowsAsync<InconsistentStateException>(() => storage.ClearStateAsync("meeting", Id, late));
        await Assert.ThrowsAsync<InconsistentStateException>(() => storage.WriteStateAsync("meeting", Id, new GrainState<StoredMeeting>(SomeMeeting("Eka"))));
    }

    [Theory]
    [InlineData("sqlite")]
    [InlineData("postgres")]
    public async Task An_upgrade_of_an_upgraded_database_changes_nothing(string database)
    {
        await using var contexts = await OpenAsync(database);
        await new EntityGrainStorage(contexts, TimeProvider.System).WriteStateAsync("meeting", Id, new GrainState<StoredMeeting>(SomeMeeting("Sri")));
        await using var context = contexts.CreateDbContext();

        await Database.UpgradeAsync(context, TestContext.Current.CancellationToken);

        Assert.Equal(1, await context.GrainStates.CountAsync(TestContext.Current.CancellationToken));
    }

    private static StoredMeeting SomeMeeting(string name) => new()
    {
        Meeting = new MeetingState
        {
            Kind = MeetingKind.OpenBroadcast,
            FoundedAt = DateTimeOffset.UnixEpoch,
            CodecOrder = MeetingRules.DefaultVideoCodecs,
            VideoCodecs = [VideoCodec.Vp8],
            Participants =
            [
                new ParticipantState
                {
                    Id = new ParticipantId("p"), Session = SessionKey.Of("s"), DisplayName = name, Role = ParticipantRole.Host,
                    Media = new MediaState(true, false), JoinedAt = DateTimeOffset.UnixEpoch, Decodes = [VideoCodec.Av1], Red = true,
                },
            ],
        },
    };

    private Task<Contexts> OpenAsync(string database) => Contexts.OpenAsync(database, postgres);
}
