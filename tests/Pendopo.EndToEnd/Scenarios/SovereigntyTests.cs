using Pendopo.EndToEnd.Harness;

namespace Pendopo.EndToEnd.Scenarios;

/// <summary>No third party: not by the page, not by the server, not by a name lookup.</summary>
public sealed class SovereigntyTests(Browsers browsers)
{
    [Theory]
    [InlineData(BrowserKind.Chromium)]
    [InlineData(BrowserKind.Firefox)]
    public async Task The_only_host_that_is_contacted_is_our_own(BrowserKind kind)
    {
        // Browsers ask for things of their own when they start; what counts is what a meeting makes leave the machine.
        await using (await browsers.OpenAsync(kind, "warm-up"))
        {
            using var egress = new EgressRecorder();
            await using var server = await ServerProcess.StartAsync();
            await using var page = await browsers.OpenAsync(kind, "Sari");
            await page.GoToAsync(server.Address);
            await page.WaitForAsync("home-start", TimeSpan.FromSeconds(20));
            await page.ClickAsync("home-start");
            await page.WaitForAsync("prejoin-name", TimeSpan.FromSeconds(20));
            await page.FillAsync("prejoin-name", "Sari");
            await page.ClickAsync("prejoin-join");
            await page.WaitForAsync("room-leave", TimeSpan.FromSeconds(20));
            await page.ClickAsync("room-leave");
            await page.WaitForAsync("over-home", TimeSpan.FromSeconds(10));

            Assert.Equal([server.Authority], await page.HostsAsync());
            Assert.Empty(egress.Destinations);
        }
    }
}
