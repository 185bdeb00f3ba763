using Microsoft.EntityFrameworkCore;
using Pendopo.Control.Storage;
using Pendopo.Server.Storage;
using Pendopo.Testing;
using Xunit;

namespace Pendopo.Server.Tests.Storage;

public sealed class RemovedKindsTests(PostgresFixture postgres) : IClassFixture<PostgresFixture>
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("sqlite")]
    [InlineData("postgres")]
    public async Task Only_meetings_of_the_removed_kind_are_deleted_and_once(string database)
    {
        await using var contexts = await Contexts.OpenAsync(database, postgres);
        using var log = new LogLines();
        await using (var context = contexts.CreateDbContext())
        {
            (string Kind, string Id, string Payload)[] rows =
            [
                ("meeting", "clear", """{"Meeting":{"Kind":"Meeting","Participants":[]}}"""),
                ("meeting", "clear, spaced", """{ "Meeting": { "FoundedAt": "x", "Kind": "Meeting" } }"""),
                ("meeting", "broadcast", """{"Meeting":{"Kind":"OpenBroadcast","Participants":[{"DisplayName":"Meeting"}]}}"""),
                ("meeting", "encrypted", """{"Meeting":{"Kind":"Encrypted","Group":{"Kind":"Meeting"}}}"""),
                ("meeting", "of a newer build", """{"Meeting":{"Kind":"Seminar"}}"""),
                ("meeting", "cleared", """{"Meeting":null,"Kind":"Meeting"}"""),
                ("other", "other", """{"Meeting":{"Kind":"Meeting"}}"""),
            ];
            context.GrainStates.AddRange(rows.Select(row => new GrainStateRow { Kind = row.Kind, Id = row.Id, Payload = row.Payload, Version = "v", ModifiedAt = 0 }));
            await context.SaveChangesAsync(Cancellation);
        }

        await using (var context = contexts.CreateDbContext()) Assert.Equal(2, await RemovedKinds.DropAsync(context, log, Cancellation));
        await using (var context = contexts.CreateDbContext()) Assert.Equal(0, await RemovedKinds.DropAsync(context, log, Cancellation));

        Assert.Single(log.All);
        await using var after = contexts.CreateDbContext();
        Assert.Equal(
            ["broadcast", "cleared", "encrypted", "of a newer build", "other"],
            (await after.GrainStates.Select(row => row.Id).ToListAsync(Cancellation)).Order(StringComparer.Ordinal));
    }
}
