using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using System.Text;
using MimeKit;

namespace Pendopo.Server.Tests.Schedule;

/// <summary>As much of a mail server (RFC 5321) as takes mails in, on loopback. It refuses recipients whose names begin with "refused".</summary>
internal sealed class FakeMailServer : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _over = new();
    private readonly ConcurrentQueue<(string From, string To, MimeMessage Message)> _taken = [];
    private readonly Task _serving;

    public FakeMailServer()
    {
        _listener.Start();
        Port = ((IPEndPoint)_listener.LocalEndpoint).Port;
        _serving = ServeAsync();
    }

    public int Port { get; }

    public IReadOnlyList<(string From, string To, MimeMessage Message)> Taken => [.. _taken];

    public async ValueTask DisposeAsync()
    {
        if (_over.IsCancellationRequested) return;
        await _over.CancelAsync();
        _listener.Dispose();
        await _serving;
        _over.Dispose();
    }

    private async Task ServeAsync()
    {
        try
        {
            while (true)
            {
                using var client = await _listener.AcceptTcpClientAsync(_over.Token);
                await TalkAsync(client);
            }
        }
        catch (Exception error) when (error is OperationCanceledException or SocketException or IOException or ObjectDisposedException)
        {
            // Over.
        }
    }

    private async Task TalkAsync(TcpClient client)
    {
        await using var stream = client.GetStream();
        using var reader = new StreamReader(stream, Encoding.Latin1);
        await using var writer = new StreamWriter(stream, Encoding.Latin1) { NewLine = "\r\n", AutoFlush = true };
        await writer.WriteLineAsync("220 mail.example.test ESMTP");
        var (from, to) = ("", "");
        while (await reader.ReadLineAsync(_over.Token) is { } line)
        {
            if (line.StartsWith("MAIL FROM:", StringComparison.OrdinalIgnoreCase)) from = Address(line);
            if (line.StartsWith("RCPT TO:", StringComparison.OrdinalIgnoreCase)) to = Address(line);
            await writer.WriteLineAsync(Answer(line, to));
            if (line == "DATA") await TakeAsync(reader, writer, from, to);
            if (line == "QUIT") return;
        }
    }

    private static string Answer(string line, string to) => line switch
    {
        "DATA" => "354 go on",
        "QUIT" => "221 bye",
        _ when line.StartsWith("RCPT TO:", StringComparison.OrdinalIgnoreCase) && to.StartsWith("refused", StringComparison.Ordinal) => "550 5.1.1 no such user",
        _ => "250 ok",
    };

    private async Task TakeAsync(StreamReader reader, StreamWriter writer, string from, string to)
    {
        var content = new StringBuilder();
        while (await reader.ReadLineAsync(_over.Token) is { } line && line != ".") content.Append(line.StartsWith("..", StringComparison.Ordinal) ? line[1..] : line).Append("\r\n");
        using var bytes = new MemoryStream(Encoding.Latin1.GetBytes(content.ToString()));
        _taken.Enqueue((from, to, await MimeMessage.LoadAsync(bytes, _over.Token)));
        await writer.WriteLineAsync("250 taken");
    }

    private static string Address(string line) => line.Split('<', '>')[1];
}
