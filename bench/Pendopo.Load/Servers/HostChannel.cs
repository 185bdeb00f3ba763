using System.Collections.Concurrent;
using System.Text.Json;
using Pendopo.Load.Host;

namespace Pendopo.Load.Servers;

/// <summary>Questions and answers over a host's standard input and output.</summary>
internal sealed class HostChannel
{
    private readonly ServerProcess _process;
    private readonly ConcurrentDictionary<int, TaskCompletionSource<HostResponse>> _waiting = new();
    private int _lastId;

    private HostChannel(ServerProcess process) => _process = process;

    public static async Task<HostChannel> OpenAsync(ServerProcess process)
    {
        var channel = new HostChannel(process);
        var ready = channel._waiting[0] = NewAnswer();
        _ = Task.Run(channel.ReadAsync);
        await ready.Task.WaitAsync(TimeSpan.FromSeconds(20));
        return channel;
    }

    public async Task<HostResponse> AskAsync(Func<int, HostRequest> request)
    {
        var id = Interlocked.Increment(ref _lastId);
        var answer = _waiting[id] = NewAnswer();
        var line = JsonSerializer.Serialize(request(id), HostJson.Options);
        lock (_waiting)
        {
            _process.Input.WriteLine(line);
            _process.Input.Flush();
        }

        var response = await answer.Task.WaitAsync(TimeSpan.FromSeconds(20));
        return response.Error is null ? response : throw new InvalidOperationException($"The host refuses: {response.Error}");
    }

    private static TaskCompletionSource<HostResponse> NewAnswer() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    private async Task ReadAsync()
    {
        while (await _process.Output.ReadLineAsync() is { } line)
        {
            var response = JsonSerializer.Deserialize<HostResponse>(line, HostJson.Options)!;
            if (_waiting.TryRemove(response.Id, out var answer)) answer.TrySetResult(response);
        }

        foreach (var answer in _waiting.Values) answer.TrySetException(new InvalidOperationException($"The host has ended:\n{_process.Errors}"));
    }
}
