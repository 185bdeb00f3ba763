using System.CommandLine;
using Pendopo.Cli.Commands;

var root = new RootCommand("Pendopo: video conferences in one's own rooms.") { ServeCommand.Create(), DoctorCommand.Create(), UserCommand.Create(), DebugCommand.Create() };
return await root.Parse(args).InvokeAsync();
