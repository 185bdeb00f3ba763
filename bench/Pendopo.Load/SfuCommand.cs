using System.Diagnostics;
using System.Globalization;
using Pendopo.Load.Reports;
using Pendopo.Load.Scenarios;
using Pendopo.Load.Servers;

namespace Pendopo.Load;

/// <summary>The whole-SFU benchmark: runs the scenarios column by column and reports.</summary>
internal static class SfuCommand
{
    public static int Help()
    {
        Console.Error.WriteLine(
            """
            Pendopo.Load sfu [options]
              --scenarios broadcast,meeting,workers   what to run (all)
              --subscribers 10,50,100,200,500         receivers of the broadcast
              --columns pendopo,janus,floor           also pendopo-nogso, floor-sendmmsg, floor-sendto
              --bursts frame,three                    packets of a frame back to back, or three every 5 ms (frame)
              --rounds 1                              repetitions; the columns take turns
              --warm-up 3 --window 6                  seconds
              --rate 2000                             kb/s of the broadcast's video
              --profile AeadAes128Gcm                 the SRTP profile that clients offer
              --feedback on                           transport-wide feedback of the receivers
              --server Name=Value                     a property of MediaServerOptions; may come again
              --participants 48                       people in the meeting
              --server-core 0 --generator-core 1      the processors used
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

        if (!IsBoundTo(options.GeneratorCore)) return await RunBoundAsync(options.GeneratorCore, arguments);
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
            foreach (var (burst, subscribers, column) in runs)
            {
                var scenario = new BroadcastScenario
                {
                    Subscribers = subscribers,
                    Burst = burst,
                    VideoRate = options.VideoRate,
                    WarmUp = options.WarmUp,
                    Length = options.Window,
                    Profile = options.Profile,
                    SendsFeedback = options.Feedback,
                };
                yield return ($"{column}, {subscribers} receivers", () => scenario.RunAsync(() => columns.StartAsync(column)));
            }
        }
    }

    private static bool IsBoundTo(int core)
    {
        var line = File.ReadLines("/proc/self/status").First(static line => line.StartsWith("Cpus_allowed_list:", StringComparison.Ordinal));
        return line.Split('\t')[1].Trim() == core.ToString(CultureInfo.InvariantCulture);
    }

    /// <summary>Starts this program once more on the generator's processor: threads that run already cannot be bound by a parent's wish.</summary>
    private static async Task<int> RunBoundAsync(int core, IEnumerable<string> arguments)
    {
        if (Environment.ProcessorCount <= core)
        {
            Console.Error.WriteLine($"There is no processor {core}: the benchmark wants one for the server and one for the generator.");
            return 2;
        }

        using var process = Process.Start("taskset", ["--cpu-list", core.ToString(CultureInfo.InvariantCulture), Environment.ProcessPath!, "sfu", .. arguments]);
        await process.WaitForExitAsync();
        return process.ExitCode;
    }
}
