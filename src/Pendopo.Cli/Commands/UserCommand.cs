using System.CommandLine;
using System.Globalization;
using System.Net;
using System.Text.Json;
using Pendopo.Cli.Commands.Operating;

namespace Pendopo.Cli.Commands;

/// <summary>
/// <c>pendopo user</c>: the way back in. Exit codes: 0 a link was printed; 1 no account fits, or several do; 2 the server cannot be reached or does
/// not accept the token.
/// </summary>
public static class UserCommand
{
    public static Command Create()
    {
        var url = OperatorCall.CreateUrl();
        var data = OperatorCall.CreateData();
        var account = new Option<string>("--account") { Description = "Name or id of the account; without it, the only administrator, or the first one to be." };
        var move = new Option<bool>("--move-origin")
        {
            Description = "Let people sign in where the server's settings say now. Passkeys made under another host name are worthless after that.",
        };
        var json = new Option<bool>("--json") { Description = "Write JSON instead of text." };
        var recover = new Command("recover", "Print a one-time link that gives an account a new passkey in place of all it has.") { account, move, url, data, json };
        recover.SetAction((result, cancellation) => OperatorCall.AskAsync(result, url, data, async (client, errors) =>
        {
            var request = new { Account = result.GetValue(account), MoveOrigin = result.GetValue(move) };
            using var answer = await client.PostAsync("/operator/recovery", request, cancellation);
            var output = result.InvocationConfiguration.Output;
            if (!answer.IsSuccessStatusCode) return await ExplainAsync(answer, errors, cancellation);
            var text = await answer.Content.ReadAsStringAsync(cancellation);
            await output.WriteLineAsync(result.GetValue(json) ? text : Describe(text));
            return 0;
        }));
        return new Command("user", "People who sign in.") { recover };
    }

    private static string Describe(string json)
    {
        using var document = JsonDocument.Parse(json);
        var root = document.RootElement;
        var who = root.GetProperty("purpose").GetString() == "firstAdministrator"
            ? "Whoever opens this link becomes the first administrator"
            : $"Whoever opens this link signs in as {root.GetProperty("name").GetString()} with a new passkey, and all others of the account end";
        var until = DateTimeOffset.FromUnixTimeMilliseconds(root.GetProperty("expiresAt").GetInt64()).ToLocalTime().ToString("yyyy-MM-dd HH:mm zzz", CultureInfo.InvariantCulture);
        var elsewhere = root.GetProperty("settingsOrigin").GetString() is { } settings
            ? $"\n\nThe settings name {settings}, but people sign in where this link leads; --move-origin changes that."
            : "";
        return $"{who}. It serves once, until {until}.\n\n    {root.GetProperty("link").GetString()}{elsewhere}";
    }

    private static async Task<int> ExplainAsync(HttpResponseMessage answer, TextWriter errors, CancellationToken cancellation)
    {
        switch (answer.StatusCode)
        {
            case HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden:
                await errors.WriteLineAsync("The server does not accept this token: is --data the folder of that server?");
                return 2;
            case HttpStatusCode.NotFound:
                await errors.WriteLineAsync("There is no such account.");
                return 1;
            case HttpStatusCode.Conflict:
                await errors.WriteLineAsync("Several accounts fit. Name one with --account:");
                using (var document = JsonDocument.Parse(await answer.Content.ReadAsStringAsync(cancellation)))
                {
                    foreach (var account in document.RootElement.GetProperty("accounts").EnumerateArray())
                    {
                        await errors.WriteLineAsync($"  {account.GetProperty("id").GetString()}  {account.GetProperty("name").GetString()}");
                    }
                }

                return 1;
            default:
                await errors.WriteLineAsync($"The server answers {(int)answer.StatusCode}.");
                return 2;
        }
    }
}
