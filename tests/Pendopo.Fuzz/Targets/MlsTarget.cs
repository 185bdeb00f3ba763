using Pendopo.Meetings.Domain.Framing;
using Pendopo.Testing.Groups;

namespace Pendopo.Fuzz.Targets;

/// <summary>MLS messages as members post them: commits, application messages, Welcomes, key packages.</summary>
public sealed class MlsTarget : FuzzTarget
{
    private static readonly TestStatement Statement = new(TestDevice.Of("sri")) { MeetingId = [0xAC, .. new byte[17]] };

    private static readonly TestKeyPackage Guest = TestDevice.Of("budi").KeyPackage(Statement.Hash);

    public override string Name => "mls";

    public override IReadOnlyList<byte[]> Corpus { get; } =
    [
        TestMls.Commit(Statement.GroupId(1), 7, 3, new byte[100], [TestMls.Remove(4), TestMls.Add(Guest)], path: 2, Guest),
        TestMls.Commit(Statement.GroupId(1), 7, 3, new byte[100], [TestMls.Add(Guest), TestMls.Add(Guest)], path: null),
        TestMls.Commit(Statement.GroupId(1), 7, 3, new byte[100], [], path: 0, Guest),
        TestMls.Message(Statement.GroupId(1), 7),
        TestMls.Welcome([Guest, TestDevice.Of("dewi", hasAccount: true).KeyPackage(Statement.Hash)]),
        Guest.Message,
        TestDevice.Of("dewi", hasAccount: true).KeyPackage(Statement.Hash).Message,
    ];

    public override IReadOnlyList<byte[]> Dictionary { get; } =
        [[0, 1, 0, 1], [0, 1, 0, 2], [0, 1, 0, 3], [0, 1, 0, 5], [0, 83], [1, 0, 1], [1, 0, 3], [2, 0], [0x44, 0xC0], [0x40, 0x40], [0x44, 0x60], [0x80, 0, 0, 0], [0xC0], [0xF0, 0xE1], [0, 2]];

    public override bool Run(Span<byte> input)
    {
        var isCommit = CommitMessage.TryParse(input, out var commit);
        if (isCommit)
        {
            Require(commit.Adds.Count + commit.Removes.Count <= input.Length / 7, "more proposals than fit");
            Require(commit.Adds.Sum(add => add.Body.Length) + commit.AuthenticatedData.Length < input.Length, "parts longer than the whole");
            foreach (var add in commit.Adds) Require(KeyPackage.TryParse([0, 1, 0, 5, .. add.Body.Span], out _), "an Add whose key package is none");
        }

        var isKeyPackage = KeyPackage.TryParse(input, out var keyPackage);
        if (isKeyPackage)
        {
            Require(input[4..].SequenceEqual(keyPackage.Body.Span), "a key package that is not the message");
            Require(keyPackage.Reference().Length == 86, "a reference of another length");
            _ = ChainIdentity.TryRead(keyPackage.Leaf, out _);
        }

        var isWelcome = WelcomeMessage.TryParse(input, out var welcome);
        if (isWelcome) Require(welcome.NewMembers.Count <= input.Length / 1200, "more secrets than fit");
        var isApplication = ApplicationMessage.TryParse(input, out _);
        var kinds = new[] { isCommit, isKeyPackage, isWelcome, isApplication }.Count(kind => kind);
        Require(kinds <= 1, "one message of two kinds");
        return kinds == 1;
    }
}
