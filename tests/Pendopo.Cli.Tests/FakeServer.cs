using System.CommandLine;
using System.Net;
using System.Net.Sockets;
using System.Text;
using Xunit;

namespace Pendopo.Cli.Tests;

/// <summary>A server that says what it is told and remembers what it was asked, with a data folder for the operator's token.</summary>
public sealed class FakeServer : IDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);

    public DirectoryInfo Folder { get; } = Directory.CreateTempSubdirectory("pendopo-cli-");

    public void WriteToken() => File.WriteAllText(Path.Combine(Folder.FullName, "operator.token"), "secret-of-the-operator\n");

    /// <summary>Runs a command against it.</summary>
    /// <param name="status">Null: nobody is to ask.</param>
    public async Task<(int Code, string Output, string Errors, string Asked)> RunAsync(Command command, string? status, string body, params string[] arguments)
    {
        var cancellation = TestContext.Current.CancellationToken;
        _listener.Start();
        var serving = status is null ? Task.FromResult("") : ServeAsync(status, body, cancellation);
        using var output = new StringWriter();
        using var errors = new StringWriter();
        var port = ((IPEndPoint)_listener.LocalEndpoint).Port;
        var code = await command.Parse([.. arguments, "--url", $"http://127.0.0.1:{port}", "--data", Folder.FullName])
            .InvokeAsync(new InvocationConfiguration { Output = output, Error = errors }, cancellation);

        // Who has not asked by now never will.
        _listener.Stop();
        return (code, output.ToString(), errors.ToString(), await serving);
    }

    public void Dispose()
    {
        _listener.Dispose();
        Folder.Delete(recursive: true);
    }

    /// <summary>One request and one answer; returns the request.</summary>
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
        var request = new StringBuilder();
        var buffer = new byte[4096];
        while (!IsWhole(request.ToString()))
        {
            var read = await stream.ReadAsync(buffer, cancellation);
            if (read == 0) break;
            request.Append(Encoding.ASCII.GetString(buffer, 0, read));
        }

        var bytes = Encoding.UTF8.GetBytes(body);
        await stream.WriteAsync(Encoding.ASCII.GetBytes($"HTTP/1.1 {status}\r\nContent-Length: {bytes.Length}\r\nConnection: close\r\n\r\n"), cancellation);
        await stream.WriteAsync(bytes, cancellation);
        return request.ToString();
    }

    /// <summary>JSON bodies come in chunks, whose last is empty.</summary>
    private static bool IsWhole(string request)
    {
        if (!request.Contains("\r\n\r\n", StringComparison.Ordinal)) return false;
        return !request.Contains("Transfer-Encoding: chunked", StringComparison.OrdinalIgnoreCase) || request.EndsWith("\r\n0\r\n\r\n", StringComparison.Ordinal);
    }
}
