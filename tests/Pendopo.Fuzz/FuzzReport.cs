namespace Pendopo.Fuzz;

/// <summary>What a run found.</summary>
/// <param name="Accepted">Executions whose input was well formed: none at all would mean that nothing behind the first check was reached.</param>
/// <param name="Failure">What went wrong, or null.</param>
/// <param name="Input">The input of the failure.</param>
public sealed record FuzzReport(string Target, ulong Seed, long Executions, long Accepted, TimeSpan Elapsed, string? Failure = null, byte[]? Input = null)
{
    public double ExecutionsPerSecond => Executions / Math.Max(Elapsed.TotalSeconds, 1e-6);

    public override string ToString()
    {
        var summary = $"{Target,-22} {Executions,12} executions {ExecutionsPerSecond,10:F0}/s {100.0 * Accepted / Math.Max(1, Executions),5:F1} % well formed";
        return Failure is null ? summary : $"{summary}\nFAILED: {Failure}\nseed: {Seed}\ninput: {Convert.ToHexString(Input ?? [])}";
    }
}
