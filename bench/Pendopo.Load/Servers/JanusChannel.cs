using System.Collections.Concurrent;
using System.Globalization;
using System.Net.Sockets;
using System.Text;
using System.Text.Json.Nodes;

namespace Pendopo.Load.Servers;

/// <summary>The API of Janus over its Unix socket: requests, and the events that answer them, by transaction.</summary>
internal sealed class JanusChannel : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    private readonly Socket _socket = new(AddressFamily.Unix, SocketType.Seqpacket, ProtocolType.Unspecified);
    private readonly ConcurrentDictionary<string, TaskCompletionSource<JsonNode>> _waiting = new();
    private int _transactions;
    private long _session;

    public static async Task<JanusChannel> OpenAsync(string path, ServerProcess process)
    {
        var channel = new JanusChannel();
        var deadline = DateTime.UtcNow + Patience;
        while (true)
        {
            try
            {
                await channel._socket.ConnectAsync(new UnixDomainSocketEndPoint(path));
                break;
            }
            catch (SocketException) when (!process.HasEnded && DateTime.UtcNow < deadline)
            {
                await Task.Delay(50);
            }
        }

        _ = Task.Run(channel.ReadAsync);
        channel._session = (long)(await channel.AskAsync(new JsonObject { ["janus"] = "create" }))["data"]!["id"]!;
        return channel;
    }

    /// <summary>A handle of the video room: one peer connection.</summary>
    public async Task<long> AttachAsync() =>
        (long)(await AskAsync(new JsonObject { ["janus"] = "attach", ["plugin"] = "janus.plugin.videoroom" }))["data"]!["id"]!;

    /// <summary>Sends a message to the plug-in; the data of its answer and its session description, if there is one.</summary>
    public async Task<(JsonNode Data, string? Sdp)> SendAsync(long handle, JsonObject body, (string Type, string Sdp)? description = null)
    {
        var request = new JsonObject { ["janus"] = "message", ["handle_id"] = handle, ["body"] = body };
        if (description is { } given) request["jsep"] = new JsonObject { ["type"] = given.Type, ["sdp"] = given.Sdp };
        var answer = await AskAsync(request);
        var data = answer["plugindata"]!["data"]!;
        if (data["error"] is { } error) throw new InvalidOperationException($"Janus refuses: {error}");
        return (data, (string?)answer["jsep"]?["sdp"]);
    }

    public void Dispose() => _socket.Dispose();

    private async Task<JsonNode> AskAsync(JsonObject request)
    {
        var transaction = Interlocked.Increment(ref _transactions).ToString(CultureInfo.InvariantCulture);
        request["transaction"] = transaction;
        if (_session != 0) request["session_id"] = _session;
        var answer = _waiting[transaction] = new TaskCompletionSource<JsonNode>(TaskCreationOptions.RunContinuationsAsynchronously);
        await _socket.SendAsync(Encoding.UTF8.GetBytes(request.ToJsonString()));
        return await answer.Task.WaitAsync(Patience);
    }

    private async Task ReadAsync()
    {
        var buffer = new byte[256 * 1024];
        try
        {
            while (true)
            {
                var length = await _socket.ReceiveAsync(buffer);
                if (length == 0) return;
                if (JsonNode.Parse(buffer.AsSpan(0, length)) is { } message) Take(message);
            }
        }
        catch (Exception exception) when (exception is SocketException or ObjectDisposedException)
        {
            foreach (var answer in _waiting.Values) answer.TrySetException(new IOException("Janus has ended."));
        }
    }

    private void Take(JsonNode message)
    {
        // An acknowledgement only says that the event comes later; events without a transaction answer nobody.
        if ((string?)message["janus"] == "ack" || (string?)message["transaction"] is not { } transaction) return;
        if (!_waiting.TryRemove(transaction, out var answer)) return;
        if ((string?)message["janus"] == "error") answer.TrySetException(new InvalidOperationException($"Janus refuses: {message["error"]}"));
        else answer.TrySetResult(message);
    }
}
