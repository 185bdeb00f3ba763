using System.Diagnostics;
using System.Globalization;
using Pendopo.Load.Clients;
using Pendopo.Load.Reports;
using Pendopo.Load.Scenarios;
using Pendopo.Load.Servers;

namespace Pendopo.Load;

/// <summary>The whole-SFU benchmark: runs the scenarios column by column and reports.</summary>
internal static class SfuCommand
{
    private static readonly (Burst Burst, int Subscribers, string Column)[] HardCases =
    [
        (Burst.Three, 100, "pendopo"),
        (Burst.Three, 100, "janus"),
        (Burst.Three, 100, "floor"),
        (Burst.Frame, 100, "pendopo-nogso"),
        (Burst.Frame, 100, "floor-sendmmsg"),
    ];

    public static int Help()
    {
        Console.Error.WriteLine(
            """
            Pendopo.Load sfu [options]
              --scenarios broadcast,latency,meeting,workers   what to run (all)
              --subscribers 10,50,100,200,500         receivers of the broadcast
              --columns pendopo,janus,floor           also pendopo-nogso, floor-sendmmsg, floor-sendto
              --bursts frame,three                    packets of a frame back to back, or three every 5 ms (frame)
              --rounds 1                              repetitions; the columns take turns
              --warm-up 2 --window 5                  seconds
              --rate 2000                             kb/s of the broadcast's video
              --profile AeadAes128Gcm                 the SRTP profile that clients offer
              --feedback on                           transport-wide feedback of the receivers
              --server Name=Value                     a property of MediaServerOptions; may come again
              --participants 48                       people in the meeting
              --worker-subscribers 500                receivers in the room that two workers share
              --server-core 0 --generator-core 1      the processors used; two workers use both
              --high-priority off                     on: niceness -20 (needs root), for machines with other work
              --output artifacts/bench                folder of the results
            """);
        return 2;
    }

    public static async Task<int> RunAsync(IReadOnlyList<string> arguments)
    {
        if (SfuOptions.Parse(arguments, out var error) is not { } options)
        {
            Console.Error.WriteLine(error);
            return Help();
        }

        if (!OperatingSystem.IsLinux())
        {
            Console.Error.WriteLine("The whole-SFU benchmark reads Linux's accounts of processes and packets; it runs on Linux only.");
            return 2;
        }

        if (!IsBoundTo(options.GeneratorCore)) return await RunBoundAsync(options, arguments);
        var columns = new Columns(options);
        if (columns.Check() is { } problem)
        {
            Console.Error.WriteLine(problem);
            return 2;
        }

        var report = new Report(options);
        foreach (var (name, run) in Runs(options, columns))
        {
            try
            {
                report.Add(await run());
            }
            catch (Exception exception) when (exception is InvalidOperationException or TimeoutException or IOException or FormatException)
            {
                // One run that fails leaves the others their worth; the exit code tells.
                report.AddFailure(name, exception.Message);
            }
        }

        return report.Finish();
    }

    private static IEnumerable<(string Name, Func<Task<Measurement>> Run)> Runs(SfuOptions options, Columns columns)
    {
        if (options.Scenarios.Contains("broadcast"))
        {
            var runs =
                from burst in options.Bursts
                from subscribers in options.Subscribers
                from round in Enumerable.Range(0, options.Rounds)
                from column in options.Columns
                select (burst, subscribers, column);
            if (options.HasHardCases) runs = runs.Concat(HardCases);
            var needs = new Dictionary<string, double>();
            foreach (var (burst, subscribers, column) in runs)
            {
                var scenario = Broadcast(options, subscribers, burst);
                yield return ($"{column}, {subscribers} receivers", async () =>
                {
                    if (needs.GetValueOrDefault(column) * subscribers > 1) return Skipped(column, scenario.Name, subscribers, needs[column]);
                    var result = await scenario.RunAsync(() => columns.StartAsync(column));
                    needs[column] = result.ServerCores / subscribers;
                    return result;
                });
            }
        }

        if (options.Scenarios.Contains("latency"))
        {
            var latency = new LatencyScenario { VideoRate = options.VideoRate, WarmUp = options.WarmUp, Length = options.Window, Profile = options.Profile, SendsFeedback = options.Feedback };
            for (var round = 0; round < options.Rounds; round++) yield return ("latency", () => latency.RunAsync(() => columns.StartPendopoAsync(workers: 1)));
        }

        if (options.Scenarios.Contains("meeting"))
        {
            var meeting = new MeetingScenario
            {
                Participants = options.Participants, WarmUp = options.WarmUp, Length = options.Window, Profile = options.Profile, SendsFeedback = options.Feedback,
            };
            for (var round = 0; round < options.Rounds; round++) yield return ("meeting", () => meeting.RunAsync(() => columns.StartPendopoAsync(workers: 1)));
        }

        if (!options.Scenarios.Contains("workers")) yield break;
        for (var round = 0; round < options.Rounds; round++)
        {
            foreach (var workers in new[] { 1, 2 })
            {
                var scenario = Broadcast(options, options.WorkerSubscribers, Burst.Frame) with { Title = $"one room, {workers} worker{(workers > 1 ? "s" : "")}" };
                yield return (scenario.Name, () => scenario.RunAsync(async () => await columns.StartPendopoAsync(workers, options.WorkerSubscribers)));
            }
        }
    }

    /// <summary>A server that needs more than its core would only be seen dropping packets.</summary>
    private static Measurement Skipped(string column, string scenario, int receivers, double coresPerReceiver) => new()
    {
        Column = column,
        Scenario = scenario,
        Receivers = receivers,
        Notes = { $"Left out: by the run before it would need {coresPerReceiver * receivers:F1} cores." },
    };

    private static BroadcastScenario Broadcast(SfuOptions options, int subscribers, Burst burst) => new()
    {
        Subscribers = subscribers,
        Burst = burst,
        VideoRate = options.VideoRate,
        WarmUp = options.WarmUp,
        Length = options.Window,
        Profile = options.Profile,
        SendsFeedback = options.Feedback,
    };

    private static bool IsBoundTo(int core)
    {
        var line = File.ReadLines("/proc/self/status").First(static line => line.StartsWith("Cpus_allowed_list:", StringComparison.Ordinal));
        return line.Split('\t')[1].Trim() == core.ToString(CultureInfo.InvariantCulture);
    }

    /// <summary>Starts this program once more on the generator's processor: threads that run already cannot be bound by a parent's wish.</summary>
    private static async Task<int> RunBoundAsync(SfuOptions options, IEnumerable<string> arguments)
    {
        var core = options.GeneratorCore;
        if (Environment.ProcessorCount <= Math.Max(core, options.ServerCore))
        {
            Console.Error.WriteLine($"There is no processor {core}: the benchmark wants one for the server and one for the generator.");
            return 2;
        }

        string[] command = ["taskset", "--cpu-list", core.ToString(CultureInfo.InvariantCulture), Environment.ProcessPath!, "sfu", .. arguments];
        if (options.HighPriority) command = ["nice", "-n", "-20", .. command];
        using var process = Process.Start(command[0], command[1..]);
        await process.WaitForExitAsync();
        return process.ExitCode;
    }
}
