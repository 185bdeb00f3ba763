using BenchmarkDotNet.Configs;
using BenchmarkDotNet.Diagnosers;
using BenchmarkDotNet.Jobs;
using BenchmarkDotNet.Running;
using BenchmarkDotNet.Toolchains.InProcess.Emit;
using Pendopo.Benchmarks;
using Pendopo.Testing;

if (args is ["srtp"]) return SrtpComparison.Run();

// In this process: a program generated beside it would be built from all that this one refers to, tests included.
var config = DefaultConfig.Instance
    .AddJob(Job.ShortRun.WithToolchain(InProcessEmitToolchain.Instance))
    .AddDiagnoser(MemoryDiagnoser.Default)
    .WithArtifactsPath(Path.Combine(Repository.Root, "artifacts", "benchmarks"));

var budget = new AllocationBudget(Path.Combine(Repository.Root, "bench", "allocation-budget.json"));
var problems = budget.Differences().Select(static name => $"{name}: a budget without a benchmark, or a benchmark without a budget").ToList();
if (problems.Count == 0)
{
    // Without arguments BenchmarkDotNet would ask which to run.
    var summaries = BenchmarkSwitcher.FromAssembly(typeof(AllocationBudget).Assembly).Run(args.Length == 0 ? ["--filter", "*"] : args, config).ToList();
    problems.AddRange(summaries.SelectMany(budget.Violations));
    if (summaries.Count == 0 && !args.Contains("--list") && !args.Contains("--help")) problems.Add("No benchmark was run.");
}

foreach (var problem in problems) Console.Error.WriteLine(problem);
return problems.Count == 0 ? 0 : 1;
