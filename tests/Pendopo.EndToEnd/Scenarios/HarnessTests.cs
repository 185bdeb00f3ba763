using Pendopo.EndToEnd.Harness;

namespace Pendopo.EndToEnd.Scenarios;

/// <summary>The harness proves itself on a page of its own, without the product: what fails here is no fault of Pendopo.</summary>
public sealed class HarnessTests(Browsers browsers)
{
    private const string Page = """
        <!doctype html><html><head><title>harness</title></head><body>
        <input data-testid="name"><button data-testid="go">go</button><video autoplay playsinline></video></body></html>
        """;

    // Two connections in one page: each candidate is the namespace's own address.
    private const string Loop = """
        async () => {
          const media = await navigator.mediaDevices.getUserMedia({ audio: true, video: { width: 320, height: 240 } });
          const sender = new RTCPeerConnection(), receiver = new RTCPeerConnection(), candidates = [];
          const relay = to => event => {
            if (!event.candidate) return;
            candidates.push(event.candidate.candidate);
            void to.addIceCandidate(event.candidate);
          };
          sender.onicecandidate = relay(receiver);
          receiver.onicecandidate = relay(sender);
          receiver.ontrack = event => { document.querySelector('video').srcObject = event.streams[0]; };
          for (const track of media.getTracks()) sender.addTrack(track, media);
          await sender.setLocalDescription();
          await receiver.setRemoteDescription(sender.localDescription);
          await receiver.setLocalDescription();
          await sender.setRemoteDescription(receiver.localDescription);
          window.candidates = candidates;
        }
        """;

    [Theory]
    [InlineData(BrowserKind.Chromium)]
    [InlineData(BrowserKind.Firefox)]
    public async Task A_browser_sends_itself_video_and_sound_over_the_namespace_address(BrowserKind kind)
    {
        await using var site = new StaticSite(Page);
        await using var page = await browsers.OpenAsync(kind, "loop");
        await page.GoToAsync(site.Address);
        await page.EvaluateAsync(Loop);

        await Wait.UntilAsync(
            "video and sound arrive", TimeSpan.FromSeconds(20),
            async () => await page.StatsAsync() is { } stats
                && stats.Video.Any(stream => stream.FramesDecoded >= 10) && stats.Audio.Any(stream => stream.TotalAudioEnergy > 0),
            async () => $"{await page.StatsAsync()} {await page.EvaluateAsync("() => window.candidates")}");
        var candidates = (await page.EvaluateAsync("() => window.candidates")).ToString();
        Assert.Contains(EndToEndNetwork.Address.ToString(), candidates, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(BrowserKind.Chromium)]
    [InlineData(BrowserKind.Firefox)]
    public async Task A_page_is_typed_into_clicked_and_photographed(BrowserKind kind)
    {
        await using var site = new StaticSite(Page);
        await using var page = await browsers.OpenAsync(kind, "form", new PageOptions { Width = 390, Height = 844 });
        await page.GoToAsync(site.Address);
        await page.EvaluateAsync("() => { document.querySelector('button').onclick = () => { document.title = document.querySelector('input').value; }; }");
        await page.FillAsync("name", "Sari");
        await page.FillAsync("name", "Dewi");
        await page.ClickAsync("go");

        Assert.Equal("Dewi", (await page.EvaluateAsync("() => document.title")).GetString());
        Assert.Equal(390, (await page.EvaluateAsync("() => innerWidth")).GetInt32());
        Assert.True(await page.ExistsAsync("go"));
        Assert.False(await page.ExistsAsync("nothing"));
        Assert.Equal(7, (await page.EvaluateAsync("(a, b) => a + b", 3, 4)).GetInt32());

        var picture = Path.Combine(Path.GetTempPath(), $"pendopo-{Guid.NewGuid():N}.png");
        await page.ScreenshotAsync(picture);
        Assert.Equal([0x89, 0x50, 0x4e, 0x47], File.ReadAllBytes(picture)[..4]);
        File.Delete(picture);
        Assert.Equal([new Uri(site.Address).Authority], await page.HostsAsync());
    }

    [Theory]
    [InlineData(BrowserKind.Chromium, "AV1")]
    [InlineData(BrowserKind.Firefox, "VP9")]
    public async Task A_browser_can_be_made_to_know_one_video_codec_only(BrowserKind kind, string codec)
    {
        await using var site = new StaticSite(Page);
        await using var page = await browsers.OpenAsync(kind, "codec", new PageOptions { VideoCodecs = [codec] });
        await page.GoToAsync(site.Address);
        await page.EvaluateAsync(Loop);

        await Wait.UntilAsync(
            "video arrives", TimeSpan.FromSeconds(20),
            async () => await page.StatsAsync() is { } stats && stats.Video.Any(stream => stream.FramesDecoded > 0),
            async () => $"{await page.StatsAsync()}");
        Assert.Equal([$"video/{codec}"], (await page.StatsAsync())!.Video.Select(stream => stream.Codec));
    }

    [Fact]
    public async Task A_packet_for_a_foreign_host_is_noticed()
    {
        using var egress = new EgressRecorder();
        using var socket = new System.Net.Sockets.UdpClient();
        await socket.SendAsync(new byte[] { 1 }, "192.0.2.7", 53, TestContext.Current.CancellationToken);
        await Wait.UntilAsync("the packet is seen", TimeSpan.FromSeconds(5), () => Task.FromResult(egress.Destinations.Count > 0));
        Assert.Equal(["192.0.2.7:53 (UDP)"], egress.Destinations);
    }
}
