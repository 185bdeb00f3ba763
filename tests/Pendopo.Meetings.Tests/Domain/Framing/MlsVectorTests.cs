using System.Text.Json;
using Pendopo.Meetings.Domain.Framing;
using Pendopo.Testing;
using Xunit;

namespace Pendopo.Meetings.Tests.Domain.Framing;

/// <summary>The messages of the MLS working group's vectors: of other suites, but of the same form.</summary>
public sealed class MlsVectorTests
{
    [Fact]
    public void Commits_of_other_suites_have_the_form_and_other_messages_do_not()
    {
        var (commits, paths, others) = (0, 0, 0);
        foreach (var vector in Messages())
        {
            var commit = Bytes(vector, "public_message_commit");
            Assert.True(CommitMessage.TryParse(commit, anySuite: true, out var parsed));
            commits++;
            if (parsed.HasPath) paths++;
            Assert.False(CommitMessage.TryParse([.. commit, 0], anySuite: true, out _));
            Assert.False(CommitMessage.TryParse(commit.AsSpan(0, commit.Length - 1), anySuite: true, out _));
            // These have lengths of other suites, so the server takes none of them.
            Assert.False(CommitMessage.TryParse(commit, out _));
            foreach (var name in new[] { "public_message_proposal", "public_message_application", "private_message", "mls_welcome", "mls_group_info", "mls_key_package" })
            {
                Assert.False(CommitMessage.TryParse(Bytes(vector, name), anySuite: true, out _));
                others++;
            }
        }

        Assert.True(commits > 100 && paths > 0 && others > 600, $"{commits} commits, {paths} with a path, {others} others");
    }

    [Fact]
    public void Key_packages_of_other_suites_have_the_form_but_not_the_profile()
    {
        var count = 0;
        foreach (var vector in Messages())
        {
            var message = Bytes(vector, "mls_key_package");
            Assert.True(KeyPackage.TryParse(message, out var keyPackage));
            Assert.False(keyPackage.FitsProfile);
            Assert.Equal(message.AsMemory(4).ToArray(), keyPackage.Body.ToArray());
            Assert.False(WelcomeMessage.TryParse(Bytes(vector, "mls_welcome"), out _));
            count++;
        }

        Assert.True(count > 100);
    }

    private static IEnumerable<JsonElement> Messages()
    {
        var path = Repository.Vector("mls/messages.json");
        Assert.SkipWhen(path is null, "the vectors of the MLS working group are not here");
        using var document = JsonDocument.Parse(File.ReadAllText(path!));
        foreach (var vector in document.RootElement.EnumerateArray()) yield return vector;
    }

    private static byte[] Bytes(JsonElement vector, string name) => Convert.FromHexString(vector.GetProperty(name).GetString()!);
}
