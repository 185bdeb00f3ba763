using System.CommandLine;
using System.Net;
using System.Net.Sockets;
using System.Text;
using Pendopo.Cli.Commands;
using Xunit;

namespace Pendopo.Cli.Tests;

/// <summary>The command against a server that says what it is told and remembers what it was asked.</summary>
public sealed class DebugTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("pendopo-cli-");
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);

    [Fact]
    public async Task It_asks_with_the_token_and_prints_the_answer()
    {
        WriteToken();
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
        WriteToken();
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
        WriteToken();
        var path = Path.Combine(_folder.FullName, "one.pcapng");
        var (code, _, _, asked) = await RunAsync("200 OK", "captured", "capture", "abc", "p1", "--out", path, "--seconds", "2.5");
        Assert.Equal((0, "captured"), (code, await File.ReadAllTextAsync(path, TestContext.Current.CancellationToken)));
        Assert.StartsWith("POST /debug/meetings/abc/peers/p1/capture?seconds=2.5 HTTP/1.1", asked, StringComparison.Ordinal);
        if (!OperatingSystem.IsWindows()) Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(path));

        var again = await RunAsync("200 OK", "other", "capture", "abc", "p1", "--out", path);
        Assert.Equal((1, "captured"), (again.Code, await File.ReadAllTextAsync(path, TestContext.Current.CancellationToken)));
    }

    public void Dispose()
    {
        _listener.Dispose();
        _folder.Delete(recursive: true);
    }

    private void WriteToken() => File.WriteAllText(Path.Combine(_folder.FullName, "operator.token"), "secret-of-the-operator\n");

    private async Task<(int Code, string Output, string Errors, string Asked)> RunAsync(string? status, string body, params string[] arguments)
    {
        var cancellation = TestContext.Current.CancellationToken;
        _listener.Start();
        var serving = status is null ? Task.FromResult("") : ServeAsync(status, body, cancellation);
        using var output = new StringWriter();
        using var errors = new StringWriter();
        var port = ((IPEndPoint)_listener.LocalEndpoint).Port;
        var code = await DebugCommand.Create().Parse([.. arguments, "--url", $"http://127.0.0.1:{port}", "--data", _folder.FullName])
            .InvokeAsync(new InvocationConfiguration { Output = output, Error = errors }, cancellation);

        // Who has not asked by now never will.
        _listener.Stop();
        return (code, output.ToString(), errors.ToString(), await serving);
    }

    /// <summary>One request and one answer; returns the request's head.</summary>
    private async Task<string> ServeAsync(string status, string body, CancellationToken cancellation)
    {
        TcpClient accepted;
        try
        {
            accepted = await _listener.AcceptTcpClientAsync(cancellation);
        }
        catch (SocketException)
        {
            return "";
        }

        using var client = accepted;
        var stream = client.GetStream();
        var head = new StringBuilder();
        var buffer = new byte[4096];
        while (!head.ToString().Contains("\r\n\r\n", StringComparison.Ordinal))
        {
            var read = await stream.ReadAsync(buffer, cancellation);
            if (read == 0) break;
            head.Append(Encoding.ASCII.GetString(buffer, 0, read));
        }

        await stream.WriteAsync(Encoding.ASCII.GetBytes($"HTTP/1.1 {status}\r\nContent-Length: {body.Length}\r\nConnection: close\r\n\r\n{body}"), cancellation);
        return head.ToString();
    }
}
