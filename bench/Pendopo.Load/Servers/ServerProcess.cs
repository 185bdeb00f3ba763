using System.Diagnostics;
using System.Globalization;
using Pendopo.Load.Network;

namespace Pendopo.Load.Servers;

/// <summary>A server under measurement: a process bound to its cores, and what it costs by the kernel's account.</summary>
internal sealed class ServerProcess : IAsyncDisposable
{
    private readonly Process _process;
    private readonly List<string> _errors = [];

    private ServerProcess(Process process, string cores)
    {
        _process = process;
        KernelThread = new SoftInterrupts(int.Parse(cores.Split(',')[0], CultureInfo.InvariantCulture));
        process.ErrorDataReceived += (_, line) => Remember(line.Data);
        process.BeginErrorReadLine();
    }

    public int Id => _process.Id;

    /// <summary>Of the server's (first) processor.</summary>
    public SoftInterrupts KernelThread { get; }

    public StreamWriter Input => _process.StandardInput;

    public StreamReader Output => _process.StandardOutput;

    public bool HasEnded => _process.HasExited;

    /// <summary>User and system time of all threads in nanoseconds.</summary>
    public long CpuNanoseconds => LibC.Nanoseconds(LibC.ProcessClock(Id));

    /// <summary>Of that, the thread on which .NET compiles hot methods anew; null where there is none.</summary>
    public long? CompilerNanoseconds
    {
        get
        {
            foreach (var thread in Directory.EnumerateDirectories($"/proc/{Id}/task"))
            {
                try
                {
                    if (!File.ReadAllText(Path.Combine(thread, "comm")).StartsWith(".NET Tiered", StringComparison.Ordinal)) continue;
                    return long.Parse(File.ReadAllText(Path.Combine(thread, "schedstat")).Split(' ')[0], CultureInfo.InvariantCulture);
                }
                catch (IOException)
                {
                    // The thread has ended meanwhile.
                }
            }

            return null;
        }
    }

    /// <summary>Resident memory.</summary>
    public long ResidentBytes
    {
        get
        {
            var line = File.ReadLines($"/proc/{Id}/status").First(static line => line.StartsWith("VmRSS:", StringComparison.Ordinal));
            return 1024 * long.Parse(line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1], CultureInfo.InvariantCulture);
        }
    }

    /// <summary>The last lines of its standard error, and of its output where nobody reads that.</summary>
    public string Errors
    {
        get
        {
            lock (_errors) return string.Join('\n', _errors);
        }
    }

    /// <param name="cores">Numbers of processors, with commas between them.</param>
    /// <param name="file">The program.</param>
    /// <param name="arguments">Its arguments.</param>
    /// <param name="environment">Added to this process's environment.</param>
    public static ServerProcess Start(string cores, string file, IEnumerable<string> arguments, params ReadOnlySpan<(string Name, string Value)> environment)
    {
        var start = new ProcessStartInfo("taskset", ["--cpu-list", cores, file, .. arguments])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (var (name, value) in environment) start.Environment[name] = value;

        // taskset replaces itself by the program, so the id is the program's.
        return new ServerProcess(Process.Start(start) ?? throw new InvalidOperationException($"{file} does not start."), cores);
    }

    /// <summary>Reads standard output as if it were errors, for a program that only logs there.</summary>
    public void TakeOutputAsLog() => _ = Task.Run(async () =>
    {
        while (await Output.ReadLineAsync() is { } line) Remember(line);
    });

    private void Remember(string? line)
    {
        lock (_errors)
        {
            if (line is not null) _errors.Add(line);
            if (_errors.Count > 50) _errors.RemoveAt(0);
        }
    }

    public async ValueTask DisposeAsync()
    {
        try
        {
            Input.Close();
        }
        catch (IOException)
        {
            // It has ended by itself; the pipe is gone.
        }

        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(3));
        try
        {
            await _process.WaitForExitAsync(patience.Token);
        }
        catch (OperationCanceledException)
        {
            _process.Kill(entireProcessTree: true);
            await _process.WaitForExitAsync();
        }

        _process.Dispose();
    }
}
