using System.CommandLine;
using System.Text.Json;
using Pendopo.Cli.Commands.Diagnosis;
using Pendopo.Sfu;

namespace Pendopo.Cli.Commands;

/// <summary>
/// <c>pendopo doctor</c>: can a server start here? Exit codes: 0 everything is well; 1 there are warnings only; 2 something
/// keeps the server from working.
/// </summary>
public static class DoctorCommand
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web) { WriteIndented = true };

    public static Command Create()
    {
        var port = new Option<int>("--port") { Description = "Port for HTTP.", DefaultValueFactory = _ => 8080 };
        var mediaPort = new Option<int>("--media-port") { Description = "Port of the first media worker, UDP and TCP; each further one has the next.", DefaultValueFactory = _ => 8090 };
        var workers = new Option<int>("--media-workers") { Description = "Media workers; 0: one per core.", DefaultValueFactory = _ => 0 };
        var data = new Option<string>("--data") { Description = "Folder for the data.", DefaultValueFactory = _ => "data" };
        var json = new Option<bool>("--json") { Description = "Write one JSON object instead of text." };
        var command = new Command("doctor", "Look whether a server can start here. Exit code 0: all well, 1: warnings, 2: faults.")
        {
            port, mediaPort, workers, data, json,
        };
        command.SetAction(result =>
        {
            var media = new MediaServerOptions { Port = result.GetValue(mediaPort), Workers = result.GetValue(workers) };
            var findings = new Doctor(TimeProvider.System).Examine(result.GetValue(port), media, result.GetValue(data)!);
            Write(result.InvocationConfiguration.Output, findings, result.GetValue(json));
            return ExitCode(findings);
        });
        return command;
    }

    /// <summary>The worst finding decides.</summary>
    public static int ExitCode(IReadOnlyList<Finding> findings) => findings.Count == 0 ? 0 : (int)findings.Max(finding => finding.Verdict);

    private static void Write(TextWriter output, IReadOnlyList<Finding> findings, bool json)
    {
        if (json)
        {
            var list = findings.Select(finding => new { finding.Check, Verdict = NameOf(finding.Verdict), finding.Detail });
            output.WriteLine(JsonSerializer.Serialize(new { ExitCode = ExitCode(findings), Findings = list }, Json));
            return;
        }

        foreach (var finding in findings) output.WriteLine($"{NameOf(finding.Verdict),-8} {finding.Check,-12} {finding.Detail}");
    }

    private static string NameOf(Verdict verdict) => verdict switch
    {
        Verdict.Good => "good",
        Verdict.Warning => "warning",
        _ => "fault",
    };
}
