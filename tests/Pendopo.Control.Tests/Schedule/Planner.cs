using Pendopo.Control.Schedule;
using Pendopo.Control.Tests.Users;
using Pendopo.Control.Users;
using Pendopo.Testing;
using Xunit;

namespace Pendopo.Control.Tests.Schedule;

/// <summary>An installation with accounts, and what its organisers do.</summary>
internal sealed class Planner(Installation installation) : IAsyncDisposable
{
    public static readonly MailFrame Frame = new("https://meet.example.test", "pendopo@meet.example.test");

    private int _meetings;

    public Installation Installation { get; } = installation;

    public AccountId Sri { get; private set; }

    public AccountId Budi { get; private set; }

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public static async Task<Planner> OpenAsync(DatabaseKind kind, PostgresFixture postgres)
    {
        var planner = new Planner(await Installation.OpenAsync(kind, postgres));
        planner.Sri = (await planner.Installation.FoundAsync()).Account.Id;
        planner.Budi = await planner.InviteAsync("Budi Santoso");
        return planner;
    }

    public async Task<AccountId> InviteAsync(string name)
    {
        var (_, link) = await Installation.RunAsync(context => new IssueLink(context, Installation.Time).ForInvitationAsync(name, AccountRole.Member, Sri, Cancellation));
        return (await Installation.RegisterAsync(link!.Token)).Session!.Account.Id;
    }

    /// <summary>Tomorrow at 14.00 WIB: Tuesday, 18 August 2026.</summary>
    public static MeetingTimes Tomorrow(Repetition repetition = Repetition.Once, int count = 1, IndonesianZone zone = IndonesianZone.Wib) =>
        new(new DateTimeOffset(2026, 8, 18, 14, 0, 0, IndonesianZones.OffsetOf(zone)).ToUnixTimeMilliseconds(), 90, zone, repetition, count);

    public static MeetingDraft Draft(MeetingTimes? times = null, string title = "Rapat anggaran", params Invitee[] people) => new(title, "1. Pembukaan\n2. Anggaran", times ?? Tomorrow(), people);

    public static Invitee At(string address) => new(null, address);

    public FoundedMeeting NewMeeting(int rank = 0) => new($"key{++_meetings}".PadRight(43, 'k'), $"id{_meetings}", new string('f', 43), rank, rank == 0);

    public Task<(ControlError Error, ScheduledMeeting? Meeting)> PlanAsync(MeetingDraft draft, AccountId? organizer = null, FoundedMeeting? founded = null) =>
        Installation.RunAsync(context => new PlanMeeting(context, Installation.Time).RunAsync(organizer ?? Sri, founded ?? NewMeeting(), draft, Frame, Cancellation));

    public Task<(ControlError Error, ScheduledMeeting? Meeting)> ChangeAsync(ScheduledMeeting meeting, MeetingDraft draft, AccountId? organizer = null, int? version = null) =>
        Installation.RunAsync(context => new ChangeMeeting(context, Installation.Time).RunAsync(organizer ?? Sri, meeting.Id, version ?? meeting.Version, draft, Frame, Cancellation));

    public Task<(ControlError Error, ScheduledMeeting? Meeting)> CancelAsync(ScheduledMeeting meeting, AccountId? organizer = null, int? version = null) =>
        Installation.RunAsync(context => new ChangeMeeting(context, Installation.Time).CancelAsync(organizer ?? Sri, meeting.Id, version ?? meeting.Version, Frame, Cancellation));

    public Task<IReadOnlyList<ListedMeeting>> ListAsync(AccountId account) => Installation.RunAsync(context => new ListMeetings(context).RunAsync(account, Cancellation));

    public Task<IReadOnlyList<OutgoingMail>> DueAsync() => Installation.RunAsync(context => new MailOutbox(context, Installation.Time).DueAsync(Cancellation));

    /// <summary>Sends all that is due, to nowhere.</summary>
    public async Task<IReadOnlyList<OutgoingMail>> SendAsync()
    {
        var due = await DueAsync();
        foreach (var mail in due)
        {
            await Installation.RunAsync(async context =>
            {
                await new MailOutbox(context, Installation.Time).SentAsync(mail.Id, Cancellation);
                return 0;
            });
        }

        return due;
    }

    public ValueTask DisposeAsync() => Installation.DisposeAsync();
}
