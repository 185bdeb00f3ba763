using Pendopo.Control.Schedule;
using Pendopo.Testing;
using Xunit;

namespace Pendopo.Control.Tests.Schedule;

public sealed class OutboxTests(PostgresFixture postgres) : IClassFixture<PostgresFixture>
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(DatabaseKind.Sqlite)]
    [InlineData(DatabaseKind.Postgres)]
    public async Task A_mail_that_cannot_be_sent_is_tried_for_half_a_day_and_its_organiser_sees_why(DatabaseKind kind)
    {
        await using var planner = await Planner.OpenAsync(kind, postgres);
        await planner.PlanAsync(Planner.Draft(null, "Rapat", Planner.At("a@instansi.example")));
        Assert.Equal(new MailStatus(false, true, null), await StatusAsync(planner));
        foreach (var minutes in new[] { 1, 5, 30, 120, 480 })
        {
            await FailAsync(planner, MailFailure.Unreachable);
            Assert.Equal(new MailStatus(false, true, MailFailure.Unreachable), await StatusAsync(planner));
            planner.Installation.Time.Advance(TimeSpan.FromMinutes(minutes) - TimeSpan.FromMilliseconds(1));
            Assert.Empty(await planner.DueAsync());
            planner.Installation.Time.Advance(TimeSpan.FromMilliseconds(1));
        }

        await FailAsync(planner, MailFailure.Unreachable);
        Assert.Equal(new MailStatus(false, false, MailFailure.Unreachable), await StatusAsync(planner));
        planner.Installation.Time.Advance(TimeSpan.FromDays(1));
        Assert.Empty(await planner.DueAsync());
    }

    [Fact]
    public async Task A_refused_recipient_is_not_asked_again()
    {
        await using var planner = await Planner.OpenAsync(DatabaseKind.Sqlite, postgres);
        await planner.PlanAsync(Planner.Draft(null, "Rapat", Planner.At("a@instansi.example")));
        await FailAsync(planner, MailFailure.RecipientRefused);
        Assert.Equal(new MailStatus(false, false, MailFailure.RecipientRefused), await StatusAsync(planner));
    }

    [Fact]
    public async Task A_change_takes_the_place_of_what_has_not_been_sent_and_what_was_sent_is_kept_no_longer()
    {
        await using var planner = await Planner.OpenAsync(DatabaseKind.Sqlite, postgres);
        var (_, meeting) = await planner.PlanAsync(Planner.Draft(null, "Rapat", Planner.At("a@instansi.example")));
        var old = Assert.Single(await planner.DueAsync());
        await planner.ChangeAsync(meeting!, Planner.Draft(null, "Rapat baru", Planner.At("a@instansi.example")));
        Assert.Contains("Rapat baru", Assert.Single(await planner.DueAsync()).Subject, StringComparison.Ordinal);

        // The attempt at the old one was under way; it does not come back.
        await planner.Installation.RunAsync(async context =>
        {
            await new MailOutbox(context, planner.Installation.Time).FailedAsync(old, MailFailure.Unreachable, Cancellation);
            return 0;
        });
        planner.Installation.Time.Advance(TimeSpan.FromMinutes(2));
        Assert.Single(await planner.SendAsync());
        Assert.Equal(new MailStatus(true, false, null), await StatusAsync(planner));
        await planner.Installation.RunAsync(context =>
        {
            Assert.All(context.OutgoingMails, mail => Assert.Equal(("", "", ""), (mail.Subject, mail.Text, mail.Calendar)));
            return Task.FromResult(0);
        });
    }

    private static async Task FailAsync(Planner planner, MailFailure failure)
    {
        var mail = Assert.Single(await planner.DueAsync());
        await planner.Installation.RunAsync(async context =>
        {
            await new MailOutbox(context, planner.Installation.Time).FailedAsync(mail, failure, Cancellation);
            return 0;
        });
    }

    private static async Task<MailStatus?> StatusAsync(Planner planner) => Assert.Single(Assert.Single(await planner.ListAsync(planner.Sri)).People).Mail;
}
