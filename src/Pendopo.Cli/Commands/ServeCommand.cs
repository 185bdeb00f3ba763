using System.CommandLine;
using System.Reflection;
using Pendopo.Server.Options;

namespace Pendopo.Cli.Commands;

/// <summary><c>pendopo serve</c>: the server in this process. Everything after it is the server's own: <c>--Pendopo:Http:Port=8081</c>.</summary>
public static class ServeCommand
{
    public static Command Create()
    {
        var options = new Argument<string[]>("options") { Description = "Settings of the server, as --Pendopo:Section:Name=value.", Arity = ArgumentArity.ZeroOrMore };
        var command = new Command("serve", "Run the server.") { options };
        command.TreatUnmatchedTokensAsErrors = false;
        command.SetAction(result => Run([.. result.GetValue(options) ?? [], .. result.UnmatchedTokens]));
        return command;
    }

    // The server is a program: its entry point is its one public door, and it reads nothing but its arguments and environment.
    private static int Run(string[] arguments)
    {
        var entry = typeof(PendopoOptions).Assembly.EntryPoint ?? throw new InvalidOperationException("The server has no entry point.");
        return entry.Invoke(null, BindingFlags.DoNotWrapExceptions, null, [arguments], null) is int code ? code : 0;
    }
}
