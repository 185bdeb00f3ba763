using System.Net.Http.Json;
using Microsoft.AspNetCore.SignalR.Client;
using Pendopo.Signaling;
using Pendopo.Testing.Groups;
using Xunit;

namespace Pendopo.Server.Tests.Hubs;

/// <summary>Somebody at an encrypted meeting: a browser, a connection, a device. It says what a client of ours would, in bytes of the right framing.</summary>
internal sealed class GroupGuest(Crowd crowd, TestDevice device, Browser browser, Guest guest) : IAsyncDisposable
{
    private static int _keyPackages;

    public TestDevice Device { get; } = device;

    public Browser Browser { get; } = browser;

    public Guest Guest { get; } = guest;

    public TestKeyPackage KeyPackage { get; private set; } = null!;

    public string Self { get; private set; } = "";

    public int Leaf { get; set; }

    public byte[] GroupId => crowd.Statement.GroupId(1);

    public Task<T> AskAsync<T>(string method, object? argument) => Guest.Hub.InvokeAsync<T>(method, argument, TestContext.Current.CancellationToken);

    public async Task<KnockResult> KnockAsync()
    {
        KeyPackage = Device.KeyPackage(crowd.Statement.Hash, Interlocked.Increment(ref _keyPackages));
        var result = await AskAsync<KnockResult>("knock", new KnockRequest(crowd.Statement.MeetingIdText, Device.Name, KeyPackage.Text));
        Self = result.Self ?? Self;
        return result;
    }

    public Task<FoundGroupResult> FoundAsync() =>
        AskAsync<FoundGroupResult>("foundGroup", new FoundGroupRequest(0, WireWriter.Text(GroupId), KeyPackage.Text));

    public Task<Outcome> AdmitAsync(GroupGuest guest, long epoch, byte role = TestProofs.Participant) => AskAsync<Outcome>("admit", new AdmitRequest(
        guest.Self, WireWriter.Text(TestProofs.Ticket(GroupId, 1, (uint)Leaf, epoch, guest.KeyPackage, role, DateTimeOffset.UtcNow.ToUnixTimeMilliseconds() + 120_000))));

    /// <summary>Commits what there is of work, for key packages of the crowd.</summary>
    public async Task<CommitResult> CommitAsync(long epoch, Func<byte[], Task<string>>? store = null)
    {
        var work = await AskAsync<WorkResult>("takeWork", new TakeWorkRequest(1, epoch));
        var (removes, reasons, adds, addReasons) = (new List<byte[]>(), new List<byte[]>(), new List<TestKeyPackage>(), new List<byte[]>());
        foreach (var item in work.Work)
        {
            if (item.Leaf is { } leaf) removes.Add(TestMls.Remove((uint)leaf));
            if (item.Kind == WorkKind.Departure) reasons.Add(TestProofs.Departed);
            if (item.Kind == WorkKind.Removal) reasons.Add(TestProofs.Removed(Bytes(item.Proof!)));
            if (item.KeyPackage is null) continue;
            adds.Add(crowd.People.Select(person => person.KeyPackage).Single(keyPackage => keyPackage?.Text == item.KeyPackage));
            if (item is { Kind: WorkKind.Return, Leaf: not null }) reasons.Add(TestProofs.Replaced);
            addReasons.Add(item.Kind == WorkKind.Return ? TestProofs.AddByReturn((uint?)item.Leaf) : TestProofs.AddByTicket(Bytes(item.Proof!)));
        }

        var data = TestProofs.CommitData(DateTimeOffset.UtcNow.ToUnixTimeMilliseconds(), addReasons, reasons);
        var commit = TestMls.Commit(GroupId, epoch, (uint)Leaf, data, [.. removes, .. adds.Select(TestMls.Add)], path: 1, KeyPackage);
        var welcome = adds.Count == 0 ? null : TestMls.Welcome(adds, store is null ? 2000 : 1_500_000);
        var id = welcome is null || store is null ? null : await store(welcome);
        return await AskAsync<CommitResult>("postCommit", new CommitRequest(
            1, epoch, WireWriter.Text(commit), welcome is null || id is not null ? null : WireWriter.Text(welcome), id, [.. work.Work.Select(item => item.Id)]));
    }

    public Task<MessageResult> SayAsync(long epoch) =>
        AskAsync<MessageResult>("postMessage", new MessageRequest(1, epoch, WireWriter.Text(TestMls.Message(GroupId, epoch))));

    public Task<JoinResult> ConnectMediaAsync() => Guest.JoinAsync(crowd.Statement.MeetingIdText, "\u202e ignored");

    public Task<LogPage> ReadLogAsync(long after) => AskAsync<LogPage>("readLog", new LogRequest(1, after));

    public ValueTask DisposeAsync() => Guest.DisposeAsync();

    private static byte[] Bytes(string text) => System.Buffers.Text.Base64Url.DecodeFromChars(text);
}

/// <summary>An encrypted meeting on a running server, and those who come to it.</summary>
internal sealed class Crowd : IAsyncDisposable
{
    private Crowd(RunningServer server) => Server = server;

    public RunningServer Server { get; set; }

    public TestStatement Statement { get; } = new(TestDevice.Of("sri"));

    public List<GroupGuest> People { get; } = [];

    public GroupGuest Host => People[0];

    /// <summary>A meeting that its host has founded and is in.</summary>
    public static async Task<Crowd> GatherAsync(string? folder = null, params string[] settings)
    {
        var crowd = new Crowd(await RunningServer.StartAsync(folder, settings));
        var host = await crowd.ComeAsync("sri");
        using var response = await CreateAsync(host.Browser, crowd.Statement);
        response.EnsureSuccessStatusCode();
        Assert.Equal(KnockState.FoundGroup, (await host.KnockAsync()).State);
        Assert.Equal(GroupVerdict.Accepted, (await host.FoundAsync()).Verdict);
        return crowd;
    }

    public static Task<HttpResponseMessage> CreateAsync(Browser browser, TestStatement statement) => browser.Http.PostAsJsonAsync(
        new Uri("/api/meetings", UriKind.Relative), new CreateMeetingRequest(MeetingKind.Encrypted, null, statement.Text), RunningServer.Json, TestContext.Current.CancellationToken);

    public async Task<GroupGuest> ComeAsync(string name)
    {
        var browser = await Server.BrowseAsync();
        var person = new GroupGuest(this, TestDevice.Of(name), browser, await browser.ConnectAsync());
        People.Add(person);
        return person;
    }

    /// <summary>Comes, knocks, and is let in by the host.</summary>
    public async Task<GroupGuest> JoinAsync(string name, long epoch, byte role = TestProofs.Participant)
    {
        var person = await ComeAsync(name);
        await person.KnockAsync();
        Assert.Equal(ErrorCode.None, (await Host.AdmitAsync(person, epoch, role)).Error);
        Assert.Equal(GroupVerdict.Accepted, (await Host.CommitAsync(epoch)).Verdict);
        person.Leaf = (await person.Guest.NextAsync<Welcomed>()).Leaf;
        return person;
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var person in People) await person.DisposeAsync();
        await Server.DisposeAsync();
    }
}
