using System.Runtime.InteropServices;

namespace Pendopo.Load.Reports;

/// <summary>What a reader must know of the machine to compare.</summary>
internal static class Machine
{
    public static string Describe()
    {
        var model = File.ReadLines("/proc/cpuinfo").FirstOrDefault(static line => line.StartsWith("model name", StringComparison.Ordinal))?.Split(':', 2)[1].Trim();
        var kernel = File.ReadAllText("/proc/sys/kernel/osrelease").Trim();
        return $"{model ?? RuntimeInformation.ProcessArchitecture.ToString()}, {CountProcessors()} processors, Linux {kernel}, {RuntimeInformation.FrameworkDescription}";
    }

    private static int CountProcessors() => File.ReadLines("/proc/cpuinfo").Count(static line => line.StartsWith("processor", StringComparison.Ordinal));
}
