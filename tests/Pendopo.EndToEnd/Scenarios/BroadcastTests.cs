using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Text;
using Pendopo.EndToEnd.Harness;

namespace Pendopo.EndToEnd.Scenarios;

/// <summary>WHIP (RFC 9725) in and WHEP out, with clients that this project did not write.</summary>
public sealed class BroadcastTests(Browsers browsers, ServerFixture fixture) : IClassFixture<ServerFixture>
{
    private const int Viewers = 3;
    private const int Seconds = 8;

    private const string WatchByWhep = """
        async (url, token) => {
          const connection = new RTCPeerConnection();
          const video = document.createElement('video');
          video.autoplay = true;
          const media = new MediaStream();
          video.srcObject = media;
          document.body.append(video);
          connection.ontrack = event => media.addTrack(event.track);
          connection.addTransceiver('audio', { direction: 'recvonly' });
          connection.addTransceiver('video', { direction: 'recvonly' });
          await connection.setLocalDescription();
          const answer = await fetch(url, {
            method: 'POST',
            headers: { 'Content-Type': 'application/sdp', Authorization: `Bearer ${token}` },
            body: connection.localDescription.sdp,
          });
          if (answer.status !== 201) throw new Error(`WHEP answered ${answer.status} ${await answer.text()}`);
          await connection.setRemoteDescription({ type: 'answer', sdp: await answer.text() });
          return answer.headers.get('Location');
        }
        """;

    [Fact]
    public async Task A_WHIP_publisher_is_seen_and_heard_by_three_WHEP_viewers_and_a_Chromium()
    {
        var broadcast = await fixture.Server.CreateBroadcastAsync();
        var whip = $"{fixture.Server.Address}/whip/{broadcast.MeetingId}";
        var whep = $"{fixture.Server.Address}/whep/{broadcast.MeetingId}";
        await using var publisher = await AiortcProcess.StartAsync("publish", whip, broadcast.PublishToken!);
        await using var page = await browsers.OpenAsync(BrowserKind.Chromium, "viewer");
        await page.GoToAsync(fixture.Server.Address);
        await page.EvaluateAsync(WatchByWhep, whep, broadcast.ViewToken);

        await using var viewers = await AiortcProcess.StartAsync(
            "view", whep, broadcast.ViewToken!, Viewers.ToString(CultureInfo.InvariantCulture), Seconds.ToString(CultureInfo.InvariantCulture));
        var seen = await viewers.FinishAsync(TimeSpan.FromSeconds(Seconds + 20));
        Assert.Equal(Viewers, seen.Count);
        Assert.All(seen, viewer =>
        {
            // The publisher sends 15 frames per second; the first seconds go to the key frame.
            Assert.True(viewer.GetProperty("frames").GetInt32() >= (Seconds - 2) * 10, viewer.ToString());
            Assert.True(viewer.GetProperty("loudness").GetDouble() > 1000, viewer.ToString());
            Assert.Equal(200, viewer.GetProperty("deleted").GetInt32());
        });

        await Wait.UntilAsync(
            "Chromium sees and hears the broadcast", TimeSpan.FromSeconds(10),
            async () => await page.StatsAsync() is { } stats
                && stats.Video.Any(stream => stream.FramesDecoded >= 30) && stats.Audio.Any(stream => stream.TotalAudioEnergy > 0),
            async () => $"{await page.StatsAsync()}\n{Log.Take()}");
        var end = await publisher.FinishAsync(TimeSpan.FromSeconds(20));
        Assert.Equal(200, Assert.Single(end).GetProperty("deleted").GetInt32());
    }

    [Fact]
    public async Task A_meeting_of_people_is_not_to_be_told_from_an_unknown_one_by_WHIP_and_WHEP()
    {
        await using var company = new Company(browsers);
        await company.FoundAsync(fixture.Server, "Sari");
        var meeting = new Uri(company.Link).Segments[^1];
        using var http = new HttpClient();
        foreach (var door in new[] { "whip", "whep" })
        {
            var known = await KnockAsync(http, $"{fixture.Server.Address}/{door}/{meeting}");
            var unknown = await KnockAsync(http, $"{fixture.Server.Address}/{door}/{new string('A', meeting.Length)}");
            Assert.Equal(HttpStatusCode.NotFound, known.Status);
            Assert.Equal(unknown, known);
        }
    }

    private static async Task<(HttpStatusCode Status, string Body)> KnockAsync(HttpClient http, string url)
    {
        // An offer as a viewer's browser would make it; the door must not get so far as to read it.
        const string offer = """
            v=0
            o=- 1 2 IN IP4 127.0.0.1
            s=-
            t=0 0
            a=group:BUNDLE 0
            m=audio 9 UDP/TLS/RTP/SAVPF 111
            c=IN IP4 0.0.0.0
            a=mid:0
            a=recvonly
            a=rtcp-mux
            a=ice-ufrag:abcd
            a=ice-pwd:abcdefghijklmnopqrstuvwx
            a=fingerprint:sha-256 00:11:22:33:44:55:66:77:88:99:AA:BB:CC:DD:EE:FF:00:11:22:33:44:55:66:77:88:99:AA:BB:CC:DD:EE:FF
            a=setup:actpass
            a=rtpmap:111 opus/48000/2

            """;
        using var body = new StringContent(offer.ReplaceLineEndings("\r\n"), Encoding.UTF8, "application/sdp");
        body.Headers.ContentType = new MediaTypeHeaderValue("application/sdp");
        using var request = new HttpRequestMessage(HttpMethod.Post, url) { Content = body };
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", "wrong");
        using var answer = await http.SendAsync(request, TestContext.Current.CancellationToken);
        return (answer.StatusCode, await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
    }
}
