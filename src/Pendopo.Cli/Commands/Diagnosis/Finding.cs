namespace Pendopo.Cli.Commands.Diagnosis;

/// <summary>How grave a finding is; the number is the exit code of the doctor.</summary>
public enum Verdict
{
    Good = 0,

    /// <summary>It works, but not as it should.</summary>
    Warning = 1,

    /// <summary>The server does not start, or nobody reaches it.</summary>
    Fault = 2,
}

/// <param name="Check">One word: what was looked at.</param>
/// <param name="Detail">What was found, and what to do about it.</param>
public sealed record Finding(string Check, Verdict Verdict, string Detail);
