using System.Globalization;
using Pendopo.Testing;

namespace Pendopo.Load.Servers;

/// <summary>The columns of the comparison by their names.</summary>
internal sealed class Columns(SfuOptions options)
{
    /// <summary>Where the Makefile puts the forwarder.</summary>
    private static readonly string Floor = Path.Combine(Repository.Root, "artifacts", "bench", "floor");

    private string Core => options.ServerCore.ToString(CultureInfo.InvariantCulture);

    /// <summary>What a column lacks to run, or null.</summary>
    public string? Check()
    {
        foreach (var column in options.Columns)
        {
            if (column.StartsWith("floor", StringComparison.Ordinal) && !File.Exists(Floor)) return $"{Floor} is missing; `make bench` compiles it.";
            if (column.StartsWith("janus", StringComparison.Ordinal) && !File.Exists(JanusFiles.Program)) return "Janus is missing: apt-get install janus, or leave its column out by --columns pendopo,floor.";
            if (!IsKnown(column)) return $"There is no column {column}.";
        }

        return null;
    }

    public async Task<IServer> StartAsync(string column) => column switch
    {
        "pendopo" => await PendopoServer.StartAsync(column, Core, options.Server),
        "pendopo-nogso" => await PendopoServer.StartAsync(column, Core, [.. options.Server, "SegmentationOffload=false"]),
        "janus" => await JanusServer.StartAsync(column, Core, eventLoops: 1),
        "janus-threads" => await JanusServer.StartAsync(column, Core, eventLoops: 0),
        "floor" => await FloorServer.StartAsync(column, Core, Floor, FloorMode.Segment),
        "floor-sendmmsg" => await FloorServer.StartAsync(column, Core, Floor, FloorMode.SendMany),
        "floor-sendto" => await FloorServer.StartAsync(column, Core, Floor, FloorMode.SendTo),
        _ => throw new InvalidOperationException($"There is no column {column}."),
    };

    /// <summary>Our server with a number of workers, each on a processor of its own: with two, the second shares the generator's.</summary>
    /// <param name="workers">Threads that carry media.</param>
    /// <param name="peers">People in the room, who shall be spread evenly.</param>
    public Task<PendopoServer> StartPendopoAsync(int workers, int peers = 0)
    {
        var cores = workers == 1 ? Core : $"{Core},{options.GeneratorCore}";
        var spread = workers == 1 ? [] : new[] { $"PeersPerWorker={(peers / workers) + 1}" };
        return PendopoServer.StartAsync("pendopo", cores, [.. options.Server, $"Workers={workers}", .. spread]);
    }

    private static bool IsKnown(string column) => column is "pendopo" or "pendopo-nogso" or "janus" or "janus-threads" or "floor" or "floor-sendmmsg" or "floor-sendto";
}
