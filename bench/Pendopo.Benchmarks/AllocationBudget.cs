using System.Reflection;
using System.Text.Json;
using BenchmarkDotNet.Attributes;
using BenchmarkDotNet.Reports;

namespace Pendopo.Benchmarks;

/// <summary>Bytes that an operation of each benchmark may allocate, by <c>Type.Method</c>.</summary>
internal sealed class AllocationBudget(string path)
{
    private readonly Dictionary<string, long> _bytes = JsonSerializer.Deserialize<Dictionary<string, long>>(File.ReadAllText(path))!;

    /// <summary>Benchmarks without a budget and budgets without a benchmark: one renamed must not lose its budget unseen.</summary>
    public IReadOnlySet<string> Differences()
    {
        var methods = typeof(AllocationBudget).Assembly.GetTypes().SelectMany(static type => type.GetMethods());
        var names = methods.Where(static method => method.IsDefined(typeof(BenchmarkAttribute))).Select(Name).ToHashSet();
        names.SymmetricExceptWith(_bytes.Keys);
        return names;
    }

    /// <summary>A line for each benchmark that allocated more than it may, or that gave no result.</summary>
    public IEnumerable<string> Violations(Summary summary)
    {
        foreach (var error in summary.ValidationErrors.Where(static error => error.IsCritical)) yield return error.Message;
        foreach (var report in summary.Reports)
        {
            var most = _bytes[Name(report.BenchmarkCase.Descriptor.WorkloadMethod)];
            var allocated = report.GcStats.GetBytesAllocatedPerOperation(report.BenchmarkCase);
            if (!report.Success || allocated is null) yield return $"{report.BenchmarkCase.DisplayInfo}: no result";
            else if (allocated > most) yield return $"{report.BenchmarkCase.DisplayInfo}: {allocated} bytes per operation, {most} at most";
        }
    }

    private static string Name(MethodInfo method) => $"{method.DeclaringType!.Name}.{method.Name}";
}
