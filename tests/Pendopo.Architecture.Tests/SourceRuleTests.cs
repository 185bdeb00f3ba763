using System.Text.RegularExpressions;
using Xunit;

namespace Pendopo.Architecture.Tests;

/// <summary>Rules about the text of the code that no compiler knows.</summary>
public sealed partial class SourceRuleTests
{
    private const int LongestFile = 400;

    // This project names the forbidden words, so it does not judge itself by them.
    private const string Own = "tests/Pendopo.Architecture.Tests/";

    [Fact]
    public void A_file_over_400_lines_has_a_written_reason()
    {
        var allowed = AllowList.Read("long-files.txt");
        var files = new[] { "src", "web/src", "tests", "bench" }.SelectMany(folder => SourceTree.Files(folder, ".cs", ".razor", ".ts", ".tsx", ".css", ".py", ".mjs"));
        var offenders = files
            .Where(file => file.Lines.Count > LongestFile && !allowed.Allows(file.Path))
            .Select(file => $"{file.Path}: {file.Lines.Count} lines");
        Rule.HasNoOffenders(offenders, allowed);
    }

    [Fact]
    public void Nothing_in_the_product_is_left_undone()
    {
        var words = new[] { "NotImplementedException", "not built yet", "TODO", "FIXME", "XXX" };
        var files = SourceTree.Files("src", ".cs", ".razor").Concat(SourceTree.Files("web/src", ".ts", ".tsx", ".css"));
        Rule.HasNoOffenders(files.SelectMany(file => file.LinesWith(words)));
    }

    [Fact]
    public void Tests_wait_for_a_condition_and_not_for_a_while()
    {
        var allowed = AllowList.Read("waiting.txt");
        var offenders = SourceTree.Files("tests", ".cs")
            .Where(file => !file.Path.StartsWith(Own, StringComparison.Ordinal))
            .Select(file => (file.Path, Lines: file.LinesWith("Thread.Sleep", "Task.Delay(").ToList()))
            .Where(file => file.Lines.Count > 0 && !allowed.Allows(file.Path))
            .SelectMany(file => file.Lines);
        Rule.HasNoOffenders(offenders, allowed);
    }

    [Fact]
    public void Neither_server_nor_client_names_a_foreign_host()
    {
        var allowed = AllowList.Read("hosts.txt");
        var files = SourceTree.Files("src", ".cs", ".razor", ".css", ".js", ".html", ".json", ".resx")
            .Concat(SourceTree.Files("web/src", ".ts", ".tsx", ".css", ".json", ".html", ".svg"))
            .Concat(SourceTree.Files("web/public", ".html", ".js", ".json", ".svg", ".webmanifest"))
            .Concat(SourceTree.Files("web", ".html"));
        var offenders = new List<string>();
        foreach (var file in files.DistinctBy(file => file.Path))
        {
            foreach (var (index, line) in file.Lines.Index())
            {
                var foreign = AddressPattern().Matches(line).Select(match => match.Value)
                    .Where(address => !ReservedPattern().IsMatch(address) && !allowed.AllowsBeginningOf(address));
                offenders.AddRange(foreign.Select(address => $"{file.Path}:{index + 1}: {address}"));
            }
        }

        Rule.HasNoOffenders(offenders, allowed);
    }

    [Fact]
    public void The_protocols_read_no_clock_and_draw_no_lot()
    {
        var words = new[]
        {
            "DateTime.Now", "DateTime.UtcNow", "DateTimeOffset.Now", "DateTimeOffset.UtcNow", "Stopwatch", "Environment.TickCount",
            "Random.Shared", "new Random()", "TimeProvider.System", "Task.Delay", "Thread.Sleep", "new Socket(", "UdpClient",
        };
        AssertRtcFree("clocks.txt", words);
    }

    [Fact]
    public void The_protocols_start_no_thread()
    {
        AssertRtcFree("threads.txt", ["new Thread(", "Task.Run", "Task.Factory", "ThreadPool.", "Parallel."]);
    }

    [Fact]
    public void No_lock_file_names_a_registry()
    {
        var offenders = SourceTree.Files(".", ".json")
            .Where(file => Path.GetFileName(file.Path) == "package-lock.json")
            .SelectMany(file => file.LinesWith("\"resolved\": \"http").Take(1));
        Rule.HasNoOffenders(offenders);
    }

    private static void AssertRtcFree(string list, string[] words)
    {
        var allowed = AllowList.Read(list);
        var offenders = SourceTree.Files("src/Pendopo.Rtc", ".cs")
            .Select(file => (file.Path, Lines: file.LinesWith(words).Where(line => !IsComment(line)).ToList()))
            .Where(file => file.Lines.Count > 0 && !allowed.Allows(file.Path))
            .SelectMany(file => file.Lines);
        Rule.HasNoOffenders(offenders, allowed);
    }

    private static bool IsComment(string line) => CommentPattern().IsMatch(line);

    [GeneratedRegex(@"^[^:]+:\d+: //")]
    private static partial Regex CommentPattern();

    // A host that begins with a brace or a dollar is put together at run time and so is a configured one.
    [GeneratedRegex(@"(?:https?|wss?)://[\w\[][^\s""'`<>)]*|\b(?:stuns?|turns?):[a-z0-9][\w.-]*\.[a-z]{2,}", RegexOptions.IgnoreCase)]
    private static partial Regex AddressPattern();

    // RFC 6761 and RFC 2606: names that lead nowhere; and this machine itself.
    [GeneratedRegex(@"^[a-z]+:(//)?(localhost|127\.0\.0\.1|0\.0\.0\.0|\[::1?\]|([\w-]+\.)*example(\.(com|net|org|id))?|[\w.-]+\.(test|invalid|localhost))(?![\w.])", RegexOptions.IgnoreCase)]
    private static partial Regex ReservedPattern();
}
