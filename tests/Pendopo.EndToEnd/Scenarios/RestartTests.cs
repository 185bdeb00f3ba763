using System.Diagnostics;
using Pendopo.EndToEnd.Harness;

namespace Pendopo.EndToEnd.Scenarios;

public sealed class RestartTests(Browsers browsers, ServerFixture fixture) : IClassFixture<ServerFixture>
{
    [Fact]
    public async Task After_a_restart_of_the_server_everybody_is_back_within_10_seconds()
    {
        await using var company = new Company();
        var link = await fixture.Server.CreateMeetingAsync();
        await company.AddAsync(Participant.JoinAsync(browsers, BrowserKind.Chromium, link, "Sari"));
        await company.AddAsync(Participant.JoinAsync(browsers, BrowserKind.Chromium, link, "Budi"));
        await company.AddAsync(Participant.JoinAsync(browsers, BrowserKind.Firefox, link, "Wayan"));
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
    }
}
