using Pendopo.EndToEnd.Harness;
using Pendopo.NetBench.Measuring;
using Pendopo.Testing.Network;

namespace Pendopo.NetBench.Scenarios;

/// <summary>Whose path the phases of a scenario change.</summary>
internal enum Impaired
{
    /// <summary>Every receiver's; the sender's path stays good.</summary>
    Receivers,

    /// <summary>The sender's; the receivers' paths stay good.</summary>
    Sender,
}

/// <summary>A change of the network while the scenario runs, at the beginning of a phase.</summary>
internal enum NetworkEvent
{
    None,

    /// <summary>Nothing gets through for two seconds.</summary>
    Outage,

    /// <summary>Wi-Fi to mobile: another outside address, other ports, and what was on its way is lost.</summary>
    Rebind,
}

/// <summary>One stretch of a scenario with the same network.</summary>
/// <param name="Uplink">From the browser to the server.</param>
/// <param name="Downlink">From the server to the browser.</param>
internal sealed record Phase(string Name, TimeSpan Duration, LinkOptions Uplink, LinkOptions Downlink)
{
    public NetworkEvent Event { get; init; }

    /// <summary>What must hold in this phase.</summary>
    public IReadOnlyList<Bound> Bounds { get; init; } = [];
}

/// <summary>A meeting of one sender and some receivers through a network that changes.</summary>
internal sealed record Scenario(string Name, string Summary, Impaired Impaired, IReadOnlyList<Phase> Phases)
{
    public BrowserKind Sender { get; init; } = BrowserKind.Chromium;

    public TimeSpan Duration => Phases.Aggregate(TimeSpan.Zero, (sum, phase) => sum + phase.Duration);
}

/// <summary>One value of a phase and what it may be, with the reason.</summary>
/// <param name="Name">What is measured, with its unit.</param>
/// <param name="Value">Taken from the phase; the second argument is the scenario's first phase, before anything was impaired.</param>
/// <param name="Limit">The worst value that passes.</param>
internal sealed record Bound(string Name, Func<PhaseMetrics, PhaseMetrics, double> Value, double Limit, bool AtMost, string Reason)
{
    public BoundResult Judge(string phase, PhaseMetrics metrics, PhaseMetrics before)
    {
        var value = Value(metrics, before);

        // Not a number means that there was nothing to measure, and that is no pass.
        var passed = AtMost ? value <= Limit : value >= Limit;
        return new(phase, Name, value, Limit, AtMost, passed, Reason);
    }
}

internal sealed record BoundResult(string Phase, string Name, double Value, double Limit, bool AtMost, bool Passed, string Reason)
{
    /// <summary>What the machine did in that phase that the network did not; null for nothing.</summary>
    public string? Doubt { get; init; }

    public string ValueText => double.IsInfinity(Value) ? "never" : FormattableString.Invariant($"{Value:0.##}");

    public override string ToString() =>
        FormattableString.Invariant($"{Phase}: {Name} {ValueText} ({(AtMost ? "≤" : "≥")} {Limit:0.##}){(Passed || Doubt is null ? "" : $", in doubt: {Doubt}")}");
}
