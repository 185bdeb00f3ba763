using System.Reflection;
using Pendopo.Signaling;
using Pendopo.Testing.Groups;
using Xunit;

namespace Pendopo.Server.Tests.Hubs;

/// <summary>
/// Every act of a moderator, tried by everybody who may not. What the hub offers is found by reflection: a method that is added and not listed here fails, and so
/// does a new act or a new control that not everybody else is refused.
/// </summary>
public sealed class AuthorityTests
{
    /// <summary>Moderators' methods, each with an argument by which the host would be obeyed, in an order in which he is.</summary>
    private static readonly (string Method, Func<GroupGuest, People, object?> Argument)[] Moderators =
    [
        (nameof(IGroupHub.ListKnocks), (_, _) => null),
        (nameof(IGroupHub.TellWaiting), (_, _) => "Rapat mulai pukul 10."),
        (nameof(IGroupHub.Admit), (by, people) => new AdmitRequest(people.Waiting.Self, WireWriter.Text(TestProofs.Ticket(
            by.GroupId, 1, (uint)by.Leaf, Epoch, people.Waiting.KeyPackage, TestProofs.Participant, DateTimeOffset.UtcNow.ToUnixTimeMilliseconds() + 120_000)))),
        (nameof(IGroupHub.Deny), (_, people) => people.Waiting.Self),
        (nameof(IGroupHub.OfferRecord), (by, people) => WireWriter.Text(TestProofs.Record(by.GroupId, 1, people.StatementHash, (uint)by.Leaf, Epoch, 0, TestProofs.Recording(true)))),
        .. Enum.GetValues<ModerationAct>().Select(act => (nameof(IMeetingHub.Moderate),
            (Func<GroupGuest, People, object?>)((_, people) => new ModerationRequest(act, act == ModerationAct.MuteAll ? null : people.Member.Self)))),
        .. Controls.Select(change => (nameof(IMeetingHub.SetControls), (Func<GroupGuest, People, object?>)((_, _) => change))),
        (nameof(IGroupHub.RemoveMember), (by, people) => new RemoveMemberRequest(people.Member.Self, WireWriter.Text(TestProofs.Removal(
            by.GroupId, (uint)by.Leaf, Epoch, (uint)people.Member.Leaf, people.Member.Device, 0)))),
        (nameof(IMeetingHub.End), (_, _) => Nothing),
    ];

    /// <summary>What everybody who is in may do, or everybody who has the link, within what moderators have set.</summary>
    private static readonly string[] Others =
    [
        nameof(IMeetingHub.Join), nameof(IMeetingHub.Resume), nameof(IMeetingHub.Negotiate), nameof(IMeetingHub.SetMedia), nameof(IMeetingHub.AskToShare), nameof(IMeetingHub.DeclineUnmute),
        nameof(IMeetingHub.SetView), nameof(IMeetingHub.Rest), nameof(IMeetingHub.Leave), nameof(IGroupHub.Knock), nameof(IGroupHub.FoundGroup), nameof(IGroupHub.TakeWork), nameof(IGroupHub.RefuseWork),
        nameof(IGroupHub.PostCommit), nameof(IGroupHub.PostMessage), nameof(IGroupHub.SendSignal), nameof(IGroupHub.ReadLog), nameof(IGroupHub.ReportEntry),
    ];

    /// <summary>The argument of a method that takes none.</summary>
    private static readonly object Nothing = new();

    /// <summary>Epoch of the group when all are there.</summary>
    private const long Epoch = 2;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    /// <summary>One change for each control there is.</summary>
    private static IEnumerable<ControlsChange> Controls => typeof(ControlsChange).GetConstructors().Single(constructor => constructor.GetParameters().Length > 1) is var constructor
        ? constructor.GetParameters().Select(wanted => (ControlsChange)constructor.Invoke([.. constructor.GetParameters().Select(parameter => parameter == wanted ? SampleOf(parameter) : null)]))
        : [];

    [Fact]
    public void Every_method_of_the_hub_says_who_may_call_it()
    {
        string[] offered = [.. new[] { typeof(IMeetingHub), typeof(IGroupHub) }.SelectMany(type => type.GetMethods()).Select(method => method.Name).Order(StringComparer.Ordinal)];
        Assert.Equal(offered, Moderators.Select(case_ => case_.Method).Distinct().Concat(Others).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task Every_act_of_a_moderator_is_refused_to_everybody_else()
    {
        await using var crowd = await Crowd.GatherAsync();
        var host = crowd.Host;
        var (member, observer) = (await crowd.JoinAsync("budi", 0), await crowd.JoinAsync("citra", 1));
        foreach (var person in new[] { host, member, observer }) await person.ConnectMediaAsync();
        Assert.Equal(ErrorCode.None, (await host.AskAsync<Outcome>("moderate", new ModerationRequest(ModerationAct.MakeObserver, observer.Self))).Error);
        var (waiting, stranger) = (await crowd.ComeAsync("dewi"), await crowd.ComeAsync("eka"));
        await waiting.KnockAsync();
        var people = new People(member, waiting, crowd.Statement.Hash);
        var before = await SeenByAsync(crowd, host);

        foreach (var (method, argument) in Moderators)
        {
            var isHostly = method == nameof(IMeetingHub.End);
            foreach (var (person, error) in new[]
                     {
                         (member, ErrorCode.NotAllowed), (observer, ErrorCode.NotAllowed), (waiting, isHostly ? ErrorCode.NotInMeeting : ErrorCode.NotMember), (stranger, ErrorCode.NotInMeeting),
                     })
            {
                Assert.Equal((method, person.Device.Name, error), (method, person.Device.Name, await CallAsync(person, method, argument(person, people))));
            }
        }

        Assert.Equal(before, await SeenByAsync(crowd, host));
        Assert.Empty(waiting.Guest.Unread);
        // The arguments are good: the host is obeyed in each.
        foreach (var (method, argument) in Moderators) Assert.Equal((method, ErrorCode.None), (method, await CallAsync(host, method, argument(host, people))));
    }

    private static async Task<ErrorCode> CallAsync(GroupGuest by, string method, object? argument)
    {
        var found = typeof(IMeetingHub).GetMethod(method) ?? typeof(IGroupHub).GetMethod(method)!;
        var type = found.ReturnType.GetGenericArguments().Single();
        var answer = await by.Guest.Hub.InvokeCoreAsync(method, type, argument == Nothing ? [] : [argument], Cancellation);
        return (ErrorCode)type.GetProperty(nameof(Outcome.Error))!.GetValue(answer)!;
    }

    /// <summary>All that there is to change: roster, rights, controls, who waits, what they are told, and what is to be committed.</summary>
    private static async Task<string> SeenByAsync(Crowd crowd, GroupGuest host)
    {
        var resumed = await host.Guest.ResumeAsync(crowd.Statement.MeetingIdText, host.Self, null);
        var meeting = resumed.Meeting! with { Group = null };
        var knocks = await host.AskAsync<KnockPage>("listKnocks", null);
        var work = await host.AskAsync<WorkResult>("takeWork", new TakeWorkRequest(1, Epoch));
        return System.Text.Json.JsonSerializer.Serialize(new object[] { meeting, knocks, work }, RunningServer.Json);
    }

    private static object SampleOf(ParameterInfo parameter)
    {
        var type = Nullable.GetUnderlyingType(parameter.ParameterType)!;
        return type == typeof(bool) ? true : type == typeof(int) ? 1 : Enum.GetValues(type).GetValue(1)!;
    }

    /// <param name="Member">Whom acts are about.</param>
    private sealed record People(GroupGuest Member, GroupGuest Waiting, byte[] StatementHash);
}
