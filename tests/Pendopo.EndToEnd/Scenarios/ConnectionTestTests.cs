using Pendopo.EndToEnd.Harness;

namespace Pendopo.EndToEnd.Scenarios;

/// <summary>The page that tests a connection, against a server that people meet on.</summary>
public sealed class ConnectionTestTests(Browsers browsers, ServerFixture fixture, TcpOnlyServerFixture tcpOnly) : IClassFixture<ServerFixture>, IClassFixture<TcpOnlyServerFixture>
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);

    private static readonly string[] Steps = ["browser", "microphone", "camera", "speaker", "signaling", "udp", "tcp", "download", "upload"];

    /// <summary>Loses whatever a browser would send by UDP: the candidates of the server lead to a port that nobody listens on.</summary>
    private const string NoUdp = """
        ;{
          const accept = RTCPeerConnection.prototype.setRemoteDescription;
          RTCPeerConnection.prototype.setRemoteDescription = function (answer) {
            return accept.call(this, { type: answer.type, sdp: answer.sdp.replace(/^(a=candidate:\S+ \d+ udp \d+ \S+) \d+ /gmi, '$1 9 ') });
          };
        }
        """;

    /// <summary>Keeps what was opened, to see that it is closed.</summary>
    private const string KeepTracks = """
        ;{
          window.__tracks = [];
          const open = navigator.mediaDevices?.getUserMedia.bind(navigator.mediaDevices);
          if (open) navigator.mediaDevices.getUserMedia = async constraints => {
            const stream = await open(constraints);
            window.__tracks.push(...stream.getTracks());
            return stream;
          };
        }
        """;

    [Fact]
    public async Task On_a_good_network_every_step_passes_and_no_device_stays_open()
    {
        await using var page = await RunAsync(fixture.Server, new PageOptions { Script = KeepTracks });
        foreach (var step in Steps.Where(step => step is not "speaker")) Assert.Equal("passed", await VerdictAsync(page, step));
        Assert.Equal("person", await VerdictAsync(page, "speaker"));
        await page.ClickAsync("test-heard");
        await page.WaitForAsync("test-advice-allGood", Limit);
        Assert.True((await page.EvaluateAsync("() => window.__tracks.length >= 2 && window.__tracks.every(track => track.readyState === 'ended')")).GetBoolean());
    }

    [Fact]
    public async Task Where_UDP_is_lost_the_page_says_that_meetings_run_over_TCP()
    {
        await using var page = await RunAsync(fixture.Server, new PageOptions { Script = NoUdp });
        Assert.Equal(("failed", "mediaBlocked"), (await VerdictAsync(page, "udp"), await FindingAsync(page, "udp")));
        Assert.Equal("passed", await VerdictAsync(page, "tcp"));
        Assert.True(await page.ExistsAsync("test-advice-tcpOnly"));
    }

    [Fact]
    public async Task Where_the_server_has_no_UDP_the_page_says_so()
    {
        await using var page = await RunAsync(tcpOnly.Server, new PageOptions());
        Assert.Equal(("failed", "mediaNotOffered"), (await VerdictAsync(page, "udp"), await FindingAsync(page, "udp")));
        Assert.Equal("passed", await VerdictAsync(page, "tcp"));
        Assert.True(await page.ExistsAsync("test-advice-tcpOnly"));
    }

    private async Task<IBrowserPage> RunAsync(ServerProcess server, PageOptions options)
    {
        var page = await browsers.OpenAsync(BrowserKind.Chromium, "Budi", options);
        await page.GoToAsync($"{server.Address}/test");
        await page.WaitForAsync("test-start", Limit);
        await page.ClickAsync("test-start");
        await Wait.UntilAsync(
            "the test is finished", Limit,
            async () => (await page.EvaluateAsync("() => document.querySelector('[data-testid=test]').dataset.phase")).GetString() == "done",
            async () => $"{await page.EvaluateAsync("() => document.body.innerText")}\n{Log.Take()}");
        return page;
    }

    private static Task<string?> VerdictAsync(IBrowserPage page, string step) => AttributeAsync(page, step, "verdict");

    private static Task<string?> FindingAsync(IBrowserPage page, string step) => AttributeAsync(page, step, "finding");

    private static async Task<string?> AttributeAsync(IBrowserPage page, string step, string name) =>
        (await page.EvaluateAsync("(step, name) => document.querySelector(`[data-testid=\"test-${step}\"]`).dataset[name] ?? null", step, name)).GetString();
}
