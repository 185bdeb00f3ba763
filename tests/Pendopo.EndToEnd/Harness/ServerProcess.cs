using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using System.Net.Http.Json;
using System.Text.Json;
using Pendopo.Signaling;
using Pendopo.Testing;

namespace Pendopo.EndToEnd.Harness;

/// <summary>The built server as a process of its own, with its data in a temporary folder and on ports that nobody else has.</summary>
internal sealed class ServerProcess : IAsyncDisposable
{
    private static readonly TimeSpan StartLimit = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan StopLimit = TimeSpan.FromSeconds(20);
    private readonly string _folder = Directory.CreateTempSubdirectory("pendopo-e2e-").FullName;
    private readonly string[] _options;
    private readonly int _port = Ports.Free();
    private readonly int _mediaPort = Ports.FreeRange(Environment.ProcessorCount);
    private readonly HttpClient _http = new();
    private readonly ConcurrentQueue<string> _output = new();
    private Process? _process;

    private ServerProcess(string[] options)
    {
        _options = options;
        Address = string.Create(CultureInfo.InvariantCulture, $"http://localhost:{_port}");
        _http.BaseAddress = new Uri(Address);
    }

    /// <summary>Where browsers open it: localhost is a secure context without a certificate.</summary>
    public string Address { get; }

    /// <summary>Host and port as pages name them.</summary>
    public string Authority => new Uri(Address).Authority;

    public int ProcessId => _process!.Id;

    /// <summary>Database, keys and whatever else it writes.</summary>
    public string DataFolder => _folder;

    /// <summary>All that it said so far.</summary>
    public string Output => string.Join('\n', _output);

    /// <param name="options">Further options, as on the command line.</param>
    public static async Task<ServerProcess> StartAsync(params string[] options)
    {
        var server = new ServerProcess(options);
        await server.StartAsync().ConfigureAwait(false);
        return server;
    }

    /// <summary>Makes an open broadcast; encrypted meetings are founded by a browser.</summary>
    public Task<CreateMeetingResponse> CreateBroadcastAsync(params string[] videoCodecs) =>
        PostMeetingAsync(new { kind = "openBroadcast", videoCodecs = videoCodecs.Length == 0 ? null : videoCodecs });

    /// <summary>Asks the server to end as the system would, by SIGTERM, and waits for it.</summary>
    public async Task StopAsync()
    {
        if (_process is not { } process) return;
        _process = null;
        using (process)
        {
            if (!process.HasExited)
            {
                using var kill = Process.Start("/bin/kill", ["-TERM", process.Id.ToString(CultureInfo.InvariantCulture)]);
                await kill.WaitForExitAsync(CancellationToken.None).ConfigureAwait(false);
                try
                {
                    await process.WaitForExitAsync(CancellationToken.None).WaitAsync(StopLimit).ConfigureAwait(false);
                }
                catch (TimeoutException)
                {
                    process.Kill(entireProcessTree: true);
                    throw new TimeoutException($"The server did not end within {StopLimit.TotalSeconds} s of SIGTERM.");
                }
            }

            Assert.True(process.ExitCode is 0 or 143, $"The server ended with {process.ExitCode}.\n{Log.Take()}");
        }
    }

    /// <summary>Halts it in the middle of whatever it does (SIGSTOP), until <see cref="Thaw"/>.</summary>
    public void Freeze() => Signal("-STOP");

    public void Thaw() => Signal("-CONT");

    /// <summary>Stops and starts it again: the same ports, the same data.</summary>
    public async Task RestartAsync()
    {
        await StopAsync().ConfigureAwait(false);
        await StartAsync().ConfigureAwait(false);
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync().ConfigureAwait(false);
        _http.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    private async Task StartAsync()
    {
        var configuration = Environment.GetEnvironmentVariable("PENDOPO_CONFIGURATION") ?? "Release";
        var program = Path.Combine(Repository.Root, "src", "Pendopo.Server", "bin", configuration, "net10.0", "Pendopo.Server.dll");
        Assert.True(File.Exists(program), $"Build the server first: {program} is missing.");
        var start = new ProcessStartInfo("dotnet")
        {
            WorkingDirectory = Repository.Root,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        string[] all =
        [
            program,
            $"--Pendopo:DataFolder={_folder}",
            $"--Pendopo:Http:Port={_port}",
            $"--Pendopo:Media:Port={_mediaPort}",
            $"--Pendopo:Media:PublicAddresses:0={EndToEndNetwork.Address}",
            // Most tests are about media and begin with everything on; the last of two values counts.
            "--Pendopo:Meetings:MutedFrom=0",
            "--Pendopo:Meetings:CameraOffFrom=0",
            "--Pendopo:Meetings:Sharing=Everybody",
            .. _options,
        ];
        foreach (var argument in all) start.ArgumentList.Add(argument);
        _process = Process.Start(start)!;
        _process.OutputDataReceived += (_, line) => Hear(line.Data);
        _process.ErrorDataReceived += (_, line) => Hear(line.Data);
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
        await Wait.UntilAsync("the server is ready", StartLimit, IsReadyAsync, () => Task.FromResult(Log.Take())).ConfigureAwait(false);
    }

    private void Signal(string signal)
    {
        using var kill = Process.Start("/bin/kill", [signal, _process!.Id.ToString(CultureInfo.InvariantCulture)]);
        kill.WaitForExit();
        Assert.Equal(0, kill.ExitCode);
    }

    private void Hear(string? line)
    {
        if (line is not null) _output.Enqueue(line);
        Log.Write("server", line);
    }

    private async Task<bool> IsReadyAsync()
    {
        Assert.False(_process!.HasExited, $"The server ended at its start.\n{Log.Take()}");
        try
        {
            using var answer = await _http.GetAsync("/health/ready", TestContext.Current.CancellationToken).ConfigureAwait(false);
            return answer.IsSuccessStatusCode;
        }
        catch (HttpRequestException)
        {
            return false;
        }
    }

    private async Task<CreateMeetingResponse> PostMeetingAsync(object body)
    {
        // A session of its own each time, as another person's browser has: founding is limited per session.
        using var founder = new HttpClient { BaseAddress = _http.BaseAddress };
        using (await founder.GetAsync("/api/status", TestContext.Current.CancellationToken).ConfigureAwait(false))
        {
        }

        using var answer = await founder.PostAsJsonAsync("/api/meetings", body, TestContext.Current.CancellationToken).ConfigureAwait(false);
        var text = await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken).ConfigureAwait(false);
        Assert.True(answer.IsSuccessStatusCode, $"POST /api/meetings: {(int)answer.StatusCode} {text}");
        return JsonSerializer.Deserialize<CreateMeetingResponse>(text, JsonSerializerOptions.Web)!;
    }
}
