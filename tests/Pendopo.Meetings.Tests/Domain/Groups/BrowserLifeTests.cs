using System.Text.Json;
using Pendopo.Meetings.Domain;
using Pendopo.Meetings.Domain.Framing;
using Pendopo.Meetings.Domain.Groups;
using Pendopo.Signaling;
using Pendopo.Testing;
using Xunit;

namespace Pendopo.Meetings.Tests.Domain.Groups;

/// <summary>
/// A meeting of the browser's own machines, with real keys, as it was recorded against the browser's simulated server: founding, admissions, a record,
/// a message, a removal, a page reloaded, a departure. This server takes what that one took.
/// </summary>
public sealed class BrowserLifeTests
{
    private readonly Dictionary<string, ParticipantId> _ids = [];
    private JsonElement _life;
    private readonly Meeting _meeting = new(null, MeetingRules.Default);
    private DateTimeOffset _now;

    [Fact]
    public void What_browsers_say_to_each_other_passes_the_servers_checks()
    {
        using var document = JsonDocument.Parse(File.ReadAllText(Path.Combine(Repository.Root, "tests", "Pendopo.Meetings.Tests", "Domain", "Groups", "browser-life.json")));
        _life = document.RootElement;
        var statement = _life.GetProperty("statement").GetString()!;
        Assert.True(FoundingStatement.TryParse(statement, out var founded));
        Assert.Equal(_life.GetProperty("meetingId").GetString(), founded.MeetingId.Value);
        _now = DateTimeOffset.FromUnixTimeMilliseconds(_life.GetProperty("events")[0].GetProperty("at").GetInt64());
        Assert.True(Apply(new MeetingCommand.Create(MeetingKind.Encrypted, null, MeetingRules.DefaultVideoCodecs, Statement: statement)).Accepted);

        var counts = new Dictionary<string, int>();
        GroupAnswer? answer = null;
        foreach (var item in _life.GetProperty("events").EnumerateArray())
        {
            _now = DateTimeOffset.FromUnixTimeMilliseconds(item.GetProperty("at").GetInt64());
            var type = Text(item, "type")!;
            counts[type] = counts.GetValueOrDefault(type) + 1;
            if (type == "verdict") AssertVerdict(item, answer!);
            else answer = Play(item, type) ?? answer;
        }

        Assert.Equal((5, 1, 3, 8), (counts["knock"], counts["foundGroup"], counts["admit"], counts["postCommit"]));
        Assert.Equal((1, 1, 1, 12), (counts["offerRecord"], counts["removeMember"], counts["postMessage"], counts["sendSignal"]));
        Assert.Equal(["Retno Wulandari", "Budi"], _meeting.State!.Participants.Select(participant => participant.DisplayName));
        Assert.Equal([ParticipantRole.Host, ParticipantRole.CoHost], _meeting.State.Participants.Select(participant => participant.Role));
        Assert.Empty(GroupWork.Of(_meeting.State.Group!, founded.MembersMaximum));
    }

    private GroupAnswer? Play(JsonElement item, string type)
    {
        var name = Text(item, "from")!;
        var window = $"c-{item.GetProperty("window").GetInt32()}";
        var id = _ids.GetValueOrDefault(name);
        switch (type)
        {
            case "knock":
                var account = _life.GetProperty("accounts").TryGetProperty(name, out var known) ? known.GetString() : null;
                var knock = Accept(new GroupCommand.Knock(SessionKey.Of(name), account, new ParticipantId(name + window), window, name, Text(item, "keyPackage")!, Text(item, "ticket")));
                _ids[name] = knock.Group!.Waiting!.Id;
                return null;
            case "foundGroup":
                return Accept(new GroupCommand.FoundGroup(id, item.GetProperty("expectedGeneration").GetInt32(), Text(item, "groupId")!, Text(item, "keyPackage")!)).Group;
            case "admit":
                return Accept(new GroupCommand.Admit(id, _ids[Text(item, "target")!], Text(item, "ticket")!)).Group;
            case "removeMember":
                return Accept(new GroupCommand.RemoveMember(id, _ids["Citra"], Text(item, "removal")!)).Group;
            case "offerRecord":
                return Accept(new GroupCommand.OfferRecord(id, Text(item, "record")!)).Group;
            case "postCommit":
                return Accept(new GroupCommand.PostCommit(
                    id, item.GetProperty("generation").GetInt32(), item.GetProperty("epoch").GetInt64(), Text(item, "commit")!, Text(item, "welcome"), null)).Group;
            case "postMessage":
                var message = Accept(new GroupCommand.PostMessage(id, item.GetProperty("generation").GetInt32(), item.GetProperty("epoch").GetInt64(), Text(item, "message")!)).Group!;
                Assert.Equal((GroupVerdict.Accepted, GroupFault.None), (message.Verdict, message.Fault));
                return null;
            case "sendSignal":
                Assert.Equal(SignalType.Heartbeat, GroupQueries.ReadSignal(_meeting.State, id, Text(item, "signal")!, out _, out _)?.Type);
                return null;
            case "disconnected":
                return Accept(new MeetingCommand.LoseConnection(id, window)).Group;
            default:
                throw new InvalidOperationException($"the recording has something new: {type}");
        }
    }

    private void AssertVerdict(JsonElement item, GroupAnswer answer)
    {
        Assert.Equal((Text(item, "verdict"), GroupFault.None), (answer.Verdict.ToString().ToLowerInvariant(), answer.Fault));
        Assert.Equal(item.GetProperty("epoch").GetInt64(), _meeting.State!.Group!.Tree.Epoch);
        Assert.Equal(
            item.GetProperty("leaves").EnumerateArray().Select(leaf => leaf[0].GetInt32()),
            _meeting.State.Group.Tree.Leaves.Select(leaf => leaf.Index));
    }

    private MeetingDecision Accept(MeetingCommand command)
    {
        var decision = Apply(command);
        Assert.Equal((ErrorCode.None, null), (decision.Error, decision.Message));
        return decision;
    }

    private MeetingDecision Apply(MeetingCommand command) => _meeting.Apply(command, _now);

    private static string? Text(JsonElement item, string name) => item.TryGetProperty(name, out var value) ? value.GetString() : null;
}
