using Pendopo.Cli.Commands;
using Xunit;

namespace Pendopo.Cli.Tests;

public sealed class ServeTests
{
    [Fact]
    public async Task Settings_reach_the_server_and_its_exit_code_comes_back()
    {
        // The server refuses this setting before it opens anything.
        var code = await ServeCommand.Create().Parse(["--Pendopo:Http:Port=70000"]).InvokeAsync(cancellationToken: TestContext.Current.CancellationToken);
        Assert.Equal(1, code);
    }
}
