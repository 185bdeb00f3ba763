using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using Microsoft.EntityFrameworkCore;
using Pendopo.Control.Storage;
using Xunit;

namespace Pendopo.Control.Tests;

public enum DatabaseKind
{
    Sqlite,
    Postgres,
}

/// <summary>An empty database of either kind, in a temporary folder, gone after the test.</summary>
public sealed class DatabaseUnderTest : IAsyncDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("pendopo-db-").FullName;
    private readonly string? _postgres;
    private readonly string? _programs;

    private DatabaseUnderTest(DatabaseKind kind)
    {
        if (kind == DatabaseKind.Sqlite) return;
        _programs = FindPrograms();
        Assert.SkipWhen(_programs is null, "PostgreSQL is not installed");
        var port = FreePort();
        // PostgreSQL refuses to run as root.
        if (Environment.IsPrivilegedProcess) Run("chown", "postgres", _folder);
        RunAsOwner("initdb", "-D", Data, "-A", "trust", "-U", "pendopo", "--no-sync", "-E", "UTF8");
        RunAsOwner("pg_ctl", "-D", Data, "-w", "-l", Path.Combine(_folder, "log"), "-o", $"-p {port} -k {_folder} -c listen_addresses=127.0.0.1 -c fsync=off", "start");
        _postgres = $"Host=127.0.0.1;Port={port};Username=pendopo;Database=postgres;Pooling=false";
    }

    private string Data => Path.Combine(_folder, "data");

    public static async Task<DatabaseUnderTest> CreateAsync(DatabaseKind kind)
    {
        var database = new DatabaseUnderTest(kind);
        await using var context = database.Open();
        await Database.UpgradeAsync(context, TestContext.Current.CancellationToken);
        return database;
    }

    public ControlDbContext Open()
    {
        var builder = new DbContextOptionsBuilder<ControlDbContext>();
        Database.Configure(builder, _postgres, Path.Combine(_folder, "pendopo.db"));
        return new ControlDbContext(builder.Options);
    }

    public ValueTask DisposeAsync()
    {
        if (_postgres is not null) RunAsOwner("pg_ctl", "-D", Data, "-m", "immediate", "-w", "stop");
        Microsoft.Data.Sqlite.SqliteConnection.ClearAllPools();
        Directory.Delete(_folder, recursive: true);
        return ValueTask.CompletedTask;
    }

    private static string? FindPrograms()
    {
        const string debian = "/usr/lib/postgresql";
        var folders = Directory.Exists(debian) ? Directory.GetDirectories(debian).OrderDescending().Select(version => Path.Combine(version, "bin")) : [];
        return folders.FirstOrDefault(folder => File.Exists(Path.Combine(folder, "initdb")));
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    private void RunAsOwner(string program, params string[] arguments)
    {
        var path = Path.Combine(_programs!, program);
        if (Environment.IsPrivilegedProcess) Run("runuser", ["-u", "postgres", "--", path, .. arguments]);
        else Run(path, arguments);
    }

    private void Run(string program, params string[] arguments)
    {
        // Output goes nowhere: a server that keeps a pipe open would keep its reader waiting.
        var start = new ProcessStartInfo("/bin/sh") { WorkingDirectory = _folder };
        foreach (var argument in (string[])["-c", "exec \"$@\" >/dev/null 2>&1", "sh", program, .. arguments]) start.ArgumentList.Add(argument);
        using var process = Process.Start(start)!;
        Assert.True(process.WaitForExit(TimeSpan.FromSeconds(60)), $"{program} did not end");
        Assert.True(process.ExitCode == 0, $"{program} {string.Join(' ', arguments)} ended with {process.ExitCode}");
    }
}
