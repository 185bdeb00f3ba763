using System.Diagnostics;
using System.Text.Json;
using Pendopo.Testing;

namespace Pendopo.EndToEnd.Harness;

/// <summary>Debian's aiortc as WHIP publisher or WHEP viewers, by <c>aiortc/broadcast.py</c>.</summary>
internal sealed class AiortcProcess : IAsyncDisposable
{
    private static readonly TimeSpan ReadyLimit = TimeSpan.FromSeconds(30);
    private readonly Process _process;

    private AiortcProcess(Process process)
    {
        _process = process;
        _process.ErrorDataReceived += (_, line) => Log.Write("aiortc", line.Data);
        _process.BeginErrorReadLine();
    }

    /// <summary>Starts the script and waits until its connections stand.</summary>
    public static async Task<AiortcProcess> StartAsync(params string[] arguments)
    {
        var start = new ProcessStartInfo("/usr/bin/python3")
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.ArgumentList.Add(Path.Combine(Repository.Root, "tests", "Pendopo.EndToEnd", "aiortc", "broadcast.py"));
        foreach (var argument in arguments) start.ArgumentList.Add(argument);
        var aiortc = new AiortcProcess(Process.Start(start)!);
        var line = await aiortc._process.StandardOutput.ReadLineAsync(CancellationToken.None).AsTask().WaitAsync(ReadyLimit).ConfigureAwait(false);
        Assert.True(line == "ready", $"aiortc did not connect: {line}\n{Log.Take()}");
        return aiortc;
    }

    /// <summary>Lets the script end and returns the JSON lines that it wrote.</summary>
    public async Task<IReadOnlyList<JsonElement>> FinishAsync(TimeSpan limit)
    {
        _process.StandardInput.Close();
        var output = await _process.StandardOutput.ReadToEndAsync(CancellationToken.None).WaitAsync(limit).ConfigureAwait(false);
        await _process.WaitForExitAsync(CancellationToken.None).WaitAsync(limit).ConfigureAwait(false);
        Assert.True(_process.ExitCode == 0, $"aiortc ended with {_process.ExitCode}.\n{Log.Take()}");
        return [.. output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => JsonDocument.Parse(line).RootElement)];
    }

    public ValueTask DisposeAsync()
    {
        if (!_process.HasExited) _process.Kill(entireProcessTree: true);
        _process.Dispose();
        return ValueTask.CompletedTask;
    }
}
