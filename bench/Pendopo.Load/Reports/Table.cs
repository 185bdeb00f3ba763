using System.Globalization;
using Pendopo.Load.Scenarios;

namespace Pendopo.Load.Reports;

/// <summary>A line of the result, for the terminal and for Markdown.</summary>
internal static class Table
{
    private static readonly (string Title, int Width, Func<Measurement, string> Value)[] Cells =
    [
        ("scenario", -32, static result => result.Scenario),
        ("receivers", 9, static result => Number(result.Receivers)),
        ("column", -16, static result => result.Column),
        ("CPU ns/packet", 13, static result => Measured(result, result.NanosecondsPerPacket)),
        ("packets/s", 9, static result => Measured(result, result.ForwardedPerSecond)),
        ("server cores", 12, static result => Measured(result, result.ServerCores, 2)),
        ("latency p50 µs", 14, static result => result.LatencySamples == 0 ? "" : Number(result.LatencyP50)),
        ("p99 µs", 7, static result => result.LatencySamples == 0 ? "" : Number(result.LatencyP99)),
        ("loss %", 7, static result => Measured(result, result.Loss * 100, 3)),
        ("join p50 ms", 11, static result => Some(result.JoinP50)),
        ("p99 ms", 6, static result => Some(result.JoinP99)),
        ("kB/receiver", 11, static result => Some(result.KilobytesPerReceiver)),
        ("B/packet", 8, static result => result.AllocatedPerPacket is { } bytes ? Number(bytes, 1) : ""),
        ("GCs", 4, static result => result.Collections is { } count ? Number(count) : ""),
        ("worst pause ms", 14, static result => result.WorstPauseMilliseconds is { } pause ? Number(pause, 2) : ""),
        ("generator", 9, static result => Measured(result, result.GeneratorCores, 2)),
    ];

    public static string Header(bool plain) => plain
        ? string.Join("  ", Cells.Select(static cell => Pad(cell.Title, cell.Width)))
        : $"| {string.Join(" | ", Cells.Select(static cell => cell.Title))} |\n|{string.Concat(Cells.Select(static cell => cell.Width > 0 ? "--:|" : "---|"))}";

    public static string Row(Measurement result, bool plain) => plain
        ? string.Join("  ", Cells.Select(cell => Pad(cell.Value(result), cell.Width)))
        : $"| {string.Join(" | ", Cells.Select(cell => cell.Value(result)))} |";

    private static string Pad(string text, int width) => width < 0 ? text.PadRight(-width) : text.PadLeft(width);

    private static string Measured(Measurement result, double value, int decimals = 0) => result.Seconds > 0 ? Number(value, decimals) : "";

    /// <summary>Zero stands for what a scenario does not measure.</summary>
    private static string Some(double value) => value == 0 ? "" : Number(value);

    private static string Number(double value, int decimals = 0) => value.ToString($"N{decimals}", CultureInfo.InvariantCulture);
}
