using System.Diagnostics;
using Pendopo.EndToEnd.Harness;

namespace Pendopo.EndToEnd.Scenarios;

public sealed class RestartTests(Browsers browsers, ServerFixture fixture) : IClassFixture<ServerFixture>
{
    [Fact]
    public async Task After_a_restart_of_the_server_everybody_is_back_within_10_seconds()
    {
        await using var company = new Company(browsers);
        await company.FoundAsync(fixture.Server, "Sari");
        await company.JoinAsync(BrowserKind.Chromium, "Budi");
        await company.JoinAsync(BrowserKind.Firefox, "Wayan");
        await company.WaitUntilAllSeeAndHearAllAsync(TimeSpan.FromSeconds(25));
        foreach (var participant in company.People)
        {
            // What the old connections counted must not pass for what the new ones receive.
            await participant.Page.EvaluateAsync("() => { window.__probe.forget(); }");
        }

        await fixture.Server.RestartAsync();
        var clock = Stopwatch.StartNew();
        await company.WaitUntilAllSeeAndHearAllAsync(TimeSpan.FromSeconds(10));
        TestContext.Current.TestOutputHelper!.WriteLine($"All three back {clock.Elapsed.TotalMilliseconds:0} ms after the server was ready again");
        await company.AssertAllSeeAndHearAllAsync(TimeSpan.FromSeconds(10));
        await company.WaitUntilAllAreEncryptedAsync(TimeSpan.FromSeconds(20));
    }
}
