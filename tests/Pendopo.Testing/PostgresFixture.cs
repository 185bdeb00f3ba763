using System.Diagnostics;

namespace Pendopo.Testing;

/// <summary>
/// A throw-away PostgreSQL cluster in a temporary folder, reachable by a Unix socket only. It runs as a user that is not root,
/// since PostgreSQL refuses root. Where PostgreSQL is not installed, <see cref="ConnectionString"/> is null and tests say "skipped".
/// </summary>
public sealed class PostgresFixture : IDisposable
{
    private static readonly string? Binaries = FindBinaries();

    private readonly string _folder = Path.Combine(Path.GetTempPath(), "pg-" + Path.GetRandomFileName());

    public PostgresFixture()
    {
        if (Binaries is null) return;
        Directory.CreateDirectory(_folder);
        if (Environment.UserName == "root") Run("chown", "postgres", _folder);
        RunAsOwner("initdb", "-D", Data, "-A", "trust", "-U", "pendopo", "-E", "UTF8", "--no-sync");
        RunAsOwner("pg_ctl", "-D", Data, "-l", Path.Combine(_folder, "log"), "-w", "-o", $"-k {_folder} -c listen_addresses= -c fsync=off", "start");
        ConnectionString = $"Host={_folder};Username=pendopo;Database=postgres;Pooling=false";
    }

    /// <summary>Null where PostgreSQL is not installed.</summary>
    public string? ConnectionString { get; }

    private string Data => Path.Combine(_folder, "data");

    public void Dispose()
    {
        if (ConnectionString is null) return;
        RunAsOwner("pg_ctl", "-D", Data, "-m", "immediate", "-w", "stop");
        Directory.Delete(_folder, recursive: true);
    }

    private static void RunAsOwner(string program, params string[] arguments)
    {
        var path = Path.Combine(Binaries!, program);
        if (Environment.UserName == "root") Run("runuser", ["-u", "postgres", "--", path, .. arguments]);
        else Run(path, arguments);
    }

    private static void Run(string program, params string[] arguments)
    {
        var start = new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true, WorkingDirectory = Path.GetTempPath() };
        using var process = Process.Start(start) ?? throw new InvalidOperationException($"{program} did not start.");
        var error = process.StandardError.ReadToEndAsync();
        var output = process.StandardOutput.ReadToEndAsync();
        process.WaitForExit();
        if (process.ExitCode != 0) throw new InvalidOperationException($"{program} failed: {error.Result} {output.Result}");
    }

    /// <summary>Debian keeps them off the path, one folder per version.</summary>
    private static string? FindBinaries()
    {
        const string Debian = "/usr/lib/postgresql";
        string[] debian = Directory.Exists(Debian) ? [.. Directory.GetDirectories(Debian).Order(StringComparer.Ordinal).Reverse().Select(version => Path.Combine(version, "bin"))] : [];
        string[] path = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator);
        return Array.Find([.. debian, .. path], folder => File.Exists(Path.Combine(folder, "initdb")) && File.Exists(Path.Combine(folder, "pg_ctl")));
    }
}
