using Pendopo.Meetings.Domain;
using Pendopo.Meetings.Domain.Groups;
using Pendopo.Signaling;
using Pendopo.Testing.Groups;
using Xunit;

namespace Pendopo.Meetings.Tests.Domain.Groups;

/// <summary>Somebody with one browser window.</summary>
internal sealed class Person(TestDevice device)
{
    private int _keyPackages;

    public TestDevice Device { get; } = device;

    public string Name => Device.Name;

    public SessionKey Session { get; init; } = SessionKey.Of(device.Name);

    public ParticipantId Id { get; set; }

    public string Connection { get; set; } = "c-" + device.Name;

    public TestKeyPackage KeyPackage { get; private set; } = null!;

    public TestKeyPackage Renew(byte[] statementHash) => KeyPackage = Device.KeyPackage(statementHash, (Connection.Length * 1000) + ++_keyPackages);
}

/// <summary>An encrypted meeting on virtual time. It remembers what every connection was told.</summary>
internal sealed class GroupScene
{
    private readonly Dictionary<string, TestKeyPackage> _keyPackages = [];
    private int _ids;

    public GroupScene(TestStatement? statement = null, MeetingRules? rules = null, IReadOnlyList<VideoCodec>? codecs = null)
    {
        Statement = statement ?? new TestStatement(TestDevice.Of("sri"));
        Rules = rules ?? MeetingRules.Default;
        Meeting = new Meeting(null, Rules);
        Apply(new MeetingCommand.Create(MeetingKind.Encrypted, SessionKey.Of("sri"), codecs ?? MeetingRules.DefaultVideoCodecs, Statement: Statement.Text));
        Host = new Person(Statement.Founder);
    }

    public TestStatement Statement { get; }

    public MeetingRules Rules { get; }

    public Meeting Meeting { get; set; }

    public Person Host { get; set; }

    public DateTimeOffset Now { get; private set; } = DateTimeOffset.FromUnixTimeMilliseconds(1_800_000_000_000);

    public List<(string Connection, MeetingEvent Event)> Told { get; } = [];

    /// <summary>What members were told of the roster, in order.</summary>
    public List<MeetingChange> Changes { get; } = [];

    public MeetingState State => Meeting.State!;

    public GroupState Group => State.Group!;

    public long Epoch => Group.Tree.Epoch;

    public byte[] GroupId => Statement.GroupId(Group.Generation);

    public IReadOnlyList<WorkItem> Work => GroupWork.Take(GroupWork.Of(Group, Statement.MembersMaximum));

    public IReadOnlyList<(int Leaf, string Name)> Leaves =>
        [.. Group.Tree.Leaves.Select(leaf => (leaf.Index, State.Participants.FirstOrDefault(participant => participant.Id == leaf.Holder)?.DisplayName ?? "(gone)"))];

    public void Pass(double seconds) => Now += TimeSpan.FromSeconds(seconds);

    public MeetingDecision Apply(MeetingCommand command)
    {
        var decision = Meeting.Apply(command, Now);
        Changes.AddRange(decision.Events.OfType<MeetingEvent.Changed>().Select(changed => changed.Change));
        foreach (var happened in decision.Events)
        {
            IEnumerable<string> connections = happened switch
            {
                GroupEvent news => news.Connections,
                MeetingEvent.Changed => Meeting.State?.Connections ?? [],
                MeetingEvent.ConnectionClosed closed => [closed.ConnectionId],
                MeetingEvent.CodecsChanged codecs => codecs.Members.Select(member => member.ConnectionId!),
                _ => [],
            };
            Told.AddRange(connections.Select(connection => (connection, happened)));
        }

        return decision;
    }

    public IEnumerable<T> ToldTo<T>(Person person) => Told.Where(told => told.Connection == person.Connection).Select(told => told.Event).OfType<T>();

    public ParticipantState? Find(Person person) => State.Participants.FirstOrDefault(participant => participant.Id == person.Id);

    public Person Somebody(string name, bool hasAccount = false) => new(TestDevice.Of(name, hasAccount));

    /// <summary>The same person, with the same session, in another window.</summary>
    public Person AnotherWindow(Person person) => new(person.Device) { Session = person.Session, Connection = $"{person.Connection}'" };

    public MeetingDecision Knock(Person person, byte[]? ticket = null, bool renew = true)
    {
        if (renew) Renew(person);
        var account = person.Device.Account is { } id ? WireWriter.Text(id) : null;
        var decision = Apply(new GroupCommand.Knock(
            person.Session, account, new ParticipantId($"p{_ids++}"), person.Connection, person.Name, person.KeyPackage.Text, ticket is null ? null : WireWriter.Text(ticket)));
        if (decision.Group?.Waiting is { } waiting) person.Id = waiting.Id;
        return decision;
    }

    public TestKeyPackage Renew(Person person)
    {
        var keyPackage = person.Renew(Statement.Hash);
        _keyPackages[keyPackage.Text] = keyPackage;
        return keyPackage;
    }

    public MeetingDecision Found(Person person) =>
        Apply(new GroupCommand.FoundGroup(person.Id, Group.Generation, WireWriter.Text(Statement.GroupId(Group.Generation + 1)), person.KeyPackage.Text));

    /// <summary>The host knocks and founds.</summary>
    public GroupScene Open()
    {
        Assert.Equal(KnockState.FoundGroup, Knock(Host).Group!.Waiting!.State);
        Assert.Equal(GroupVerdict.Accepted, Found(Host).Group!.Verdict);
        return this;
    }

    public MeetingDecision Admit(Person moderator, Person target, byte role = TestProofs.Participant) =>
        Apply(new GroupCommand.Admit(moderator.Id, target.Id, WireWriter.Text(TicketFor(moderator, target, role))));

    public byte[] TicketFor(Person moderator, Person target, byte role = TestProofs.Participant) =>
        TestProofs.Ticket(GroupId, 1, (uint)(Find(moderator)?.Leaf ?? 0), Epoch, target.KeyPackage, role, Milliseconds + 120_000);

    public byte[] FoundingTicket(Person person, byte role) => TestProofs.Ticket(GroupId, 2, 0, 0, person.KeyPackage, role, Milliseconds + 120_000);

    public long Milliseconds => Now.ToUnixTimeMilliseconds();

    /// <summary>Knocks, is admitted by the host and added by the host's commit.</summary>
    public Person Join(string name, byte role = TestProofs.Participant, bool hasAccount = false)
    {
        var person = Somebody(name, hasAccount);
        Assert.Equal(KnockState.Waiting, Knock(person).Group!.Waiting!.State);
        Assert.Equal(ErrorCode.None, Admit(Host, person, role).Error);
        Assert.Equal(GroupVerdict.Accepted, Commit(Host).Group!.Verdict);
        return person;
    }

    /// <summary>Commits the given work, or all there is.</summary>
    public MeetingDecision Commit(Person poster, IReadOnlyList<WorkItem>? work = null, long? epoch = null)
    {
        var (commit, welcome) = Build(poster, work ?? Work, epoch ?? Epoch);
        return Post(poster, commit, welcome, epoch: epoch ?? Epoch);
    }

    /// <summary>Commit and Welcome that do the given work.</summary>
    public (byte[] Commit, byte[]? Welcome) Build(Person poster, IReadOnlyList<WorkItem> work, long epoch)
    {
        var (removes, removeReasons, adds, addReasons) = (new List<byte[]>(), new List<byte[]>(), new List<TestKeyPackage>(), new List<byte[]>());
        byte[]? record = null;
        foreach (var item in work)
        {
            if (item.Leaf is { } leaf) removes.Add(TestMls.Remove((uint)leaf));
            switch (item.Kind)
            {
                case WorkKind.Departure:
                    removeReasons.Add(TestProofs.Departed);
                    break;
                case WorkKind.Removal:
                    removeReasons.Add(TestProofs.Removed(Bytes(item.Proof!)));
                    break;
                case WorkKind.Record:
                    record = Bytes(item.Proof!);
                    break;
                case WorkKind.Return:
                    if (item.Leaf is not null) removeReasons.Add(TestProofs.Replaced);
                    adds.Add(_keyPackages[item.KeyPackage!]);
                    addReasons.Add(TestProofs.AddByReturn((uint?)item.Leaf));
                    break;
                default:
                    adds.Add(_keyPackages[item.KeyPackage!]);
                    addReasons.Add(TestProofs.AddByTicket(Bytes(item.Proof!)));
                    break;
            }
        }

        var data = TestProofs.CommitData(Milliseconds, addReasons, removeReasons, record);
        var commit = TestMls.Commit(GroupId, epoch, (uint)(Find(poster)?.Leaf ?? 0), data, [.. removes, .. adds.Select(TestMls.Add)], path: 2, poster.KeyPackage);
        return (commit, adds.Count == 0 ? null : TestMls.Welcome(adds));
    }

    public MeetingDecision Post(Person poster, byte[] commit, byte[]? welcome = null, int? generation = null, long? epoch = null, string? welcomeId = null) => Apply(
        new GroupCommand.PostCommit(poster.Id, generation ?? Group.Generation, epoch ?? Epoch, WireWriter.Text(commit), welcome is null ? null : WireWriter.Text(welcome), welcomeId));

    public MeetingDecision Remove(Person moderator, Person target) => Apply(new GroupCommand.RemoveMember(
        moderator.Id, target.Id, WireWriter.Text(TestProofs.Removal(GroupId, (uint)Find(moderator)!.Leaf!, Epoch, (uint)(Find(target)?.Leaf ?? 0), target.Device, Milliseconds))));

    public MeetingDecision OfferRecord(Person moderator, params byte[][] changes) => Apply(new GroupCommand.OfferRecord(moderator.Id, WireWriter.Text(Record(moderator, changes))));

    public byte[] Record(Person moderator, params byte[][] changes) =>
        TestProofs.Record(GroupId, Group.Tree.RecordNumber + 1, Bytes(Group.Tree.RecordHead), (uint)Find(moderator)!.Leaf!, Epoch, Milliseconds, changes);

    public MeetingDecision Report(Person member, long entry) => Apply(new GroupCommand.ReportEntry(member.Id, Group.Generation, entry));

    public MeetingDecision Refuse(Person member, string work) => Apply(new GroupCommand.RefuseWork(member.Id, work));

    public MeetingDecision Message(Person member, long? epoch = null) => Apply(
        new GroupCommand.PostMessage(member.Id, Group.Generation, epoch ?? Epoch, WireWriter.Text(TestMls.Message(GroupId, epoch ?? Epoch))));

    public MeetingDecision ConnectMedia(Person member, MediaAbilities? abilities = null, MediaState? media = null) =>
        Apply(new GroupCommand.ConnectMedia(member.Id, media ?? new MediaState(true, true), abilities ?? Scene.Chromium));

    public MeetingDecision Resume(Person person, string? connection = null, MediaAbilities? abilities = null, SessionKey? session = null) =>
        Apply(new MeetingCommand.Resume(session ?? person.Session, person.Id, connection ?? person.Connection, abilities, MeetingKind.Encrypted));

    public void Leave(Person person) => Apply(new MeetingCommand.Leave(person.Id));

    public void Lose(Person person) => Apply(new MeetingCommand.LoseConnection(person.Id, person.Connection));

    public static byte[] Bytes(string text) => System.Buffers.Text.Base64Url.DecodeFromChars(text);
}
