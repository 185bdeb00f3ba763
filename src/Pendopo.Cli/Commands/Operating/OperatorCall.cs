using System.CommandLine;
using System.CommandLine.Parsing;

namespace Pendopo.Cli.Commands.Operating;

/// <summary>What commands that ask a running server as its operator have in common: where it is, whose token, and what to say when it does not answer.</summary>
internal static class OperatorCall
{
    public static Option<Uri> CreateUrl() => new("--url")
    {
        Description = "The server, on this machine.",
        DefaultValueFactory = _ => new Uri("http://localhost:8080"),
        CustomParser = ReadUrl,
    };

    public static Option<string> CreateData() => new("--data") { Description = "The server's data folder, where the operator's token is.", DefaultValueFactory = _ => "data" };

    /// <summary>Returns the exit code: 2 when the server cannot be asked, else what the caller makes of its answer.</summary>
    public static async Task<int> AskAsync(ParseResult result, Option<Uri> url, Option<string> data, Func<OperatorClient, TextWriter, Task<int>> ask)
    {
        var errors = result.InvocationConfiguration.Error;
        if (!OperatorClient.TryOpen(result.GetValue(url)!, result.GetValue(data)!, out var client, out var fault))
        {
            await errors.WriteLineAsync(fault);
            return 2;
        }

        using (client)
        {
            try
            {
                return await ask(client, errors);
            }
            catch (HttpRequestException error)
            {
                await errors.WriteLineAsync($"The server at {result.GetValue(url)} cannot be reached: {error.Message}");
                return 2;
            }
            catch (IOException error)
            {
                await errors.WriteLineAsync(error.Message);
                return 1;
            }
        }
    }

    private static Uri? ReadUrl(ArgumentResult argument)
    {
        if (Uri.TryCreate(argument.Tokens[0].Value, UriKind.Absolute, out var url) && url.Scheme is "http" or "https") return url;
        argument.AddError($"'{argument.Tokens[0].Value}' is no address like http://localhost:8080.");
        return null;
    }
}
