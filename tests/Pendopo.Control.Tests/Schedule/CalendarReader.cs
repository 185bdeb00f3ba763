using System.Diagnostics;
using System.Text.Json;
using Pendopo.Testing;
using Xunit;

namespace Pendopo.Control.Tests.Schedule;

/// <summary>What ical.js, another library in another language, understands of a calendar.</summary>
internal sealed record ReadCalendar(
    int LongestLine, bool Barewords, string Method, IReadOnlyList<string> Zones, string Offset, string Uid, int Sequence, string Status, string Zone, string Start, string End,
    IReadOnlyList<string> Occurrences, string Summary, string Description, string Url, string Organizer, string OrganizerName, IReadOnlyList<string> Attendees, string Stamp)
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web);

    private static readonly string Web = Path.Combine(Repository.Root, "web");

    public static async Task<ReadCalendar> FromAsync(string calendar)
    {
        Assert.SkipUnless(Directory.Exists(Path.Combine(Web, "node_modules", "ical.js")), "the web client's packages are not installed");
        var script = Path.Combine(Repository.Root, "tests", "Pendopo.Control.Tests", "Schedule", "read-calendar.mjs");
        var start = new ProcessStartInfo("node", [script, Web]) { RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true };
        using var process = Process.Start(start)!;
        await process.StandardInput.WriteAsync(calendar);
        process.StandardInput.Close();
        var answer = process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        var fault = await process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        Assert.True(process.ExitCode == 0, fault + "\n" + calendar);
        return JsonSerializer.Deserialize<ReadCalendar>(await answer, Json)!;
    }
}
