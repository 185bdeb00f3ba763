using System.Globalization;
using Pendopo.Fuzz;

var targets = FuzzTargets.Create();
if (args.Length == 0)
{
    Console.Error.WriteLine("usage: <target|all> [--seconds 60] [--seed N] [--input HEX]");
    Console.Error.WriteLine($"targets: {string.Join(' ', targets.Select(target => target.Name))}");
    return 2;
}

double seconds = 60;
var seed = (ulong)Random.Shared.NextInt64();
byte[]? input = null;
for (var i = 1; i < args.Length; i += 2)
{
    var value = i + 1 < args.Length ? args[i + 1] : "";
    var known = args[i] switch
    {
        "--seconds" => double.TryParse(value, CultureInfo.InvariantCulture, out seconds) && seconds > 0,
        "--seed" => ulong.TryParse(value, CultureInfo.InvariantCulture, out seed),
        "--input" => value.Length % 2 == 0 && value.All(char.IsAsciiHexDigit) && (input = Convert.FromHexString(value)) is not null,
        _ => false,
    };
    if (known) continue;
    Console.Error.WriteLine($"'{args[i]} {value}' is not understood");
    return 2;
}

var chosen = targets.Where(target => args[0] == "all" || target.Name == args[0]).ToList();
if (chosen.Count == 0)
{
    Console.Error.WriteLine($"'{args[0]}' is none of: all {string.Join(' ', targets.Select(target => target.Name))}");
    return 2;
}

Console.WriteLine($"seed {seed}, {seconds} s each");
var failed = false;
foreach (var target in chosen)
{
    var report = input is null ? FuzzRunner.Run(target, seed, TimeSpan.FromSeconds(seconds)) : FuzzRunner.Replay(target, input);
    Console.WriteLine(report);
    failed |= report.Failure is not null;
}

return failed ? 1 : 0;
