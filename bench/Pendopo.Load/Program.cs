using Pendopo.Load;
using Pendopo.Load.Host;

return args switch
{
    ["host", .. var settings] => await HostRole.RunAsync(settings),
    ["sfu", .. var rest] => await SfuCommand.RunAsync(rest),
    _ => SfuCommand.Help(),
};
