using System.Globalization;
using Pendopo.EndToEnd.Harness;
using Pendopo.NetBench.Scenarios;

namespace Pendopo.NetBench;

/// <summary>What to run, from the command line.</summary>
internal sealed record NetBenchArguments
{
    public const string Usage = """
        netbench [--scenario name[,name]] [--browser chromium|firefox|both] [--seed n] [--attempts n] [--output folder] [--list]

          --scenario   parts of the names of scenarios; without it all run
          --browser    who receives; both (the default) sit in the same meeting
          --seed       of the emulated networks; 1 without it
          --attempts   a scenario that the machine was too busy for is played again, so often in all; 2 without it
          --output     where report.html, results.json and summary.md go; artifacts/netbench without it
          --list       names the scenarios and ends
        """;

    public IReadOnlyList<Scenario> Scenarios { get; private init; } = ScenarioCatalog.All;

    public IReadOnlyList<BrowserKind> Receivers { get; private init; } = [BrowserKind.Chromium, BrowserKind.Firefox];

    public int Seed { get; private init; } = 1;

    public int Attempts { get; private init; } = 2;

    public string? Output { get; private init; }

    public bool List { get; private init; }

    /// <summary>False with what is wrong.</summary>
    public static bool TryParse(IReadOnlyList<string> arguments, out NetBenchArguments parsed, out string problem)
    {
        (parsed, problem) = (new(), "");
        for (var i = 0; i < arguments.Count; i++)
        {
            var name = arguments[i];
            if (name == "--list")
            {
                parsed = parsed with { List = true };
                continue;
            }

            if (++i == arguments.Count)
            {
                problem = $"{name} needs a value.";
                return false;
            }

            if (!parsed.TrySet(name, arguments[i], out parsed, out problem)) return false;
        }

        return true;
    }

    private bool TrySet(string name, string value, out NetBenchArguments changed, out string problem)
    {
        (changed, problem) = (this, "");
        switch (name)
        {
            case "--scenario":
                var wanted = value.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
                var unknown = wanted.FirstOrDefault(part => !ScenarioCatalog.All.Any(scenario => Matches(scenario, part)));
                if (unknown is not null || wanted.Length == 0) problem = $"No scenario is called {unknown ?? value}.";
                changed = this with { Scenarios = [.. ScenarioCatalog.All.Where(scenario => wanted.Any(part => Matches(scenario, part)))] };
                break;
            case "--browser" when value == "both":
                changed = this with { Receivers = [BrowserKind.Chromium, BrowserKind.Firefox] };
                break;
            case "--browser" when Enum.TryParse<BrowserKind>(value, ignoreCase: true, out var kind) && Enum.IsDefined(kind):
                changed = this with { Receivers = [kind] };
                break;
            case "--seed" when int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var seed):
                changed = this with { Seed = seed };
                break;
            case "--attempts" when int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var attempts) && attempts > 0:
                changed = this with { Attempts = attempts };
                break;
            case "--output":
                changed = this with { Output = value };
                break;
            default:
                problem = $"{name} {value} is not understood.";
                break;
        }

        return problem.Length == 0;
    }

    private static bool Matches(Scenario scenario, string part) => scenario.Name.Contains(part, StringComparison.OrdinalIgnoreCase);
}
