using System.CommandLine;
using Pendopo.Cli.Commands;
using Xunit;

namespace Pendopo.Cli.Tests;

public sealed class DebugTests : IDisposable
{
    private readonly FakeServer _server = new();

    [Fact]
    public async Task It_asks_with_the_token_and_prints_the_answer()
    {
        _server.WriteToken();
        var (code, output, _, asked) = await RunAsync("200 OK", "meeting abc\n", "meeting", "abc/def");
        Assert.Equal((0, "meeting abc"), (code, output.Trim()));
        Assert.StartsWith("GET /debug/meetings/abc%2Fdef HTTP/1.1", asked, StringComparison.Ordinal);
        Assert.Contains("Authorization: Bearer secret-of-the-operator\r\n", asked, StringComparison.Ordinal);
        Assert.Contains("Accept: text/plain", asked, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("404 Not Found", 1, "no such meeting")]
    [InlineData("403 Forbidden", 2, "--data")]
    [InlineData("500 Oh", 2, "500")]
    public async Task A_refusal_is_said_in_words_and_by_the_exit_code(string status, int expected, string words)
    {
        _server.WriteToken();
        var (code, _, errors, _) = await RunAsync(status, "", "meetings");
        Assert.Equal(expected, code);
        Assert.Contains(words, errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_is_no_address_is_refused()
    {
        using var errors = new StringWriter();
        var code = await DebugCommand.Create().Parse(["meetings", "--url", "elsewhere"])
            .InvokeAsync(new InvocationConfiguration { Output = errors, Error = errors }, TestContext.Current.CancellationToken);
        Assert.NotEqual(0, code);
        Assert.Contains("'elsewhere' is no address", errors.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Without_a_readable_token_nobody_is_asked()
    {
        var (code, _, errors, asked) = await RunAsync(null, "", "meetings");
        Assert.Equal((2, ""), (code, asked));
        Assert.Contains("operator.token", errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_capture_becomes_a_file_of_ones_own_and_never_replaces_one()
    {
        _server.WriteToken();
        var path = Path.Combine(_server.Folder.FullName, "one.pcapng");
        var (code, _, _, asked) = await RunAsync("200 OK", "captured", "capture", "abc", "p1", "--out", path, "--seconds", "2.5");
        Assert.Equal((0, "captured"), (code, await File.ReadAllTextAsync(path, TestContext.Current.CancellationToken)));
        Assert.StartsWith("POST /debug/meetings/abc/peers/p1/capture?seconds=2.5 HTTP/1.1", asked, StringComparison.Ordinal);
        if (!OperatingSystem.IsWindows()) Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(path));

        var again = await RunAsync("200 OK", "other", "capture", "abc", "p1", "--out", path);
        Assert.Equal((1, "captured"), (again.Code, await File.ReadAllTextAsync(path, TestContext.Current.CancellationToken)));
    }

    public void Dispose() => _server.Dispose();

    private Task<(int Code, string Output, string Errors, string Asked)> RunAsync(string? status, string body, params string[] arguments) =>
        _server.RunAsync(DebugCommand.Create(), status, body, arguments);
}
