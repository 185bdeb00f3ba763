using System.CommandLine;
using System.Globalization;
using System.Net;
using Pendopo.Cli.Commands.Operating;

namespace Pendopo.Cli.Commands;

/// <summary>
/// <c>pendopo debug</c>: what flows in a meeting, and a capture of one peer's headers. Exit codes: 0 done; 1 no such meeting or peer, or a
/// wrong limit; 2 the server cannot be reached or does not accept the token.
/// </summary>
public static class DebugCommand
{
    public static Command Create()
    {
        var url = OperatorCall.CreateUrl();
        var data = OperatorCall.CreateData();
        var json = new Option<bool>("--json") { Description = "Write JSON instead of text." };
        var meeting = new Argument<string>("meeting") { Description = "The meeting's id, or its key as logs show it." };
        var peer = new Argument<string>("peer") { Description = "The peer's id, as 'debug meeting' shows it." };
        var output = new Option<string>("--out") { Description = "The file to write.", DefaultValueFactory = _ => "capture.pcapng" };
        var seconds = new Option<double>("--seconds") { Description = "How long, 1 to 60.", DefaultValueFactory = _ => 10 };

        var list = new Command("meetings", "List the meetings that run.") { url, data, json };
        list.SetAction((result, cancellation) => PrintAsync(result, url, data, json, _ => "/debug/meetings", cancellation));
        var show = new Command("meeting", "Print what flows in a meeting.") { meeting, url, data, json };
        show.SetAction((result, cancellation) =>
            PrintAsync(result, url, data, json, parsed => $"/debug/meetings/{Uri.EscapeDataString(parsed.GetValue(meeting)!)}", cancellation));
        var capture = new Command("capture", "Write the headers of one peer's packets, without any payload, to a pcapng file.") { meeting, peer, output, seconds, url, data };
        capture.SetAction((result, cancellation) => OperatorCall.AskAsync(result, url, data, (client, errors) => CaptureAsync(
            client, result.GetValue(meeting)!, result.GetValue(peer)!, result.GetValue(output)!, result.GetValue(seconds), errors, cancellation)));
        return new Command("debug", "Look into a running server on this machine.") { list, show, capture };
    }

    private static Task<int> PrintAsync(
        ParseResult result, Option<Uri> url, Option<string> data, Option<bool> json, Func<ParseResult, string> path, CancellationToken cancellation) =>
        OperatorCall.AskAsync(result, url, data, async (client, errors) =>
        {
            using var answer = await client.GetAsync(path(result), result.GetValue(json) ? "application/json" : "text/plain", cancellation);
            if (!answer.IsSuccessStatusCode) return await ExplainAsync(answer, errors);
            await result.InvocationConfiguration.Output.WriteLineAsync((await answer.Content.ReadAsStringAsync(cancellation)).TrimEnd());
            return 0;
        });

    private static async Task<int> CaptureAsync(
        OperatorClient client, string meeting, string peer, string path, double seconds, TextWriter errors, CancellationToken cancellation)
    {
        var length = seconds.ToString(CultureInfo.InvariantCulture);
        using var answer = await client.PostAsync(
            $"/debug/meetings/{Uri.EscapeDataString(meeting)}/peers/{Uri.EscapeDataString(peer)}/capture?seconds={Uri.EscapeDataString(length)}", cancellation);
        if (!answer.IsSuccessStatusCode) return await ExplainAsync(answer, errors);

        // Who talks when is for the operator only. An existing file is not overwritten: it may be somebody's evidence.
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows()) options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        await using var file = new FileStream(path, options);
        await answer.Content.CopyToAsync(file, cancellation);
        return 0;
    }

    private static async Task<int> ExplainAsync(HttpResponseMessage answer, TextWriter errors)
    {
        var (code, words) = answer.StatusCode switch
        {
            HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden => (2, "The server does not accept this token: is --data the folder of that server?"),
            HttpStatusCode.NotFound => (1, "There is no such meeting or peer now."),
            HttpStatusCode.Conflict => (1, "That peer, or as many others as may be, are being captured."),
            HttpStatusCode.BadRequest => (1, "A capture takes between 1 and 60 seconds."),
            var status => (2, $"The server answers {(int)status}."),
        };
        await errors.WriteLineAsync(words);
        return code;
    }
}
