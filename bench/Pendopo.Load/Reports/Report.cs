using System.Text.Json;
using Pendopo.Load.Scenarios;
using Pendopo.Testing;

namespace Pendopo.Load.Reports;

/// <summary>Prints results as they come, and writes them as JSON and Markdown at the end.</summary>
internal sealed class Report(SfuOptions options)
{
    private static readonly JsonSerializerOptions Json = new() { WriteIndented = true };

    private readonly List<Measurement> _results = [];
    private readonly List<string> _failures = [];

    public void Add(Measurement result)
    {
        if (_results.Count == 0) Console.WriteLine(Table.Header(plain: true));
        _results.Add(result);
        Console.WriteLine(Table.Row(result, plain: true));
        foreach (var note in result.Notes) Console.WriteLine($"    {note}");
    }

    public void AddFailure(string name, string reason)
    {
        _failures.Add($"{name}: {reason}");
        Console.Error.WriteLine($"    {name} failed: {reason}");
    }

    /// <summary>Writes the files; 1 when a run failed, or when a result shows that what was measured was no forwarding of media.</summary>
    public int Finish()
    {
        var folder = options.Output.Length > 0 ? options.Output : Path.Combine(Repository.Root, "artifacts", "bench");
        Directory.CreateDirectory(folder);
        var machine = Machine.Describe();
        var text = $"{machine}\n\n{Table.Header(plain: false)}\n{string.Join('\n', _results.Select(static result => Table.Row(result, plain: false)))}\n";
        var notes = _results.SelectMany(static result => result.Notes.Select(note => $"* {result.Column}, {result.Scenario}, {result.Receivers} receivers: {note}")).Concat(_failures.Select(static failure => $"* Failed: {failure}")).ToList();
        if (notes.Count > 0) text += $"\n{string.Join('\n', notes)}\n";
        File.WriteAllText(Path.Combine(folder, "sfu.md"), text);
        File.WriteAllText(Path.Combine(folder, "sfu.json"), JsonSerializer.Serialize(new { Machine = machine, Results = _results, Failures = _failures }, Json));
        Console.WriteLine($"Written to {Path.Combine(folder, "sfu.md")} and sfu.json");
        var broken = _results.Where(static result => (result.Seconds > 0 && result.ForwardedPerSecond < 1) || result.Corrupt > 0).ToList();
        foreach (var result in broken) Console.Error.WriteLine($"{result.Column} with {result.Receivers} receivers forwarded nothing, or something else than it was given ({result.Corrupt} packets).");
        return broken.Count == 0 && _failures.Count == 0 && _results.Count > 0 ? 0 : 1;
    }
}
