using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;
using System.Net;
using Pendopo.EndToEnd.Harness;
using Pendopo.NetBench;
using Pendopo.NetBench.Report;
using Pendopo.NetBench.Running;
using Pendopo.Testing;

// The numbers of a report are the same wherever it is made.
CultureInfo.DefaultThreadCurrentCulture = CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;
if (!NetBenchArguments.TryParse(args, out var arguments, out var problem))
{
    Console.Error.WriteLine($"{problem}\n\n{NetBenchArguments.Usage}");
    return 2;
}

if (arguments.List)
{
    foreach (var scenario in arguments.Scenarios) Console.WriteLine($"{scenario.Name,-18} {scenario.Duration.TotalSeconds,3:0} s  {scenario.Summary}");
    return 0;
}

if (Environment.GetEnvironmentVariable("PENDOPO_NETNS") != "1")
{
    Console.Error.WriteLine("netbench wants a network namespace of its own: run it by `make netbench`, or with build/netns-run in front.");
    return 2;
}

// Browsers and server inherit it: what else the machine does should not be taken for the network's doing.
using (var self = Process.GetCurrentProcess())
{
    try
    {
        self.PriorityClass = ProcessPriorityClass.AboveNormal;
    }
    catch (Win32Exception)
    {
        Console.WriteLine("Without the right to raise the priority, results on a busy machine are poor.");
    }
}

var output = Path.GetFullPath(arguments.Output ?? Path.Combine(Repository.Root, "artifacts", "netbench"));
var media = new IPEndPoint(EndToEndNetwork.Address, Ports.Free());
var results = new List<ScenarioResult>();
var broken = 0;
await OutsideAddresses.AddAsync().ConfigureAwait(false);
using var camera = new CameraFile();
var browsers = new Browsers { ChromiumArguments = [$"--use-file-for-fake-video-capture={camera.Path}"] };
await using (browsers.ConfigureAwait(false))
{
    // One worker: each has a port of its own, and a relay leads to one port.
    var server = await ServerProcess.StartAsync($"--Pendopo:Media:Port={media.Port}", "--Pendopo:Media:Workers=1").ConfigureAwait(false);
    await using (server.ConfigureAwait(false))
    {
        var runner = new ScenarioRunner(browsers, server, media, arguments.Seed);
        foreach (var scenario in arguments.Scenarios)
        {
            try
            {
                var some = await runner.RunAsync(scenario, arguments.Receivers).ConfigureAwait(false);
                for (var again = 1; again < arguments.Attempts && some.Any(static result => result.Verdict == Verdict.Doubtful); again++)
                {
                    foreach (var result in some) Console.WriteLine($"{Summary.LineOf(result)}; once more");
                    some = await runner.RunAsync(scenario, arguments.Receivers).ConfigureAwait(false);
                }

                results.AddRange(some);
                foreach (var result in some) Console.WriteLine(Summary.LineOf(result));
            }
            catch (Exception error) when (error is TimeoutException or InvalidOperationException or Microsoft.Playwright.PlaywrightException)
            {
                // The other scenarios are worth running all the same.
                broken++;
                Console.WriteLine($"BROKEN   {scenario.Name}: {error.Message}\n{Log.Take()}");
            }
        }
    }
}

Directory.CreateDirectory(output);
await File.WriteAllTextAsync(Path.Combine(output, "report.html"), HtmlReport.Of(results, arguments.Seed)).ConfigureAwait(false);
await File.WriteAllTextAsync(Path.Combine(output, "results.json"), JsonReport.Of(results, arguments.Seed)).ConfigureAwait(false);
await File.WriteAllTextAsync(Path.Combine(output, "summary.md"), Summary.TableOf(results)).ConfigureAwait(false);
int Count(Verdict verdict) => results.Count(result => result.Verdict == verdict);
Console.WriteLine($"{Count(Verdict.Passed)} passed, {Count(Verdict.Failed)} failed, {Count(Verdict.Doubtful)} doubtful, {broken} broken: {Path.Combine(output, "report.html")}");
return broken == 0 && results.Count > 0 && results.All(static result => result.Verdict == Verdict.Passed) ? 0 : 1;
